/** Encrypted connections to real database servers: which certificates are taken, and what is said of those that are not. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { DatabaseError } from '../../../src/connectors/jdbc/database/database-error';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import type { DatabaseServerOptions } from '../../helpers/servers/database-server';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { STORE_PASSWORD, tlsFile } from '../../helpers/servers/tls-fixtures';

jest.setTimeout(120_000);

/** Connects as a task would. */
function connect(server: Postgres | MariaDb, url: string): Promise<Connection> {
  const address = { ...readJdbcUrl(url), user: server.user, password: server.password };
  return dialectFor(address.kind, '').connect({ address, timeoutMs: 10_000, busyTimeoutMs: 200, hidesValues: false });
}

/** What the server says of the encryption of a connection; nothing if there is none. */
async function cipherOf(server: Postgres | MariaDb, url: string): Promise<string> {
  const connection = await connect(server, url);
  try {
    const sql =
      server instanceof Postgres
        ? 'SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()'
        : "SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'";
    const [[cipher] = []] = await connection.query(sql);
    return String(cipher ?? '');
  } finally {
    await connection.close();
  }
}

async function refusal(server: Postgres | MariaDb, url: string): Promise<DatabaseError> {
  const error = await cipherOf(server, url).then(
    cipher => new Error(`connected with '${cipher}'`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof DatabaseError)) throw error;
  expect(error.message).not.toContain(server.password);
  return error;
}

const TRUST = `&trustStore=truststore.p12&trustStorePassword=${STORE_PASSWORD}`;
const TRUST_URL = `&trustCertificateKeyStoreUrl=file:truststore.jks&trustCertificateKeyStorePassword=${STORE_PASSWORD}`;

/** Files of test/fixtures/tls in parameters get their folder. */
const withPaths = (parameters: string): string => parameters.replace(/[\w-]+\.(?:pem|p12|jks)/g, tlsFile);

/** Parameters of URLs of one driver. */
interface Driver {
  url(server: Postgres | MariaDb, parameters: string): string;
  /** With these a connection is encrypted. */
  readonly encrypted: readonly string[];
  /** With these it is not, though the server would. */
  readonly plain: readonly string[];
  /** These take any name of the server, as long as they trust who signed it. */
  readonly anyName: readonly string[];
  /** These ask for the name too. */
  readonly verifying: readonly string[];
  readonly wrongAuthority: readonly string[];
  /** These insist on TLS. */
  readonly insisting: readonly string[];
}

const PGJDBC: Driver = {
  url: (server, parameters) => (server as Postgres).url('postgres', `?${withPaths(parameters)}`),
  encrypted: ['', 'sslmode=prefer', 'sslmode=require', 'ssl=true&sslmode=require'],
  plain: ['sslmode=disable', 'sslmode=allow'],
  anyName: ['sslmode=verify-ca&sslrootcert=ca.pem', 'sslmode=require&sslrootcert=ca.pem'],
  verifying: ['ssl=true&sslmode=verify-full&sslrootcert=ca.pem', 'ssl=true&sslrootcert=ca.pem'],
  wrongAuthority: ['sslmode=verify-full&sslrootcert=stranger-ca.pem', 'sslmode=verify-ca&sslrootcert=stranger-ca.pem', 'ssl=true'],
  insisting: ['sslmode=require', 'sslmode=verify-full&sslrootcert=ca.pem'],
};

const MARIADB_DRIVER: Driver = {
  url: (server, parameters) => (server as MariaDb).url('test', 'mariadb', `?${withPaths(parameters)}`),
  encrypted: ['sslMode=trust', 'useSSL=true&trustServerCertificate=true'],
  plain: ['', 'sslMode=disable', 'useSSL=false'],
  anyName: ['sslMode=verify-ca&serverSslCert=ca.pem', `sslMode=verify-ca${TRUST}`],
  verifying: ['sslMode=verify-full&serverSslCert=ca.pem', 'useSSL=true&serverSslCert=ca.pem', `sslMode=verify-full${TRUST}`],
  wrongAuthority: ['sslMode=verify-full&serverSslCert=stranger-ca.pem', 'sslMode=verify-ca&serverSslCert=stranger-ca.pem', 'useSSL=true'],
  insisting: ['sslMode=trust', 'sslMode=verify-full&serverSslCert=ca.pem'],
};

