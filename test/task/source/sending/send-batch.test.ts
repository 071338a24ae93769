import type { SourceBatch } from '../../../../src/api/source';
import { stageSettings } from '../../../../src/config/tasks/stage-settings';
import { ByteColumn } from '../../../../src/data/batch/byte-column';
import { type RecordBatch, valueBatch } from '../../../../src/data/batch/record-batch';
import type { SourceRecord } from '../../../../src/data/record/record';
import { ConnectError } from '../../../../src/errors';
import type { RecordOutlet, Rejection } from '../../../../src/kafka/clients/record-outlet';
import type { WireBatch } from '../../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../../src/pipeline/error-handler';
import { TransformationChain } from '../../../../src/pipeline/transformation-chain';
import { sendBatch } from '../../../../src/task/source/sending/send-batch';
import type { SourceRun } from '../../../../src/task/source/source-run';
import { sourceRecord } from '../../../../src/testing/data/sample-records';
import type { RetentionWindow } from '../../../../src/thread/messages';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../../helpers/fakes/settings';
import { fakeSourceRun } from '../../../helpers/fakes/source-run';
import { stagePlugins } from '../../../helpers/fakes/test-stages';

const TOO_LARGE = new ConnectError('RecordTooLargeException', 'Broker: Message size too large (MSG_SIZE_TOO_LARGE)');

/** A producer with a queue of a few records, which says no to values that hold `!`. */
class FakeProducer implements Pick<RecordOutlet, 'inFlight' | 'room' | 'send'> {
  readonly sent: { readonly value: string; readonly slot: number }[] = [];
  queued: number[] = [];
  /** Topic of each run of records that was handed over. */
  readonly topics: string[] = [];

  constructor(
    private readonly capacity: number,
    /** Room as it is announced; more than the capacity is a queue that is full too early. */
    private readonly announced = capacity,
  ) {}

  readonly inFlight = 0;

  warmUp(): void {}

  room(): number {
    return this.announced - this.queued.length;
  }

  send({ values, topics, slots }: WireBatch, from: number, count: number, rejections: Rejection[]): number {
    this.topics.push(topics.at(from));
    for (let n = 0; n < count; n++) {
      const value = String(values.at(from + n));
      if (value.includes('!')) {
        rejections.push({ index: from + n, error: TOO_LARGE });
        continue;
      }
      if (this.queued.length >= this.capacity) return n;
      this.take(value, slots[from + n] ?? -1);
    }
    return count;
  }

  private take(value: string, slot: number): void {
    this.sent.push({ value, slot });
    this.queued.push(slot);
  }
}

interface SetUp {
  readonly capacity?: number;
  readonly announced?: number;
  readonly tolerance?: 'none' | 'all';
  readonly windows?: readonly RetentionWindow[];
  /** Settings of the transformations. */
  readonly transforms?: Readonly<Record<string, string>>;
  readonly commitRecord?: (record: SourceRecord, metadata: unknown) => void;
  /** What the wait for room does instead of answering everything. */
  readonly onWait?: () => void;
  /** True to try again what may pass, for ever. */
  readonly retry?: boolean;
  /** What is known of topics, and how they are looked for. */
  readonly isTopicReady?: () => boolean;
  readonly makeTopicReady?: (topic: string) => Promise<null>;
}

function setUp({ capacity = 3, announced, tolerance = 'none', windows = [], transforms = {}, retry = false, ...options }: SetUp = {}) {
  const { commitRecord, onWait, isTopicReady, makeTopicReady } = options;
  const logger = fakeLogger();
  const errors = new ErrorHandler('c-0', { ...readErrorSettings({ 'errors.retry.timeout': retry ? '-1' : '0' }), tolerance }, logger);
  const producer = new FakeProducer(capacity, announced);
  const state = { waits: 0 };
  const answerAll = (): void => {
    for (const slot of producer.queued.splice(0)) run.delivery.onDelivery(slot, undefined, 0, 0);
  };
  const wait = async (): Promise<void> => {
    state.waits++;
    (onWait ?? answerAll)();
    await new Promise(resolve => setImmediate(resolve));
  };
  const run: SourceRun = fakeSourceRun({
    outlet: producer,
    errors,
    logger,
    chain: new TransformationChain<SourceRecord>({ stages: stageSettings(transforms), plugins: stagePlugins(), logger }),
    windows,
    wait,
    ...(commitRecord && { task: { commitRecord } }),
    ...(isTopicReady && { isTopicReady }),
    ...(makeTopicReady && { makeTopicReady }),
  });
  return { run, producer, errors, state, answerAll, logger };
}

