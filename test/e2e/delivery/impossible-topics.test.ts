/** Topics that cannot be, and records that a broker refuses, on a real broker: nothing is waited for without end, and everything is named. */

import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { listTopics, produceValues } from '../../helpers/servers/kafka-io';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const run = Date.now().toString(36);
let worker: WorkerProcess;
let serial = 0;

beforeAll(async () => {
  worker = await startWorker({ bootstrap, worker: { 'offset.flush.interval.ms': 200 } });
});
afterAll(async () => {
  await worker?.stop();
});

function source(topic: string, more: Settings = {}): Settings & { name: string } {
  const name = `src-${serial++}`;
  const file = worker.dir.write(`${name}-in`, 'one\ntwo\nthree\n');
  return { name, 'connector.class': 'FileStreamSource', 'tasks.max': 1, file, topic, ...more };
}

const ROUTER = { transforms: 'r', 'transforms.r.type': 'org.apache.kafka.connect.transforms.RegexRouter', 'transforms.r.regex': '(.*)' };

/** The trace of a task that must fail within seconds. */
async function traceOf(settings: Settings & { name: string }): Promise<string> {
  await worker.create(settings);
  await worker.waitState(settings.name, 'RUNNING', 'FAILED', { timeoutMs: 15_000 });
  const { json } = await worker.get(`/connectors/${settings.name}/status`);
  return (json as { tasks: { trace: string }[] }).tasks[0]?.trace ?? '';
}

async function countersOf(name: string): Promise<{ read: number; skipped: number; acknowledged: number } | undefined> {
  const { json } = await worker.get(`/connectors/${name}/status?counters=true`);
  return (json as { tasks: { counters: { read: number; skipped: number; acknowledged: number } }[] }).tasks[0]?.counters;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that no provider replaces
const IMPOSSIBLE = ['my topic!', '..', '.', 'x'.repeat(250), '${env:NO}', 'a/b', 'ü'];

test.each(IMPOSSIBLE)('validation refuses the topic %s, of a source and of a sink', async topic => {
  const answer = await worker.rest('POST', '/connectors', { name: 'bad', config: source(topic, { name: 'bad' }) });
  expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Topic name is invalid: ')]);
  const sink = { name: 'bad', 'connector.class': 'FileStreamSink', 'tasks.max': 1, file: worker.dir.file('bad'), topics: topic };
  const refused = await worker.rest('POST', '/connectors', { name: 'bad', config: sink });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Topic name is invalid: ')]);
});

// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable that no provider replaces
test.each(['x/$1', '..', 'my topic!', `${'y'.repeat(250)}`, '\\${env:NO}', 'z'.repeat(600)])(
  'records routed to %s fail their task at once, by name',
  async to => {
    for (const creation of [{}, { 'topic.creation.default.partitions': 1, 'topic.creation.default.replication.factor': 1 }]) {
      const trace = await traceOf(source(`t-${run}`, { ...ROUTER, 'transforms.r.replacement': to, ...creation }));
      const name = to.replace('$1', `t-${run}`).replace('\\', '');
      expect(trace).toContain(`org.apache.kafka.common.errors.InvalidTopicException: Invalid topics: [${name}]`);
      expect(trace).toMatch(/record \{topic='.*', sourcePartition=\{filename=.*\}, sourceOffset=\{position=4\}\}/);
    }
  },
);

test('with errors.tolerance=all they are left out and counted, and the others go on', async () => {
  const topic = `kept-${run}`;
  // Lines go to the topic of their own name; `b/d` is none.
  const settings = source(topic, { 'errors.tolerance': 'all', ...ROUTER, 'transforms.r.replacement': 'x/$1' });
  await worker.create(settings);
  const all = async (): Promise<boolean> => (await countersOf(settings.name))?.skipped === 3;
  await waitFor('three records to be left out', all, { timeoutMs: 15_000 });
  expect(await countersOf(settings.name)).toMatchObject({ read: 3, skipped: 3, acknowledged: 0 });
  const { json } = await worker.get(`/connectors/${settings.name}/status`);
  expect(json).toMatchObject({ tasks: [{ state: 'RUNNING' }] });
  const committed = async (): Promise<boolean> => /"position":14/.test((await worker.get(`/connectors/${settings.name}/offsets`)).text);
  await waitFor('the offset behind them', committed, { timeoutMs: 15_000 });
  expect([...(await listTopics(bootstrap)).keys()].filter(name => name.includes('/'))).toEqual([]);
});

test("a record that a compacted topic refuses is told of in the broker's own words, with its place", async () => {
  const topic = `compact-${run}`;
  const creation = {
    'topic.creation.default.partitions': 1,
    'topic.creation.default.replication.factor': 1,
    'topic.creation.default.cleanup.policy': 'compact',
  };
  const trace = await traceOf(source(topic, creation));
  expect(trace).toContain(
    `org.apache.kafka.common.InvalidRecordException: Compacted topic cannot accept message without key in topic partition ${topic}-0`,
  );
  expect(trace).toMatch(new RegExp(`record \\{topic='${topic}', sourcePartition=\\{filename=.*\\}, sourceOffset=\\{position=4\\}\\}`));
});

test('a record that a sink cannot read is named by topic, partition and offset', async () => {
  const topic = `unreadable-${run}`;
  await produceValues(bootstrap, topic, ['{"schema":null,"payload":1}', 'no json']);
  const trace = await traceOf({
    name: `sink-${serial++}`,
    'connector.class': 'FileStreamSink',
    'tasks.max': 1,
    file: worker.dir.file('out'),
    topics: topic,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'consumer.override.auto.offset.reset': 'earliest',
  });
  expect(trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: Tolerance exceeded in error handler\n/);
  expect(trace).toContain(`Failed at stage VALUE_CONVERTER: record {topic='${topic}', partition=0, offset=1}`);
});
