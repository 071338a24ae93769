/** Errors of SQLite. */
import { DatabaseError, type FailureKind, thrownByDriver } from '../database/database-error';

/** Kinds by the beginning of the error's name; the first match counts. */
const KINDS: readonly (readonly [prefix: string, kind: FailureKind])[] = [
  ['SQLITE_BUSY', 'transient'],
  ['SQLITE_LOCKED', 'transient'],
  ['SQLITE_FULL', 'transient'],
  ['SQLITE_IOERR', 'transient'],
  ['SQLITE_SCHEMA', 'transient'],
  ['SQLITE_NOMEM', 'transient'],
  ['SQLITE_INTERRUPT', 'transient'],
  ['SQLITE_CONSTRAINT', 'data'],
  ['SQLITE_MISMATCH', 'data'],
  ['SQLITE_TOOBIG', 'data'],
  ['SQLITE_CANTOPEN', 'connection'],
  ['SQLITE_READONLY', 'access'],
  ['SQLITE_PERM', 'access'],
  ['SQLITE_AUTH', 'access'],
];

const DEFINITION = /no such table|no such column|has no column named|no such view/;

/** Converts an error, with the Java driver's form of the text. */
export function sqliteError(thrown: unknown): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrownByDriver<{ readonly code: string }>(thrown);
  const code = error.code ?? '';
  return new DatabaseError(kindOf(code, error.message), code.startsWith('SQLITE') ? `[${code}] ${error.message}` : error.message);
}

function kindOf(code: string, message: string): FailureKind {
  if (DEFINITION.test(message)) return 'definition';
  if (/directory does not exist|connection is not open/.test(message)) return 'connection';
  return KINDS.find(([prefix]) => code.startsWith(prefix))?.[1] ?? 'permanent';
}
