/** Servers that change their role: a real standby beside its primary, and servers that take no writes for a while. */
import type { Connection } from '../../../src/connectors/jdbc/database/connection';
import { connectJdbc } from '../../helpers/servers/jdbc-connect';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(120_000);

describe('a primary and its standby', () => {
  let primary: Postgres;
  let standby: Postgres;
  beforeAll(async () => {
    primary = await Postgres.start();
    standby = await primary.startStandby();
  });
  afterAll(async () => {
    await standby?.stop();
    await primary?.stop();
  });

  async function isStandby(hosts: readonly Postgres[], parameters: string): Promise<boolean> {
    const places = hosts.map(({ port }) => `127.0.0.1:${port}`).join(',');
    const connection = await connectJdbc(primary, `jdbc:postgresql://${places}/postgres${parameters}`);
    try {
      const [[found] = []] = await connection.query('SELECT pg_is_in_recovery()::text');
      return found === 'true';
    } finally {
      await connection.close();
    }
  }

  test.each([
    ['', true],
    ['?targetServerType=any', true],
    ['?targetServerType=primary', false],
    ['?targetServerType=master', false],
    ['?targetServerType=preferPrimary', false],
    ['?targetServerType=preferSecondary', true],
    ['?targetServerType=secondary&loadBalanceHosts=true', true],
    ['?targetServerType=primary&loadBalanceHosts=true', false],
  ])('of standby and primary, %s takes the standby: %s', async (parameters, expected) => {
    expect(await isStandby([standby, primary], parameters)).toBe(expected);
  });

  test('what must be there is not replaced, what is preferred is', async () => {
    await expect(isStandby([standby], '?targetServerType=primary')).rejects.toMatchObject({ kind: 'connection', sqlState: '08001' });
    await expect(isStandby([primary], '?targetServerType=secondary')).rejects.toMatchObject({ kind: 'connection', sqlState: '08001' });
    expect(await isStandby([primary], '?targetServerType=preferSecondary')).toBe(false);
    await expect(isStandby([primary], '?targetServerType=first')).rejects.toMatchObject({ code: 'ConfigException' });
  });

  test('a write to a standby may pass later', async () => {
    const connection = await connectJdbc(primary, standby.url());
    await expect(connection.query('CREATE TABLE t (id int)')).rejects.toMatchObject({ kind: 'transient', sqlState: '25006' });
    await connection.close();
  });

  test('sessions that are cut are connections that are lost', async () => {
    const connection = await connectJdbc(primary, primary.url());
    const cut = connection.query('SELECT pg_sleep(30)');
    const [, error] = await Promise.all([
      waitFor(
        'the session to be cut',
        async () =>
          (await primary.sql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND pid <> pg_backend_pid()",
          )) !== '0',
      ),
      cut.catch((thrown: unknown) => thrown),
    ]);
    expect(error).toMatchObject({ kind: 'connection' });
    await connection.close();
  });
});

test('a MariaDB whose transactions are read-only may take the write later', async () => {
  const server = await MariaDb.start();
  let connection: Connection | undefined;
  try {
    await server.sql('CREATE TABLE t (id int)');
    connection = await connectJdbc(server, server.url());
    await connection.query('SET SESSION TRANSACTION READ ONLY');
    await expect(connection.query('INSERT INTO t VALUES (1)')).rejects.toMatchObject({ kind: 'transient' });
  } finally {
    await connection?.close();
    await server.stop();
  }
});
