/**
 * `connectors.files.watch`: a connector file that changes is applied like PUT config. Editors rename a new file over the old one, or write
 * into it piece by piece; Kubernetes swaps a symbolic link two folders away. So the folder is watched, the file behind the name is also
 * checked once a second, and a change counts once the file has stayed the same for a moment.
 */
import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ConnectorFile, loadConnectorFile } from '../../config/files/connector-file';
import { ConnectError, toError } from '../../errors';
import { sameProps } from '../../herder/task-configs';
import { getLogger } from '../../log';
import type { FolderWatches } from './folder-watches';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** How often to check, and how long a file must have stayed the same. */
export interface WatchTimes {
  readonly checkAgainMs: number;
  readonly settledMs: number;
}

const TIMES: WatchTimes = { checkAgainMs: 1000, settledMs: 200 };

/**
 * Applies a file that has changed.
 * @param before the version that was applied last
 * @throws BadRequestException if its settings will not do: then nothing has changed; anything else: it was applied, but did not start
 */
export type ApplyFile = (file: ConnectorFile, before: ConnectorFile) => Promise<void>;

export class ConnectorFileWatch {
  /** The signature of the file at the last check; null if there was none, undefined before the first check. */
  private seen: string | null | undefined;
  private timer: NodeJS.Timeout | null = null;
  /** When the timer is due, by `performance.now()`. */
  private dueMs = Number.POSITIVE_INFINITY;
  /** The last check that was begun. */
  private checking: Promise<void> | null = null;
  private closed = false;

  /** @param applied the file as the connector was created from it */
  constructor(
    private readonly file: string,
    private applied: ConnectorFile,
    private readonly apply: ApplyFile,
    private readonly folders: FolderWatches,
    private readonly times = TIMES,
  ) {}

  /** Starts watching. A change since the connector was created counts too. */
  start(): void {
    this.folders.add(path.dirname(this.file), () => this.checkIn(this.times.settledMs));
    this.checkIn(0);
  }

  /** Stops watching, and waits for a change that is being applied. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.checking;
  }

  private checkIn(ms: number): void {
    const dueMs = performance.now() + ms;
    // A check that is due is never postponed: in a folder with a file that is written to all the time there would be no check at all.
    if (this.closed || dueMs >= this.dueMs) return;
    if (this.timer) clearTimeout(this.timer);
    this.dueMs = dueMs;
    this.timer = setTimeout(() => {
      this.dueMs = Number.POSITIVE_INFINITY;
      void this.inTurn(() => this.check()).then(() => this.checkIn(this.times.checkAgainMs));
    }, ms);
    this.timer.unref();
  }

  /** Checks now, watching or not, without waiting for the file to stay the same. Never rejects. */
  checkNow(): Promise<void> {
    return this.inTurn(async () => {
      this.seen = signatureNow(this.file);
      if (this.seen !== null) await this.take();
      else log.warn(`Connector file ${this.file} is gone; connector ${this.applied.name} goes on as it is`);
    });
  }

  /** Runs one check at a time. */
  private inTurn(check: () => Promise<void>): Promise<void> {
    const checking = (this.checking ?? Promise.resolve()).then(async () => {
      if (!this.closed) await check();
    });
    this.checking = checking;
    return checking;
  }

  /** Never rejects. */
  private async check(): Promise<void> {
    let now = await signature(this.file);
    if (now === this.seen) return;
    let before: string | null | undefined;
    for (; now !== before && !this.closed; now = await signature(this.file)) {
      before = now;
      await new Promise(resolve => setTimeout(resolve, this.times.settledMs));
    }
    if (this.closed) return;
    const wasThere = this.seen !== null;
    // Taken together with the content, or the same version might be applied twice.
    this.seen = signatureNow(this.file);
    if (this.seen !== null) await this.take();
    else if (wasThere) log.warn(`Connector file ${this.file} is gone; connector ${this.applied.name} goes on as it is`);
  }

  private async take(): Promise<void> {
    const { name } = this.applied;
    try {
      const next = loadConnectorFile(this.file);
      if (next.name !== name) {
        throw new ConnectError('BadRequestException', `it names connector ${next.name} now; a connector cannot be renamed`);
      }
      if (isSame(next, this.applied)) return;
      log.info(`Connector file ${this.file} has changed`);
      await this.applyNext(next);
    } catch (error) {
      const why = toError(error).message.replaceAll('\n', ' ');
      log.error(`Connector file ${this.file} was not applied, connector ${name} goes on as it is: ${why}`);
    }
  }

  private async applyNext(next: ConnectorFile): Promise<void> {
    const before = this.applied;
    try {
      await this.apply(next, before);
      this.applied = next;
      log.info(`Connector ${next.name} now has the settings of its file`);
    } catch (error) {
      if (error instanceof ConnectError && error.code === 'BadRequestException') throw error;
      this.applied = next;
      log.error(`Connector ${next.name} now has the settings of its file ${this.file}, but did not start`, error);
    }
  }
}

/** Device, inode, size and time of the file behind the path; null if there is none. Does not block on a slow file server. */
async function signature(file: string): Promise<string | null> {
  return stat(file).then(format, () => null);
}

/** The same, synchronously. */
function signatureNow(file: string): string | null {
  try {
    return format(statSync(file));
  } catch {
    return null;
  }
}

const format = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string => [dev, ino, size, mtimeMs, ctimeMs].join(' ');

function isSame(a: ConnectorFile, b: ConnectorFile): boolean {
  return a.initialState === b.initialState && sameProps(a.config, b.config);
}
