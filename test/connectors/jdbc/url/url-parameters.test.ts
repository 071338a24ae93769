import { readdirSync, readFileSync } from 'node:fs';
import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';
import { describeIdleParameters, URL_PARAMETERS } from '../../../../src/connectors/jdbc/url/url-parameters';
import { inRepository } from '../../../helpers/paths';

const idle = (url: string): string => describeIdleParameters(readJdbcUrl(url));

/** Names in quotes in the sources of one database, or of what all share. */
function namesInCode(folder: string): Set<string> {
  const root = inRepository('src/connectors/jdbc', folder);
  const texts = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('url-parameters.ts'))
    .map(name => readFileSync(`${root}/${name}`, 'utf8'));
  return new Set(texts.flatMap(text => [...text.matchAll(/'([A-Za-z_][\w.]*)'/g)].map(([, name = '']) => name.toLowerCase())));
}

const FOLDERS = {
  postgresql: 'postgresql',
  mysql: 'mysql',
  mariadb: 'mysql',
  sqlite: 'sqlite',
  oracle: 'oracle',
  sqlserver: 'sqlserver',
} as const;

test.each(Object.entries(FOLDERS))('every parameter that is said to work with %s is read by its code', (kind, folder) => {
  const read = new Set([...namesInCode(folder), ...namesInCode('url')]);
  const said = URL_PARAMETERS[kind as keyof typeof FOLDERS].flatMap(({ names }) => names);
  expect(said.filter(name => !read.has(name.toLowerCase()))).toEqual([]);
});

test('every parameter that the code looks up is said to work', () => {
  const said = new Set(Object.values(URL_PARAMETERS).flatMap(list => list.flatMap(({ names }) => names.map(name => name.toLowerCase()))));
  const root = inRepository('src/connectors/jdbc');
  const looked = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .flatMap(name => [...readFileSync(`${root}/${name}`, 'utf8').matchAll(/properties\.(?:get|isSet|getNumber)\(([^)]*)\)/g)])
    .flatMap(([, list = '']) => [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name.toLowerCase()));
  expect(looked.length).toBeGreaterThan(20);
  expect([...new Set(looked)].filter(name => !said.has(name))).toEqual([]);
});

test.each([
  ['jdbc:postgresql://h/d?sslmode=require&ApplicationName=x', ''],
  ['jdbc:postgresql://h/d?reWriteBatchedInserts=true&loggerLevel=OFF', 'reWriteBatchedInserts, loggerLevel'],
  ['jdbc:mysql://h/d?useSSL=false&serverTimezone=UTC&SESSIONVARIABLES=a%3D1', 'serverTimezone'],
  ['jdbc:sqlite:/x?cache=shared', 'cache'],
  ['jdbc:sqlserver://h;databaseName=x;sendStringParametersAsUnicode=false', 'sendStringParametersAsUnicode'],
])('%s: %j does nothing', (url, names) => {
  expect(idle(url)).toBe(
    names === '' ? '' : `Parameters of the JDBC URL without effect here: ${names}. src/connectors/jdbc/README.md lists those that work.`,
  );
});

test('the page that is named has the list', () => {
  const [page = ''] = /src\/\S+\.md/.exec(idle('jdbc:sqlite:/x?nonsense=1')) ?? [];
  const text = readFileSync(inRepository(page), 'utf8');
  const names = Object.values(URL_PARAMETERS).flatMap(list => list.flatMap(({ names: each }) => each));
  expect(names.filter(name => !text.includes(name))).toEqual([]);
});

test('what may be a piece of a password is counted, not named', () => {
  expect(idle('jdbc:mysql://h/d?user=u&password=se&cret&se cret2=x')).toMatch(/here: 2 without a value or of another form\./);
});

test.each([
  ['jdbc:mysql:loadbalance://a,b:1/d', ['a:3306', 'b:1'], true],
  ['jdbc:mariadb:replication://a,b/d', ['a:3306'], false],
  ['jdbc:mariadb:sequential://a,b/d', ['a:3306', 'b:3306'], false],
  ['jdbc:mysql:failover://a,b/d', ['a:3306', 'b:3306'], false],
])('%s has its hosts', (url, expected, anyFirst) => {
  const { hosts, anyHostFirst = false } = readJdbcUrl(url);
  expect([hosts.map(({ host, port }) => `${host}:${port}`), anyHostFirst]).toEqual([expected, anyFirst]);
});

test.each(['jdbc:mysql:aws://h/d', 'jdbc:mysql+srv://h/d', 'jdbc:mariadb:load-balance-read://h/d'])(
  '%s is refused with what is known',
  url => {
    expect(() => readJdbcUrl(url)).toThrow(/only .*(?:known|postgresql)/);
  },
);
