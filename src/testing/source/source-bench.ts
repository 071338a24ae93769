/** What the checks of source tasks share: something to read, and tasks that are cleared away whatever becomes of them. */
import type { Props, SourcePlugin, SourceRecord } from '../../api';
import { errorOf } from '../check';
import { textOf } from '../data/text-of';
import type { SourceContextOptions } from './source-context';
import { contentOf, type RunLimits, SourceRun } from './source-run';

/** Something to read. */
export interface TestSource {
  /** Settings of a task that reads it, as `start` gets them; unlimited where polls would wait long. */
  readonly props: Props;
  /** How many records there are at first, at least 3. */
  readonly records: number;
  /** True if more come by themselves, without end. */
  readonly endless?: boolean;
  /** Adds something that makes one more record; needed unless the source is endless. */
  add?(): void | Promise<void>;
  /** Clears it away. */
  close?(): void | Promise<void>;
}

export interface SourceTaskSubject {
  readonly plugin: SourcePlugin;
  /** Makes something to read, anew for each check. */
  prepare(): TestSource | Promise<TestSource>;
  /** Values that will not do, by setting; those of a wrong type are tried anyway. */
  readonly badSettings?: Props;
  /** False if what was read cannot be read again, as of a socket: `canRewind` says so then, and `pollHeld` brings what is held. */
  readonly rewinds?: boolean;
  /** Settings of a task whose source cannot be reached now. */
  readonly away?: Props;
  /** What a record says, where it is not the same when it is read again, as a measurement; absent: topic, key, value and headers. */
  sameAgain?(record: SourceRecord): unknown;
  /** How long a task may take to read all that is there; 10 s. */
  readonly readLimitMs?: number;
  /** How long `poll` may take to come back once its signal is aborted; 2 s. */
  readonly answerLimitMs?: number;
}

/** The runs of one check: each is stopped at the end, and the source is cleared away. */
export interface SourceBench {
  readonly source: TestSource;
  /** A task that is not started yet. */
  createRun(options?: SourceContextOptions, props?: Props): SourceRun;
  startRun(options?: SourceContextOptions): Promise<SourceRun>;
}

export const limitsOf = ({ readLimitMs = 10_000, answerLimitMs = 2000 }: SourceTaskSubject): RunLimits => ({
  readMs: readLimitMs,
  answerMs: answerLimitMs,
});

/** Runs a check on a source of its own. */
export async function onBench<T>(subject: SourceTaskSubject, run: (bench: SourceBench) => Promise<T>): Promise<T> {
  const source = await subject.prepare();
  const runs: SourceRun[] = [];
  const { sameAgain } = subject;
  const textOfRecord = sameAgain ? (record: SourceRecord) => textOf(sameAgain(record)) : contentOf;
  const createRun: SourceBench['createRun'] = (options, props = source.props) => {
    const created = new SourceRun(subject.plugin.createTask(), props, textOfRecord, limitsOf(subject), options);
    runs.push(created);
    return created;
  };
  const startRun: SourceBench['startRun'] = async options => {
    const created = createRun(options);
    await created.start();
    return created;
  };
  try {
    return await run({ source, createRun, startRun });
  } finally {
    for (const each of runs) await errorOf(() => each.stop());
    await source.close?.();
  }
}
