/** What a database answered when something went wrong, sorted by what a caller can do about it. */
import { ConnectError } from '../../../errors';

/**
 * - `connection`: the server is away, starting, or has cut us off; a new connection may help. Nothing is known of what was under way.
 * - `transient`: deadlock, serialisation failure, lock timeout, a full disk; the same transaction may pass later.
 * - `data`: a value or a row will not do (too long, out of range, a constraint); others of the batch may be fine.
 * - `definition`: no such table or column; the definition that the caller remembers may be old.
 * - `access`: wrong password, missing right; stays until somebody changes something.
 * - `permanent`: anything else, such as SQL that the database does not understand.
 */
export type FailureKind = 'connection' | 'transient' | 'data' | 'definition' | 'access' | 'permanent';

/** An error of a database, shown as java.sql.SQLException. */
export class DatabaseError extends ConnectError {
  /**
   * @param sqlState five characters of the SQL standard, where the database tells them
   * @param message in the words of the database; secrets are taken out
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly sqlState: string | null = null,
  ) {
    super('SQLException', message);
  }

  /** The same call may pass when it is made again, on a new connection if the old one is gone. */
  override get retriable(): boolean {
    return this.kind === 'connection' || this.kind === 'transient';
  }
}

/** Kinds by class of SQLSTATE, which all databases but SQLite share. */
const KIND_OF_CLASS: Readonly<Record<string, FailureKind>> = {
  '08': 'connection',
  '21': 'data',
  '22': 'data',
  '23': 'data',
  '28': 'access',
  '40': 'transient',
  // what a trigger signals
  '45': 'data',
  '53': 'transient',
};

/** The kind behind an SQLSTATE, or null where its class does not tell. */
export function kindOfSqlState(sqlState: string): FailureKind | null {
  return KIND_OF_CLASS[sqlState.slice(0, 2)] ?? null;
}

const CONNECTION_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/** True for what Node says of sockets that do not connect, or break. */
export function isSocketError(code: unknown): boolean {
  return typeof code === 'string' && CONNECTION_CODES.has(code);
}

/** What a driver threw, whatever it is: some throw what is not an Error of this realm. */
export function thrownByDriver<T extends object>(thrown: unknown): { readonly message: string } & Partial<T> {
  const isLikeError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return isLikeError
    ? (thrown as { readonly message: string } & Partial<T>)
    : ({ message: String(thrown) } as { readonly message: string } & Partial<T>);
}

/** What of a database's words must not be shown. */
export interface Discretion {
  /** Some drivers repeat what they were given. */
  readonly secrets: readonly string[];
  /** Leaves out the text of errors that may quote values of rows (`trim.sensitive.log`). */
  readonly hidesValues: boolean;
}

/** What a driver says of an error. */
export interface DriverError {
  readonly kind: FailureKind;
  /** Number or name of the error, and the constraint or column that it is about: nothing that comes out of a row. */
  readonly code: string;
  readonly text: string;
  readonly sqlState?: string | null;
}

/** The error in our words. */
export function discreetError({ kind, code, text, sqlState = null }: DriverError, { secrets, hidesValues }: Discretion): DatabaseError {
  const quotesValues = kind === 'data' || kind === 'permanent';
  const shown = hidesValues && quotesValues ? `${code} (the text of the database is left out, as trim.sensitive.log=true)` : text;
  return new DatabaseError(kind, withoutSecrets(shown, secrets), sqlState);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.filter(secret => secret.length > 2).reduce((shown, secret) => shown.replaceAll(secret, '[hidden]'), text);
}
