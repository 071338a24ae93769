import { existsSync } from 'node:fs';
import { compiledTest } from '../../helpers/paths';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
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

async function blockedWorker(): Promise<WorkerProcess> {
  const env = { NODE_OPTIONS: `--require ${compiledTest('helpers/processes/block-main.js')}`, BLOCK_WHEN: 'block' };
  worker = await startWorker({ bootstrap, env });
  const started = worker;
  started.dir.write('block', '');
  await waitFor('the main thread to be blocked', () => existsSync(started.dir.file('block.blocked')));
  return started;
}

test.each([
  ['SIGTERM', 'SIGTERM', 143],
  ['SIGTERM', 'SIGINT', 130],
] as const)('%s and %s end a worker whose main thread does not answer', async (first, second, code) => {
  const blocked = await blockedWorker();
  blocked.child.signal(first);
  await pause(1200);
  blocked.child.signal(second);
  expect((await blocked.waitExit(10_000)).code).toBe(code);
  await blocked.waitLog('the main thread does not answer');
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
