import { existsSync } from 'node:fs';
import { compiledTest } from '../../helpers/paths';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
let worker: WorkerProcess | undefined;

afterEach(async () => {
  await worker?.kill9();
  worker?.dir.remove();
  worker = undefined;
});

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

const SOURCE = { name: 'source', 'connector.class': 'FileStreamSource', file: '/dev/null', topic: 'blocked' };

/** A worker whose main thread can be blocked. */
async function start(connectors: readonly Settings[]): Promise<WorkerProcess> {
  const env = { NODE_OPTIONS: `--require ${compiledTest('helpers/processes/block-main.js')}`, BLOCK_WHEN: 'block' };
  const started = await startWorker({ bootstrap, env, connectors });
  worker = started;
  for (const { name } of connectors) await started.waitState(String(name), 'RUNNING');
  return started;
}

async function block(started: WorkerProcess): Promise<void> {
  started.dir.write('block', '');
  await waitFor('the main thread to be blocked', () => existsSync(started.dir.file('block.blocked')));
}

async function blockedWorker(connectors: readonly Settings[] = []): Promise<WorkerProcess> {
  const started = await start(connectors);
  await block(started);
  return started;
}

test.each([
  ['without tasks', [], 'SIGTERM', 'SIGTERM', 143],
  ['without tasks', [], 'SIGTERM', 'SIGINT', 130],
  ['with tasks', [SOURCE, { ...SOURCE, name: 'another' }], 'SIGTERM', 'SIGTERM', 143],
] as const)('a worker %s whose main thread does not answer: %#: two signals end it', async (_, connectors, first, second, code) => {
  const blocked = await blockedWorker(connectors);
  blocked.child.signal(first);
  await pause(1200);
  blocked.child.signal(second);
  expect((await blocked.waitExit(10_000)).code).toBe(code);
  await blocked.waitLog('the main thread does not answer');
});

test('the last connector goes, then the main thread is blocked: two signals end the worker', async () => {
  const left = await start([SOURCE]);
  expect((await left.rest('DELETE', '/connectors/source')).status).toBe(204);
  await pause(1000);
  await block(left);
  left.child.signal('SIGTERM');
  await pause(1200);
  left.child.signal('SIGTERM');
  expect((await left.waitExit(10_000)).code).toBe(143);
});

test('Two signals in a row are one wish to end, also while the main thread is busy', async () => {
  const blocked = await blockedWorker();
  blocked.child.signal('SIGTERM');
  await pause(20);
  blocked.child.signal('SIGTERM');
  await pause(2500);
  expect(blocked.child.alive).toBe(true);
});

test('A pattern that would keep the main thread for ever is an error, and the worker answers', async () => {
  worker = await startWorker({ bootstrap });
  const config = {
    'connector.class': 'FileStreamSink',
    file: worker.dir.file('out'),
    'topics.regex': '(.*a){14}x',
    'errors.deadletterqueue.topic.name': `${'a'.repeat(40)}!`,
  };
  const answer = await worker.rest('POST', '/connectors', { name: 'endless', config });
  expect(answer.status).toBe(400);
  expect(answer.text).toMatch(/topics\.regex: The regular expression .* takes more than \d+ steps/);
  const validation = await worker.rest('PUT', '/connector-plugins/FileStreamSink/config/validate', { name: 'endless', ...config });
  expect(validation.status).toBe(200);
  expect((await worker.get('/connectors')).json).toEqual([]);
});
