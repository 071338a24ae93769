import type { RestartPolicy } from '../../../src/config/keys/restart-policy';
import { ConnectError, type ErrorCode } from '../../../src/errors';
import { AutomaticRestarts, type Part } from '../../../src/herder/restarts/automatic-restarts';
import { StatusStore } from '../../../src/herder/status';

const POLICY: RestartPolicy = { enabled: true, maxAttempts: 3, initialDelayMs: 1000, maxDelayMs: 3000, healthyMs: 60_000 };
const FAILURE = new ConnectError('ConnectException', 'broken');
const TASK = { connector: 'c', task: 0 };

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function setUp(policy: Partial<RestartPolicy> | null = {}, random = 0) {
  const statuses = new StatusStore('w:1');
  const restarted: Part[] = [];
  const state = { wanted: true };
  const done = { count: 0 };
  const restarts = new AutomaticRestarts({
    statuses,
    policyOf: () => policy && { ...POLICY, ...policy },
    isWanted: () => state.wanted,
    // As the supervisor does: the task begins anew.
    restart: async part => {
      restarted.push(part);
      if (part.task !== null) statuses.setTask({ connector: part.connector, task: part.task }, 'UNASSIGNED', '1');
    },
    onDone: () => void done.count++,
    random: () => random,
  });
  const fail = (error: unknown = FAILURE): void => statuses.failTask(TASK, error, '1');
  const after = async (ms: number): Promise<number> => {
    await jest.advanceTimersByTimeAsync(ms);
    return restarted.length;
  };
  return { statuses, restarted, restarts, state, done, fail, after };
}

test('waits double up to the longest, until the tries are used up', async () => {
  const { statuses, fail, after } = setUp();
  fail();
  expect([await after(999), await after(1)]).toEqual([0, 1]);
  fail();
  expect([await after(1999), await after(1)]).toEqual([1, 2]);
  fail();
  expect([await after(2999), await after(1)]).toEqual([2, 3]);
  fail();
  expect(await after(1_000_000)).toBe(3);
  expect(statuses.task(TASK)?.trace).toContain('No further automatic restart: 3 did not help (restart.policy.max.attempts).');
});

test('without a limit it never gives up, and no wait is longer than the longest', async () => {
  const { fail, after } = setUp({ maxAttempts: -1 });
  for (let i = 1; i <= 100; i++) {
    fail();
    expect(await after(3000)).toBe(i);
  }
});

test('chance shortens a wait by a fifth at most', async () => {
  const { fail, after } = setUp({}, 0.999_999);
  fail();
  expect([await after(799), await after(2)]).toEqual([0, 1]);
});

test('the status says when', () => {
  const { statuses, fail } = setUp();
  jest.setSystemTime(new Date('2024-05-01T10:00:00Z'));
  fail();
  expect(statuses.task(TASK)).toMatchObject({
    state: 'FAILED',
    trace: expect.stringMatching(
      /ConnectException: broken\n[\s\S]*\nAutomatic restart 1 of 3 at 2024-05-01T10:00:01\.000Z \(restart\.policy=on-failure\)\.\n$/,
    ),
  });
});

test('after a healthy time the count begins anew; after a short one it goes on', async () => {
  const { statuses, fail, after } = setUp({ maxAttempts: 1 });
  fail();
  expect(await after(1000)).toBe(1);
  statuses.setTask(TASK, 'RUNNING', '1');
  await after(60_000);
  fail();
  expect(await after(1000)).toBe(2);
  statuses.setTask(TASK, 'RUNNING', '1');
  await after(59_999);
  fail();
  expect(await after(1_000_000)).toBe(2);
});

test.each<[string, (statuses: StatusStore) => void]>([
  ['restarted by hand', statuses => statuses.setTask(TASK, 'RESTARTING', '1')],
  ['started with another configuration', statuses => statuses.setTask(TASK, 'UNASSIGNED', '1')],
  ['removed', statuses => statuses.removeTask(TASK)],
])('a task that was %s is left alone, and begins a new count', async (_how, change) => {
  const { statuses, fail, after } = setUp({ maxAttempts: 1 });
  fail();
  change(statuses);
  expect(await after(1_000_000)).toBe(0);
  fail();
  expect(await after(1000)).toBe(1);
});

test('a connector that is paused stays as it is until it is resumed', async () => {
  const { state, fail, after } = setUp();
  fail();
  state.wanted = false;
  expect(await after(100_000)).toBe(0);
  state.wanted = true;
  expect(await after(1000)).toBe(1);
});

test('connectors are restarted like tasks; both may have the same name', async () => {
  const { statuses, restarted, after } = setUp();
  statuses.failConnector('c-0', FAILURE, null);
  statuses.failTask(TASK, FAILURE, '1');
  await after(1000);
  expect(restarted).toEqual([
    { connector: 'c-0', task: null },
    { connector: 'c', task: 0 },
  ]);
});

test.each<ErrorCode>(['ConfigException', 'TooManyTasksException'])(
  '%s waits for another configuration, wherever it is in the causes',
  async code => {
    const { statuses, fail, after } = setUp();
    fail(new ConnectError('ConnectException', 'outside', new Error('between', { cause: new ConnectError(code, 'inside') })));
    expect(await after(1_000_000)).toBe(0);
    expect(statuses.task(TASK)?.trace).toContain(`No automatic restart: only another configuration can help against ${code}.`);
  },
);

test.each([null, { enabled: false }])('without a policy (%p) nothing is restarted, and the status is as in Java', async policy => {
  const { statuses, fail, after } = setUp(policy);
  fail();
  expect(await after(1_000_000)).toBe(0);
  expect(statuses.task(TASK)?.trace).not.toContain('utomatic restart');
});

test('a restart is due from the failure until there is no further attempt', async () => {
  const { restarts, done, fail, after } = setUp({ maxAttempts: 1 });
  expect(restarts.isDue('c')).toBe(false);
  fail();
  expect([restarts.isDue('c'), restarts.isDue('d')]).toEqual([true, false]);
  await after(1000);
  expect([restarts.isDue('c'), done.count]).toEqual([false, 1]);
  fail();
  expect(restarts.isDue('c')).toBe(false);
});

test('after the end nothing is restarted', async () => {
  const { restarts, fail, after } = setUp();
  fail();
  restarts.close();
  fail();
  expect([await after(1_000_000), jest.getTimerCount()]).toEqual([0, 0]);
});

test('a restart that does not work out is logged, no more', async () => {
  const statuses = new StatusStore('w:1');
  const restarts = new AutomaticRestarts({
    statuses,
    policyOf: () => POLICY,
    isWanted: () => true,
    restart: () => Promise.reject(new ConnectError('ConnectException', 'The worker is shutting down')),
    onDone: () => {},
  });
  statuses.failTask(TASK, FAILURE, '1');
  await jest.advanceTimersByTimeAsync(5000);
  restarts.close();
  expect(statuses.task(TASK)?.state).toBe('FAILED');
});
