import { sessionVariables } from '../../../../src/connectors/jdbc/mysql/mysql-session-variables';
import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';

const statement = (text: string): string | null =>
  sessionVariables(readJdbcUrl(`jdbc:mysql://h/d?sessionVariables=${encodeURIComponent(text)}`));

test.each([
  ['', null],
  ["sql_mode='ANSI'", "SET SESSION sql_mode = 'ANSI'"],
  ["sql_mode='ANSI,PIPES_AS_CONCAT',max_statement_time=5", "SET SESSION sql_mode = 'ANSI,PIPES_AS_CONCAT', SESSION max_statement_time = 5"],
  ['wait_timeout=5;@app=1', 'SET SESSION wait_timeout = 5, @app=1'],
  ["session sql_mode = CONCAT(@@sql_mode, ',ANSI')", "SET SESSION sql_mode =  CONCAT(@@sql_mode, ',ANSI')"],
  ["@@session.time_zone='+09:00'", "SET SESSION time_zone = '+09:00'"],
  ["init='it\\'s; a, b'", "SET SESSION init = 'it\\'s; a, b'"],
])('%j', (text, expected) => {
  expect(statement(text)).toBe(expected);
});

test.each(['x', "a='open", 'a=(1', 'a=1,,b=2', 'drop table t', 'global a=1', "a=1, b='x'y'"])('%j is refused', text => {
  expect(() => statement(text)).toThrow(/sessionVariables/);
});