function textBatch(values: readonly string[], firstPosition = 1): RecordBatch {
  const texts = new ByteColumn(values.length, 0);
  for (const value of values) texts.append(Buffer.from(value));
  const more = { positions: Float64Array.from(values, (_, i) => firstPosition + i), timestamps: 'now' } as const;
  return valueBatch('t', { kind: 'text', texts }, values.length, { name: 'f' }, position => ({ position }), more);
}

const record = (value: string, position: number): SourceRecord =>
  sourceRecord({ topic: 't', kafkaPartition: null, value, timestamp: null, sourcePartition: { name: 'f' }, sourceOffset: { position } });

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `line ${i + 1}`);
const committable = (run: SourceRun): number[] => run.submitted.takeCommittable().map(({ offset }) => Number(offset.position));

const batchOf = (lane: 'texts' | 'records', values: readonly string[]): SourceBatch =>
  lane === 'texts' ? textBatch(values) : values.map((value, i) => record(value, i + 1));

describe.each(['texts', 'records'] as const)('a batch of %s', lane => {
  const send = (run: SourceRun, values: readonly string[]): Promise<void> => sendBatch(run, batchOf(lane, values));

  test('a full queue is waited for: everything is sent once, in order', async () => {
    const { run, producer, state, answerAll } = setUp();
    await send(run, numbers(20));
    expect(producer.sent.map(({ value }) => value)).toEqual(numbers(20));
    expect(state.waits).toBeGreaterThan(4);
    answerAll();
    expect([run.submitted.pending, committable(run), run.records]).toEqual([0, [20], 20]);
  });

  test('a queue that is full earlier than announced loses and doubles nothing', async () => {
    const { run, producer } = setUp({ capacity: 3, announced: 10 });
    await send(run, numbers(25));
    expect(producer.sent.map(({ value }) => value)).toEqual(numbers(25));
  });

  test('a stop ends the wait for room; what was not sent stays before the offset', async () => {
    const { run, producer } = setUp({
      capacity: 3,
      announced: 10,
      onWait: () => {
        run.services.stopping = true;
      },
    });
    await send(run, numbers(8));
    expect(producer.sent).toHaveLength(3);
    for (const slot of producer.queued) run.delivery.onDelivery(slot, undefined, 0, 0);
    expect(committable(run)).toEqual([3]);
  });

  test('nothing goes to a topic before it is ready, and nothing at all when the task is interrupted meanwhile', async () => {
    const asked: string[] = [];
    let isReady = false;
    const { run, producer, answerAll } = setUp({
      isTopicReady: () => isReady,
      makeTopicReady: async topic => {
        asked.push(`${topic} after ${producer.sent.length}`);
        isReady = asked.length === 1;
        run.services.stopping = !isReady;
        return null;
      },
    });
    await send(run, numbers(1));
    isReady = false;
    await send(run, numbers(2).slice(1));
    answerAll();
    expect([producer.sent.map(({ value }) => value), asked, committable(run)]).toEqual([['line 1'], ['t after 0', 't after 1'], [1]]);
  });

  test('a topic that cannot be fails the task, also where errors are tolerated', async () => {
    const { run, producer } = setUp({ tolerance: 'all', isTopicReady: () => false, makeTopicReady: () => Promise.reject(TOO_LARGE) });
    await expect(send(run, numbers(1))).rejects.toBe(TOO_LARGE);
    expect([producer.sent, committable(run)]).toEqual([[], []]);
  });

  test('a record that is refused fails the task, and the offset stays before it', async () => {
    const { run, answerAll } = setUp({ capacity: 10 });
    await expect(send(run, ['a', 'b', 'c!', 'd'])).rejects.toThrow('Tolerance exceeded in error handler');
    answerAll();
    expect(committable(run)).toEqual([2]);
  });

  test('where errors are tolerated it is left out and counted, and the offset goes on', async () => {
    const { run, producer, errors, answerAll } = setUp({ capacity: 10, tolerance: 'all' });
    await send(run, ['a', 'b!', 'c', 'd!']);
    answerAll();
    expect(producer.sent.map(({ value }) => value)).toEqual(['a', 'c']);
    expect([errors.skipped, run.records, run.submitted.pending, committable(run)]).toEqual([2, 2, 0, [4]]);
  });

  test('a delivery that fails later fails the task at the next step', async () => {
    const { run, producer } = setUp({ capacity: 10 });
    await send(run, numbers(3));
    const [one = -1, two = -1, three = -1] = producer.queued;
    run.delivery.onDelivery(one, undefined, 0, 0);
    run.delivery.onDelivery(two, TOO_LARGE, 0, -1);
    run.delivery.onDelivery(three, undefined, 0, 1);
    expect(committable(run)).toEqual([1]);
    await expect(send(run, numbers(1))).rejects.toThrow('Unrecoverable exception from producer send callback');
  });

  test('a client that has failed stops the sending, whatever is tolerated', async () => {
    const { run, producer } = setUp({ capacity: 10, tolerance: 'all' });
    await send(run, numbers(2));
    run.delivery.onFailure(new ConnectError('KafkaException', 'fatal'));
    await send(run, numbers(1));
    expect([producer.sent.length, committable(run), run.broken?.message, run.failure]).toEqual([2, [], 'fatal', null]);
  });

  test('it runs no further ahead of the slowest sink than an embedded broker keeps', async () => {
    const counters = new BigInt64Array(new SharedArrayBuffer(32)).fill(-1n);
    counters.set([0n, 0n, 0n]);
    const { run, producer } = setUp({ capacity: 1000, windows: [{ topic: 't', counters, slot: 0, limitBytes: 1000 }] });
    const sending = send(run, numbers(40));
    await new Promise(resolve => setTimeout(resolve, 30));
    const ahead = producer.sent.length;
    expect(ahead).toBeGreaterThan(8);
    expect(ahead).toBeLessThan(16);
    counters[1] = 100_000n;
    await new Promise(resolve => setTimeout(resolve, 30));
    expect(producer.sent).toHaveLength(ahead);
    counters[2] = 100_000n;
    await sending;
    expect(producer.sent).toHaveLength(40);
  });
});

