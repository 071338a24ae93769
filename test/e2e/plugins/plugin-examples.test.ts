import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { inRepository } from '../../helpers/paths';
import { buildPlugin, type Changes, copyExample, listenChange, runIn } from '../../helpers/processes/example-run';
import { loadPlugins } from '../../helpers/processes/load-plugins';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues, endOffset, produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

// Each example is compiled as its author would do it.
jest.setTimeout(120_000);

const unique = (name: string): string => `${name}-${Date.now().toString(36)}`;
const STOPPED = { code: 143, signal: null };

/** What a test has started; a failed one leaves it running. */
const cleanUps: (() => unknown)[] = [];
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
});

/** An example in a folder of its own: compiled, with the broker and the names of the test. */
async function prepare(name: string, changes: Changes): Promise<{ run: (connector: string) => WorkerProcess }> {
  const dir = new TempDir(name);
  cleanUps.push(() => dir.remove());
  const { port, change } = await listenChange();
  copyExample(name, dir, { ...change, 'bootstrap.servers': sharedBootstrap(), ...changes });
  await buildPlugin(dir);
  const run = (connector: string): WorkerProcess => {
    const worker = runIn(dir, ['worker.properties', connector], port);
    cleanUps.push(() => worker.stop());
    return worker;
  };
  return { run };
}

test('the transformation in README compiles and is loaded', async () => {
  const dir = new TempDir('readme-plugin');
  cleanUps.push(() => dir.remove());
  const [, source = ''] = /```ts\n(\/\/ drop-empty\.ts\n[\s\S]*?)```/.exec(readFileSync(inRepository('README.md'), 'utf8')) ?? [];
  dir.write('drop-empty.ts', source);
  dir.write(
    'tsconfig.json',
    readFileSync(inRepository('examples/redact-transform/tsconfig.json'), 'utf8').replace(/"files": .*/, '"files": ["drop-empty.ts"]'),
  );
  dir.write('package.json', '{"connect-standalone": {"module": "dist/drop-empty.js", "classes": ["com.example.DropEmpty"]}}');
  await buildPlugin(dir);
  expect(await loadPlugins(dir.path)).toMatchObject({ failures: [], inTask: ['com.example.DropEmpty'] });
});

test('examples/redact-transform: what matches never reaches the topic', async () => {
  const topic = unique('redact');
  const { run } = await prepare('redact-transform', { topic });
  const worker = run('source.properties');
  expect(await consumeValues(sharedBootstrap(), topic, 2)).toEqual(['login user=ada password=***', 'logout user=ada']);
  expect(await worker.stop()).toEqual(STOPPED);
});

test('examples/host-metrics-source: numbers its records on over a restart', async () => {
  const topic = unique('host-metrics');
  const { run } = await prepare('host-metrics-source', { topic, 'interval.ms': 50 });
  for (let i = 0; i < 2; i++) {
    const enough = (await endOffset(sharedBootstrap(), topic)) + 3;
    const worker = run('source.properties');
    await waitFor(`${enough} records`, async () => (await endOffset(sharedBootstrap(), topic)) >= enough, { timeoutMs: 30_000 });
    expect(await worker.stop()).toEqual(STOPPED);
  }
  const records = (await consumeValues(sharedBootstrap(), topic, 6)).map(text => JSON.parse(text ?? '') as Record<string, number>);
  expect(records.map(({ number }) => number)).toEqual(records.map((_, i) => i + 1));
  for (const record of records) {
    expect(record).toEqual({
      number: expect.any(Number),
      at: expect.any(Number),
      load: expect.any(Number),
      free_bytes: expect.any(Number),
    });
    expect(Math.abs((record.at ?? 0) - Date.now())).toBeLessThan(120_000);
  }
});

describe('examples/http-sink', () => {
  const bodies: string[] = [];
  let status = 200;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(`${status} ${Buffer.concat(chunks)}`);
      response.writeHead(status).end();
    });
  });
  let settings: Changes = {};
  let run: (connector: string) => WorkerProcess;
  const topic = unique('http-sink');

  beforeAll(async () => {
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    settings = { name: unique('http-sink'), topics: topic, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/lines` };
    ({ run } = await prepare('http-sink', settings));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('posts lines, and posts again what a server in trouble has not taken', async () => {
    await produceValues(sharedBootstrap(), topic, ['one', 'two']);
    status = 503;
    const worker = run('sink.properties');
    await waitFor('a refused batch', () => bodies.includes('503 one\ntwo\n'), { timeoutMs: 30_000 });
    status = 200;
    await waitFor('the batch once more', () => bodies.includes('200 one\ntwo\n'), { timeoutMs: 30_000 });
    expect(await worker.stop()).toEqual(STOPPED);
    expect(bodies.filter(body => body.startsWith('200'))).toEqual(['200 one\ntwo\n']);
  });

  test('what the server refuses for good fails the task, which says so; a restart goes on from there', async () => {
    await produceValues(sharedBootstrap(), topic, ['three']);
    status = 400;
    const worker = run('sink.properties');
    const name = String(settings.name);
    await worker.waitHealthy();
    await worker.waitState(name, 'RUNNING', 'FAILED');
    expect((await worker.get(`/connectors/${name}/status`)).text).toContain('/lines answered 400');
    status = 200;
    await worker.rest('POST', `/connectors/${name}/tasks/0/restart`);
    await waitFor('the batch', () => bodies.includes('200 three\n'), { timeoutMs: 30_000 });
    expect(await worker.stop()).toEqual(STOPPED);
  });

  test('a URL that is none is refused before anything starts', async () => {
    const worker = run('sink.properties');
    await worker.waitHealthy();
    const config = { 'connector.class': 'HttpSink', topics: topic, name: 'x', url: 'nowhere' };
    const { text } = await worker.rest('PUT', '/connector-plugins/HttpSink/config/validate', config);
    expect(text).toContain('Invalid value nowhere for configuration url: Not a URL');
    await worker.stop();
  });
});
