/** Errors of databases, classified by what a caller can do about them. */
import { ConnectError } from '../../../errors';

/**
 * - `connection`: the server is away, starting, or has closed the connection; a new connection may help. Whether the statement took effect
 *   is unknown.
 * - `transient`: deadlock, serialisation failure, lock timeout, a full disk; the same transaction may pass later.
 * - `data`: a value or a row is refused (too long, out of range, a constraint); others of the batch may be fine.
 * - `definition`: no such table or column; the caller's cached definition may be outdated.
 * - `access`: wrong password, missing right; lasts until somebody changes something.
 * - `permanent`: anything else, such as SQL that the database does not understand.
 */
export type FailureKind = 'connection' | 'transient' | 'data' | 'definition' | 'access' | 'permanent';

/** An error of a database, shown as java.sql.SQLException. */
export class DatabaseError extends ConnectError {
  /**
   * @param sqlState five characters of the SQL standard, if the database has them
   * @param message the database's text, with secrets removed
   */
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly sqlState: string | null = null,
  ) {
    super('SQLException', message);
  }

  /** True if a retry may succeed, on a new connection if the old one is gone. */
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
  // Signalled by a trigger.
  '45': 'data',
  '53': 'transient',
};

/** The kind of an SQLSTATE, or null if its class does not tell. */
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

/** True for Node's errors of sockets that cannot connect or break. */
export function isSocketError(code: unknown): boolean {
  return typeof code === 'string' && CONNECTION_CODES.has(code);
}

/** Reads what a driver threw, which may not be an Error of this realm. */
export function thrownByDriver<T extends object>(thrown: unknown): { readonly message: string } & Partial<T> {
  const isLikeError = typeof thrown === 'object' && thrown !== null && 'message' in thrown;
  return isLikeError
    ? (thrown as { readonly message: string } & Partial<T>)
    : ({ message: String(thrown) } as { readonly message: string } & Partial<T>);
}

/** What of a database's text must not be shown. */
export interface Discretion {
  /** Secrets, which some drivers repeat in errors. */
  readonly secrets: readonly string[];
  /** Omits error texts, which may quote values of rows (`trim.sensitive.log`). */
  readonly hidesValues: boolean;
}

/** What a driver says of an error. */
export interface DriverError {
  readonly kind: FailureKind;
  /** Number or name of the error, and its constraint or column; never a value of a row. */
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
