/** A source task at work without a worker: started, polled and stopped as the worker does it, with all that it gave. */
import type { Props, SourceBatch, SourcePlace, SourceRecord, SourceTask } from '../../api';
import { demand, isLate, within } from '../check';
import { textOf } from '../data/text-of';
import { misfitsOf, recordsIn } from './batch-records';
import { FakeSourceContext, keyOfSource, type SourceContextOptions } from './source-context';

/** A record as it was when it was handed over. */
export interface SeenRecord {
  readonly record: SourceRecord;
  /** What it says, as text: the same for the same record of the source. */
  readonly text: string;
  /** All of it, as text. */
  readonly whole: string;
  /** The source partition, as a key; empty where there is none. */
  readonly partition: string;
}

/** How long a task may take, in ms. */
export interface RunLimits {
  /** Until all that is there was read. */
  readonly readMs: number;
  /** From an aborted signal until `poll` comes back; also for `start` and `stop`. */
  readonly answerMs: number;
}

/** A poll that brings nothing is aborted after this time, in ms. */
const IDLE_MS = 50;
/** So many polls in a row without a record mean that there are no more. */
const IDLE_POLLS = 3;

export class SourceRun {
  readonly seen: SeenRecord[] = [];
  /** What does not fit together in the batches that came, in words. */
  readonly misfits: string[] = [];
  /** Places that the task has told of without a record. */
  readonly places: SourcePlace[] = [];
  readonly context: FakeSourceContext;
  private phase: 'new' | 'started' | 'stopped' = 'new';

  /** @param textOfRecord what a record of the source says */
  constructor(
    readonly task: SourceTask,
    readonly props: Props,
    private readonly textOfRecord: (record: SourceRecord) => string,
    private readonly limits: RunLimits,
    options: SourceContextOptions = {},
  ) {
    this.context = new FakeSourceContext(props, options);
  }

  async start(): Promise<void> {
    this.phase = 'started';
    await within(this.limits.readMs, 'start', this.task.start(this.props, this.context));
  }

  /** Once, and only after `start`, as by a worker. */
  async stop(): Promise<void> {
    if (this.phase !== 'started') return;
    this.phase = 'stopped';
    try {
      await within(this.limits.readMs, 'stop', this.task.stop());
    } finally {
      this.context.metrics.close();
    }
  }

  /** Polls once. @param abortAfterMs when the worker wants it to come back, in ms @returns how many records came */
  async poll(abortAfterMs: number): Promise<number> {
    this.context.beginPoll();
    const timer = setTimeout(() => this.context.abort(), abortAfterMs);
    if (abortAfterMs === 0) this.context.abort();
    try {
      return this.take(await within(abortAfterMs + this.limits.answerMs, 'poll', this.task.poll()));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Takes a batch over as the worker does. @returns how many records it holds */
  take(batch: SourceBatch | null): number {
    const records = batch === null ? [] : recordsIn(batch);
    if (batch !== null) this.misfits.push(...misfitsOf(batch));
    for (const record of records)
      this.seen.push({
        record,
        text: this.textOfRecord(record),
        whole: textOf(record),
        partition: record.sourcePartition ? keyOfSource(record.sourcePartition) : '',
      });
    const place = this.task.takePlace?.();
    if (place) this.places.push(place);
    return records.length;
  }

  /** Polls until there are this many records. @throws Error if they do not come in time */
  async readTo(count: number): Promise<void> {
    const endMs = Date.now() + this.limits.readMs;
    while (this.seen.length < count) {
      demand(Date.now() < endMs, `${this.seen.length} of ${count} records came within ${this.limits.readMs} ms`);
      await this.poll(endMs - Date.now());
    }
  }

  /** Polls until nothing comes any more; a poll that does not come back counts as one. */
  async readRest(): Promise<void> {
    for (let idle = 0; idle < IDLE_POLLS; ) {
      const count = await this.poll(IDLE_MS).catch((error: unknown) => {
        if (isLate(error)) return 0;
        throw error;
      });
      idle = count > 0 ? 0 : idle + 1;
    }
  }
}

/** What a record says to whoever reads the topic; when it was made does not count. */
export function contentOf({ topic, kafkaPartition, keySchema, key, valueSchema, value, headers }: SourceRecord): string {
  return textOf([topic, kafkaPartition, keySchema, key, valueSchema, value, headers]);
}
