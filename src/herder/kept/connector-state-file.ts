/**
 * The file of `connectors.state.file`: the connectors, with their settings and target states. It is replaced atomically, and the generation
 * before it is kept beside it. Submitted settings may be secrets, so only the owner may read it.
 */
import { createHash } from 'node:crypto';
import { link, realpath } from 'node:fs/promises';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { removeIfPresent, renameInto, writeAndSync } from '../../offsets/durable-write';
import { errorCode, fileError } from '../../offsets/file-error';
import { type FileLock, lockFile } from '../../offsets/file-lock';
import { isLinkToFollow, readOwn } from '../../own-files';

const log = getLogger('org.apache.kafka.connect.storage.ConnectorStateFile');

const FORMAT = 'connect-standalone connectors';
const VERSION = 1;
/** How every such file begins, even a truncated one. */
const BEGINNING = `{"format":"${FORMAT}"`;
const OWNER_ONLY = 0o600;
const SETTING = 'connectors.state.file';

/** One connector in the file. */
export interface KeptConnector {
  /** As submitted, variables unresolved. */
  readonly config: Readonly<Record<string, string>>;
  readonly target: 'STARTED' | 'PAUSED' | 'STOPPED';
  /** Fingerprint of the connector file it comes from; null if it was created over REST. */
  readonly file: string | null;
}

/** The content of the file. */
export interface KeptState {
  readonly connectors: ReadonlyMap<string, KeptConnector>;
  /** Connectors that came from files and were deleted over REST, with the fingerprint of their file. */
  readonly deleted: ReadonlyMap<string, string>;
}

export class ConnectorStateFile {
  /** The write that has not begun yet and will include all states saved until then. */
  private upcoming: Promise<void> | null = null;
  private running: Promise<void> = Promise.resolve();
  private latest: KeptState = EMPTY;

  private constructor(
    readonly path: string,
    private readonly lock: FileLock,
  ) {}

  /**
   * Locks and reads the file; a missing file is empty.
   * @throws ConnectException that names the path and the remedy: in use, not ours, or damaged without an earlier generation
   */
  static async open(path: string): Promise<{ file: ConnectorStateFile; state: KeptState }> {
    const real = await realPath(path);
    const lock = await lockFile(`${real}.lock`, real, { what: 'Connector state file', setting: SETTING });
    try {
      const file = new ConnectorStateFile(real, lock);
      return { file, state: await file.load() };
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /**
   * Writes a state. Of several states saved while another one is being written, only the last is written.
   * @returns once it is safe
   * @throws ConnectException
   */
  save(state: KeptState): Promise<void> {
    this.latest = state;
    this.upcoming ??= this.writeAfter(this.running);
    return this.upcoming;
  }

  /** Waits for the current write, and releases the lock. */
  async close(): Promise<void> {
    await this.upcoming?.catch(() => undefined);
    await this.running.catch(() => undefined);
    await this.lock.release();
  }

  private async writeAfter(earlier: Promise<void>): Promise<void> {
    await earlier.catch(() => undefined);
    this.upcoming = null;
    this.running = this.write(formatState(this.latest));
    await this.running;
  }

  private async write(text: string): Promise<void> {
    const next = `${this.path}.next`;
    const previous = `${this.path}.previous`;
    try {
      await writeAndSync(next, Buffer.from(text), undefined, OWNER_ONLY);
      await removeIfPresent(previous);
      await link(this.path, previous).catch((error: unknown) => ignoreMissing(error, previous));
    } catch (error) {
      throw fileError('write connector state file', this.path, error);
    }
    await renameInto(next, this.path);
  }

  private async load(): Promise<KeptState> {
    const previous = `${this.path}.previous`;
    const current = await readIfPresent(this.path);
    if (current === null) {
      const before = await readIfPresent(previous);
      if (before === null) return EMPTY;
      log.warn(`${this.path} is not there, but ${previous} is: going on with that`);
      return parseState(before, previous);
    }
    try {
      return parseState(current, this.path);
    } catch (error) {
      if (!isOurs(current)) throw error;
      return this.goBack(previous, error);
    }
  }

  /** Returns to the earlier generation. The damaged file is kept under another name for the user. */
  private async goBack(previous: string, damage: unknown): Promise<KeptState> {
    const before = await readIfPresent(previous);
    if (before === null) throw damage;
    const state = parseState(before, previous);
    const damaged = `${this.path}.damaged`;
    await renameInto(this.path, damaged);
    log.warn(`${this.path} is damaged and was renamed to ${damaged}. Going on with ${previous}: the last change may be missing`, damage);
    return state;
  }
}

async function realPath(path: string): Promise<string> {
  try {
    return (await isLinkToFollow(path)) ? await realpath(path) : path;
  } catch (error) {
    ignoreMissing(error, path);
    return path;
  }
}

const EMPTY: KeptState = { connectors: new Map(), deleted: new Map() };

const isOurs = (text: string): boolean => text === '' || text.startsWith(BEGINNING) || BEGINNING.startsWith(text);

function formatState({ connectors, deleted }: KeptState): string {
  const content = JSON.stringify({ connectors: [...connectors], deleted: [...deleted] });
  return `${BEGINNING},"version":${VERSION},"sha256":"${sha256(content)}","content":${content}}\n`;
}

/** @throws ConnectException for anything but a complete text of `formatState` */
function parseState(text: string, path: string): KeptState {
  if (!isOurs(text)) {
    throw new ConnectError(
      'ConnectException',
      `${path} was not written by this worker and is left as it is. Name another file in ${SETTING}, or move this one away`,
    );
  }
  try {
    const { version, sha256: sum, content } = JSON.parse(text) as { version: unknown; sha256: unknown; content: unknown };
    if (version !== VERSION)
      throw new ConnectError('ConnectException', `it has version ${String(version)}, and only version ${VERSION} is known`);
    if (sum !== sha256(JSON.stringify(content))) throw new ConnectError('ConnectException', 'its checksum is wrong');
    // The checksum is right, so the content is as it was written.
    const { connectors, deleted } = content as { connectors: [string, KeptConnector][]; deleted: [string, string][] };
    return { connectors: new Map(connectors), deleted: new Map(deleted) };
  } catch (error) {
    const remedy = `Restore it, or move it away to begin with the connectors of the command line only (${SETTING})`;
    throw new ConnectError('ConnectException', `Connector state file ${path} is damaged. ${remedy}`, error);
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return (await readOwn(path)).toString();
  } catch (error) {
    ignoreMissing(error, path);
    return null;
  }
}

function ignoreMissing(error: unknown, path: string): void {
  if (errorCode(error) !== 'ENOENT') throw fileError('read connector state file', path, error);
}
