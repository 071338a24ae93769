import { ConnectError } from '../../../../src/errors';
import { OFFSETS_SLOT } from '../../../../src/kafka/admin/offsets-topic';
import type { WireBatch } from '../../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../../src/pipeline/error-handler';
import { ExactlyOnce } from '../../../../src/task/source/exactly-once/exactly-once';
import type { SourceRun } from '../../../../src/task/source/source-run';
import type { ExactlyOnceServices } from '../../../../src/task/source/source-services';
import type { OffsetEntry, TaskToMain } from '../../../../src/thread/messages';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../../helpers/fakes/settings';
import { fakeSourceRun } from '../../../helpers/fakes/source-run';

const REFUSED = new ConnectError('RecordTooLargeException', 'too large');
const LATE = new ConnectError('TimeoutException', 'late');
const NEVER = new Promise<never>(() => {});
const PART = { part: [], ending: null, endsBatch: true };

let calls: string[];
/** What calls of transactions answer. */
let fails: { begin?: ConnectError; init?: ConnectError; commit?: ConnectError; abort?: ConnectError };
let posted: TaskToMain[];
let run: SourceRun;
let logger: ReturnType<typeof fakeLogger>;

function setUp(boundary: ExactlyOnceServices['settings']['boundary'] = { type: 'poll' }): void {
  calls = [];
  fails = {};
  posted = [];
  logger = fakeLogger();
  const call = (name: keyof typeof fails) => async (): Promise<void> => {
    calls.push(name);
    if (fails[name]) throw fails[name];
  };
  const begin = (): void => {
    calls.push('begin');
    if (fails.begin) throw fails.begin;
  };
  const settings = { boundary, offsetsTopic: 'offsets', transactionalId: 'id', partitions: 1, replicationFactor: 1 };
  const services = { settings, timeoutMs: 60_000, isTopicReady: true, committed: new Map(), attempted: [] };
  run = fakeSourceRun({
    outlet: {
      inFlight: 0,
      poll: () => {},
      send: ({ values }: WireBatch, from: number, count: number) => {
        calls.push(`offset ${values.textAt(from)}`);
        return count;
      },
      transactions: () => ({ init: call('init'), begin, commit: call('commit'), abort: call('abort') }),
    },
    errors: new ErrorHandler('c-0', readErrorSettings({}), logger),
    logger,
    post: message => posted.push(message),
    createDelivery: it => new ExactlyOnce(it, services as unknown as ExactlyOnceServices),
  });
}
beforeEach(() => setUp());

const submit = (position: number): number => run.submitted.submit({}, { position });
const reported = (): OffsetEntry[] => posted.flatMap(message => (message.type === 'offsets' ? message.entries : []));

test('a source that has nothing for a moment has its transaction committed, and the offsets reported', async () => {
  expect(await run.delivery.before()).toBe(true);
  run.delivery.onDelivery(submit(1), undefined, 0, 0);
  await run.delivery.after(PART);
  expect([calls, run.delivery.isOpen]).toEqual([['begin'], true]);
  await run.delivery.idle(NEVER);
  expect([calls, run.delivery.isOpen]).toEqual([['begin', 'offset {"position":1}', 'commit'], false]);
  expect(reported()).toEqual([['k', '{"position":1}']]);
  expect(run.delivery.takeOffsets()).toEqual([]);
});

test('a pause commits, but where the task is to say when', async () => {
  for (const type of ['poll', 'connector'] as const) {
    setUp({ type });
    await run.delivery.before();
    await run.delivery.idle(null);
    expect(run.delivery.isOpen).toBe(type === 'connector');
  }
});

test('an error of a transaction breaks the run, but for one that the next client would have again', async () => {
  fails = { begin: LATE };
  expect(await run.delivery.before()).toBe(false);
  expect(run.broken).toBe(LATE);
  setUp();
  fails = { begin: new ConnectError('ConfigException', 'no') };
  await expect(run.delivery.before()).rejects.toThrow('no');
  expect(run.broken).toBeNull();
});

test.each([
  ['a record that is refused fails the run', 0, REFUSED, 'failed'],
  ['a record that has waited too long breaks it', 0, LATE, 'broken'],
  ['an offset that is refused breaks it', OFFSETS_SLOT, REFUSED, 'broken'],
  ['an offset that is acknowledged is no record', OFFSETS_SLOT, undefined, 'goes on'],
])('%s', (_, slot, error, becomes) => {
  submit(1);
  run.delivery.onDelivery(slot, error, 0, 0);
  expect(run.failure ? 'failed' : run.broken ? 'broken' : 'goes on').toBe(becomes);
  expect([run.submitted.pending, run.counts.acknowledged]).toEqual([1, 0]);
});

test('a record that is given up with its transaction breaks the run, unless the task or the end wants it so', async () => {
  run.delivery.onPurged?.(submit(1));
  expect(run.broken?.message).toBe('Records were given up with their transaction');
  setUp({ type: 'connector' });
  await run.delivery.before();
  const slot = submit(1);
  const aborting = run.delivery.after({ ...PART, ending: 'abort' });
  run.delivery.onPurged?.(slot);
  await aborting;
  expect([run.broken, run.counts.filtered, run.submitted.pending]).toEqual([null, 1, 0]);
  // The offset of what was given up is committed all the same.
  expect(calls).toEqual(['begin', 'abort', 'begin', 'offset {"position":1}', 'commit']);
});

test('at the end what is acknowledged is committed, also before a record that has failed; the failure stays', async () => {
  await run.delivery.before();
  run.delivery.onDelivery(submit(1), undefined, 0, 0);
  submit(2);
  run.fail(REFUSED);
  await run.delivery.stop(() => 1000);
  expect(calls).toEqual(['begin', 'offset {"position":1}', 'commit']);
  expect(run.failure).toBe(REFUSED);
});

test('what cannot be committed at the end is given up', async () => {
  await run.delivery.before();
  fails = { commit: LATE };
  await run.delivery.stop(() => 1000);
  expect(calls.slice(-2)).toEqual(['commit', 'abort']);
  expect(logger.lines.at(-1)).toContain('WARN The last transaction was not committed');
});

test('a fence says who has taken over; another error has the brokers asked first', async () => {
  await run.delivery.before();
  expect(await run.delivery.explain(LATE)).toBe(LATE);
  expect(calls).toEqual(['begin', 'abort']);
  fails = { abort: new ConnectError('ProducerFencedException', 'fenced') };
  const explained = await run.delivery.explain(LATE);
  expect([explained.code, explained.message]).toEqual([
    'ProducerFencedException',
    expect.stringMatching(/^Another worker has taken this task over: fenced\. Its transactional id is id\./),
  ]);
});
