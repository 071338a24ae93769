import type { OutletTransactions } from '../../../../src/kafka/clients/record-outlet';
import type { WireBatch } from '../../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../../src/pipeline/error-handler';
import type { DeadLetters } from '../../../../src/task/dead-letters/dead-letters';
import { SourceTransactions, type TransactionOffsets } from '../../../../src/task/source/exactly-once/source-transactions';
import { TransactionBoundaries } from '../../../../src/task/source/exactly-once/transaction-boundaries';
import type { SourceRun } from '../../../../src/task/source/source-run';
import type { OffsetEntry } from '../../../../src/thread/messages';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../../helpers/fakes/settings';
import { fakeSourceRun } from '../../../helpers/fakes/source-run';

/** Everything that happens around a transaction, in order. */
class World {
  readonly events: string[] = [];
  now = 0;
  offsets: OffsetEntry[] = [['k', '1']];
  areLettersSafe = true;
  commitFails: Error | null = null;
  abortFails: Error | null = null;
  readonly calls: OutletTransactions = {
    init: async () => void this.events.push('init'),
    begin: () => void this.events.push('begin'),
    commit: async () => {
      this.events.push('commit');
      if (this.commitFails) throw this.commitFails;
    },
    abort: async () => {
      this.events.push(`abort: ${this.made?.purged}`);
      if (this.abortFails) throw this.abortFails;
    },
  };
  private made: SourceTransactions | null = null;
  private readonly run: SourceRun;
  readonly producer = {
    inFlight: 0,
    poll: () => {
      this.producer.inFlight = 0;
    },
    send: (records: WireBatch, from: number, count: number): number => {
      for (let i = from; i < from + count; i++)
        this.events.push(`${records.topics.at(i)} ${records.keys.at(i)}=${records.values.at(i)}${headersOf(records, i)}`);
      return count;
    },
  };

  constructor() {
    const errors = new ErrorHandler('c-0', readErrorSettings({}), fakeLogger());
    const letters = { pending: 0, failure: null, poll: () => {}, settle: async () => this.areLettersSafe };
    this.run = fakeSourceRun({ outlet: this.producer, errors, logger: fakeLogger(), letters: letters as unknown as DeadLetters });
    this.run.counts.givenUp = () => void this.events.push('given up');
  }

  set bytes(bytes: number) {
    this.run.bytes = bytes;
  }

  transactions(boundary: ConstructorParameters<typeof TransactionBoundaries>[0] = { type: 'poll' }): SourceTransactions {
    const offsets: TransactionOffsets = {
      topic: 'offsets',
      isReportDue: false,
      behind: (_, which) => {
        this.events.push(which);
        return this.offsets;
      },
      add: entries => void this.events.push(`committed ${entries.length}`),
    };
    const boundaries = new TransactionBoundaries(boundary, 60_000);
    this.made = new SourceTransactions(this.run, this.calls, boundaries, offsets, 60_000, () => this.now);
    return this.made;
  }
}

/** ` name: value` for each header of a record. */
function headersOf(records: WireBatch, i: number): string {
  let text = '';
  for (let h = records.firstHeader(i); h < (records.headerEnds[i] ?? 0); h++)
    text += ` ${records.headerNames.textAt(h)}: ${records.headerValues.textAt(h)}`;
  return text;
}

const COMMIT = ['submitted', 'offsets k=1', 'commit', 'committed 1'];

let world: World;
beforeEach(() => {
  world = new World();
});

test('polls that follow each other share a transaction, which ends 400 ms after it began', async () => {
  const transactions = world.transactions();
  for (const now of [0, 200, 399]) {
    world.now = now;
    transactions.begin();
    await transactions.endIfDue(null);
  }
  expect(world.events).toEqual(['begin']);
  world.now = 400;
  await transactions.endIfDue(null);
  expect(world.events).toEqual(['begin', ...COMMIT]);
  expect(transactions.isOpen).toBe(false);
});

test('a transaction ends when it holds 64 MiB', async () => {
  const transactions = world.transactions();
  transactions.begin();
  world.bytes = 64 * 1024 * 1024;
  await transactions.endIfDue(null);
  expect(transactions.isOpen).toBe(false);
});

test('nothing is committed where nothing was begun', async () => {
  const transactions = world.transactions();
  await transactions.commit('submitted');
  await transactions.endIfDue('commit');
  await transactions.endIfDue('abort');
  await transactions.abandon();
  expect([world.events, transactions.patienceMs()]).toEqual([[], undefined]);
});

test('a source without more to give is waited for no longer than a moment', () => {
  const transactions = world.transactions();
  transactions.begin();
  expect(transactions.patienceMs()).toBe(5);
  world.now = 398;
  expect(transactions.patienceMs()).toBe(2);
});

test('what the brokers say of a transaction that is given up is heard; where none is open they are not asked', async () => {
  const transactions = world.transactions();
  world.abortFails = new Error('fenced');
  await transactions.giveUp(async () => {});
  expect(world.events).toEqual([]);
  transactions.begin();
  await expect(transactions.giveUp(async () => {})).rejects.toThrow('fenced');
  await transactions.abandon();
  expect(transactions.isOpen).toBe(false);
});

test('a mark goes with the offset it belongs to, in the same transaction', async () => {
  world.offsets = [
    ['a', '1'],
    ['k', '2', 'abc'],
    ['z', null],
  ];
  const transactions = world.transactions();
  transactions.begin();
  await transactions.commit('submitted');
  const sent = world.events.filter(event => event.startsWith('offsets '));
  expect(sent).toEqual(['offsets a=1', 'offsets k=2 connect.position.hash\0: abc', 'offsets z=null']);
});

test('offsets are not committed while dead letters are not safe', async () => {
  const transactions = world.transactions();
  transactions.begin();
  world.areLettersSafe = false;
  await expect(transactions.commit('submitted')).rejects.toThrow('Dead letters');
  expect(world.events).toEqual(['begin']);
});

test('a commit that fails leaves the transaction open, and says nothing of offsets', async () => {
  const transactions = world.transactions();
  transactions.begin();
  world.commitFails = new Error('no');
  await expect(transactions.commit('submitted')).rejects.toThrow('no');
  expect([transactions.isOpen, world.events.includes('committed 1')]).toEqual([true, false]);
});

test('the records of an aborted transaction are given up, and their offsets committed in one of their own', async () => {
  const transactions = world.transactions({ type: 'connector' });
  transactions.begin();
  await transactions.endIfDue('abort');
  expect(world.events).toEqual(['begin', 'submitted', 'abort: is dropped', 'given up', 'begin', 'offsets k=1', 'commit', 'committed 1']);
});

test('interval: by time only, and before the brokers would abort', async () => {
  const long = world.transactions({ type: 'interval', intervalMs: 90_000 });
  long.begin();
  world.bytes = 1e9;
  world.now = 29_999;
  await long.endIfDue(null);
  expect([long.isOpen, long.patienceMs(), long.isOverdue]).toEqual([true, 1, false]);
  world.now = 30_000;
  await long.endIfDue(null);
  expect(long.isOpen).toBe(false);
  const frozen = world.transactions();
  frozen.begin();
  world.now += 60_000;
  expect(frozen.isOverdue).toBe(true);
});

test('connector: neither time nor size ends it', async () => {
  const transactions = world.transactions({ type: 'connector' });
  transactions.begin();
  world.now = 1e6;
  world.bytes = 1e9;
  await transactions.endIfDue(null);
  expect([transactions.isOpen, transactions.patienceMs()]).toEqual([true, undefined]);
  await transactions.endIfDue('commit');
  expect(transactions.isOpen).toBe(false);
});
