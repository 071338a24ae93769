/** Random requests, many at the same time, against a model that takes them one by one: the end must be the same. */
import type { Herder } from '../../src/herder/herder';
import { FakeWorld, SOURCE, settle } from '../helpers/fakes/herder-fakes';

const NAMES = ['a', 'b', 'c'];
const ROUNDS = 150;
const REQUESTS = 30;

interface Settings {
  readonly v: string;
  readonly tasks: number;
  readonly fails: boolean;
}

/** What one connector must come to. */
interface Model {
  settings: Settings;
  target: 'STARTED' | 'PAUSED' | 'STOPPED';
  failed: boolean;
  tasks: number;
}

type Models = Map<string, Model>;

/** A new instance: where it is to run it starts and regenerates its tasks, or fails and leaves them. */
function startAnew(model: Model): void {
  model.failed = false;
  if (model.target !== 'STARTED') return;
  if (model.settings.fails) model.failed = true;
  else model.tasks = model.settings.tasks;
}

interface Request {
  readonly name: string;
  readonly kind: 'create' | 'put' | 'delete' | 'pause' | 'resume' | 'stop' | 'restart' | 'restartAll' | 'restartTask' | 'reset';
  readonly settings: Settings;
}

/** Changes the model as the request must. */
function apply(models: Models, { name, kind, settings }: Request): void {
  const model = models.get(name);
  if (!model) {
    if (kind !== 'create' && kind !== 'put') return;
    const made: Model = { settings, target: 'STARTED', failed: false, tasks: 0 };
    models.set(name, made);
    startAnew(made);
    return;
  }
  switch (kind) {
    case 'put':
      model.settings = settings;
      startAnew(model);
      return;
    case 'delete':
      models.delete(name);
      return;
    case 'pause':
      model.target = 'PAUSED';
      return;
    case 'resume':
      model.target = 'STARTED';
      if (!model.failed) startAnew(model);
      return;
    case 'stop':
      Object.assign(model, { target: 'STOPPED', failed: false, tasks: 0 });
      return;
    case 'restart':
    case 'restartAll':
      startAnew(model);
      return;
    default:
      return;
  }
}

/** Sends the request; refusals are part of the game. */
function send(herder: Herder, { name, kind, settings }: Request): Promise<unknown> {
  const config = {
    name,
    'connector.class': SOURCE,
    v: settings.v,
    tasks: String(settings.tasks),
    'tasks.max': '3',
    ...(settings.fails ? { fail: 'start' } : {}),
  };
  const requests: Record<Request['kind'], () => Promise<unknown>> = {
    create: () => herder.putConnectorConfig(name, config, { allowReplace: false }),
    put: () => herder.putConnectorConfig(name, config, { allowReplace: true }),
    delete: () => herder.deleteConnector(name),
    pause: () => herder.pauseConnector(name),
    resume: () => herder.resumeConnector(name),
    stop: () => herder.stopConnector(name),
    restart: () => herder.restartConnector(name),
    restartAll: () => herder.restartConnectorAndTasks({ connector: name, includeTasks: true, onlyFailed: false }),
    restartTask: () => herder.restartTask({ connector: name, task: 1 }),
    reset: () => herder.resetConnectorOffsets(name),
  };
  return requests[kind]().catch(() => undefined);
}

function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const KINDS: readonly Request['kind'][] = [
  'create',
  'put',
  'put',
  'delete',
  'pause',
  'resume',
  'resume',
  'stop',
  'restart',
  'restartAll',
  'restartTask',
  'reset',
];

function expectModel(herder: Herder, world: FakeWorld, models: Models): void {
  expect(herder.connectors().sort()).toEqual([...models.keys()].sort());
  const wanted: string[] = [];
  for (const [name, model] of models) {
    const ids = Array.from({ length: model.tasks }, (_, i) => i);
    wanted.push(...ids.map(id => `${name}-${id}`));
    const taskState = model.target === 'PAUSED' ? 'PAUSED' : 'RUNNING';
    const state = model.failed ? 'FAILED' : model.target === 'STARTED' ? 'RUNNING' : model.target;
    const status = herder.connectorStatus(name);
    expect([name, status.connector.state, status.tasks.map(task => [task.id, task.state])]).toEqual([
      name,
      state,
      ids.map(id => [id, taskState]),
    ]);
    if (model.target !== 'STARTED' || model.failed) continue;
    for (const id of ids) {
      const { start } = world.last(name, id);
      expect([start.connectorProps.v, start.taskProps.v]).toEqual([model.settings.v, model.settings.v]);
    }
  }
  expect(world.live()).toEqual(wanted.sort());
  expect(world.violations).toEqual([]);
}

test('requests that meet end as if they had come one by one', async () => {
  for (let round = 1; round <= ROUNDS; round++) {
    const random = randomFrom(round);
    const world = new FakeWorld();
    const herder = await world.started();
    const models: Models = new Map();
    const pending: Promise<unknown>[] = [];
    for (let i = 0; i < REQUESTS; i++) {
      const request: Request = {
        name: NAMES[random(NAMES.length)] ?? 'a',
        kind: KINDS[random(KINDS.length)] ?? 'put',
        settings: { v: String(random(3)), tasks: random(4), fails: random(6) === 0 },
      };
      pending.push(send(herder, request));
      apply(models, request);
      if (random(4) === 0) await new Promise(resolve => setImmediate(resolve));
      if (random(15) === 0) world.contexts.get(request.name)?.requestTaskReconfiguration();
    }
    await Promise.all(pending);
    await settle();
    try {
      expectModel(herder, world, models);
    } catch (error) {
      throw new Error(`round ${round}: ${(error as Error).message}`);
    } finally {
      await herder.stop();
    }
    expect(world.live()).toEqual([]);
  }
});
