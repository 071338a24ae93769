import { Child } from '../processes/child';
import { serverAccount } from '../processes/unprivileged';
import { TempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { freePort } from './free-port';
import type { Postgres } from './postgres';

/** How the pooler of a test pools. */
export interface PgBouncerOptions {
  readonly poolMode: 'session' | 'transaction';
  /** `ignore_startup_parameters`; empty: none. */
  readonly ignored?: string;
  /** Most sessions of the server. */
  readonly poolSize?: number;
}

/** A real pgbouncer in front of a PostgreSQL. */
export class PgBouncer {
  private constructor(
    private readonly dir: TempDir,
    private readonly child: Child,
    readonly port: number,
  ) {}

  static async start(server: Postgres, { poolMode, ignored = '', poolSize = 2 }: PgBouncerOptions): Promise<PgBouncer> {
    const dir = new TempDir('pgbouncer');
    const port = await freePort();
    const users = dir.write('users', `"${server.user}" "${server.password}"\n`);
    const file = dir.write(
      'pgbouncer.ini',
      `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\n` +
        `auth_type = scram-sha-256\nauth_file = ${users}\npool_mode = ${poolMode}\ndefault_pool_size = ${poolSize}\n` +
        `${ignored === '' ? '' : `ignore_startup_parameters = ${ignored}\n`}`,
    );
    const child = new Child('/usr/sbin/pgbouncer', [file], { ...serverAccount(dir), cwd: dir.path });
    await waitFor('pgbouncer to start', () => !child.alive || child.output.includes('process up'), { timeoutMs: 20_000 });
    if (!child.alive) throw new Error(`pgbouncer did not start:\n${child.output.slice(-2000)}`);
    return new PgBouncer(dir, child, port);
  }

  url(database = 'postgres', parameters = ''): string {
    return `jdbc:postgresql://127.0.0.1:${this.port}/${database}${parameters}`;
  }

  async stop(): Promise<void> {
    await this.child.kill();
    this.dir.remove();
  }
}
