/** Whatever becomes of the records of a task, they are all accounted for, once each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SinkTask } from '../../../src/api/sink';
import { stageSettings } from '../../../src/config/tasks/stage-settings';
import { ByteColumn } from '../../../src/data/batch/byte-column';
import { type RecordBatch, valueBatch } from '../../../src/data/batch/record-batch';
import type { SinkRecord, SourceRecord } from '../../../src/data/record/record';
import { ConnectError } from '../../../src/errors';
import type { ConsumedBatch } from '../../../src/kafka/clients/record-inlet';
import type { Rejection } from '../../../src/kafka/clients/record-outlet';
import type { WireBatch } from '../../../src/kafka/producer/wire-batch';
import { Cells } from '../../../src/metrics/cells';
import { formatCounters, missingRecords, NO_COUNTS, type TaskCounters } from '../../../src/metrics/task-counters';
import { ErrorHandler, type FailureReporter } from '../../../src/pipeline/error-handler';
import { RetryPolicy } from '../../../src/pipeline/retry-policy';
import { TransformationChain } from '../../../src/pipeline/transformation-chain';
import { TaskBalance } from '../../../src/task/shared/task-balance';
import type { TaskHost } from '../../../src/task/shared/task-host';
import { DeliveredOffsets } from '../../../src/task/sink/delivered-offsets';
import { ErrantRecords } from '../../../src/task/sink/errant-records';
import { SinkDelivery } from '../../../src/task/sink/sink-delivery';
import { sendBatch } from '../../../src/task/source/sending/send-batch';
import { SourceCounts } from '../../../src/task/source/source-counts';
import { SourceProgress } from '../../../src/task/source/source-progress';
import type { SourceRun } from '../../../src/task/source/source-run';
import { SubmittedRecords } from '../../../src/task/source/submitted-records';
import { type Random, seeded } from '../../../src/testing/data/random';
import { sourceRecord } from '../../../src/testing/data/sample-records';
import { emptyBatch } from '../../helpers/fakes/empty-batch';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../helpers/fakes/settings';
import { fakeSourceRun, stringConverters } from '../../helpers/fakes/source-run';
import { fakeTaskMetrics, lookAt } from '../../helpers/fakes/task-metrics';
import { stagePlugins } from '../../helpers/fakes/test-stages';

const RUNS = 60;
const STEPS = 40;
/** So few that a source has to wait within a batch. */
const QUEUE = 12;
const ID = { connector: 'c', task: 0 };

/** Longer than any microtask: what is under way has come to rest. */
const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Values of random records: of those with `d` a chain drops some, `x` fails a stage, `f` fails it for a while, `!` is refused by a producer. */
const randomValue = (random: Random): string => ['a', 'd', 'x', 'f', '!', 'e', 'plain'][random(7)] as string;

/** A random chain of the test's stages. */
function randomChain(random: Random): Record<string, string> {
  const stages: readonly Record<string, string>[] = [
    { type: 'test.Append', text: '.' },
    { type: 'test.Drop', predicate: 'p' },
    { type: 'test.Refuse', text: 'x' },
    { type: 'test.Flaky', text: 'f', times: String(random(4)) },
  ];
  const chosen = stages.filter(() => random(2) === 0);
  const props: Record<string, string> = { transforms: chosen.map((_, i) => `t${i}`).join(',') };
  chosen.forEach((stage, i) => {
    for (const [key, value] of Object.entries(stage)) props[`transforms.t${i}.${key}`] = value;
  });
  return { ...props, predicates: 'p', 'predicates.p.type': 'test.Holds', 'predicates.p.text': 'd' };
}

/** An error handler that tolerates everything, with dead letters that become safe when the test says so, or without. */
function randomErrors(random: Random) {
  const clock = { nowMs: () => 0, random: () => 0, wait: async () => {} };
  const settings = { ...readErrorSettings({}), tolerance: 'all' as const };
  const errors = new ErrorHandler('c-0', settings, fakeLogger(), new RetryPolicy(random(2) * 1000, 100, clock));
  const unsafe: (() => void)[] = [];
  const report: FailureReporter['report'] = async () => {
    if (random(4) === 0) await settle();
    return { delivered: new Promise(resolve => unsafe.push(resolve)) };
  };
  if (random(2) === 0) errors.reportTo({ report });
  const makeSafe = (): void => {
    for (const resolve of unsafe.splice(0, 1 + random(5))) resolve();
  };
  return { errors, unsafe, makeSafe };
}

