import type { Librdkafka } from '../../../src/kafka/native/librdkafka';
import { ProducerTransactions } from '../../../src/kafka/producer/producer-transactions';

const PASSES = 7;

/** Calls of librdkafka that have to be made three times before they are through. */
function setUp() {
  const calls: { name: string; limitMs: number }[] = [];
  const call =
    (name: string) =>
    (_: number, limitMs: number): number => {
      calls.push({ name, limitMs });
      return calls.length < 3 ? PASSES : 0;
    };
  const lib = {
    commitTransaction: call('commit'),
    abortTransaction: call('abort'),
    errorIsRetriable: (error: number) => (error === PASSES ? 1 : 0),
    errorCode: () => -185,
    errorString: () => 'Timed out',
    errorName: () => '_TIMED_OUT',
    errorText: () => 'Timed out',
    errorDestroy: () => 0,
  } as unknown as Librdkafka;
  return { calls, transactions: new ProducerTransactions(lib, 1) };
}

test('a commit is called until it is through, each time with more time than librdkafka needs to say where it stands, on a busy machine too', async () => {
  const { calls, transactions } = setUp();
  let turns = 0;
  await transactions.commit(async () => void turns++);
  expect([calls.map(({ name }) => name), turns]).toEqual([['commit', 'commit', 'commit'], 2]);
  for (const { limitMs } of calls) expect(limitMs).toBeGreaterThanOrEqual(1000);
});

test('what runs between two calls ends them by what it throws', async () => {
  const { calls, transactions } = setUp();
  const end = async (): Promise<void> => {
    throw new Error('time is up');
  };
  await expect(transactions.abort(end)).rejects.toThrow('time is up');
  expect(calls.map(({ name }) => name)).toEqual(['abort']);
});
