/** More tasks than the machine can carry: refused, or as many as there is room for. */

import { ourBinary, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

jest.setTimeout(120_000);

let dir: TempDir;
let worker: WorkerProcess | undefined;
beforeEach(() => {
  dir = new TempDir('many-tasks');
});
afterEach(async () => {
  await worker?.kill9();
  dir.remove();
});

const sink = (tasksMax: number): object => ({
  name: 'many',
  config: { 'connector.class': 'FileStreamSink', topics: 't', file: dir.file('out'), 'tasks.max': tasksMax },
});

interface Status {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly state: string; readonly trace?: string }[];
}

const statusOf = async (running: WorkerProcess): Promise<Status> => (await running.get('/connectors/many/status')).json as Status;

test('tasks.max beyond tasks.max.limit is refused, by validation too', async () => {
  worker = await startWorker({ bootstrap: 'embedded', dir, worker: { 'tasks.max.limit': 5 } });
  const { status, text } = await worker.rest('POST', '/connectors', sink(20_000));
  expect(status).toBe(400);
  expect(text).toContain('Invalid value 20000 for configuration tasks.max: Value must be no more than 5 (tasks.max.limit in');
  expect((await worker.rest('POST', '/connectors', sink(5))).status).toBe(201);
});

test('tasks start until descriptors are scarce; the others say why, and the worker goes on', async () => {
  const command = ['bash', '-c', 'ulimit -n 400; exec "$0" "$@"', ourBinary] as const;
  const running = await startWorker({ bootstrap: 'embedded', dir, command });
  worker = running;
  expect((await running.rest('POST', '/connectors', sink(300))).status).toBe(201);
  await waitFor('tasks in their states', async () => (await statusOf(running)).tasks.every(({ state }) => state !== 'UNASSIGNED'), {
    timeoutMs: 60_000,
  });
  const { connector, tasks } = await statusOf(running);
  expect([connector.state, tasks.length]).toEqual(['RUNNING', 300]);
  const refused = tasks.filter(({ state }) => state === 'FAILED');
  expect(refused.length).toBeGreaterThan(100);
  expect(tasks.filter(({ state }) => state === 'RUNNING').length).toBeGreaterThan(5);
  for (const { trace } of refused) expect(trace).toMatch(/resources have run short|too many open files|EMFILE/i);
  expect(refused.at(-1)?.trace).toMatch(/of 400 file descriptors are in use|has failed with/);
  expect(running.output.match(/Failed to start task/g)?.length).toBe(1);
  // What tasks leave to the worker is enough for all of this.
  expect((await running.rest('DELETE', '/connectors/many')).status).toBe(204);
  expect((await running.rest('POST', '/connectors', sink(2))).status).toBe(201);
  await running.waitState('many', 'RUNNING');
});