/** A producer that refuses `!`, and whose deliveries the test brings, some of them with an error. */
function fakeProducer() {
  const queued: number[] = [];
  const handle = (texts: ByteColumn, from: number, count: number, slots: Int32Array, rejections: Rejection[]): number => {
    for (let n = 0; n < count; n++) {
      if (String(texts.at(from + n)).includes('!')) {
        rejections.push({ index: from + n, error: new ConnectError('RecordTooLargeException', 'too large') });
      } else queued.push(slots[n] as number);
    }
    return count;
  };
  const producer = {
    inFlight: 0,
    room: () => QUEUE - queued.length,
    knownPartitions: () => 1,
    send: (records: WireBatch, from: number, count: number, rejections: Rejection[]) =>
      handle(records.values, from, count, records.slots.subarray(from), rejections),
  };
  return { producer, queued };
}

function textBatch(values: readonly string[]): RecordBatch {
  const texts = new ByteColumn(values.length, 0);
  for (const value of values) texts.append(Buffer.from(value));
  const more = { positions: new Float64Array(values.length), timestamps: 'now' } as const;
  return valueBatch('t', { kind: 'text', texts }, values.length, {}, p => ({ p }), more);
}

/** Runs a source with a chain and failures of a seed; looks at the counters after every step. */
async function runSource(seed: number): Promise<TaskCounters[]> {
  const random = seeded(seed);
  const { errors, unsafe, makeSafe } = randomErrors(random);
  const { producer, queued } = fakeProducer();
  const logger = fakeLogger();
  const chain = new TransformationChain<SourceRecord>({ stages: stageSettings(randomChain(random)), plugins: stagePlugins(), logger });
  const deliver = (count: number): void => {
    for (const slot of queued.splice(0, count)) {
      const error = random(6) === 0 ? new ConnectError('RecordTooLargeException', 'refused by the broker') : undefined;
      run.delivery.onDelivery(slot, error, 0, 0);
    }
  };
  const wait = async (): Promise<void> => {
    deliver(1 + random(8));
    await settle();
    seen.push(lookAt(run.services.host));
  };
  const seen: TaskCounters[] = [];
  const run: SourceRun = fakeSourceRun({ outlet: producer, errors, logger, chain, wait });
  new SourceProgress(run.services.host).begin(run);
  for (let step = 0; step < STEPS; step++) {
    const values = Array.from({ length: random(30) }, () => randomValue(random));
    if (random(2) === 0)
      await sendBatch(
        run,
        values.map(value => sourceRecord({ topic: 't', kafkaPartition: null, value })),
      );
    else if (values.length > 0) await sendBatch(run, textBatch(values));
    deliver(random(40));
    makeSafe();
    await settle();
    seen.push(lookAt(run.services.host));
  }
  while (queued.length > 0 || unsafe.length > 0 || errors.reporting > 0) {
    deliver(queued.length);
    makeSafe();
    await settle();
  }
  return [...seen, lookAt(run.services.host)];
}

