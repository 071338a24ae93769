import fs from 'node:fs';
import type { RoughMethod } from '../../helpers/fakes/rough-connector';
import { compiledTest } from '../../helpers/paths';
import { type RestAnswer, type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const CLASS = 'test.RoughSourceConnector';
const VALIDATE = `/connector-plugins/${CLASS}/config/validate`;

describe('a connector from outside that misbehaves', () => {
  const dir = new TempDir('rough');
  const flag = dir.file('flag');
  let worker: WorkerProcess;
  let count = 0;

  beforeAll(async () => {
    worker = await startWorker({
      bootstrap: sharedBootstrap(),
      dir,
      worker: { 'plugin.path': compiledTest('helpers/fakes/rough-connector.js') },
      env: { ROUGH_FLAG: flag },
    });
    await worker.create(rough('good'));
    await worker.waitState('good', 'RUNNING');
  });
  afterEach(() => fs.rmSync(flag, { force: true }));
  afterAll(async () => {
    await worker.stop();
    dir.remove();
  });

  const rough = (name: string, more: Settings = {}): Settings => ({
    name,
    'connector.class': CLASS,
    'tasks.max': 4,
    topic: 'rough',
    ...more,
  });
  const post = (config: Settings): Promise<RestAnswer> => worker.rest('POST', '/connectors', { name: config.name, config });
  const nameFor = (what: string): string => `${what.replaceAll(' ', '-')}-${count++}`;
  const stateOf = async (name: string) => {
    const { status, json } = await worker.get(`/connectors/${name}/status`);
    const found = json as { connector: { state: string; trace?: string }; tasks: unknown[] };
    return status === 200 ? { state: found.connector.state, trace: found.connector.trace ?? '', tasks: found.tasks.length } : null;
  };

  /** The median of each kind of request, since others use the machine too. */
  async function expectAllElseQuick(): Promise<void> {
    const requests: Record<string, () => Promise<RestAnswer>> = {
      root: () => worker.get('/'),
      health: () => worker.get('/health'),
      list: () => worker.get('/connectors?expand=status&expand=info'),
      status: () => worker.get('/connectors/good/status'),
      pause: () => worker.rest('PUT', '/connectors/good/pause'),
      offsets: () => worker.get('/connectors/good/offsets'),
      plugins: () => worker.get('/connector-plugins'),
      loggers: () => worker.get('/admin/loggers'),
    };
    for (const [what, request] of Object.entries(requests)) {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const started = performance.now();
        expect([what, Math.floor((await request()).status / 100)]).toEqual([what, 2]);
        times.push(performance.now() - started);
      }
      const median = times.sort((a, b) => a - b)[2] ?? Number.NaN;
      if (!(median < 50)) throw new Error(`${what} takes ${median} ms`);
    }
  }

  // Not every pair: each takes the 5 s of a stop.
  test.each<[RoughMethod, string]>([
    ['start', 'busy'],
    ['taskConfigs', 'wait'],
    ['start', 'exec'],
  ])('in %s (%s): nobody else waits, DELETE takes what a stop may take', async (method, how) => {
    const name = nameFor(`${how} ${method}`);
    const creating = post(rough(name, { [`${method}.does`]: how }));
    await waitFor('the connector to be there', async () => (await stateOf(name)) !== null);
    await expectAllElseQuick();
    const paused = performance.now();
    expect((await worker.rest('PUT', `/connectors/${name}/pause`)).status).toBe(202);
    expect(performance.now() - paused).toBeLessThan(1000);
    const started = performance.now();
    expect((await worker.rest('DELETE', `/connectors/${name}`)).status).toBe(204);
    expect(performance.now() - started).toBeLessThan(7500);
    const answer = await creating;
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining(`did not return from ${method}() within 5000 ms`)]);
    expect(await stateOf(name)).toBeNull();
  });

  test.each(['busy', 'exec'])('in stop (%s): it is given up after 5 s, and the next one starts', async how => {
    const name = nameFor(`${how} stop`);
    await worker.create(rough(name, { 'stop.does': how }));
    const started = performance.now();
    const stopping = worker.rest('PUT', `/connectors/${name}/config`, rough(name, { v: 2 }));
    await expectAllElseQuick();
    expect((await stopping).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(8000);
    await worker.waitState(name, 'RUNNING');
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test.each(['busy', 'wait'])('in validate (%s): nobody else waits, not even others of its kind', async how => {
    const name = nameFor(`${how} validate`);
    const slow = rough(name, { 'validate.does': how, 'validate.ms': 2500 });
    const validating = worker.rest('PUT', VALIDATE, slow);
    const creating = post(slow);
    await expectAllElseQuick();
    expect((await worker.rest('PUT', VALIDATE, rough('other'))).json).toMatchObject({ error_count: 0 });
    expect((await validating).json).toMatchObject({ error_count: 0 });
    expect((await creating).status).toBe(201);
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test.each(['createConnector', 'config'])('in %s: nobody else waits', async method => {
    // No loop: its thread would go on for a minute and take the time of other tests.
    fs.writeFileSync(flag, `${method} wait`);
    const describing = worker.get(`/connector-plugins/${CLASS}/config`).catch(() => undefined);
    await expectAllElseQuick();
    fs.rmSync(flag);
    expect((await worker.rest('PUT', VALIDATE, rough('other'))).json).toMatchObject({ error_count: 0 });
    void describing;
  });

  test('in alterOffsets: nobody else waits', async () => {
    const name = nameFor('alter');
    await worker.create(rough(name, { 'alterOffsets.does': 'wait', 'alterOffsets.ms': 1500 }));
    expect((await worker.rest('PUT', `/connectors/${name}/stop`)).status).toBe(204);
    const altering = worker.rest('PATCH', `/connectors/${name}/offsets`, { offsets: [{ partition: { a: 1 }, offset: { b: 2 } }] });
    await expectAllElseQuick();
    expect((await altering).json).toEqual({ message: 'The offsets for this connector have been altered successfully' });
    expect((await worker.get(`/connectors/${name}/offsets`)).text).toBe('{"offsets":[{"partition":{"a":1},"offset":{"b":2}}]}');
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test.each([
    ['start', 'throw', 500, /^Failed to transition connector \S+ to state STARTED$/, /ConnectException: start is broken/],
    [
      'start',
      'exit',
      500,
      /^Failed to transition connector \S+ to state STARTED$/,
      /The thread of connector \S+ ended unexpectedly \(exit code 7\)/,
    ],
    ['taskConfigs', 'throw', 500, /^taskConfigs is broken$/, /ConnectException: taskConfigs is broken/],
  ])('%s: %s makes it FAILED with the trace', async (method, deed, status, message, trace) => {
    const name = nameFor(`${method} ${deed}`);
    const answer = await post(rough(name, { [`${method}.does`]: deed }));
    expect([answer.status, answer.json]).toEqual([status, { error_code: status, message: expect.stringMatching(message) }]);
    expect(await stateOf(name)).toEqual({ state: 'FAILED', trace: expect.stringMatching(trace), tasks: 0 });
    expect((await worker.rest('PUT', `/connectors/${name}/config`, rough(name))).status).toBe(200);
    await worker.waitState(name, 'RUNNING');
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test.each<[string, Settings, RegExp]>([
    ['a timer that throws', { 'start.does': 'throw later', 'start.ms': 100 }, /a timer of start has thrown/],
    ['raiseError', { 'raise.ms': 100 }, /DataException: raised by itself/],
  ])('%s makes it FAILED, its tasks go on', async (what, settings, trace) => {
    const name = nameFor(what);
    await worker.create(rough(name, settings));
    await worker.waitState(name, 'FAILED', 'RUNNING');
    expect((await stateOf(name))?.trace).toMatch(trace);
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test('requestTaskReconfiguration and log lines cross the threads', async () => {
    const name = nameFor('reconfigure');
    await worker.create(rough(name, { 'reconfigure.ms': 300 }));
    await waitFor('the second task', async () => (await stateOf(name))?.tasks === 2);
    await worker.waitState(name, 'RUNNING');
    await worker.waitLog(`${name} starts in its thread (rough.Connector)`);
    await worker.waitLog(`[${name}|worker] its connector has a logger (${CLASS})`);
    await worker.waitLog(`[${name}|task-1] its task has a logger (${CLASS})`);
    await worker.rest('DELETE', `/connectors/${name}`);
  });

  test('a new configuration frees a connector that hangs in its start', async () => {
    const name = nameFor('hang');
    const creating = post(rough(name, { 'start.does': 'hang' }));
    await waitFor('the connector to be there', async () => (await stateOf(name)) !== null);
    expect((await worker.rest('PUT', `/connectors/${name}/config`, rough(name, { 'validate.does': 'refuse' }))).status).toBe(400);
    expect((await worker.rest('PUT', `/connectors/${name}/config`, rough(name))).status).toBe(200);
    expect((await creating).status).toBe(500);
    await worker.waitState(name, 'RUNNING');
    await worker.rest('DELETE', `/connectors/${name}`);
  }, 30_000);

  test('the worker ends in order while a connector blocks', async () => {
    const creating = post(rough('at-the-end', { 'start.does': 'exec' })).catch(() => undefined);
    await waitFor('the connector to be there', async () => (await stateOf('at-the-end')) !== null);
    const started = performance.now();
    expect(await worker.stop(30_000)).toEqual({ code: 143, signal: null });
    expect(performance.now() - started).toBeLessThan(15_000);
    await creating;
  }, 40_000);
});
