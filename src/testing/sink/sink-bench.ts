/** What the checks of sink tasks share: something to write to, and tasks that are cleared away whatever becomes of them. */
import type { Props, SinkPlugin, SinkRecord, TopicPartition } from '../../api';
import { errorOf } from '../check';
import { sinkRecord } from '../data/sample-records';
import { SinkRun } from './sink-run';

/** Something to write to. */
export interface TestTarget {
  /** Settings of a task that writes to it, as `start` gets them. */
  readonly props: Props;
  /** The topic of the records; `test` where it is absent. */
  readonly topic?: string;
  /** What is particular to record number `n`, from 0 on: its value at least, as the converter would give it. */
  record(n: number): Partial<SinkRecord>;
  /** The numbers of the records that lie at the target, each as often as it is there, in the order in which they were written. */
  written(): readonly number[] | Promise<readonly number[]>;
  /** Makes writing fail, until `mend`. */
  fail?(): void | Promise<void>;
  mend?(): void | Promise<void>;
  /** Clears it away. */
  close?(): void | Promise<void>;
}

export interface SinkTaskSubject {
  readonly plugin: SinkPlugin;
  /** Makes something to write to, anew for each check. */
  prepare(): TestTarget | Promise<TestTarget>;
  /** Values that will not do, by setting; those of a wrong type are tried anyway. */
  readonly badSettings?: Props;
  /** True if a record that comes again is at the target once. */
  readonly writesOnce?: boolean;
  /** True if the target can `fail`, so that it is tried. */
  readonly canFail?: boolean;
  /** How long any call of the task may take; 10 s. */
  readonly limitMs?: number;
}

/** The runs of one check: each is stopped at the end, and the target is cleared away. */
export interface SinkBench {
  readonly target: TestTarget;
  /** The two partitions of the topic; records with even numbers are in the first one. */
  readonly partitions: readonly [TopicPartition, TopicPartition];
  createRun(props?: Props, tolerant?: boolean): SinkRun;
  /** A task that is started and has both partitions. */
  openRun(tolerant?: boolean): Promise<SinkRun>;
  /** Records number `from` to `to`, without the last. */
  records(from: number, to: number): SinkRecord[];
  /** The numbers at the target, in ascending order. */
  sorted(): Promise<number[]>;
}

/** Runs a check on a target of its own. */
export async function onTarget(subject: SinkTaskSubject, run: (bench: SinkBench) => Promise<void>): Promise<void> {
  const target = await subject.prepare();
  const { topic = 'test' } = target;
  const runs: SinkRun[] = [];
  const partitions = [
    { topic, partition: 0 },
    { topic, partition: 1 },
  ] as const;
  const createRun: SinkBench['createRun'] = (props = target.props, tolerant = false) => {
    const created = new SinkRun(subject.plugin.createTask(), props, subject.limitMs ?? 10_000, tolerant);
    runs.push(created);
    return created;
  };
  const openRun: SinkBench['openRun'] = async tolerant => {
    const created = createRun(target.props, tolerant);
    await created.start();
    await created.open(partitions);
    return created;
  };
  const records: SinkBench['records'] = (from, to) =>
    Array.from({ length: to - from }, (_, i) => numberedRecord(topic, from + i, target.record(from + i)));
  const sorted = async (): Promise<number[]> => [...(await target.written())].sort((a, b) => a - b);
  try {
    await run({ target, partitions, createRun, openRun, records, sorted });
  } finally {
    for (const each of runs) await errorOf(() => each.stop());
    await target.close?.();
  }
}

/** Record number `n` of a topic, without key and value but for the parts given: it lies in partition `n % 2` at offset `n / 2`. */
export function numberedRecord(topic: string, n: number, parts: Partial<SinkRecord>): SinkRecord {
  const [partition, offset] = [n % 2, Math.floor(n / 2)];
  return sinkRecord({
    topic,
    kafkaPartition: partition,
    timestamp: 1_700_000_000_000 + n,
    kafkaOffset: offset,
    originalTopic: topic,
    originalKafkaPartition: partition,
    originalKafkaOffset: offset,
    ...parts,
  });
}
