import type { Props } from '../../../src/api/connector';
import type { RestartPolicy } from '../../../src/config/keys/restart-policy';
import { ConnectError } from '../../../src/errors';
import type { Herder } from '../../../src/herder/herder';
import type { RawConfig } from '../../../src/herder/ports';
import { FakeWorld, SOURCE, settle } from '../../helpers/fakes/herder-fakes';
import { waitFor } from '../../helpers/wait-for';

const DELAY_MS = 20;
const policy: RestartPolicy = { enabled: true, maxAttempts: -1, initialDelayMs: DELAY_MS, maxDelayMs: DELAY_MS, healthyMs: 60_000 };

let world: FakeWorld;
let herder: Herder;

beforeEach(async () => {
  world = new FakeWorld();
  herder = await world.started({ restartPolicyOf: (config: Props) => ({ ...policy, enabled: config.policy !== 'none' }) });
});
afterEach(() => herder.stop());

const create = (name: string, more: RawConfig = {}): Promise<unknown> =>
  herder.putConnectorConfig(name, { name, 'connector.class': SOURCE, ...more }, { allowReplace: true });
const states = (name: string) => {
  const { connector, tasks } = herder.connectorStatus(name);
  return [connector.state, ...tasks.map(task => task.state)];
};
const fail = (name: string, task = 0): void => world.last(name, task).listener.onFailed(new ConnectError('ConnectException', 'broken'));
/** Longer than any wait for a restart. */
const wait = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 3 * DELAY_MS));

test('a task that fails runs again, with its settings resolved anew, and the others were left alone', async () => {
  await create('c', { tasks: '2', 'tasks.max': '2' });
  await settle();
  fail('c', 1);
  expect(states('c')).toEqual(['RUNNING', 'RUNNING', 'FAILED']);
  await waitFor('the task to run again', () => states('c')[2] === 'RUNNING');
  expect(world.tasks.map(({ id }) => id.task)).toEqual([0, 1, 1]);
  expect(world.violations).toEqual([]);
});

test('a task that fails again and again is restarted again and again', async () => {
  await create('c');
  await settle();
  for (let count = 2; count <= 4; count++) {
    fail('c');
    await waitFor(`task ${count}`, () => world.tasks.length === count && states('c')[1] === 'RUNNING');
  }
});

test('a connector that could not be started is started again', async () => {
  await expect(create('c', { fail: 'start' })).rejects.toThrow('Failed to transition connector c to state STARTED');
  await waitFor('some starts', () => world.events.filter(event => event === 'start c').length > 2);
  expect(states('c')[0]).toMatch(/FAILED|RESTARTING/);
  await create('c');
  await settle();
  expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  const starts = world.events.length;
  await wait();
  expect(world.events).toHaveLength(starts);
});

test('a connector that says it has failed is started again', async () => {
  await create('c');
  world.contexts.get('c')?.raiseError(new ConnectError('ConnectException', 'lost'));
  expect(states('c')[0]).toBe('FAILED');
  await waitFor('the connector to run', () => states('c')[0] === 'RUNNING');
});

test.each<[string, () => Promise<unknown>, number]>([
  ['deleted', () => herder.deleteConnector('c'), 0],
  ['stopped', () => herder.stopConnector('c'), 0],
  ['paused', () => herder.pauseConnector('c'), 0],
  ['without the policy', () => create('c', { policy: 'none' }), 1],
  ['restarted by hand', () => herder.restartTask({ connector: 'c', task: 0 }), 1],
])('a failed task of a connector that was %s meanwhile is not restarted', async (_how, change, more) => {
  await create('c');
  await settle();
  fail('c');
  await change();
  await settle();
  await wait();
  expect(world.tasks).toHaveLength(1 + more);
  expect(world.violations).toEqual([]);
});

test('what failed before a pause runs again after it', async () => {
  await create('c');
  await settle();
  fail('c');
  await herder.pauseConnector('c');
  await wait();
  expect(states('c')).toEqual(['PAUSED', 'FAILED']);
  await herder.resumeConnector('c');
  await waitFor('the task to run again', () => states('c')[1] === 'RUNNING');
});

test('nothing begins after the end', async () => {
  await create('c');
  await settle();
  fail('c');
  await herder.stop();
  await wait();
  expect(world.tasks).toHaveLength(1);
});

test('--drain waits for a task that is about to be restarted, and for a connector', async () => {
  await create('c');
  await settle();
  fail('c');
  const drained = herder.drained();
  const isDone = (): Promise<boolean> => Promise.race([drained, settle().then(() => false)]);
  expect(await isDone()).toBe(false);
  await waitFor('the task to run again', () => states('c')[1] === 'RUNNING');
  expect(await isDone()).toBe(false);
  world.contexts.get('c')?.raiseError(new Error('of the connector'));
  world.last('c').listener.onDrained(true);
  expect(await isDone()).toBe(false);
  await waitFor('the connector to run again', () => states('c')[0] === 'RUNNING');
  expect(await drained).toBe(true);
});

test('--drain does not wait for what nobody restarts', async () => {
  await create('c', { policy: 'none' });
  await settle();
  fail('c');
  expect(await herder.drained()).toBe(true);
});
