import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';
import { CONNECT_STRING } from '../../../../src/connectors/jdbc/url/oracle-url';

/** What a URL comes to: hosts, database, user, password. */
function parts(url: string): unknown[] {
  const { kind, hosts, database, user, password } = readJdbcUrl(url);
  return [kind, hosts.map(({ host, port }) => `${host}:${port}`).join(','), database, user, password];
}

test.each([
  ['jdbc:postgresql://db/shop', ['postgresql', 'db:5432', 'shop', null, null]],
  ['jdbc:postgresql://a:1,[::1]:2/x?user=u&password=p%26q', ['postgresql', 'a:1,::1:2', 'x', 'u', 'p&q']],
  ['jdbc:postgresql:shop', ['postgresql', 'localhost:5432', 'shop', null, null]],
  ['jdbc:postgresql://u:p%40ss@db:7/', ['postgresql', 'db:7', '', 'u', 'p@ss']],
  ['jdbc:mysql://db:3307/shop?useSSL=false', ['mysql', 'db:3307', 'shop', null, null]],
  ['JDBC:MARIADB://db/shop', ['mariadb', 'db:3306', 'shop', null, null]],
  ['jdbc:sqlite:/tmp/a b.db?journal_mode=WAL', ['sqlite', '', '/tmp/a b.db', null, null]],
  ['jdbc:sqlite:file:///tmp/a%20b.db', ['sqlite', '', '/tmp/a b.db', null, null]],
  ['jdbc:sqlite:', ['sqlite', '', ':memory:', null, null]],
  ['jdbc:sqlserver://db:1444;databaseName=shop;user=u;password={a;b}}c}', ['sqlserver', 'db:1444', 'shop', 'u', 'a;b}c']],
  ['jdbc:sqlserver://;serverName=db;portNumber=7', ['sqlserver', 'db:7', '', null, null]],
  ['jdbc:oracle:thin:@//db:1522/orcl', ['oracle', 'db:1522', 'orcl', null, null]],
  ['jdbc:oracle:thin:u/p@db:1521:sid', ['oracle', 'db:1521', 'sid', 'u', 'p']],
  ['jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=h)(PORT=9))(CONNECT_DATA=(SERVICE_NAME=s)))', ['oracle', 'h:9', 's', null, null]],
])('%s', (url, expected) => {
  expect(parts(url)).toEqual(expected);
});

test('a SID and a service are told apart for Oracle', () => {
  expect(readJdbcUrl('jdbc:oracle:thin:@db:1521:x').properties.get(CONNECT_STRING)).toContain('(SID=x)');
  expect(readJdbcUrl('jdbc:oracle:thin:@db:1521/x').properties.get(CONNECT_STRING)).toContain('(SERVICE_NAME=x)');
});

test.each([
  '',
  'postgresql://db/x',
  'jdbc:nosql://secret-word',
  'jdbc:postgresql://db:0/secret-word',
  'jdbc:postgresql://db:port/secret-word',
  'jdbc:mysql:secret-word',
  'jdbc:mysql://db/x?password=%zzsecret-word',
  'jdbc:sqlserver:secret-word',
  'jdbc:oracle:oci:@secret-word',
  'jdbc:oracle:thin:secret-word@',
])('%s is refused, and what it holds is not shown', url => {
  expect(() => readJdbcUrl(url)).toThrow(
    expect.objectContaining({ code: 'ConfigException', message: expect.not.stringContaining('secret-word') }),
  );
});

test('what is shown of a URL has no user, password or parameter in it', () => {
  const shown = [
    'jdbc:postgresql://u1:secret@db/x?password=secret&sslpassword=secret',
    'jdbc:sqlserver://db;user=u1;password=secret',
    'jdbc:oracle:thin:u1/secret@db:1521:x',
  ].map(url => readJdbcUrl(url).display);
  expect(shown.join(' ')).not.toMatch(/secret|u1/);
});

/** A password that somebody has put there without a thought of what its signs mean: neither half of it may show. */
describe.each([
  'jdbc:mysql://address=(host=h)(user=u)(password=PASS)/db',
  'jdbc:mysql://(host=h,port=1,user=u,password=PASS)/db',
  'jdbc:mysql://[(host=h,password=PASS),(host=i)]/db',
  'jdbc:mysql://u:PASS@[a,b]/db',
  'jdbc:mysql:loadbalance://u:PASS@h/db',
  'jdbc:mysql+srv://u:PASS@h/db',
  'jdbc:mariadb:sequential:address=(host=h)(password=PASS)/db',
  'jdbc:mariadb://address=(host=h)(type=master)(password=PASS)/db',
  'jdbc:postgresql://h:5432:PASS/db',
  'jdbc:postgresql://u:PASS@h:1:2/db',
  'jdbc:postgresql://u:PASS/h/db',
  'jdbc:postgresql://u:PASS@h/db',
  'jdbc:postgresql://u:PASS@h1,u:PASS@h2/db',
  'jdbc:postgresql://h/db;password=PASS',
  'jdbc:postgresql://h/db&password=PASS',
  'jdbc:postgresql://h/db?user=u&password=PASS',
  'jdbc:postgresql:password=PASS',
  'jdbc:sqlserver://u:PASS@h;databaseName=db',
  'jdbc:sqlserver://h:1:PASS;databaseName=db',
  'jdbc:sqlserver://h;user=u;password=PASS;databaseName=db',
  'jdbc:oracle:thin:u/PASS@h:1521:x',
  'jdbc:oracle:thin:u/PASS@//h:1521/x',
  'jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(HOST=PASS@h)(PORT=9))(CONNECT_DATA=(SERVICE_NAME=s)))',
  'jdbc:nosql://u:PASS@h/db',
  'jdbc://u:PASS@h/db',
])('%s', form => {
  const signs = [...' !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~', 'a', '7', '\n', '\u00e4'];

  // there the sign makes a name of a host of what follows or goes before, as it would for any reader
  const making = form.startsWith('jdbc:oracle:thin:@(') ? ')' : /^jdbc:postgresql:\/\/(?:h:5432:PASS|u:PASS\/h)/.test(form) ? '@' : null;

  test.each(signs.filter(sign => sign !== making).map(sign => [JSON.stringify(sign), sign]))(
    'shows nothing of a password with %s in it',
    (_, sign) => {
      const url = form.replaceAll('PASS', `Zq4411${sign}9117xK`);
      let shown: string;
      try {
        shown = readJdbcUrl(url).display;
      } catch (error) {
        shown = (error as Error).message;
      }
      expect(shown).not.toMatch(/Zq4411|4411|9117/);
    },
  );
});
