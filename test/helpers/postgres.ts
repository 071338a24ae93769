import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { Child, runCommand } from './child';
import { freePort } from './free-port';
import { TempDir } from './temp-dir';
import { serverAccount } from './unprivileged';
import { waitFor } from './wait-for';

/** Debian keeps the programs of each version in a folder of its own, beside the PATH. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

function binFolder(): string {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map(version => path.join(DEBIAN_FOLDER, version, 'bin')).find(folder => existsSync(path.join(folder, 'initdb')));
  return found ?? '';
}

const PASSWORD = 'pg-secret-1';

/** A real PostgreSQL with its data in a temporary folder; it ends with our process, however that ends. */
export class Postgres {
  readonly user = 'connect';
  readonly password = PASSWORD;
  readonly #dir = new TempDir('postgres');
  readonly #account = serverAccount(this.#dir);
  #child: Child | undefined;

  private constructor(readonly port: number) {}

  /** Starts a server with one user and a database of the same name; about 2 s. */
  static async start(): Promise<Postgres> {
    const server = new Postgres(await freePort());
    const passwordFile = server.#dir.write('password', `${PASSWORD}\n`);
    const args = ['-D', server.#dir.file('data'), '-U', server.user, '-A', 'scram-sha-256', '--pwfile', passwordFile];
    const made = await runCommand(path.join(binFolder(), 'initdb'), [...args, '-E', 'UTF8', '--locale=C', '--no-sync'], server.#options());
    if (made.code !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    await server.restart();
    return server;
  }

  /** JDBC URL of a database. */
  url(database = 'postgres', parameters = ''): string {
    return `jdbc:postgresql://127.0.0.1:${this.port}/${database}${parameters}`;
  }

  /** What connectors need to get in. */
  settings(database?: string): Record<string, string> {
    return { 'connection.url': this.url(database), 'connection.user': this.user, 'connection.password': this.password };
  }

  /** Starts it again on the same port with the same data. */
  async restart(): Promise<void> {
    const args = ['-D', this.#dir.file('data'), '-p', String(this.port), '-h', '127.0.0.1', '-k', this.#dir.path];
    const child = new Child(path.join(binFolder(), 'postgres'), args, this.#options());
    this.#child = child;
    await waitFor('PostgreSQL to start', () => !child.alive || child.output.includes('ready to accept connections'), { timeoutMs: 60_000 });
    if (!child.alive) throw new Error(`PostgreSQL did not start:\n${child.output.slice(-4000)}`);
  }

  /** Ends it at once, as a crash would; its data stay. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    this.#child?.signal('SIGQUIT');
    await this.#child?.exited;
    this.#dir.remove();
  }

  /** Runs SQL and returns what psql prints, a line a row, columns with `|` between them. */
  async sql(text: string, database = 'postgres'): Promise<string> {
    const url = `postgresql://${this.user}@127.0.0.1:${this.port}/${database}`;
    const args = [url, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
    const result = await runCommand('psql', args, { input: text, env: { ...process.env, PGPASSWORD: this.password } });
    if (result.code !== 0) throw new Error(`psql failed: ${result.stderr}`);
    return result.stdout.toString().trimEnd();
  }

  #options(): { uid?: number; gid?: number; cwd: string } {
    return { ...this.#account, cwd: this.#dir.path };
  }
}
