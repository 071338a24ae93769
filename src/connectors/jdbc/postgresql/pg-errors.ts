/** Errors of PostgreSQL and of its driver. */
import {
  DatabaseError,
  type Discretion,
  discreetError,
  type FailureKind,
  isSocketError,
  kindOfSqlState,
  thrownByDriver,
} from '../database/database-error';
import type { PgError } from './wire/pg-driver';

const KIND_OF_STATE: Readonly<Record<string, FailureKind>> = {
  // admin shutdown, crash shutdown, cannot connect now, database dropped
  '57P01': 'connection',
  '57P02': 'connection',
  '57P03': 'connection',
  '57P05': 'connection',
  '53300': 'connection',
  // a session that was idle for too long in a transaction
  '25P03': 'connection',
  // read-only: a standby, or a server about to hand over; input and output errors; too old a snapshot; object in use
  '25006': 'transient',
  '58030': 'transient',
  '72000': 'transient',
  '55006': 'transient',
  // a prepared statement that went with its session, or is another's: poolers
  '26000': 'transient',
  '42P05': 'transient',
  // lock not available, query cancelled by a timeout of the server
  '55P03': 'transient',
  '57014': 'transient',
  // undefined table, column; a cached plan that no longer fits the table
  '42P01': 'definition',
  '42703': 'definition',
  '3F000': 'definition',
  '0A000': 'definition',
  // no right, unknown database
  '42501': 'access',
  '3D000': 'access',
  // a value of the wrong type; check option of a view
  '42804': 'data',
  '44000': 'data',
  // a row that is too big for its page, or a value for its index; a trigger that refuses a row
  '54000': 'data',
  P0001: 'data',
  // a statement that is wrong in itself: ON CONFLICT twice on a row is the caller's fault
  '21000': 'permanent',
};

/** Texts by which a pooler refuses a connection for good; it uses 08P01 for all its errors. */
const POOLER_REFUSES = /^unsupported startup parameter|^no such (?:database|user)/;

const LOST =
  /Connection terminated|Client has encountered a connection error|timeout exceeded|timeout expired|not queryable|Client was closed/i;

/** Converts an error. */
export function pgError(thrown: unknown, discretion: Discretion): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrownByDriver<PgError>(thrown);
  const state = error.severity !== undefined && error.code !== undefined ? error.code : null;
  const text =
    state === null
      ? error.message
      : `${error.severity}: ${error.message}${error.detail === undefined ? '' : `\n  Detail: ${error.detail}`}`;
  const about = [error.constraint, error.column].map(name => (name === undefined ? '' : ` about ${JSON.stringify(name)}`)).join('');
  const code = `${error.severity ?? 'ERROR'} ${error.code ?? ''}${about}`;
  return discreetError({ kind: kindOf(error, state), code, text: text || String(error.code), sqlState: state }, discretion);
}

function kindOf(error: Pick<PgError, 'message' | 'code'>, state: string | null): FailureKind {
  if (state === '08P01' && POOLER_REFUSES.test(error.message)) return 'access';
  if (state !== null) return KIND_OF_STATE[state] ?? kindOfSqlState(state) ?? 'permanent';
  if (isSocketError(error.code) || LOST.test(error.message)) return 'connection';
  return /password|certificate|SSL|SASL/i.test(error.message) ? 'access' : 'permanent';
}
