import fs from 'node:fs';
import { compiledTest } from '../../helpers/paths';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';

const CYCLES = 300;
const AT_A_TIME = 4;
/** After this many the worker has all it will ever load. */
const WARM_UP = 60;

describe('connectors that are created and deleted', () => {
  let worker: WorkerProcess;
  beforeAll(async () => {
    worker = await startWorker({
      bootstrap: sharedBootstrap(),
      worker: { 'plugin.path': compiledTest('helpers/fakes/rough-connector.js') },
    });
  });
  afterAll(() => worker.stop());

  /** Most without tasks, since connector threads are what is looked at; some fail in their start. */
  function settingsOf(i: number): Settings {
    const name = `cycle-${i}`;
    if (i % 20 === 7) {
      return { name, 'connector.class': 'FileStreamSource', file: worker.dir.write('in.txt', ''), topic: 'cycles', 'tasks.max': 1 };
    }
    const rough = { name, 'connector.class': 'test.RoughSourceConnector', topic: 'cycles', 'tasks.max': 2 };
    return { ...rough, tasks: i % 20 === 13 ? 1 : 0, ...(i % 10 === 5 ? { 'start.does': i % 20 === 5 ? 'exit' : 'throw' } : {}) };
  }

  async function cycle(i: number): Promise<void> {
    const settings = settingsOf(i);
    const { status } = await worker.rest('POST', '/connectors', { name: settings.name, config: settings });
    expect(status).toBe('start.does' in settings ? 500 : 201);
    expect((await worker.rest('DELETE', `/connectors/${settings.name}`)).status).toBe(204);
  }

  async function run(from: number, to: number): Promise<void> {
    const lane = async (first: number): Promise<void> => {
      for (let i = first; i < to; i += AT_A_TIME) await cycle(i);
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, (_, i) => lane(from + i)));
  }

  /** What the process holds once the idle validation thread has gone. */
  async function settled(): Promise<{ threads: number; fds: number; rssMiB: number }> {
    await new Promise(resolve => setTimeout(resolve, 6000));
    const count = (what: string): number => fs.readdirSync(`/proc/${worker.pid}/${what}`).length;
    return { threads: count('task'), fds: count('fd'), rssMiB: Math.round(worker.rssKiB / 1024) };
  }

  test(`${CYCLES} of them leave threads, descriptors and memory where they were`, async () => {
    await run(0, WARM_UP);
    const before = await settled();
    await run(WARM_UP, CYCLES);
    const after = await settled();
    expect((await worker.get('/connectors')).json).toEqual([]);
    expect(after.threads).toBeLessThanOrEqual(before.threads);
    expect(after.fds).toBeLessThanOrEqual(before.fds + 1);
    // A connector thread that stayed would be 8 MiB each; the heap itself moves by some.
    expect(after.rssMiB - before.rssMiB).toBeLessThan(60);
  }, 180_000);
});
