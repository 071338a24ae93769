import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { type Child, runCommand } from '../processes/child';
import { DatabaseServer, type DatabaseServerOptions, SQL_TIMEOUT_MS } from './database-server';
import { freePort } from './free-port';

/** Debian keeps the programs of each version in a folder of its own, beside the PATH. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

function binFolder(): string {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map(version => path.join(DEBIAN_FOLDER, version, 'bin')).find(folder => existsSync(path.join(folder, 'initdb')));
  return found ?? '';
}

const PASSWORD = 'pg-secret-1';

/** A real PostgreSQL. */
export class Postgres extends DatabaseServer {
  private constructor(port: number, options: DatabaseServerOptions) {
    super('PostgreSQL', 'database system is ready to accept', PASSWORD, port, options);
  }

  /** Starts a server with one user and the database `postgres`; about 2 s. */
  static async start(options: DatabaseServerOptions = {}): Promise<Postgres> {
    const server = new Postgres(await freePort(), options);
    const passwordFile = server.dir.write('password', `${PASSWORD}\n`);
    const args = ['-D', server.dir.file('data'), '-U', server.user, '-A', 'scram-sha-256', '--pwfile', passwordFile];
    const made = await runCommand(
      path.join(binFolder(), 'initdb'),
      [...args, '-E', 'UTF8', '--locale=C', '--no-sync'],
      server.processOptions(),
    );
    if (made.code !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    await server.restart();
    return server;
  }

  /** A standby that follows this server by streaming; about 3 s. */
  async startStandby(): Promise<Postgres> {
    const standby = new Postgres(await freePort(), {});
    const source = `host=127.0.0.1 port=${this.port} user=${this.user} password=${this.password}`;
    const args = ['-D', standby.dir.file('data'), '-d', source, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'];
    const made = await runCommand(path.join(binFolder(), 'pg_basebackup'), args, standby.processOptions());
    if (made.code !== 0) throw new Error(`pg_basebackup failed: ${made.stderr}`);
    await standby.restart();
    return standby;
  }

  url(database = 'postgres', parameters = ''): string {
    return `jdbc:postgresql://127.0.0.1:${this.port}/${database}${parameters}`;
  }

  protected command(): readonly [string, readonly string[]] {
    const args = ['-D', this.dir.file('data'), '-p', String(this.port), '-h', '127.0.0.1', '-k', this.dir.path];
    return [path.join(binFolder(), 'postgres'), [...args, ...this.#tlsSettings().flatMap(each => ['-c', each])]];
  }

  #tlsSettings(): string[] {
    const { certificate } = this;
    if (!certificate) return [];
    const { certificateFile, keyFile, clientAuthorityFile } = certificate;
    const settings = ['ssl=on', `ssl_cert_file=${certificateFile}`, `ssl_key_file=${keyFile}`];
    if (clientAuthorityFile === null) return settings;
    const rules = this.dir.write('hba.conf', 'hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-ca\n');
    return [...settings, `ssl_ca_file=${clientAuthorityFile}`, `hba_file=${rules}`];
  }

  /** Its own children would outlive a SIGKILL by some moments and hold its files. */
  protected override async end(child: Child | undefined): Promise<void> {
    child?.signal('SIGQUIT');
    await child?.exited;
  }

  /** Runs SQL and returns what psql prints, a line a row, columns with `|` between them. */
  sql(text: string, database = 'postgres'): Promise<string> {
    return this.sqlAt(`postgresql://${this.user}@127.0.0.1:${this.port}/${database}`, text);
  }

  /** The same at another address of the server, such as that of a pooler. */
  async sqlAt(url: string, text: string): Promise<string> {
    const args = [url, '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'];
    const result = await runCommand('psql', args, {
      input: text,
      timeoutMs: SQL_TIMEOUT_MS,
      env: { ...process.env, PGPASSWORD: this.password },
    });
    if (result.code !== 0) throw new Error(`psql failed: ${result.stderr}`);
    return result.stdout.toString().trimEnd();
  }
}