describe.each(['texts', 'records'] as const)('a batch of %s and a chain', lane => {
  const send = (run: SourceRun, values: readonly string[]): Promise<void> => sendBatch(run, batchOf(lane, values));
  const APPEND = { transforms: 'a', 'transforms.a.type': 'test.Append', 'transforms.a.text': '.' };
  const HOLDS = { predicates: 'p', 'predicates.p.type': 'test.Holds' };

  test('every record is transformed, in order, through a queue that is often full', async () => {
    const { run, producer, answerAll } = setUp({ transforms: APPEND });
    await send(run, numbers(200));
    answerAll();
    expect(producer.sent.map(({ value }) => value)).toEqual(numbers(200).map(value => `${value}.`));
    expect([committable(run), run.submitted.pending]).toEqual([[200], 0]);
  });

  test('dropped records count as done: the offset passes them, also at the end', async () => {
    const transforms = {
      transforms: 'd',
      'transforms.d.type': 'test.Drop',
      'transforms.d.predicate': 'p',
      ...HOLDS,
      'predicates.p.text': 'x',
    };
    const { run, producer, errors, answerAll } = setUp({ capacity: 10, transforms });
    await send(run, ['a', 'x', 'b', 'x']);
    expect(committable(run)).toEqual([]);
    answerAll();
    expect(producer.sent.map(({ value }) => value)).toEqual(['a', 'b']);
    expect([committable(run), errors.skipped, run.records]).toEqual([[4], 0, 2]);
  });

  test('a failing transformation fails the task; what came before it is sent', async () => {
    const transforms = { transforms: 'r', 'transforms.r.type': 'test.Refuse', 'transforms.r.text': 'x' };
    const { run, producer, answerAll } = setUp({ capacity: 10, transforms });
    await expect(send(run, ['a', 'b', 'x', 'c'])).rejects.toThrow('Tolerance exceeded in error handler');
    answerAll();
    expect([producer.sent.map(({ value }) => value), committable(run)]).toEqual([['a', 'b'], [2]]);
  });

  test('where errors are tolerated it costs that record only', async () => {
    const transforms = { transforms: 'r', 'transforms.r.type': 'test.Refuse', 'transforms.r.text': 'x' };
    const { run, producer, errors, answerAll } = setUp({ capacity: 10, transforms, tolerance: 'all' });
    await send(run, ['x1', 'a', 'x2', 'b']);
    answerAll();
    expect([producer.sent.map(({ value }) => value), errors.skipped, committable(run)]).toEqual([['a', 'b'], 2, [4]]);
  });

  test('each record goes to the topic that the chain has given it', async () => {
    const { run, producer } = setUp({ capacity: 10, transforms: { transforms: 'r', 'transforms.r.type': 'test.Route' } });
    await send(run, ['a1', 'a2', 'b1', 'a3']);
    expect(producer.topics).toEqual(['t-a', 't-b', 't-a']);
    expect(producer.sent.map(({ value }) => value)).toEqual(['a1', 'a2', 'b1', 'a3']);
  });
});

