/** Errors of MySQL and MariaDB and of their driver. */
import {
  DatabaseError,
  type Discretion,
  discreetError,
  type FailureKind,
  isSocketError,
  kindOfSqlState,
  thrownByDriver,
} from '../database/database-error';
import type { MySqlError } from './mysql-driver';

/** Error numbers by kind, where the class of the SQLSTATE says less or is wrong. */
const NUMBERS: readonly (readonly [FailureKind, readonly number[]])[] = [
  // too many connections, no node of a cluster yet, shutdown, no thread, server gone, killed, offline
  ['connection', [1040, 1047, 1053, 1077, 1079, 1080, 1129, 1135, 1203, 1927, 2002, 2003, 2006, 2013, 3032, 3169, 4031]],
  // disk full, record changed, lock wait timeout, deadlock, locked for a backup, interrupted, read only, taken back by a cluster
  ['transient', [1021, 1020, 1205, 1213, 1223, 1226, 1290, 1317, 1792, 1836, 3024, 3100, 3101, 1969]],
  // null, duplicate, out of range, truncated, wrong value, foreign keys, too long, checks, no default, bad string, packet or row too big
  [
    'data',
    [
      1048, 1062, 1118, 1153, 1216, 1217, 1230, 1264, 1265, 1292, 1300, 1364, 1366, 1367, 1369, 1406, 1411, 1451, 1452, 1526, 1586, 1690,
      3140, 3819, 4025,
    ],
  ],
  ['definition', [1054, 1136, 1146, 1051, 1109, 1932]],
  ['access', [1044, 1045, 1049, 1142, 1143, 1227, 1698, 1820, 1862]],
];

const KIND_OF_NUMBER = new Map(NUMBERS.flatMap(([kind, numbers]) => numbers.map(number => [number, kind] as const)));

/** Refusals by the driver itself during login. */
const REFUSED_LOGINS: readonly unknown[] = ['AUTH_SWITCH_PLUGIN_ERROR', 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED'];

const LOST = /closed state|Connection lost|connection is closed|ETIMEDOUT|PROTOCOL_CONNECTION_LOST/i;

/** Converts an error. */
export function mySqlError(thrown: unknown, discretion: Discretion): DatabaseError {
  if (thrown instanceof DatabaseError) return thrown;
  const error = thrownByDriver<MySqlError>(thrown);
  const state = error.sqlState ?? null;
  const text = error.errno !== undefined && error.errno > 0 ? `(${error.errno}) ${error.message}` : error.message || String(error.code);
  const code = `Error ${error.errno ?? ''} ${error.code ?? ''}`;
  return discreetError({ kind: kindOf(error, state), code, text, sqlState: state }, discretion);
}

function kindOf(error: Omit<MySqlError, 'name'>, state: string | null): FailureKind {
  const known = KIND_OF_NUMBER.get(error.errno ?? 0);
  if (known !== undefined) return known;
  if (REFUSED_LOGINS.includes(error.code)) return 'access';
  if (isSocketError(error.code) || LOST.test(error.message) || LOST.test(error.code ?? '')) return 'connection';
  const byState = state === null ? null : kindOfSqlState(state);
  if (byState !== null) return byState;
  if (error.fatal === true && state === null) return /certificate|SSL|auth/i.test(error.message) ? 'access' : 'connection';
  return 'permanent';
}
