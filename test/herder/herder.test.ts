import type { Herder } from '../../src/herder/herder';
import type { RawConfig } from '../../src/herder/ports';
import { FakeWorld, SINK, SOURCE, settle } from '../helpers/fakes/herder-fakes';
import { reportOf } from '../helpers/fakes/task-metrics';
import { waitFor } from '../helpers/wait-for';

/** A variable, as it stands in a file. */
const SECRET = ['$', '{secret}'].join('');

let world: FakeWorld;
let herder: Herder;

beforeEach(async () => {
  world = new FakeWorld();
  herder = await world.started();
});
afterEach(() => herder.stop());

const config = (name: string, more: RawConfig = {}): RawConfig => ({ name, 'connector.class': SOURCE, ...more });
const create = (name: string, more: RawConfig = {}, options = {}) =>
  herder.putConnectorConfig(name, config(name, more), { allowReplace: false, ...options });
const put = (name: string, more: RawConfig = {}) => herder.putConnectorConfig(name, config(name, more), { allowReplace: true });
const states = (name: string) => {
  const { connector, tasks } = herder.connectorStatus(name);
  return [connector.state, ...tasks.map(task => task.state)];
};

describe('creating', () => {
  test('a source: info, running tasks, their settings', async () => {
    const { created, info } = await create('c', { tasks: '2', 'tasks.max': '2', x: '1' });
    await settle();
    expect(created).toBe(true);
    expect(info).toEqual({
      name: 'c',
      config: config('c', { tasks: '2', 'tasks.max': '2', x: '1' }),
      tasks: [
        { connector: 'c', task: 0 },
        { connector: 'c', task: 1 },
      ],
      type: 'source',
    });
    expect(herder.connectorStatus('c')).toEqual({
      name: 'c',
      connector: { state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1.2' },
      tasks: [0, 1].map(id => ({ id, state: 'RUNNING', worker_id: '127.0.0.1:8083', version: '1.2' })),
      type: 'source',
    });
    expect(herder.taskInfos('c')[1]?.config).toMatchObject({ 'task.class': 'test.FakeSourceTask', x: '1' });
  });

  test('a sink: its tasks get the topics also if the connector leaves them out', async () => {
    world.taskCount = () => 1;
    await create('s', { 'connector.class': SINK, topics: 't1,t2' });
    expect(world.last('s').start).toMatchObject({ kind: 'sink', taskProps: { topics: 't1,t2', 'task.class': 'test.FakeSinkTask' } });
  });

  test('a source task gets the stored offsets of its connector only', async () => {
    world.saved.set('["c",{"f":1}]', '{"p":5}').set('["other",{"f":1}]', '{"p":6}').set('["c",{"f":2}]', null);
    await create('c');
    expect(world.last('c').start.storedOffsets).toEqual([['["c",{"f":1}]', '{"p":5}']]);
  });

  test('variables: the task has the value, what is shown has the variable', async () => {
    await create('c', { password: SECRET });
    expect(world.last('c').start.connectorProps.password).toBe('opened');
    expect(world.last('c').start.taskProps.password).toBe('opened');
    expect(herder.connectorInfo('c').config.password).toBe(SECRET);
    expect(herder.taskInfos('c')[0]?.config.password).toBe(SECRET);
  });

  test.each([
    ['invalid', { invalid: 'because' }, 'BadRequestException', 'Connector configuration is invalid: because'],
    ['without a class', { 'connector.class': null }, 'BadRequestException', /contains no connector type$/],
    ['with an unknown class', { 'connector.class': 'Nope' }, 'BadRequestException', /^Failed to find any class/],
  ])('%s: refused, the name stays free', async (_, more, code, message) => {
    await expect(create('c', more)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(herder.connectors()).toEqual([]);
    expect(() => herder.connectorStatus('c')).toThrow('No status found for connector c');
  });

  test('twice: 409, nothing is touched', async () => {
    await create('c');
    await expect(create('c')).rejects.toMatchObject({ code: 'AlreadyExistsException', message: 'Connector c already exists' });
    expect(world.tasks).toHaveLength(1);
  });

  test('twice at the same time: one wins', async () => {
    const outcomes = await Promise.allSettled([create('c'), create('c'), create('c')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(world.live()).toEqual(['c-0']);
  });

  test.each([
    ['start', 'Failed to transition connector c to state STARTED'],
    ['taskConfigs', 'taskConfigs is broken'],
  ])('%s throws: refused, FAILED with its own trace, stays registered', async (fail, message) => {
    await expect(create('c', { fail })).rejects.toThrow(message);
    expect(states('c')).toEqual(['FAILED']);
    expect(herder.connectorStatus('c').connector.trace).toMatch(
      new RegExp(`^org\\.apache\\.kafka\\.connect\\.errors\\.ConnectException: ${fail} is broken\n`),
    );
    expect(herder.connectors()).toEqual(['c']);
    await put('c');
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('a start that hangs fails after its limit and does not hold up others', async () => {
    const hanging = create('c', { hang: 'start' });
    await create('d');
    expect(world.live()).toEqual(['d-0']);
    await expect(hanging).rejects.toThrow('Connector c did not return from start() within 100 ms');
    expect(states('c')).toEqual(['FAILED']);
    await herder.deleteConnector('c');
  });

  test('a task that cannot be started is FAILED, the connector is not', async () => {
    await create('c', { cannot: 'start' });
    expect(states('c')).toEqual(['RUNNING', 'FAILED']);
    expect(herder.taskStatus({ connector: 'c', task: 0 }).trace).toContain('no thread for it');
  });

  test('PAUSED: no tasks until it is resumed', async () => {
    await create('c', {}, { initialState: 'PAUSED' });
    expect(states('c')).toEqual(['PAUSED']);
    expect(world.events).toEqual([]);
    await herder.resumeConnector('c');
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('STOPPED: no tasks, no instance', async () => {
    await create('c', {}, { initialState: 'STOPPED' });
    expect(states('c')).toEqual(['STOPPED']);
    expect(world.events).toEqual([]);
  });
});

describe('tasks.max', () => {
  test('too many tasks: FAILED, none is started', async () => {
    await expect(create('c', { tasks: '3', 'tasks.max': '2' })).rejects.toMatchObject({
      code: 'TooManyTasksException',
      message: expect.stringMatching(/^The connector c has generated 3 tasks, which is greater than 2, the maximum number/),
    });
    expect(states('c')).toEqual(['FAILED']);
    expect(world.tasks).toEqual([]);
  });

  test('tasks.max.enforce=False lets them run', async () => {
    await create('c', { tasks: '3', 'tasks.max': '2', 'tasks.max.enforce': 'False' });
    expect(world.live()).toEqual(['c-0', 'c-1', 'c-2']);
  });
});

describe('a plugin that hangs in a call', () => {
  const limits = { stopMs: 30, callMs: 20_000 };
  let patient: Herder;
  beforeEach(async () => {
    patient = await world.started({ pluginCallLimits: limits });
  });
  afterEach(() => patient.stop());
  /** In an object, since a promise would be awaited. */
  const hang = async (): Promise<{ answer: Promise<unknown> }> => {
    const answer = patient.putConnectorConfig('c', config('c', { hang: 'start' }), { allowReplace: false });
    answer.catch(() => undefined);
    await settle();
    return { answer };
  };

  test.each<[string, () => Promise<unknown>]>([
    ['DELETE', () => patient.deleteConnector('c')],
    ['stop', () => patient.stopConnector('c')],
    ['a new configuration', () => patient.putConnectorConfig('c', config('c'), { allowReplace: true })],
    ['a patch', () => patient.patchConnectorConfig('c', { hang: null })],
    ['the end of the worker', () => patient.stop()],
  ])('%s gives it the time of a stop, then the call has failed', async (_, request) => {
    const { answer } = await hang();
    await request();
    await expect(answer).rejects.toThrow('Connector c did not return from start() within 30 ms after it was told to end');
  });

  test.each<[string, () => Promise<unknown>]>([
    ['configuration', () => patient.putConnectorConfig('c', config('c', { invalid: 'x' }), { allowReplace: true })],
    ['patch', () => patient.patchConnectorConfig('c', { invalid: 'x' })],
  ])('an invalid %s is refused at once and does not end it', async (_, request) => {
    const { answer } = await hang();
    const refused = request();
    await expect(refused).rejects.toThrow('invalid');
    const first = await Promise.race([answer.catch(() => 'ended'), new Promise(resolve => setTimeout(resolve, 100, 'hangs'))]);
    expect(first).toBe('hangs');
    await patient.deleteConnector('c');
  });

  test('a stop does not cut short the starts that follow it', async () => {
    await hang();
    await patient.stopConnector('c');
    await patient.putConnectorConfig('c', config('c'), { allowReplace: true });
    await patient.stopConnector('c');
    await patient.putConnectorConfig('c', config('c', { hang: 'start' }), { allowReplace: true });
    const resuming = patient.resumeConnector('c').then(() => 'resumed');
    expect(await Promise.race([resuming, new Promise(resolve => setTimeout(resolve, 100, 'hangs'))])).toBe('hangs');
    await patient.deleteConnector('c');
  });
});

describe('changing', () => {
  test('the same config: new instance, same tasks', async () => {
    await create('c');
    const { created } = await put('c');
    expect(created).toBe(false);
    expect(world.events).toEqual(['start c', 'stop c', 'start c']);
    expect(world.tasks).toHaveLength(1);
  });

  test('another config: tasks are replaced, the old ones have ended before', async () => {
    await create('c', { tasks: '2', 'tasks.max': '2' });
    await put('c', { x: '2' });
    expect(world.tasks.slice(0, 2).map(task => task.stopped)).toEqual([true, true]);
    expect(world.live()).toEqual(['c-0']);
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('a setting that only the connector knows restarts the tasks too', async () => {
    world.taskCount = () => 1;
    await create('c', { 'value.converter': 'A' });
    await put('c', { 'value.converter': 'B' });
    expect(world.tasks).toHaveLength(2);
    expect(world.last('c').start.connectorProps['value.converter']).toBe('B');
  });

  test('repairs a failed task', async () => {
    await create('c');
    world.last('c').listener.onFailed(new Error('bad record'));
    expect(states('c')).toEqual(['RUNNING', 'FAILED']);
    await put('c', { x: 'y' });
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('an invalid config leaves everything as it was', async () => {
    await create('c');
    await expect(put('c', { invalid: 'x' })).rejects.toThrow('invalid');
    expect(world.events).toEqual(['start c']);
    expect(herder.connectorInfo('c').config.invalid).toBeUndefined();
  });

  test('paused stays paused, stopped stays stopped; resume brings the new config', async () => {
    await create('c');
    await herder.pauseConnector('c');
    await put('c', { x: '1' });
    await settle();
    expect(states('c')).toEqual(['PAUSED', 'PAUSED']);
    await herder.resumeConnector('c');
    await settle();
    expect(world.last('c').start.connectorProps.x).toBe('1');
    expect(world.live()).toEqual(['c-0']);
    expect(world.tasks[0]?.paused).toBe(true);
    await herder.stopConnector('c');
    await put('c', { x: '2' });
    expect(states('c')).toEqual(['STOPPED']);
  });

  test('the class may change from source to sink', async () => {
    await create('c');
    await put('c', { 'connector.class': SINK, topics: 't' });
    expect(herder.connectorInfo('c').type).toBe('sink');
    expect(world.last('c').start.kind).toBe('sink');
  });

  test('a failed start of the new config leaves the old tasks running', async () => {
    await create('c');
    await settle();
    await expect(put('c', { fail: 'start' })).rejects.toThrow('Failed to transition connector c to state STARTED');
    expect(states('c')).toEqual(['FAILED', 'RUNNING']);
    expect(world.live()).toEqual(['c-0']);
  });

  test('patch merges, null removes', async () => {
    await create('c', { one: '1', two: '2' });
    const info = await herder.patchConnectorConfig('c', { one: null, three: '3' });
    expect(info.config).toEqual(config('c', { two: '2', three: '3' }));
    await expect(herder.patchConnectorConfig('d', {})).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Connector d not found',
    });
  });

  test('two patches at the same time do not lose each other', async () => {
    await create('c');
    await Promise.all([herder.patchConnectorConfig('c', { one: '1' }), herder.patchConnectorConfig('c', { two: '2' })]);
    expect(herder.connectorInfo('c').config).toMatchObject({ one: '1', two: '2' });
  });
});

describe('deleting', () => {
  test('stops tasks, then the connector, and forgets all but the offsets', async () => {
    await create('c');
    world.last('c').listener.onTopicActive('t');
    await world.last('c').listener.saveOffsets([['["c",{}]', '{}']]);
    await herder.deleteConnector('c');
    expect(world.live()).toEqual([]);
    expect(world.events).toEqual(['start c', 'stop c']);
    expect(herder.connectors()).toEqual([]);
    expect(() => herder.taskStatus({ connector: 'c', task: 0 })).toThrow('No status found for task c-0');
    expect(herder.activeTopics('c')).toEqual([]);
    expect(world.saved.size).toBe(1);
    await expect(herder.deleteConnector('c')).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('a connector that does not stop is given up', async () => {
    await create('c', { hang: 'stop' });
    await herder.deleteConnector('c');
    expect(herder.connectors()).toEqual([]);
  });

  test('a task that does not stop is given up, its late offsets are refused', async () => {
    await create('c');
    const task = world.last('c');
    task.stopAnswer = false;
    await herder.deleteConnector('c');
    await expect(task.listener.saveOffsets([['["c",{}]', '{}']])).rejects.toThrow('too late');
    task.listener.onState('RUNNING');
    task.listener.onFailed(new Error('late'));
    expect(() => herder.taskStatus({ connector: 'c', task: 0 })).toThrow('No status');
  });

  test('offsets that a task reports while it stops are saved', async () => {
    await create('c');
    const task = world.last('c');
    const deleted = herder.deleteConnector('c');
    await Promise.resolve();
    await task.listener.saveOffsets([['["c",{}]', '{"p":9}']]);
    await deleted;
    expect(world.saved.get('["c",{}]')).toBe('{"p":9}');
  });
});

describe('pause, resume, stop', () => {
  test('all are idempotent', async () => {
    await create('c');
    for (const [act, expected] of [
      ['pauseConnector', ['PAUSED', 'PAUSED']],
      ['resumeConnector', ['RUNNING', 'RUNNING']],
      ['stopConnector', ['STOPPED']],
      ['resumeConnector', ['RUNNING', 'RUNNING']],
    ] as const) {
      await herder[act]('c');
      await herder[act]('c');
      await settle();
      expect(states('c')).toEqual(expected);
    }
    expect(world.live()).toEqual(['c-0']);
  });

  test('a stopped connector has no task configurations; resume makes them anew', async () => {
    await create('c');
    await herder.stopConnector('c');
    expect(herder.taskInfos('c')).toEqual([]);
    expect(herder.connectorInfo('c').tasks).toEqual([]);
    await herder.resumeConnector('c');
    expect(herder.taskInfos('c')).toHaveLength(1);
  });

  test('stopped, then paused: no tasks, then resumed', async () => {
    await create('c');
    await herder.stopConnector('c');
    await herder.pauseConnector('c');
    expect(states('c')).toEqual(['PAUSED']);
    await herder.resumeConnector('c');
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('a failed connector ignores pause and resume, can be stopped, and then resumed', async () => {
    await expect(create('c', { fail: 'start' })).rejects.toThrow();
    await herder.pauseConnector('c');
    await herder.resumeConnector('c');
    expect(states('c')).toEqual(['FAILED']);
    await herder.stopConnector('c');
    expect(states('c')).toEqual(['STOPPED']);
    await herder.resumeConnector('c');
    expect(states('c')).toEqual(['FAILED']);
  });

  test.each(['pauseConnector', 'stopConnector'] as const)(
    '%s with a stop that throws: FAILED, as in Java; stopping again helps',
    async act => {
      await create('c', { fail: 'stop' });
      await herder[act]('c');
      expect(states('c')[0]).toBe('FAILED');
      expect(herder.connectorStatus('c').connector.trace).toContain('ConnectException: stop is broken');
      await herder.stopConnector('c');
      expect(states('c')).toEqual(['STOPPED']);
      await herder.resumeConnector('c');
      await settle();
      expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
    },
  );

  test('beside a start that hangs, pause is accepted at once and holds in the end', async () => {
    const hanging = create('c', { hang: 'start' }).catch((error: Error) => error.message);
    await settle();
    await herder.pauseConnector('c');
    expect(states('c')).toEqual(['UNASSIGNED']);
    expect(await hanging).toBe('Connector c did not return from start() within 100 ms');
    await put('c');
    expect(states('c')).toEqual(['PAUSED']);
  });

  test('beside a slow start, a resume takes back the pause before it: the connector is started once', async () => {
    const creating = create('c', { slow: 'start' });
    await settle();
    await herder.pauseConnector('c');
    await herder.resumeConnector('c');
    world.endStart[0]?.();
    await creating;
    await settle();
    expect([world.events, states('c')]).toEqual([['start c'], ['RUNNING', 'RUNNING']]);
  });

  test('a change between pause and resume finds the connector paused', async () => {
    const creating = create('c', { slow: 'start' });
    await settle();
    await herder.pauseConnector('c');
    const changed = herder.restartTask({ connector: 'c', task: 0 });
    await herder.resumeConnector('c');
    world.endStart[0]?.();
    await creating;
    await changed;
    expect(world.last('c').start.paused).toBe(true);
    // The resume begins with a new instance, which is slow too.
    await settle();
    world.endStart[1]?.();
    await settle();
    expect([world.events, states('c')]).toEqual([
      ['start c', 'stop c', 'start c'],
      ['RUNNING', 'RUNNING'],
    ]);
  });

  test('a failed task is not woken by resume', async () => {
    await create('c');
    await settle();
    world.last('c').listener.onFailed(new Error('x'));
    await herder.pauseConnector('c');
    await herder.resumeConnector('c');
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'FAILED']);
  });

  test.each(['pauseConnector', 'resumeConnector', 'stopConnector'] as const)('%s of an unknown connector', async act => {
    await expect(herder[act]('x')).rejects.toMatchObject({ code: 'NotFoundException', message: 'Unknown connector x' });
  });
});

describe('restarting', () => {
  test('the connector only', async () => {
    await create('c');
    await herder.restartConnector('c');
    expect(world.events).toEqual(['start c', 'stop c', 'start c']);
    expect(world.tasks).toHaveLength(1);
    await expect(herder.restartConnector('x')).rejects.toMatchObject({ code: 'NotFoundException' });
  });

  test('one task only', async () => {
    await create('c', { tasks: '2', 'tasks.max': '2' });
    await herder.restartTask({ connector: 'c', task: 1 });
    await settle();
    expect(world.tasks.map(({ id, stopped }) => [id.task, stopped])).toEqual([
      [0, false],
      [1, true],
      [1, false],
    ]);
    expect(states('c')).toEqual(['RUNNING', 'RUNNING', 'RUNNING']);
  });

  test.each([
    ['c', 9],
    ['c', -1],
    ['x', 0],
  ])('task %s-%i is unknown: 404, no phantom in the status', async (connector, task) => {
    await create('c');
    await expect(herder.restartTask({ connector, task })).rejects.toMatchObject({ message: `Task ${connector}-${task} not found` });
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('a paused task comes back paused', async () => {
    await create('c');
    await herder.pauseConnector('c');
    await herder.restartTask({ connector: 'c', task: 0 });
    await settle();
    expect(states('c')).toEqual(['PAUSED', 'PAUSED']);
  });

  test('with tasks: RESTARTING is answered, then all run', async () => {
    await create('c');
    await settle();
    const reply = await herder.restartConnectorAndTasks({ connector: 'c', includeTasks: true, onlyFailed: false });
    expect([reply.connector.state, reply.tasks.map(task => task.state)]).toEqual(['RESTARTING', ['RESTARTING']]);
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
    expect(world.tasks).toHaveLength(2);
  });

  test('the answer keeps the trace of what is restarted, as in Java', async () => {
    await expect(create('c', { fail: 'start' })).rejects.toThrow();
    const reply = await herder.restartConnectorAndTasks({ connector: 'c', includeTasks: true, onlyFailed: true });
    expect(reply.connector).toMatchObject({ state: 'RESTARTING', trace: expect.stringContaining('start is broken') });
  });

  test('onlyFailed takes what has failed', async () => {
    await create('c', { tasks: '2', 'tasks.max': '2' });
    await settle();
    world.last('c', 1).listener.onFailed(new Error('x'));
    const reply = await herder.restartConnectorAndTasks({ connector: 'c', includeTasks: true, onlyFailed: true });
    expect([reply.connector.state, ...reply.tasks.map(task => task.state)]).toEqual(['RUNNING', 'RUNNING', 'RESTARTING']);
    expect(world.tasks.map(({ id }) => id.task)).toEqual([0, 1, 1]);
    expect(world.events).toEqual(['start c']);
  });

  test('a stopped connector stays stopped', async () => {
    await create('c', {}, { initialState: 'STOPPED' });
    await herder.restartConnectorAndTasks({ connector: 'c', includeTasks: true, onlyFailed: false });
    await herder.restartConnector('c');
    expect(states('c')).toEqual(['STOPPED']);
    expect(world.tasks).toEqual([]);
  });

  test('with a start that fails: answered, FAILED', async () => {
    await expect(create('c', { fail: 'start' })).rejects.toThrow();
    const reply = await herder.restartConnectorAndTasks({ connector: 'c', includeTasks: true, onlyFailed: true });
    expect(reply.connector.state).toBe('RESTARTING');
    expect(states('c')).toEqual(['FAILED']);
    await expect(herder.restartConnectorAndTasks({ connector: 'x', includeTasks: true, onlyFailed: true })).rejects.toThrow(
      'Unknown connector: x',
    );
  });
});

describe('what a connector and its tasks do by themselves', () => {
  test('requestTaskReconfiguration replaces the tasks', async () => {
    await create('c', { 'tasks.max': '2' });
    world.taskCount = () => 2;
    world.contexts.get('c')?.requestTaskReconfiguration();
    await settle();
    await settle();
    expect(world.live()).toEqual(['c-0', 'c-1']);
  });

  test('raiseError: FAILED, tasks go on; from an old instance it means nothing', async () => {
    await create('c');
    await settle();
    const old = world.contexts.get('c');
    old?.raiseError(new Error('lost'));
    expect(states('c')).toEqual(['FAILED', 'RUNNING']);
    await herder.restartConnector('c');
    old?.raiseError(new Error('again'));
    old?.requestTaskReconfiguration();
    await settle();
    expect(states('c')).toEqual(['RUNNING', 'RUNNING']);
  });

  test('one failed task leaves the others alone', async () => {
    await create('c', { tasks: '2', 'tasks.max': '2' });
    await settle();
    world.last('c', 0).listener.onFailed(new Error('thread ended'));
    expect(states('c')).toEqual(['RUNNING', 'FAILED', 'RUNNING']);
    expect(herder.taskStatus({ connector: 'c', task: 0 }).trace).toMatch(/^java\.lang\.RuntimeException: thread ended\n/);
    expect(herder.failures()).toEqual(['c-0']);
  });

  test('active topics; after a reset they come back with the next records', async () => {
    await create('c');
    const { listener } = world.last('c');
    listener.onTopicActive('t');
    expect(herder.activeTopics('c')).toEqual(['t']);
    herder.resetActiveTopics('c');
    expect(herder.activeTopics('c')).toEqual([]);
    listener.onProgress(reportOf({}));
    expect(herder.activeTopics('c')).toEqual(['t']);
  });
});

describe('the end', () => {
  test('stops tasks, connectors, store; refuses what comes later', async () => {
    await create('c');
    await create('s', { 'connector.class': SINK, topics: 't' });
    await herder.stop();
    expect(world.live()).toEqual([]);
    expect(world.events.filter(event => event.startsWith('stop')).sort()).toEqual(['stop c', 'stop s']);
    expect(world.storeClosed).toBe(true);
    await expect(create('d')).rejects.toThrow('The worker is shutting down');
  });

  test('tasks that never answer share one deadline', async () => {
    await create('c', { tasks: '3', 'tasks.max': '3' });
    for (const task of world.tasks) task.stopAnswer = null;
    const from = Date.now();
    await herder.stop();
    expect(Date.now() - from).toBeLessThan(4000);
    expect(world.storeClosed).toBe(true);
  });
});

describe('--drain', () => {
  const isDone = async (promise: Promise<boolean>): Promise<boolean> =>
    Promise.race([promise, new Promise<boolean>(resolve => setTimeout(resolve, 80, false))]);

  test('sources first, then sinks up to what the sources have written; paused connectors are not waited for', async () => {
    await create('a');
    await create('b', { 'connector.class': SINK, topics: 't' });
    await create('p', {}, { initialState: 'PAUSED' });
    const drained = herder.drained();
    world.last('b').listener.onDrained(true);
    expect([await isDone(drained), world.last('b').drains]).toEqual([false, 0]);
    world.last('a').listener.onDrained(true);
    expect([await isDone(drained), world.last('b').drains]).toEqual([false, 1]);
    world.last('b').listener.onDrained(true);
    expect(await isDone(drained)).toBe(true);
  });

  test('a source that wakes up meanwhile has the sinks asked again', async () => {
    await create('a');
    await create('b', { 'connector.class': SINK, topics: 't' });
    const drained = herder.drained();
    world.last('a').listener.onDrained(true);
    world.last('a').listener.onDrained(false);
    world.last('b').listener.onDrained(true);
    expect(await isDone(drained)).toBe(false);
    world.last('a').listener.onDrained(true);
    expect([await isDone(drained), world.last('b').drains]).toEqual([false, 2]);
    world.last('b').listener.onDrained(true);
    expect(await isDone(drained)).toBe(true);
  });

  test('a failed task has nothing more to do', async () => {
    await create('a');
    const drained = herder.drained();
    world.last('a').listener.onFailed(new Error('x'));
    expect(await isDone(drained)).toBe(true);
    expect(herder.failures()).toEqual(['a-0']);
  });

  test('ends with the herder', async () => {
    await create('a');
    const drained = herder.drained();
    await herder.stop();
    expect(await drained).toBe(false);
  });
});

test('offsets of sources are committed every interval, also when one commit fails', async () => {
  await herder.stop();
  world = new FakeWorld();
  herder = await world.started({ offsetFlushIntervalMs: 10 });
  await create('c', { tasks: '2', 'tasks.max': '2' });
  await create('s', { 'connector.class': SINK, topics: 't' });
  world.last('c', 0).commitError = new Error('disk full');
  for (const task of [0, 1]) await waitFor('three commits', () => world.last('c', task).commits > 2);
  expect(world.last('s').commits).toBe(0);
});
