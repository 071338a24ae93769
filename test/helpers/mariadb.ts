import { existsSync } from 'node:fs';
import { Child, runCommand } from './child';
import { freePort } from './free-port';
import { TempDir } from './temp-dir';
import { serverAccount } from './unprivileged';
import { waitFor } from './wait-for';

/** Debian keeps the server where only root looks. */
const SERVER = existsSync('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd';

const PASSWORD = 'maria-secret-1';

/** A real MariaDB with its data in a temporary folder; it ends with our process, however that ends. */
export class MariaDb {
  readonly user = 'connect';
  readonly password = PASSWORD;
  readonly #dir = new TempDir('mariadb');
  readonly #account = serverAccount(this.#dir);
  #child: Child | undefined;

  private constructor(readonly port: number) {}

  /** Starts a server with one user, who may do anything, and the database `test`; about 5 s. */
  static async start(): Promise<MariaDb> {
    const server = new MariaDb(await freePort());
    const args = ['--no-defaults', `--datadir=${server.#dir.file('data')}`, '--auth-root-authentication-method=normal', '--skip-test-db'];
    const made = await runCommand('mariadb-install-db', args, { ...server.#options(), timeoutMs: 120_000 });
    if (made.code !== 0) throw new Error(`mariadb-install-db failed: ${made.stdout}${made.stderr}`);
    await server.restart();
    const user = `'${server.user}'@'%' IDENTIFIED BY '${PASSWORD}'`;
    await server.#run('root', '', `CREATE DATABASE test; CREATE USER ${user}; GRANT ALL ON *.* TO '${server.user}'@'%';`);
    return server;
  }

  /** JDBC URL of a database. @param driver whose URL: `mysql` behaves like Connector/J, `mariadb` like the MariaDB driver */
  url(database = 'test', driver: 'mysql' | 'mariadb' = 'mariadb', parameters = ''): string {
    return `jdbc:${driver}://127.0.0.1:${this.port}/${database}${parameters}`;
  }

  /** What connectors need to get in. */
  settings(database?: string): Record<string, string> {
    return { 'connection.url': this.url(database), 'connection.user': this.user, 'connection.password': this.password };
  }

  /** Starts it again on the same port with the same data. */
  async restart(): Promise<void> {
    const options = [`--datadir=${this.#dir.file('data')}`, `--port=${this.port}`, `--socket=${this.#dir.file('socket')}`];
    const small = [
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=32M',
      '--innodb-log-file-size=16M',
      '--character-set-server=utf8mb4',
    ];
    const child = new Child(SERVER, ['--no-defaults', ...options, ...small], this.#options());
    this.#child = child;
    await waitFor('MariaDB to start', () => !child.alive || child.output.includes('ready for connections'), { timeoutMs: 60_000 });
    if (!child.alive) throw new Error(`MariaDB did not start:\n${child.output.slice(-4000)}`);
  }

  /** Ends it at once, as a crash would; its data stay. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.#child?.kill();
    this.#dir.remove();
  }

  /** Runs SQL and returns what the client prints, a line a row, columns with tabs between them. */
  sql(text: string, database = 'test'): Promise<string> {
    return this.#run(this.user, database, text);
  }

  async #run(user: string, database: string, text: string): Promise<string> {
    const place = user === 'root' ? [`--socket=${this.#dir.file('socket')}`] : ['-h', '127.0.0.1', '-P', String(this.port)];
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
      env: { ...process.env, MYSQL_PWD: user === 'root' ? '' : this.password },
    });
    if (result.code !== 0) throw new Error(`mariadb failed: ${result.stderr}`);
    return result.stdout.toString().trimEnd();
  }

  #options(): { uid?: number; gid?: number; cwd: string } {
    return { ...this.#account, cwd: this.#dir.path };
  }
}
