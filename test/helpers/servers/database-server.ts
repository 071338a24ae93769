/** What the database servers of tests have in common: a process on a free port, its data in a temporary folder. */
import { chownSync } from 'node:fs';
import { Child } from '../processes/child';
import { serverAccount } from '../processes/unprivileged';
import { TempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { pemOfStore, tlsText } from './tls-fixtures';

/** How to start a database server. */
export interface DatabaseServerOptions {
  /** PKCS12 store of test/fixtures/tls with the key and certificate that the server shows; without it the server has no TLS. */
  readonly tlsStore?: string;
  /** Authority, a PEM file, of the certificates that clients must show; for servers with TLS. */
  readonly clientAuthority?: string;
}

/** Where the server finds its key and certificate. */
export interface ServerCertificate {
  readonly keyFile: string;
  readonly certificateFile: string;
  /** Whoever signs the certificates of clients; null: clients need none. */
  readonly clientAuthorityFile: string | null;
}

/** How long a statement may take: a count of millions of rows on a busy machine takes a while. */
export const SQL_TIMEOUT_MS = 120_000;

/** A real server that ends with our process, however that ends. */
export abstract class DatabaseServer {
  /** Who may do anything. */
  readonly user = 'connect';
  protected readonly dir: TempDir;
  protected readonly certificate: ServerCertificate | null;
  readonly #account: { uid?: number; gid?: number };
  #child: Child | undefined;

  /** @param product its name, for messages @param readyText what it logs once it serves */
  protected constructor(
    private readonly product: string,
    private readonly readyText: string,
    readonly password: string,
    readonly port: number,
    { tlsStore, clientAuthority }: DatabaseServerOptions,
  ) {
    this.dir = new TempDir(product.toLowerCase());
    this.#account = serverAccount(this.dir);
    this.certificate = tlsStore === undefined ? null : this.#writeCertificate(tlsStore, clientAuthority);
  }

  /** JDBC URL of a database. */
  abstract url(database?: string): string;

  /** Runs SQL and returns what the client of the server prints, a line a row. */
  abstract sql(text: string, database?: string): Promise<string>;

  /** The program of the server and its arguments. */
  protected abstract command(): readonly [program: string, args: readonly string[]];

  /** What connectors need to get in. */
  settings(database?: string): Record<string, string> {
    return { 'connection.url': this.url(database), 'connection.user': this.user, 'connection.password': this.password };
  }

  /** Starts it on its port with the data it has, and waits until it serves. */
  async restart(): Promise<void> {
    const [program, args] = this.command();
    const start = async (): Promise<boolean> => {
      const child = new Child(program, args, this.processOptions());
      this.#child = child;
      await waitFor(`${this.product} to start`, () => !child.alive || child.output.includes(this.readyText), { timeoutMs: 60_000 });
      if (child.alive) return true;
      throw new Error(`${this.product} did not start:\n${child.output.slice(-4000)}`);
    };
    // after a kill its children may hold the data for a moment
    await waitFor('the server', start, { timeoutMs: 20_000, everyMs: 200 });
  }

  /** Ends it at once, as a crash would; its data stay. */
  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.end(this.#child);
    this.dir.remove();
  }

  /** Ends the process when nobody needs its data any more. */
  protected async end(child: Child | undefined): Promise<void> {
    await child?.kill();
  }

  /** Whom its programs run as, and where. */
  protected processOptions(): { uid?: number; gid?: number; cwd: string } {
    return { ...this.#account, cwd: this.dir.path };
  }

  #writeCertificate(store: string, clientAuthority: string | undefined): ServerCertificate {
    const { key, certificates } = pemOfStore(store);
    const files = {
      keyFile: this.dir.write('key.pem', key, 0o600),
      certificateFile: this.dir.write('certificates.pem', certificates),
      clientAuthorityFile: clientAuthority === undefined ? null : this.dir.write('authority.pem', tlsText(clientAuthority)),
    };
    const { uid, gid } = this.#account;
    if (uid !== undefined && gid !== undefined) chownSync(files.keyFile, uid, gid);
    return files;
  }
}
