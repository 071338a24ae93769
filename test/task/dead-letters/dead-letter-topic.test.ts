import { ConnectError } from '../../../src/errors';
import type { DeliveryListener, Rejection } from '../../../src/kafka/clients/record-outlet';
import type { WireBatch } from '../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../src/pipeline/error-handler';
import type { RecordFailure } from '../../../src/pipeline/failed-record';
import { contextHeaders, type DeadLetter, deadLetterOf } from '../../../src/task/dead-letters/dead-letter';
import { DeadLetterTopic } from '../../../src/task/dead-letters/dead-letter-topic';
import { StopDeadline } from '../../../src/task/shared/stop-deadline';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../helpers/fakes/settings';

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

  send = (records: WireBatch, from: number, _count: number, rejections: Rejection[]): number => {
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

  givenUp = false;
  giveUp = (): void => {
    this.givenUp = true;
  };

  breaks(error: ConnectError): void {
    this.answers.push(listener => listener.onFailure(error));
  }

  answer(slot: number, error?: ConnectError): void {
    this.answers.push(listener => {
      this.waiting--;
      listener.onDelivery(slot, error, 0, 0);
    });
  }
}

/** A wait of so long. */
const within = (timeoutMs: number): (() => number) => new StopDeadline().waitOf(timeoutMs);

function setUp() {
  const producers: FakeProducer[] = [];
  const createProducer = (): FakeProducer => {
    producers.push(new FakeProducer());
    return producers.at(-1) as FakeProducer;
  };
  const wake = { wait: () => new Promise<void>(resolve => setImmediate(resolve)), notify: () => {} };
  const letters = new DeadLetterTopic('dead', createProducer, wake, fakeLogger());
  return { producer: producers[0] as FakeProducer, producers, letters, signal: new AbortController() };
}

describe('a dead letter', () => {
  test('is pending from the moment it is handed in until it is acknowledged', async () => {
    const { letters, producer, signal } = setUp();
    const sent = letters.send(letter('a', [{ key: 'h', value: null }]), signal.signal);
    expect(letters.pending).toBe(1);
    const report = await sent;
    expect(producer.taken).toEqual([{ value: 'a', slot: 0, headers: ['h\0,'], timestamp: 5 }]);
    expect(await letters.settle(within(0))).toBe(false);
    producer.answer(0);
    expect(await letters.settle(within(1000))).toBe(true);
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
    expect(await letters.settle(within(20))).toBe(false);
    expect(letters.pending).toBe(3);
    for (const slot of [0, 1]) producer.answer(slot);
    await letters.settle(within(20));
    producer.answer(2);
    expect(await letters.settle(within(1000))).toBe(true);
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
    expect(await letters.settle(within(1000))).toBe(false);
  });

  test('that the broker refuses later, or that is in flight when the client fails for good, is a failure too', async () => {
    const late = setUp();
    const refused = await late.letters.send(letter('a'), late.signal.signal);
    late.producer.answer(0, TOO_LARGE);
    late.letters.poll();
    await expect(refused?.delivered).rejects.toBe(late.letters.failure);
    const { letters, producer, signal } = setUp();
    const report = await letters.send(letter('a'), signal.signal);
    producer.breaks(new ConnectError('UnsupportedVersionException', 'old'));
    letters.poll();
    await expect(report?.delivered).rejects.toBe(letters.failure);
    expect(await letters.settle(within(0))).toBe(false);
  });
});

test('letters are waited for no longer when a stop gets its deadline meanwhile', async () => {
  const { letters, signal } = setUp();
  await letters.send(letter('a'), signal.signal);
  const deadline = new StopDeadline();
  const settled = letters.settle(deadline.waitOf(600_000));
  deadline.set(Date.now() + 10);
  expect(await settled).toBe(false);
});

describe('when the producer breaks', () => {
  const BROKEN = new ConnectError('KafkaException', 'Broker: Broker disconnected (NETWORK_EXCEPTION)');
  const REFUSED = new ConnectError('TopicAuthorizationException', 'Not authorized to access topics: [dead]');

  /** Two letters on their way, a third that waits for room; the first is answered, then the producer breaks. */
  const breakAfterFirst = async (error: ConnectError) => {
    const all = setUp();
    for (const value of 'ab') await all.letters.send(letter(value), all.signal.signal);
    const third = all.letters.send(letter('c'), all.signal.signal);
    third.catch(() => {}); // It is given up where a test ends the task.
    all.producer.answer(0);
    all.producer.breaks(error);
    all.letters.poll();
    return { ...all, third };
  };
  const valuesOf = (producer?: FakeProducer): string => producer?.taken.map(({ value }) => value).join('') ?? '';

  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'Date'] }));
  afterEach(() => void jest.useRealTimers());

  test('what was not acknowledged goes again with a new one after a while, in order, and what waits comes behind it', async () => {
    const { letters, producer, producers, third } = await breakAfterFirst(BROKEN);
    expect([producer.givenUp, producers.length, letters.failure, letters.pending]).toEqual([true, 1, null, 2]);
    jest.advanceTimersByTime(1000);
    await third;
    expect([valuesOf(producer), valuesOf(producers[1])]).toEqual(['ab', 'bc']);
    for (const slot of [1, 2]) producers[1]?.answer(slot);
    expect(await letters.settle(within(1000))).toBe(true);
  });

  test('a refusal is waited for if letters were delivered before, and else fails the task', async () => {
    const later = await breakAfterFirst(REFUSED);
    expect(later.letters.failure).toBeNull();
    later.letters.release();
    const first = setUp();
    const report = await first.letters.send(letter('a'), first.signal.signal);
    first.producer.breaks(REFUSED);
    first.letters.poll();
    await expect(report?.delivered).rejects.toBe(first.letters.failure);
    expect(first.letters.failure?.cause).toBe(REFUSED);
  });

  test('again and again, it is replaced with waits that double', async () => {
    const { letters, producers } = await breakAfterFirst(BROKEN);
    jest.advanceTimersByTime(1000);
    producers[1]?.breaks(BROKEN);
    letters.poll();
    jest.advanceTimersByTime(1999);
    expect(producers).toHaveLength(2);
    jest.advanceTimersByTime(1);
    expect(producers).toHaveLength(3);
    expect(valuesOf(producers[2])).toMatch(/^b/);
    letters.release();
  });

  test('nothing is made any more once the task has ended', async () => {
    const { letters, producers } = await breakAfterFirst(BROKEN);
    letters.release();
    jest.advanceTimersByTime(60_000);
    expect(producers).toHaveLength(1);
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
