/** What became of the records of tasks, over REST and in the log, on a real broker. */

import { startPluginWorker, testSink } from '../../helpers/processes/plugin-worker';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const topic = `counters-${Date.now().toString(36)}`;
const ZERO = { acknowledged: 0, filtered: 0, deadLettered: 0, skipped: 0, pending: 0, oldestPending: null };
let worker: WorkerProcess;

beforeAll(async () => {
  worker = await startPluginWorker({ bootstrap, worker: { 'offset.flush.interval.ms': 200 } });
});
afterAll(async () => {
  await worker?.stop();
});

async function counters(name: string): Promise<unknown> {
  const { json } = await worker.get(`/connectors/${name}/status?counters=true`);
  return (json as { tasks: { counters: unknown }[] }).tasks[0]?.counters;
}

async function waitCounters(name: string, expected: object): Promise<void> {
  let seen: unknown;
  const look = async (): Promise<boolean> => {
    seen = await counters(name);
    return JSON.stringify(seen) === JSON.stringify(expected);
  };
  await waitFor(`the counters of ${name}`, look, { timeoutMs: 30_000 }).catch(() => expect(seen).toEqual(expected));
}

/** Ten lines: two are dropped, one is refused, one is too long to be read, the rest goes to the topic. */
const LINES = ['a', 'drop 1', 'b', `${'x'.repeat(2000)}`, 'c', 'bad', 'd', 'drop 2', 'e', 'errant'];
const STAGES = {
  transforms: 'drop,refuse',
  'transforms.drop.type': 'test.Drop',
  'transforms.drop.predicate': 'dropped',
  'transforms.refuse.type': 'test.Refuse',
  'transforms.refuse.text': 'bad',
  predicates: 'dropped',
  'predicates.dropped.type': 'test.Holds',
  'predicates.dropped.text': 'drop',
  'errors.tolerance': 'all',
};

test('every line of a file, and every message of its topic, is in one of the counts', async () => {
  const file = worker.dir.write('input', `${LINES.join('\n')}\n`);
  const source = { name: 'src', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file, topic };
  await worker.create({ ...source, ...STAGES, 'producer.override.max.request.size': 1000 });
  await waitCounters('src', { read: 10, ...ZERO, acknowledged: 6, filtered: 2, skipped: 2 });
  const dlq = { 'errors.deadletterqueue.topic.name': `${topic}-dead`, 'errors.deadletterqueue.topic.replication.factor': 1 };
  const refuse = {
    transforms: 'refuse',
    'transforms.refuse.type': 'test.Refuse',
    'transforms.refuse.text': 'c',
    'errors.tolerance': 'all',
  };
  await worker.create(testSink('snk', topic, worker.dir.file('snk'), { ...dlq, ...refuse, report: 'errant' }));
  await waitCounters('snk', { read: 6, ...ZERO, acknowledged: 4, deadLettered: 2 });
});

test('the status of Java has no counters', async () => {
  const { json } = await worker.get('/connectors/src/status');
  expect(Object.keys((json as { tasks: object[] }).tasks[0] ?? {})).toEqual(['id', 'state', 'worker_id', 'version']);
});

test('a restarted task begins with 0', async () => {
  await worker.rest('POST', '/connectors/src/tasks/0/restart');
  await worker.waitState('src', 'RUNNING');
  await waitCounters('src', { read: 0, ...ZERO });
});

test('records that failed their task are under way: they come again', async () => {
  const sink = testSink('failing', topic, worker.dir.file('failing'), { transforms: 'x', 'transforms.x.type': 'test.Refuse' });
  await worker.create({ ...sink, 'transforms.x.text': 'errant', 'consumer.override.max.poll.records': 2 });
  await worker.waitState('failing', 'RUNNING', 'FAILED');
  const found = { read: 6, ...ZERO, acknowledged: 4, pending: 2, oldestPending: { topic, partition: 0, ageMs: expect.any(Number) } };
  const look = async (): Promise<boolean> => {
    expect(await counters('failing')).toEqual(found);
    return true;
  };
  await waitFor('the counters', look, { timeoutMs: 30_000 });
});

test('the log says it at the end of every task, and nothing is called a bug', async () => {
  await worker.stop();
  const said = [...worker.output.matchAll(/INFO \[\w+\|task-0\] (Task \w+-0: read .*) \(/g)].map(([, line = '']) =>
    line.replace(/\d+ s$/, '0 s'),
  );
  expect(said.sort()).toEqual([
    `Task failing-0: read 6 = acknowledged 4 + filtered 0 + dead-lettered 0 + skipped 0 + pending 2, the oldest of topic ${topic} partition 0 for 0 s`,
    'Task snk-0: read 6 = acknowledged 4 + filtered 0 + dead-lettered 2 + skipped 0 + pending 0',
    'Task src-0: read 0 = acknowledged 0 + filtered 0 + dead-lettered 0 + skipped 0 + pending 0',
    'Task src-0: read 10 = acknowledged 6 + filtered 2 + dead-lettered 0 + skipped 2 + pending 0',
  ]);
  expect(worker.output).not.toContain('bug');
});