const CONNECTOR_J: Driver = {
  url: (server, parameters) => (server as MariaDb).url('test', 'mysql', `?${withPaths(parameters)}`),
  encrypted: ['', 'sslMode=REQUIRED', 'useSSL=true', 'useSSL=true&requireSSL=true'],
  plain: ['sslMode=DISABLED', 'useSSL=false'],
  anyName: [`sslMode=VERIFY_CA${TRUST_URL}`, `useSSL=true&verifyServerCertificate=true${TRUST_URL}`],
  verifying: [`sslMode=VERIFY_IDENTITY${TRUST_URL}`],
  wrongAuthority: ['sslMode=VERIFY_IDENTITY&serverSslCert=stranger-ca.pem', 'sslMode=VERIFY_CA'],
  insisting: ['sslMode=REQUIRED', `sslMode=VERIFY_IDENTITY${TRUST_URL}`],
};

const PRODUCTS = {
  PostgreSQL: { start: (options: DatabaseServerOptions) => Postgres.start(options), drivers: { pgjdbc: PGJDBC } },
  MariaDB: {
    start: (options: DatabaseServerOptions) => MariaDb.start(options),
    drivers: { 'MariaDB driver': MARIADB_DRIVER, 'Connector/J': CONNECTOR_J },
  },
} as const;

describe.each(Object.entries(PRODUCTS))('%s', (_, { start, drivers }) => {
  const servers: (Postgres | MariaDb)[] = [];
  let trusted: Postgres | MariaDb;
  let misnamed: Postgres | MariaDb;
  let bare: Postgres | MariaDb;

  beforeAll(async () => {
    const launch = async (options: DatabaseServerOptions): Promise<Postgres | MariaDb> => {
      const server = await start(options);
      servers.push(server);
      return server;
    };
    trusted = await launch({ tlsStore: 'server.p12' });
    misnamed = await launch({ tlsStore: 'wrong-host.p12' });
    bare = await launch({});
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });

  describe.each(Object.entries<Driver>(drivers))('by the parameters of %s', (_name, { url, ...parameters }) => {
    test.each([...parameters.encrypted, ...parameters.anyName, ...parameters.verifying])('encrypted: %s', async text => {
      expect(await cipherOf(trusted, url(trusted, text))).toMatch(/^TLS_|-/);
      expect(await cipherOf(trusted, url(trusted, text).replace('127.0.0.1', 'localhost'))).toMatch(/^TLS_|-/);
    });

    test.each(parameters.plain)('not encrypted: %s', async text => {
      expect(await cipherOf(trusted, url(trusted, text))).toBe('');
    });

    test.each(parameters.wrongAuthority)('signed by nobody we trust: %s', async text => {
      const error = await refusal(trusted, url(trusted, text));
      expect([error.kind, error.message]).toEqual(['access', expect.stringMatching(/certificate/i)]);
    });

    test.each(parameters.verifying)('the certificate of another server: %s', async text => {
      for (const host of ['127.0.0.1', 'localhost']) {
        const error = await refusal(misnamed, url(misnamed, text).replace('127.0.0.1', host));
        expect([error.kind, error.message]).toEqual(['access', expect.stringMatching(new RegExp(`certificate's altnames: .*${host}`))]);
      }
    });

    test.each(parameters.anyName)('a certificate of any name: %s', async text => {
      expect(await cipherOf(misnamed, url(misnamed, text))).toMatch(/^TLS_|-/);
    });

    test.each(parameters.insisting)('a server without TLS: %s', async text => {
      expect((await refusal(bare, url(bare, text))).message).toMatch(/SSL|TLS|secure/);
    });
  });
});
