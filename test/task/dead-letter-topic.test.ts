import { ConnectError } from '../../src/errors';
import type { PackedRecords } from '../../src/kafka/packed-records';
import type { DeliveryListener, Rejection } from '../../src/kafka/producer';
import { ErrorHandler } from '../../src/pipeline/error-handler';
import { readErrorSettings } from '../../src/pipeline/error-settings';
import type { RecordFailure } from '../../src/pipeline/failed-record';
import { contextHeaders, type DeadLetter, deadLetterOf } from '../../src/task/dead-letter';
import { DeadLetterTopic } from '../../src/task/dead-letter-topic';
import { fakeLogger } from '../helpers/fake-logger';

const TOO_LARGE = new ConnectError('RecordTooLargeException', 'too large');
const letter = (value: string, headers: DeadLetter['headers'] = []): DeadLetter => ({
  key: null,
  value: Buffer.from(value),
  headers,
  timestamp: 5,
});

/** A producer with room for two, which refuses values that hold `!`; answers come when the test gives them. */
class FakeProducer {
  readonly taken: { value: string; slot: number; headers: string[]; timestamp: number }[] = [];
  room = (): number => 2 - this.waiting;
  waiting = 0;
  answers: ((listener: DeliveryListener) => void)[] = [];

  sendRecords = (records: PackedRecords, from: number, _count: number, rejections: Rejection[]): number => {
    const value = String(records.values.at(from));
    if (value.includes('!')) rejections.push({ index: from, error: TOO_LARGE });
    else {
      const headers = Array.from({ length: records.headerEnds[from] ?? 0 }, (_, i) =>
        String([records.headerNames.textAt(i), records.headerValues.textAt(i)]),
      );
      this.taken.push({ value, slot: records.slots[from] ?? -1, headers, timestamp: records.timestamps[from] ?? 0 });
      this.waiting++;
    }
    return 1;
  };

  poll = (listener: DeliveryListener): void => {
    for (const answer of this.answers.splice(0)) answer(listener);
  };

  release = (): void => {};

  answer(slot: number, error?: ConnectError): void {
    this.answers.push(listener => {
      this.waiting--;
      listener.onDelivery(slot, error, 0, 0);
    });
  }
}

function setUp() {
  const producer = new FakeProducer();
  const turn = { wait: () => new Promise<void>(resolve => setImmediate(resolve)) };
  return { producer, letters: new DeadLetterTopic('dead', producer, turn), signal: new AbortController() };
}