/** Runs a sink with a chain, rewinds and failures of a seed. */
async function runSink(seed: number): Promise<TaskCounters[]> {
  const random = seeded(seed);
  const { errors, unsafe, makeSafe } = randomErrors(random);
  const logger = fakeLogger();
  const plugins = stagePlugins();
  const errant = new ErrantRecords(errors, stringConverters(plugins));
  const consumer = {
    partitionOf: () => ({ topic: 't', partition: 0 }),
    createBatch: emptyBatch,
    fetch: (batch: ConsumedBatch) => {
      batch.count = random(10);
      batch.values.clear();
      for (let i = 0; i < batch.count; i++) {
        batch.values.append(Buffer.from(randomValue(random)));
        batch.offsets[i] = random(1000);
        batch.keys[i] = null;
        batch.headers[i] = [];
        batch.timestamps[i] = 0;
      }
      return batch.count;
    },
  };
  const held: SinkRecord[] = [];
  const slow = random(2) === 0;
  const task = {
    put: (records: readonly SinkRecord[]): void | Promise<void> => {
      held.push(...records);
      for (const record of records) if (String(record.value).includes('e')) void errant.report(record, new Error('errant')).catch(() => {});
      const refusal = random(4) === 0 ? new ConnectError('RetriableException', 'later') : null;
      // some take their time, so that the next batch is fetched meanwhile
      if (slow) return sleep(3).then(() => (refusal ? Promise.reject(refusal) : undefined));
      if (refusal) throw refusal;
    },
    ...(random(3) === 0 && { putBatch: () => {} }),
    allowsFetchAhead: slow,
  };
  const props = randomChain(random);
  const host = {
    spec: { settings: { stages: stageSettings(props) }, retentionWindows: [] },
    plugins,
    errors,
    logger,
    wake: { notify: () => {} },
    metrics: fakeTaskMetrics(),
    post: () => {},
  };
  host.metrics.look = () => delivery.look();
  const delivery = new SinkDelivery(task as unknown as SinkTask, consumer, host as unknown as TaskHost, {
    converters: stringConverters(plugins),
    errant,
    keepsOriginals: true,
    maxPollRecords: 64,
    mayFetchAhead: () => random(4) !== 0,
  });
  const seen: TaskCounters[] = [];
  const offsets = new DeliveredOffsets();
  const put = async (): Promise<void> => {
    try {
      await delivery.put();
      delivery.done(offsets);
    } catch {
      if (random(2) !== 0) return;
      delivery.abandon(false);
      // given back, they are not the task's any more
      held.length = 0;
    }
  };
  for (let step = 0; step < STEPS || delivery.state !== 'idle'; step++) {
    if (delivery.state === 'idle') delivery.fetch();
    if (delivery.state === 'converting' && random(3) === 0) delivery.abandon(false);
    if (delivery.state === 'ready') await put();
    const late = held.splice(0);
    // What a task keeps until its flush, it may report then.
    if (random(3) === 0 && late[0]) void errant.report(late[0], new Error('late')).catch(() => {});
    makeSafe();
    await settle();
    seen.push(lookAt(host));
  }
  while (unsafe.length > 0 || errors.reporting > 0) {
    makeSafe();
    await settle();
  }
  return [...seen, lookAt(host)];
}

const SEEDS = Array.from({ length: RUNS }, (_, i) => i);
const total = (all: readonly TaskCounters[], field: Exclude<keyof TaskCounters, 'oldestPending' | 'unread'>): number =>
  all.reduce((sum, counters) => sum + counters[field], 0);

describe.each([
  ['source', runSource],
  ['sink', runSink],
])('the counters of a %s', (_, run) => {
  let runs: TaskCounters[][];
  beforeAll(async () => {
    runs = [];
    for (const seed of SEEDS) runs.push(await run(seed));
  });

  test('balance after every step, whatever is dropped, refused, tried again, given back', () => {
    const unbalanced = runs.flatMap((run, seed) =>
      run.filter(counters => missingRecords(counters) !== 0).map(counters => ({ seed, counters })),
    );
    expect(unbalanced).toEqual([]);
    const counts = runs.flat().flatMap(({ oldestPending, unread, ...rest }) => Object.values(rest));
    expect(counts.every(count => count >= 0)).toBe(true);
  });

  test('never go back, less what is given back', () => {
    for (const run of runs) {
      run.slice(1).forEach((counters, i) => {
        for (const field of ['filtered', 'deadLettered', 'skipped'] as const)
          expect(counters[field]).toBeGreaterThanOrEqual(run[i]?.[field] ?? 0);
      });
    }
  });

  test('end with nothing under way, and every kind of end was among the runs', () => {
    const last = runs.map(run => run.at(-1) as TaskCounters);
    expect(last.map(({ pending }) => pending)).toEqual(SEEDS.map(() => 0));
    for (const field of ['acknowledged', 'filtered', 'deadLettered', 'skipped'] as const) expect(total(last, field)).toBeGreaterThan(100);
    expect(total(runs.flat(), 'pending')).toBeGreaterThan(100);
  });
});

test('a record that an errant report names counts by the report, once, however often it is put', async () => {
  const errors = new ErrorHandler('c-0', { ...readErrorSettings({}), tolerance: 'all' }, fakeLogger());
  errors.reportTo({ report: async () => ({ delivered: Promise.resolve() }) });
  const errant = new ErrantRecords(errors, stringConverters());
  const record = { originalTopic: 't', originalKafkaPartition: 0, originalKafkaOffset: 7, headers: [] } as unknown as SinkRecord;
  await errant.report(record, new Error('bad'));
  await errant.report(record, new Error('bad'));
  expect(errant.moved).toBe(0);
  errant.endPut('given back');
  await errant.report(record, new Error('bad'));
  errant.endPut('taken');
  expect(errant.moved).toBe(1);
});

