import { existsSync } from 'node:fs';
import { runCommand } from '../processes/child';
import { DatabaseServer, type DatabaseServerOptions, SQL_TIMEOUT_MS } from './database-server';
import { freePort } from './free-port';

/** Debian keeps the server where only root looks. */
const SERVER = existsSync('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd';

const PASSWORD = 'maria-secret-1';

/** A real MariaDB. */
export class MariaDb extends DatabaseServer {
  private constructor(port: number, options: DatabaseServerOptions) {
    super('MariaDB', 'ready for connections', PASSWORD, port, options);
  }

  /** Starts a server with one user, who may do anything, and the database `test`; about 5 s. */
  static async start(options: DatabaseServerOptions = {}): Promise<MariaDb> {
    const server = new MariaDb(await freePort(), options);
    // in /tmp, servers that start at the same time remove the temporary tables of one another
    const folders = [`--datadir=${server.dir.file('data')}`, `--tmpdir=${server.dir.path}`];
    const args = ['--no-defaults', ...folders, '--auth-root-authentication-method=normal', '--skip-test-db'];
    const made = await runCommand('mariadb-install-db', args, { ...server.processOptions(), timeoutMs: 120_000 });
    if (made.code !== 0) throw new Error(`mariadb-install-db failed: ${made.stdout}${made.stderr}`);
    await server.restart();
    const user = `'${server.user}'@'%' IDENTIFIED BY '${PASSWORD}'`;
    await server.#run('root', '', `CREATE DATABASE test; CREATE USER ${user}; GRANT ALL ON *.* TO '${server.user}'@'%';`);
    return server;
  }

  /** @param driver whose URL: `mysql` behaves like Connector/J, `mariadb` like the MariaDB driver */
  url(database = 'test', driver: 'mysql' | 'mariadb' = 'mariadb', parameters = ''): string {
    return `jdbc:${driver}://127.0.0.1:${this.port}/${database}${parameters}`;
  }

  protected command(): readonly [string, readonly string[]] {
    const options = [
      `--datadir=${this.dir.file('data')}`,
      `--tmpdir=${this.dir.path}`,
      `--port=${this.port}`,
      `--socket=${this.dir.file('socket')}`,
    ];
    const small = [
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=32M',
      '--innodb-log-file-size=16M',
      '--character-set-server=utf8mb4',
    ];
    const { certificate } = this;
    const tls = certificate ? [`--ssl-cert=${certificate.certificateFile}`, `--ssl-key=${certificate.keyFile}`] : [];
    if (certificate?.clientAuthorityFile) tls.push(`--ssl-ca=${certificate.clientAuthorityFile}`);
    return [SERVER, ['--no-defaults', ...options, ...small, ...tls]];
  }

  /** Runs SQL and returns what the client prints, a line a row, columns with tabs between them. */
  sql(text: string, database = 'test'): Promise<string> {
    return this.#run(this.user, database, text);
  }

  async #run(user: string, database: string, text: string): Promise<string> {
    const place = user === 'root' ? [`--socket=${this.dir.file('socket')}`] : ['-h', '127.0.0.1', '-P', String(this.port)];
    const args = [
      '--no-defaults',
      '-u',
      user,
      ...place,
      '-N',
      '-B',
      '--default-character-set=utf8mb4',
      ...(database === '' ? [] : [database]),
    ];
    const result = await runCommand('mariadb', args, {
      input: text,
      timeoutMs: SQL_TIMEOUT_MS,
      env: { ...process.env, MYSQL_PWD: user === 'root' ? '' : this.password },
    });
    if (result.code !== 0) throw new Error(`mariadb failed: ${result.stderr}`);
    return result.stdout.toString().trimEnd();
  }
}
