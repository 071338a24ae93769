/** Servers that ask clients for a certificate: the key in every form that the drivers of Java take. */
import { execFileSync } from 'node:child_process';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import type { DatabaseServer } from '../../helpers/servers/database-server';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { pemOfStore, STORE_PASSWORD, tlsFile } from '../../helpers/servers/tls-fixtures';
import { TempDir } from '../../helpers/temp-dir';

jest.setTimeout(120_000);

let dir: TempDir;
beforeAll(() => {
  dir = new TempDir('client-certificates');
  const { key, certificates } = pemOfStore('client.p12');
  const plain = dir.write('client.key', key);
  dir.write('client.crt', certificates);
  const convert = (to: string, ...args: string[]): unknown =>
    execFileSync('openssl', ['pkcs8', '-topk8', '-in', plain, '-out', dir.file(to), ...args], { stdio: 'ignore' });
  convert('client.pk8', '-outform', 'DER', '-nocrypt');
  convert('locked.pk8', '-outform', 'DER', '-v2', 'aes-256-cbc', '-passout', `pass:${STORE_PASSWORD}`);
  convert('locked.key', '-v2', 'aes-256-cbc', '-passout', `pass:${STORE_PASSWORD}`);
  const own = execFileSync('openssl', ['x509', '-outform', 'DER'], { input: certificates });
  dir.write('client.der', own);
  dir.write('root.der', execFileSync('openssl', ['x509', '-in', tlsFile('ca.pem'), '-outform', 'DER']));
});
afterAll(() => dir?.remove());

/** `x.pk8` and the like are files of this test, the stores those of the fixtures. */
const withPaths = (parameters: string): string =>
  parameters.replace(/[\w-]+\.(?:pem|p12|jks|pk8|key|crt|der)\b/g, name =>
    /^(?:ca\.pem|client(?:-\w+)?\.(?:p12|jks)|stranger\.p12|truststore\.\w+)$/.test(name) ? tlsFile(name) : dir.file(name),
  );

async function connect(server: DatabaseServer, url: string): Promise<string> {
  const address = { ...readJdbcUrl(url), user: server.user, password: server.password };
  const connection = await dialectFor(address.kind, '').connect({ address, timeoutMs: 10_000, busyTimeoutMs: 200, hidesValues: false });
  try {
    return String((await connection.query('SELECT 1'))[0]?.[0]);
  } finally {
    await connection.close();
  }
}

describe('PostgreSQL', () => {
  let server: Postgres;
  beforeAll(async () => {
    server = await Postgres.start({ tlsStore: 'server.p12', clientAuthority: 'ca.pem' });
  });
  afterAll(() => server?.stop());

  const url = (parameters: string): string =>
    server.url('postgres', `?sslmode=verify-full&sslrootcert=${withPaths(`ca.pem&${parameters}`)}`);
  const PASSWORD = `&sslpassword=${STORE_PASSWORD}`;

  test.each([
    'sslcert=client.crt&sslkey=client.pk8',
    `sslcert=client.crt&sslkey=locked.pk8${PASSWORD}`,
    'sslcert=client.crt&sslkey=client.key',
    `sslcert=client.crt&sslkey=locked.key${PASSWORD}`,
    `sslkey=client.p12${PASSWORD}`,
    `sslkey=client-openssl.p12${PASSWORD}`,
    `sslkey=client-ec.p12${PASSWORD}`,
  ])('is shown the key of %s', async parameters => {
    expect(await connect(server, url(parameters))).toBe('1');
  });

  test('a root in DER is trusted', async () => {
    const trusting = server.url('postgres', withPaths(`?sslmode=verify-full&sslrootcert=root.der&sslkey=client.p12${PASSWORD}`));
    expect(await connect(server, trusting)).toBe('1');
  });

  test.each<[string, RegExp]>([
    ['', /client certificate/],
    [`sslkey=stranger.p12${PASSWORD}`, /unknown ca|certificate/i],
    [`sslkey=client.p12&sslpassword=n0t-the-password`, /sslpassword/],
    [`sslcert=client.crt&sslkey=locked.pk8&sslpassword=n0t-the-password`, /sslkey .*locked\.pk8.* sslpassword is wrong/],
    [`sslcert=client.crt&sslkey=client.crt`, /sslkey .*not a private key/],
    [`sslcert=client.pk8&sslkey=client.pk8`, /sslcert .*not a certificate/],
    [`sslcert=client.crt&sslkey=nowhere.pk8`, /sslkey cannot be read: No such file or directory/],
  ])('%s is refused with a reason', async (parameters, reason) => {
    const error = await connect(server, url(parameters)).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(reason) });
    expect(String(error)).not.toMatch(/n0t-the-password|test-password/);
  });
});

describe('MariaDB', () => {
  let server: MariaDb;
  beforeAll(async () => {
    server = await MariaDb.start({ tlsStore: 'server.p12', clientAuthority: 'ca.pem' });
    await server.sql('ALTER USER CURRENT_USER() REQUIRE X509;');
  });
  afterAll(() => server?.stop());

  test.each<['mysql' | 'mariadb', string]>([
    ['mariadb', 'sslMode=verify-full&serverSslCert=ca.pem&clientSslCert=client.crt&clientSslKey=client.key'],
    ['mariadb', `sslMode=verify-full&serverSslCert=ca.pem&keyStore=client.p12&keyStorePassword=${STORE_PASSWORD}`],
    [
      'mysql',
      `sslMode=VERIFY_CA&trustCertificateKeyStoreUrl=file:truststore.jks&trustCertificateKeyStorePassword=${STORE_PASSWORD}&clientCertificateKeyStoreUrl=file:client.p12&clientCertificateKeyStorePassword=${STORE_PASSWORD}`,
    ],
  ])('by jdbc:%s:, is shown the key of %s', async (driver, parameters) => {
    expect(await connect(server, server.url('test', driver, `?${withPaths(parameters)}`))).toBe('1');
  });

  test('without a key the user is refused', async () => {
    const url = server.url('test', 'mariadb', `?${withPaths('sslMode=verify-full&serverSslCert=ca.pem')}`);
    await expect(connect(server, url)).rejects.toThrow(/denied/);
  });
});
