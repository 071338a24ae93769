/** A task that allows it has its next batch fetched and converted while it is at one; nothing of that is lost, or put in another order. */
import type { SinkTask } from '../../../src/api/sink';
import type { SinkRecord } from '../../../src/data/record/record';
import { ConnectError } from '../../../src/errors';
import type { ConsumedBatch } from '../../../src/kafka/clients/record-inlet';
import { ErrorHandler } from '../../../src/pipeline/error-handler';
import type { TaskConverters } from '../../../src/task/shared/task-converters';
import type { TaskHost } from '../../../src/task/shared/task-host';
import { DeliveredOffsets } from '../../../src/task/sink/delivered-offsets';
import { SinkDelivery } from '../../../src/task/sink/sink-delivery';
import { emptyBatch } from '../../helpers/fakes/empty-batch';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../helpers/fakes/settings';
import { fakeTaskMetrics, lookAt } from '../../helpers/fakes/task-metrics';

const PARTITION = { topic: 't', partition: 0 };
const RECORDS_PER_FETCH = 250;

function setUp(options: { readonly allowsFetchAhead?: boolean; readonly mayFetchAhead?: boolean; readonly failAt?: number } = {}) {
  let next = 0;
  const fetches: number[] = [];
  const consumer = {
    partitionOf: () => PARTITION,
    createBatch: emptyBatch,
    fetch: (batch: ConsumedBatch) => {
      fetches.push(next);
      batch.count = RECORDS_PER_FETCH;
      batch.values.clear();
      batch.offsets = new Float64Array(RECORDS_PER_FETCH);
      batch.partitions = new Int32Array(RECORDS_PER_FETCH);
      for (let i = 0; i < batch.count; i++, next++) {
        batch.values.append(Buffer.from(String(next)));
        batch.offsets[i] = next;
        batch.keys[i] = null;
      }
      return batch.count;
    },
    seek: (offset: number) => {
      next = offset;
    },
  };
  const puts: number[][] = [];
  let answer: { take(): void; refuse(): void } | null = null;
  const task = {
    allowsFetchAhead: options.allowsFetchAhead ?? true,
    ignoresMetadata: true,
    put: (records: readonly SinkRecord[]): Promise<void> => {
      puts.push(records.map(record => Number(record.value)));
      return new Promise((resolve, reject) => {
        answer = { take: resolve, refuse: () => reject(new ConnectError('RetriableException', 'later')) };
      });
    },
  };
  const toConnectData = (_: string, bytes: Buffer | null): unknown => {
    if (String(bytes) === String(options.failAt)) throw new Error('bad value');
    return { schema: null, value: String(bytes) };
  };
  const use = { converter: { toConnectData, readsAnyBytes: true }, className: 'C' };
  const converters = { key: use, value: use, header: use } as unknown as TaskConverters;
  const host = {
    spec: { settings: { stages: [] }, retentionWindows: [] },
    plugins: [],
    errors: new ErrorHandler('c-0', readErrorSettings({}), fakeLogger()),
    logger: fakeLogger(),
    wake: { notify: () => {} },
    metrics: fakeTaskMetrics(),
    post: () => {},
  };
  host.metrics.look = () => delivery.look();
  const delivery = new SinkDelivery(task as unknown as SinkTask, consumer, host as unknown as TaskHost, {
    converters,
    errant: null,
    keepsOriginals: false,
    maxPollRecords: RECORDS_PER_FETCH,
    mayFetchAhead: () => options.mayFetchAhead ?? true,
  });
  /** Has the task take what it got, or refuse it, as soon as the batch behind it had its time. */
  const put = async (how: 'take' | 'refuse'): Promise<void> => {
    const done = delivery.put();
    await new Promise(resolve => setTimeout(resolve, 20));
    answer?.[how]();
    await done;
  };
  return { delivery, counters: () => lookAt(host), consumer, fetches, puts, put, offsets: new DeliveredOffsets() };
}

const range = (from: number, count = RECORDS_PER_FETCH): number[] => Array.from({ length: count }, (_, i) => from + i);

test('the batch behind is ready when the task has taken the one before, and is counted as under way', async () => {
  const { delivery, counters, fetches, puts, put, offsets } = setUp();
  delivery.fetch();
  await put('take');
  expect(fetches).toEqual([0, 250]);
  expect(counters()).toMatchObject({ read: 500, acknowledged: 0, pending: 500 });
  delivery.done(offsets);
  expect(delivery.state).toBe('ready');
  expect(offsets.uncommitted([PARTITION])).toEqual([{ ...PARTITION, offset: 250 }]);
  expect(counters()).toMatchObject({ read: 500, acknowledged: 250, pending: 250 });
  await put('take');
  delivery.done(offsets);
  expect(puts).toEqual([range(0), range(250)]);
  expect(offsets.uncommitted([PARTITION])).toEqual([{ ...PARTITION, offset: 500 }]);
});

test('a refused batch is put again before the one behind it', async () => {
  const { delivery, puts, put, offsets } = setUp();
  delivery.fetch();
  await expect(put('refuse')).rejects.toThrow('later');
  expect(delivery.state).toBe('ready');
  await put('take');
  delivery.done(offsets);
  await put('take');
  expect(puts).toEqual([range(0), range(0), range(250)]);
});

test('giving up gives back both, from the first record of the first', async () => {
  const { delivery, counters, consumer, puts, put, offsets } = setUp();
  delivery.fetch();
  await expect(put('refuse')).rejects.toThrow('later');
  expect(delivery.abandon(false)).toEqual([{ ...PARTITION, offset: 0 }]);
  expect(delivery.state).toBe('idle');
  expect(counters()).toMatchObject({ read: 0, pending: 0 });
  consumer.seek(0);
  delivery.fetch();
  await put('take');
  delivery.done(offsets);
  expect(puts.at(-1)).toEqual(range(0));
});

test('at the end of the task what it has not seen is given back, and what it was given counts as under way', async () => {
  const { delivery, counters, put } = setUp();
  delivery.fetch();
  await expect(put('refuse')).rejects.toThrow('later');
  delivery.abandon(true);
  expect(counters()).toMatchObject({ read: 250, acknowledged: 0, pending: 250 });
});

test.each([
  ['a task that does not allow it', { allowsFetchAhead: false }],
  ['a time at which nothing may be fetched', { mayFetchAhead: false }],
])('%s: nothing is fetched ahead', async (_, options) => {
  const { delivery, fetches, put, offsets } = setUp(options);
  delivery.fetch();
  await put('take');
  delivery.done(offsets);
  expect([fetches, delivery.state]).toEqual([[0], 'idle']);
});

test('a record behind that fails the task does not undo what was put before it', async () => {
  const { delivery, put, offsets } = setUp({ failAt: 300 });
  delivery.fetch();
  await put('take');
  delivery.done(offsets);
  expect(offsets.uncommitted([PARTITION])).toEqual([{ ...PARTITION, offset: 250 }]);
  expect(delivery.failure?.message).toBe('Tolerance exceeded in error handler');
  expect(delivery.state).toBe('idle');
});
