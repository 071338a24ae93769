/**
 * The connector files of the command line: all are read before anything waits for a broker, and each is read once, since it may be a pipe.
 */
import { type ConnectorFile, loadGivenConnectorFile } from '../../config/files/connector-file';
import { toError } from '../../errors';

/** One connector file cannot be used; the cause says why. */
export class UnusableConnectorFile extends Error {
  constructor(
    readonly file: string,
    cause: unknown,
  ) {
    super(toError(cause).message, { cause });
  }
}

export class GivenConnectors {
  private constructor(private readonly files: ReadonlyMap<string, ConnectorFile>) {}

  /** Reads all, one after the other; waits for pipes. @throws UnusableConnectorFile for the first that is missing or makes no sense */
  static async read(paths: readonly string[]): Promise<GivenConnectors> {
    const files = new Map<string, ConnectorFile>();
    for (const path of paths) {
      if (files.has(path)) continue;
      const file = await loadGivenConnectorFile(path).catch(error => {
        throw new UnusableConnectorFile(path, error);
      });
      files.set(path, file);
    }
    return new GivenConnectors(files);
  }

  /** `connector.class` of the first of them; empty where there is none. */
  get firstClass(): string {
    const [first] = this.files.values();
    return first?.config['connector.class'] ?? '';
  }

  /** @throws ConnectError for a file that was not among them and makes no sense */
  async fileAt(path: string): Promise<ConnectorFile> {
    return this.files.get(path) ?? loadGivenConnectorFile(path);
  }

  /**
   * Rejects for the first connector whose settings will not do, and never resolves.
   * @param afterMs how long to wait before judging: with a broker that answers at once, each is judged when it is created
   */
  refusal(
    check: (file: ConnectorFile) => Promise<unknown>,
    afterMs: number,
  ): { readonly bad: Promise<never>; readonly cancel: () => void } {
    let timer: NodeJS.Timeout | undefined;
    const bad = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => this.checkAll(check).catch(reject), afterMs);
    });
    bad.catch(() => undefined); // may reject when nobody waits any more
    return { bad, cancel: () => clearTimeout(timer) };
  }

  private async checkAll(check: (file: ConnectorFile) => Promise<unknown>): Promise<void> {
    for (const [path, file] of this.files) {
      await check(file).catch(error => {
        throw new UnusableConnectorFile(path, error);
      });
    }
  }
}
