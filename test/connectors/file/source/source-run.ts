import { OFFSET_MARK } from '../../../../src/api/source';
import { FileStreamSourceTask } from '../../../../src/connectors/file/source/file-source-task';
import { getLogger, type LogEntry, setLogSink } from '../../../../src/log';
import { fakePluginMetrics } from '../../../helpers/fakes/task-metrics';

/** A line as it came, and the position of its offset. */
export type SeenLine = readonly [text: string, position: number];

export interface SourceRunOptions {
  readonly file: string;
  readonly batchSize?: number;
  /** The stored offset; none by default. */
  readonly stored?: Record<string, unknown>;
  /** Its mark. */
  readonly mark?: string;
  readonly maxRequestSizeBytes?: number;
  readonly tolerant?: boolean;
}

/** How long a poll may wait for the file; short, since tests look at what has changed already. */
const POLL_MS = 15;

/** A source task on a real file, without a worker: everything it gives out and says. */
export class SourceRun {
  readonly lines: SeenLine[] = [];
  /** Sizes of the batches. */
  readonly batches: number[] = [];
  readonly skipped: string[] = [];
  /** The mark of the last line's offset. */
  lastMark: string | undefined;
  readonly log: string[] = [];
  /** Bytes that were counted as gone; null for an unknown number. */
  readonly unread: (number | null)[] = [];
  readonly task = new FileStreamSourceTask();

  constructor({ file, batchSize = 2000, stored, mark, maxRequestSizeBytes = 1 << 20, tolerant = false }: SourceRunOptions) {
    setLogSink((entry: LogEntry) => this.log.push(`${entry.level} ${entry.message}`));
    this.task.start(
      { name: 'source', file, topic: 't', 'batch.size': String(batchSize) },
      {
        props: {},
        offsetStorageReader: { offset: () => (stored ?? null) as Record<string, bigint> | null, mark: () => mark ?? null },
        taskId: 'source-0',
        logger: getLogger('source', '[source|task-0] '),
        metrics: fakePluginMetrics(),
        signal: () => AbortSignal.timeout(POLL_MS),
        maxRequestSizeBytes,
        skipOrThrow: error => {
          if (!tolerant) throw error;
          this.skipped.push(error.message);
        },
        countUnread: bytes => this.unread.push(bytes),
        draining: false,
      },
    );
  }

  /** Polls once. @returns number of lines */
  async poll(): Promise<number> {
    const batch = await this.task.poll();
    // As a worker does: a task that begins anew tells its place before its first line.
    if (!batch) return this.task.takePlace() ? this.poll() : 0;
    const { value, count } = batch;
    if (value.kind !== 'text') throw new Error(`lines are texts, and no ${value.kind}`);
    for (let i = 0; i < count; i++) {
      const offset = batch.offsetAt(batch.positions?.[i] ?? -1) ?? {};
      const { position } = offset;
      this.lastMark = (offset as { [OFFSET_MARK]?: string })[OFFSET_MARK];
      this.lines.push([value.texts.at(i)?.toString() ?? '', Number(position)]);
    }
    this.batches.push(count);
    return count;
  }

  /** Polls until four polls in a row have brought nothing, and returns the lines that came. */
  async drain(): Promise<SeenLine[]> {
    const before = this.lines.length;
    for (let idle = 0; idle < 4; ) idle = (await this.poll()) > 0 ? 0 : idle + 1;
    return this.lines.slice(before);
  }

  /** The texts of `drain`. */
  async texts(): Promise<string[]> {
    return (await this.drain()).map(([text]) => text);
  }

  /** Log lines that contain a text. */
  logged(text: string): string[] {
    return this.log.filter(line => line.includes(text));
  }

  stop(): void {
    this.task.stop();
  }
}