describe('a task', () => {
  const end = async (counters: TaskCounters): Promise<string[]> => {
    const logger = fakeLogger();
    const balance = new TaskBalance(ID, logger, () => counters);
    balance.check();
    await settle();
    await balance.close();
    return logger.lines;
  };

  test('says at its end what has become of its records', async () => {
    const counters = { read: 1000, acknowledged: 990, filtered: 5, deadLettered: 3, skipped: 2, pending: 0 };
    expect(await end(counters)).toEqual([
      'INFO Task c-0: read 1000 = acknowledged 990 + filtered 5 + dead-lettered 3 + skipped 2 + pending 0',
    ]);
  });

  test.each([
    [{ topic: 't', partition: 0, sinceMs: -12_345 }, ', the oldest of topic t partition 0 for 12 s'],
    [{ topic: 't', partition: null, sinceMs: 0 }, ', the oldest of topic t for 0 s'],
    [{ topic: null, partition: null, sinceMs: -60_000 }, ', the oldest for 60 s'],
    // The clock was set back.
    [{ topic: 't', partition: 3, sinceMs: 5000 }, ', the oldest of topic t partition 3 for 0 s'],
  ])('names the record that waits for its answer: %j', (oldestPending, text) => {
    expect(formatCounters('c-0', { ...NO_COUNTS, read: 1, pending: 1, oldestPending }, 0)).toBe(
      `Task c-0: read 1 = acknowledged 0 + filtered 0 + dead-lettered 0 + skipped 0 + pending 1${text}`,
    );
  });

  test.each([
    [{ ...NO_COUNTS, read: 3, acknowledged: 1 }, '2 records are in none of the counts'],
    [{ ...NO_COUNTS, read: 3, acknowledged: 4 }, '1 records are counted twice'],
  ])('says that it is a bug when they do not balance, once: %j', async (counters, fault) => {
    const line = formatCounters('c-0', counters, 0);
    expect(line).toContain(`read 3 ≠ acknowledged ${counters.acknowledged}`);
    expect(await end(counters)).toEqual([
      `ERROR ${line}: ${fault}. This is a bug of connect-standalone; please report it.`,
      `INFO ${line}`,
    ]);
  });
});

describe('transactions', () => {
  const setUp = (): { counts: SourceCounts; submitted: SubmittedRecords; deliver: (count: number) => void } => {
    const submitted = new SubmittedRecords(100);
    const counts = new SourceCounts(submitted, new Cells());
    counts.committed();
    const deliver = (count: number): void => {
      counts.polled(count);
      for (let i = 0; i < count; i++) {
        const slot = submitted.submit({}, { position: BigInt(i) });
        counts.unsent--;
        counts.acknowledged++;
        submitted.acknowledge(slot);
      }
    };
    return { counts, submitted, deliver };
  };

  test('what was acknowledged in a transaction that is lost counts neither as read nor as acknowledged: it comes again', () => {
    const { counts, deliver } = setUp();
    deliver(5);
    counts.committed();
    deliver(3);
    counts.polled(1);
    counts.unsent--;
    counts.filtered++;
    expect(counts.totals()).toEqual({ read: 9, acknowledged: 5, filtered: 0, pending: 4, written: 8 });
    expect(counts.answered()).toEqual({ read: 5, acknowledged: 5, filtered: 0, pending: 0, written: 8 });
  });

  test('what a commit ends is final', () => {
    const { counts, deliver } = setUp();
    deliver(3);
    counts.polled(1);
    counts.unsent--;
    counts.filtered++;
    counts.committed();
    const all = { read: 4, acknowledged: 3, filtered: 1, pending: 0, written: 3 };
    expect(counts.totals()).toEqual(all);
    expect(counts.answered()).toEqual(all);
  });

  test('what the task gives up counts as filtered once its offsets are committed', () => {
    const { counts, deliver } = setUp();
    deliver(2);
    counts.committed();
    deliver(3);
    counts.givenUp();
    expect(counts.totals()).toMatchObject({ read: 5, acknowledged: 2, filtered: 0, pending: 3, written: 5 });
    counts.committed();
    expect(counts.totals()).toMatchObject({ read: 5, acknowledged: 2, filtered: 3, pending: 0, written: 5 });
  });
});