describe('a dead letter', () => {
  test('is pending from the moment it is handed in until it is acknowledged', async () => {
    const { letters, producer, signal } = setUp();
    const sent = letters.send(letter('a', [{ key: 'h', value: null }]), signal.signal);
    expect(letters.pending).toBe(1);
    const report = await sent;
    expect(producer.taken).toEqual([{ value: 'a', slot: 0, headers: ['h\0,'], timestamp: 5 }]);
    expect(await letters.settle(0)).toBe(false);
    producer.answer(0);
    expect(await letters.settle(1000)).toBe(true);
    await report?.delivered;
    expect(letters.pending).toBe(0);
  });

  test('waits for room, is pending meanwhile, and gets there in order', async () => {
    const { letters, producer, signal } = setUp();
    await letters.send(letter('a'), signal.signal);
    await letters.send(letter('b'), signal.signal);
    const third = letters.send(letter('c'), signal.signal);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect([producer.taken.length, letters.pending]).toEqual([2, 3]);
    producer.answer(0);
    await third;
    expect(producer.taken.map(({ value }) => value).join('')).toBe('abc');
  });

  test('whose wait for room is interrupted was never handed in', async () => {
    const { letters, signal } = setUp();
    await letters.send(letter('a'), signal.signal);
    await letters.send(letter('b'), signal.signal);
    const third = letters.send(letter('c'), signal.signal);
    signal.abort();
    expect(await third).toBeNull();
    expect(letters.pending).toBe(2);
  });

  test('of a record that its task has reported itself is not taken back, whatever ends: its record counts as put', async () => {
    const { letters, producer, signal } = setUp();
    await letters.send(letter('a'), signal.signal);
    await letters.send(letter('b'), signal.signal);
    const errors = new ErrorHandler('c-0', { ...readErrorSettings({}), tolerance: 'all' }, fakeLogger());
    errors.reportTo({ report: (_, interruption) => letters.send(letter('c'), interruption) });
    const original = () => ({ type: 'text', text: '' }) as const;
    const failure: RecordFailure = { stage: 'TASK_PUT', className: 'c', error: new Error('bad'), original };
    const reported = errors.reportErrant(failure);
    errors.interrupt();
    errors.stop();
    expect(await letters.settle(20)).toBe(false);
    expect(letters.pending).toBe(3);
    for (const slot of [0, 1]) producer.answer(slot);
    await letters.settle(20);
    producer.answer(2);
    expect(await letters.settle(1000)).toBe(true);
    await reported;
    expect(producer.taken.map(({ value }) => value).join('')).toBe('abc');
  });

  test('that is refused at once is a failure of all that follow, and nothing settles any more', async () => {
    const { letters, signal } = setUp();
    await expect(letters.send(letter('a!'), signal.signal)).rejects.toThrow(
      expect.objectContaining({ message: 'Could not produce message to dead letter queue. topic=dead', cause: TOO_LARGE }),
    );
    expect(letters.failure).not.toBeNull();
    await expect(letters.send(letter('b'), signal.signal)).rejects.toBe(letters.failure);
    expect(await letters.settle(1000)).toBe(false);
  });

  test('that the broker refuses later, or that is in flight when the client fails, is a failure too', async () => {
    const late = setUp();
    const refused = await late.letters.send(letter('a'), late.signal.signal);
    late.producer.answer(0, TOO_LARGE);
    late.letters.poll();
    await expect(refused?.delivered).rejects.toBe(late.letters.failure);
    const { letters, signal } = setUp();
    const report = await letters.send(letter('a'), signal.signal);
    letters.onFailure(TOO_LARGE);
    await expect(report?.delivered).rejects.toBe(letters.failure);
    expect(await letters.settle(0)).toBe(false);
  });
});

describe('the content of a dead letter', () => {
  const failure: RecordFailure = {
    stage: 'KEY_CONVERTER',
    className: 'org.example.K',
    error: new ConnectError('DataException', 'grün', new Error('why')),
    original: () => ({ type: 'text', text: '' }),
  };
  const record = {
    topic: 't',
    partition: 2,
    offset: 7,
    timestamp: -1,
    timestampType: 'NoTimestampType' as const,
    key: Buffer.from([0, 255]),
    value: null,
    headers: [{ key: '__connect.errors.topic', value: Buffer.from('older') }],
  };

  test('is the record as it was', () => {
    const { key, value, headers, timestamp } = deadLetterOf(record, failure, { connector: 'c', task: 3 }, false);
    expect({ key, value, headers, timestamp }).toEqual({ key: record.key, value: null, headers: record.headers, timestamp: -1 });
  });

  test('with context: Java names, in its order, behind what is there, repeated where it was there', () => {
    const { headers } = deadLetterOf(record, failure, { connector: 'c', task: 3 }, true);
    expect(headers.slice(0, 10).map(({ key, value }) => `${key.replace('__connect.errors.', '')}=${value}`)).toEqual([
      'topic=older',
      'topic=t',
      'partition=2',
      'offset=7',
      'connector.name=c',
      'task.id=3',
      'stage=KEY_CONVERTER',
      'class.name=org.example.K',
      'exception.class.name=org.apache.kafka.connect.errors.DataException',
      'exception.message=grün',
    ]);
    const trace = String(headers[10]?.value);
    expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.DataException: grün\n\tat /);
    expect(trace).toContain('Caused by: java.lang.RuntimeException: why\n');
    expect(headers).toHaveLength(11);
  });

  test('has a null for a message that is none, as in Java', () => {
    const headers = contextHeaders({ ...failure, error: new ConnectError('NullPointerException', '') }, { connector: 'c', task: 0 });
    expect(headers.find(({ key }) => key.endsWith('exception.message'))?.value).toBeNull();
  });
});
