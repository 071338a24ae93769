/** Random requests, many at the same time, at a real worker; what it answers and what it comes to must be explained by some order of them. */

import { seeded } from '../../../src/testing/data/random';
import { compiledTest } from '../../helpers/paths';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { appearance, type Model, type ModelRequest, REQUEST_KINDS, take } from '../../helpers/random/lifecycle-model';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { waitFor } from '../../helpers/wait-for';

const SEED = 20_260;
const NAMES = ['a', 'b', 'c', 'd'];
/** For all rounds together; a round that has begun is finished. */
const BUDGET_MS = 14_000;
const MIN_ROUNDS = 3;
const CLASS = 'test.RoughSourceConnector';

/** What a configuration does beside failing: it takes its time, with and without its thread. */
const MANNERS = [
  {},
  { 'start.does': 'sleep', 'start.ms': '150' },
  { 'start.does': 'wait', 'start.ms': '150' },
  { 'stop.does': 'busy', 'stop.ms': '60' },
];

describe('random requests at one worker', () => {
  let worker: WorkerProcess;
  beforeAll(async () => {
    worker = await startWorker({
      bootstrap: sharedBootstrap(),
      worker: { 'plugin.path': compiledTest('helpers/fakes/rough-connector.js') },
    });
  });
  afterAll(() => worker.stop());

  function randomRequest(random: (below: number) => number): ModelRequest & { readonly manner: object } {
    const fails = (['validate', 'start', 'taskConfigs', 'stop'] as const)[random(14)] ?? 'none';
    return {
      kind: REQUEST_KINDS[random(REQUEST_KINDS.length)] ?? 'put',
      settings: { v: String(random(1000)), tasks: random(3), fails },
      manner: MANNERS[random(MANNERS.length)] ?? {},
    };
  }

  /** All keys are always there, so that a PATCH of one leaves the rest of the model's settings as they are. */
  function configOf({ settings, manner }: ReturnType<typeof randomRequest>): Record<string, string> {
    const failing = settings.fails === 'none' ? {} : { [`${settings.fails}.does`]: settings.fails === 'validate' ? 'refuse' : 'throw' };
    return {
      'connector.class': CLASS,
      'tasks.max': '4',
      topic: 'model',
      v: settings.v,
      tasks: String(settings.tasks),
      ...manner,
      ...failing,
    };
  }

  async function send(name: string, request: ReturnType<typeof randomRequest>): Promise<number> {
    const at = `/connectors/${name}`;
    const create = (initialState: string) =>
      ['POST', '/connectors', { name, config: configOf(request), initial_state: initialState }] as const;
    const calls: Record<ModelRequest['kind'], readonly [string, string, unknown?]> = {
      create: create('RUNNING'),
      'create paused': create('PAUSED'),
      'create stopped': create('STOPPED'),
      put: ['PUT', `${at}/config`, configOf(request)],
      patch: ['PATCH', `${at}/config`, { v: request.settings.v }],
      pause: ['PUT', `${at}/pause`],
      resume: ['PUT', `${at}/resume`],
      stop: ['PUT', `${at}/stop`],
      restart: ['POST', `${at}/restart`],
      'restart all': ['POST', `${at}/restart?includeTasks=true`],
      'restart task': ['POST', `${at}/tasks/0/restart`],
      'reset offsets': ['DELETE', `${at}/offsets`],
      delete: ['DELETE', at],
      status: ['GET', `${at}/status`],
      offsets: ['GET', `${at}/offsets`],
    };
    return (await worker.rest(...calls[request.kind])).status;
  }

  async function seen(name: string): Promise<unknown> {
    const [status, info, tasks] = await Promise.all([
      worker.get(`/connectors/${name}/status`),
      worker.get(`/connectors/${name}`),
      worker.get(`/connectors/${name}/tasks`),
    ]);
    if (status.status === 404) return null;
    const { connector, tasks: states } = status.json as { connector: { state: string }; tasks: { id: number; state: string }[] };
    const configs = (tasks.json as { config: { v: string } }[]).map(({ config }) => config.v);
    return {
      state: connector.state,
      v: (info.json as { config: { v: string } }).config.v,
      tasks: states.map(({ id, state }) => [id, state]),
      tasksOf: [...new Set(configs)].join('+'),
    };
  }

  /** Every way in which these answers may have come about, one request after the other. @returns where each of them ends */
  function explanations(from: readonly Model[], requests: readonly ModelRequest[], answers: readonly number[]): Model[] {
    const ends = new Map<string, Model>();
    const creates = requests.some(({ kind }) => kind === 'put' || kind.startsWith('create'));
    const go = (model: Model, left: readonly number[], existed: boolean): void => {
      if (left.length === 0) ends.set(JSON.stringify(model), model);
      for (const at of left) {
        const request = requests[at];
        const answer = answers[at];
        if (!request || answer === undefined) continue;
        const { statuses, next } = take(model, request, existed);
        if (statuses.includes(answer))
          go(
            next,
            left.filter(other => other !== at),
            existed,
          );
      }
    };
    for (const model of from) go(model, [...requests.keys()], model !== null || creates);
    return [...ends.values()];
  }

  /** Bursts of requests at one connector, until the time is up. @returns how many requests there were */
  async function play(name: string, random: (below: number) => number, untilMs: number): Promise<number> {
    let models: Model[] = [null];
    let count = 0;
    for (let round = 0; round < MIN_ROUNDS || Date.now() < untilMs; round++) {
      const requests = Array.from({ length: 1 + random(4) }, () => randomRequest(random));
      const answers = await Promise.all(requests.map(request => send(name, request)));
      count += requests.length;
      const ends = explanations(models, requests, answers);
      const story = JSON.stringify({ seed: SEED, name, round, models, requests, answers, ends: ends.map(appearance) });
      if (ends.length === 0) throw new Error(`no order explains these answers: ${story}`);
      let last: unknown;
      await waitFor(
        'the connector to come to rest as some order has it',
        async () => {
          last = JSON.stringify(await seen(name));
          return ends.some(model => JSON.stringify(appearance(model)) === last);
        },
        { timeoutMs: 10_000, everyMs: 30 },
      ).catch(() => {
        throw new Error(`no order explains ${last}: ${story}`);
      });
      models = ends.filter(model => JSON.stringify(appearance(model)) === last);
    }
    return count;
  }

  test('each answer and the state in the end are those of some order of the requests', async () => {
    const slowest = { ms: 0 };
    const playing = { on: true };
    const watch = (async () => {
      while (playing.on) {
        const started = performance.now();
        expect((await worker.get('/health')).status).toBe(200);
        slowest.ms = Math.max(slowest.ms, performance.now() - started);
        const validated = await worker.rest('PUT', `/connector-plugins/${CLASS}/config/validate`, { name: 'x', 'connector.class': CLASS });
        expect(validated.json).toMatchObject({ error_count: 0 });
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    })();
    const untilMs = Date.now() + BUDGET_MS;
    const plays = await Promise.allSettled(NAMES.map((name, i) => play(name, seeded(SEED + i), untilMs)));
    playing.on = false;
    await watch;
    const counts = plays.map(outcome => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(NAMES.length * MIN_ROUNDS);
    expect(slowest.ms).toBeLessThan(1500);
  }, 60_000);
});