describe('commitRecord', () => {
  test('gets the record as the task has made it, and the topic where it went; null for a dropped one', async () => {
    const calls: unknown[] = [];
    const { run, answerAll } = setUp({
      capacity: 10,
      transforms: {
        transforms: 'd,r',
        'transforms.r.type': 'test.Route',
        'transforms.d.type': 'test.Drop',
        'transforms.d.predicate': 'p',
        predicates: 'p',
        'predicates.p.type': 'test.Holds',
        'predicates.p.text': 'x',
      },
      commitRecord: (...call) => void calls.push(call),
    });
    const [one, two] = [record('x', 1), record('b', 2)];
    await sendBatch(run, [one, two]);
    answerAll();
    run.acks.tellTask();
    expect(calls).toEqual([
      [one, null],
      [two, { topic: 't-b', partition: 0, offset: 0 }],
    ]);
  });

  test('is called for each record with its place, null for those left out, and may throw', async () => {
    const calls: unknown[] = [];
    const { run, producer, logger } = setUp({
      capacity: 10,
      tolerance: 'all',
      commitRecord: ({ value }, metadata) => {
        calls.push([value, metadata]);
        throw new Error('odd');
      },
    });
    await sendBatch(run, [record('a', 1), record('b!', 2)]);
    run.delivery.onDelivery(producer.queued[0] ?? -1, undefined, 0, 77);
    expect(calls).toEqual([['b!', null]]);
    run.acks.tellTask();
    expect(calls[1]).toEqual(['a', { topic: 't', partition: 0, offset: 77 }]);
    expect(logger.lines.filter(line => line.startsWith('ERROR Exception thrown while calling task.commitRecord()'))).toHaveLength(2);
    expect(committable(run)).toEqual([2]);
  });
});

describe('a record that fails and may be tried again', () => {
  const FLAKY = { transforms: 'x', 'transforms.x.type': 'test.Flaky', 'transforms.x.text': '2' };
  const send = (run: SourceRun, values: readonly string[]): Promise<void> => sendBatch(run, batchOf('records', values));

  test('has those before it sent meanwhile, then goes in its turn, with its slot', async () => {
    const { run, producer, answerAll } = setUp({ capacity: 9, transforms: { ...FLAKY, 'transforms.x.times': '1' }, retry: true });
    const sending = send(run, numbers(4));
    await new Promise(resolve => setImmediate(resolve));
    expect(producer.sent.map(({ value }) => value)).toEqual(['line 1']);
    await sending;
    expect(producer.sent.map(({ value }) => value)).toEqual(numbers(4));
    answerAll();
    expect([run.submitted.pending, committable(run)]).toEqual([0, [4]]);
  });

  test('and is interrupted stays without an answer: nothing from it on may be committed', async () => {
    const { run, producer, errors, answerAll } = setUp({ transforms: { ...FLAKY, 'transforms.x.times': '99' }, retry: true });
    const sending = send(run, numbers(4));
    await new Promise(resolve => setImmediate(resolve));
    errors.stop();
    await sending;
    expect(producer.sent.map(({ value }) => value)).toEqual(['line 1']);
    answerAll();
    expect([run.submitted.pending, committable(run), errors.skipped]).toEqual([1, [1], 0]);
  });
});
