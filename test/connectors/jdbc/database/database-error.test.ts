/** What is shown of the errors of drivers: no secrets, and no values of rows where `trim.sensitive.log` asks for that. */
import type { DatabaseError, Discretion } from '../../../../src/connectors/jdbc/database/database-error';
import { discretionOf } from '../../../../src/connectors/jdbc/database/dialect';
import { mySqlError } from '../../../../src/connectors/jdbc/mysql/mysql-errors';
import { oracleError } from '../../../../src/connectors/jdbc/oracle/oracle-connection';
import { pgError } from '../../../../src/connectors/jdbc/postgresql/pg-errors';
import { sqlServerError } from '../../../../src/connectors/jdbc/sqlserver/sqlserver-connection';
import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';

const errorOf = (message: string, fields: object): Error => Object.assign(new Error(message), fields);

/** An error about the value `4711` of a row, and what is left of it. */
const ROW_ERRORS: readonly (readonly [string, (thrown: unknown, discretion: Discretion) => DatabaseError, Error, string])[] = [
  [
    'PostgreSQL',
    pgError,
    errorOf('duplicate key value violates unique constraint "t_pkey"', {
      severity: 'ERROR',
      code: '23505',
      detail: 'Key (id)=(4711) already exists.',
      constraint: 't_pkey',
    }),
    'ERROR 23505 about "t_pkey"',
  ],
  [
    'MySQL',
    mySqlError,
    errorOf("Duplicate entry '4711' for key 'PRIMARY'", { errno: 1062, code: 'ER_DUP_ENTRY', sqlState: '23000' }),
    'Error 1062 ER_DUP_ENTRY',
  ],
  ['Oracle', oracleError, errorOf('ORA-01438: value 4711 larger than specified precision', { errorNum: 1438 }), 'ORA-1438'],
  ['SQL Server', sqlServerError, errorOf('The duplicate key value is (4711).', { number: 2627, code: 'EREQUEST' }), 'Error 2627'],
];

test.each(ROW_ERRORS)('%s: values of rows show unless they are to be hidden', (_, convert, thrown, code) => {
  const open = convert(thrown, { secrets: [], hidesValues: false });
  const trimmed = convert(thrown, { secrets: [], hidesValues: true });
  expect(open.message).toContain('4711');
  expect(trimmed.message).toBe(`${code} (the text of the database is left out, as trim.sensitive.log=true)`);
  expect([trimmed.kind, trimmed.sqlState]).toEqual(['data', open.sqlState]);
});

test.each(ROW_ERRORS)('%s: secrets of the URL are hidden wherever a driver repeats them', (_, convert) => {
  const url = 'jdbc:postgresql://me:in-the-front@h/d?password=in-the-query&sslpassword=of%20the%20key&trustStorePassword=of-the-store';
  const discretion = discretionOf({ address: readJdbcUrl(url), timeoutMs: 1, busyTimeoutMs: 0, hidesValues: false });
  const { message } = convert(new Error('cannot use in-the-front, in-the-query, of the key or of-the-store'), discretion);
  expect(message).toBe('cannot use [hidden], [hidden], [hidden] or [hidden]');
});

test('an error about the connection keeps its text: no value of a row is in it', () => {
  expect(
    pgError(errorOf('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }), { secrets: [], hidesValues: true }).message,
  ).toMatch(/ECONNREFUSED/);
});
