import fs from 'node:fs';
import type { ListedRecord } from '../../helpers/fakes/test-plugins';
import { startPluginWorker, testSink } from '../../helpers/processes/plugin-worker';
import type { Settings, WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consume, consumeValues, listTopics, produceValues } from '../../helpers/servers/kafka-io';
import { KafkaWire } from '../../helpers/servers/kafka-wire';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const run = Date.now().toString(36);
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const TRANSFORMS = 'org.apache.kafka.connect.transforms';
let dir: TempDir;
let worker: WorkerProcess;
let counter = 0;
let topic: string;

beforeAll(async () => {
  worker = await startPluginWorker({ bootstrap });
});
afterAll(() => worker.stop());
beforeEach(() => {
  dir = new TempDir('chain');
  topic = `chain-${run}-${counter++}`;
});
afterEach(() => dir.remove());

const fileSource = (file: string, more: Settings): Settings => ({
  name: topic,
  'connector.class': 'FileStreamSource',
  topic,
  file,
  ...more,
});
const listedSource = (records: readonly ListedRecord[], more: Settings = {}): Settings => ({
  name: topic,
  'connector.class': 'test.ListedSourceConnector',
  topic,
  records: JSON.stringify(records),
  ...more,
});

/** Waits until the offsets that the REST interface shows for the connector are these. */
async function waitOffset(expected: object): Promise<void> {
  await waitFor(`offset ${JSON.stringify(expected)}`, async () => {
    const { json } = await worker.get(`/connectors/${topic}/offsets`);
    const [entry] = (json as { offsets: { offset: object }[] }).offsets;
    return JSON.stringify(entry?.offset) === JSON.stringify(expected);
  });
}

const HOIST = { 'transforms.h.type': `${TRANSFORMS}.HoistField$Value`, 'transforms.h.field': 'line' };
const TOMBSTONE = { predicates: 'p', 'predicates.p.type': `${TRANSFORMS}.predicates.RecordIsTombstone` };
const DROP = { transforms: 'd', 'transforms.d.type': 'test.Drop', 'transforms.d.predicate': 'p' };
const HOLDS_X = { predicates: 'p', 'predicates.p.type': 'test.Holds', 'predicates.p.text': 'x' };
const REFUSE_X = { transforms: 'r', 'transforms.r.type': 'test.Refuse', 'transforms.r.text': 'x' };

describe('a source', () => {
  test.each([
    [
      'true',
      '{"schema":{"type":"struct","fields":[{"type":"string","optional":false,"field":"line"}],"optional":false},"payload":{"line":"é \\"1\\""}}',
    ],
    ['false', '{"schema":{"type":"string","optional":false},"payload":"é \\"1\\""}'],
  ])('hoists lines where the predicate, with negate=%s, lets it', async (negate, expected) => {
    const file = dir.write('in.txt', 'é "1"\n');
    const chain = { transforms: 'h', ...HOIST, ...TOMBSTONE, 'transforms.h.predicate': 'p', 'transforms.h.negate': negate };
    const before = Date.now();
    await worker.create(fileSource(file, { ...chain, 'value.converter': JSON_CONVERTER }));
    const [record] = await consume(bootstrap, topic, 1);
    expect(record?.value?.toString()).toBe(expected);
    expect(record?.timestamp).toBeGreaterThanOrEqual(before);
    expect(record?.timestamp).toBeLessThanOrEqual(Date.now());
  });

  test('brings every line of a large file, in order, and counts dropped ones as read', async () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => `${i}${i % 3 === 0 ? 'x' : ''}`);
    const file = dir.write('in.txt', `${lines.join('\n')}\nthe last x\n`);
    await worker.create(fileSource(file, { ...DROP, ...HOLDS_X }));
    const kept = lines.filter(line => !line.endsWith('x'));
    expect(await consumeValues(bootstrap, topic, kept.length)).toEqual(kept);
    await waitOffset({ position: fs.statSync(file).size });
    await worker.rest('PUT', `/connectors/${topic}/pause`);
    await worker.rest('PUT', `/connectors/${topic}/resume`);
    fs.appendFileSync(file, 'more\n');
    expect(await consumeValues(bootstrap, topic, kept.length + 1)).toEqual([...kept, 'more']);
  });

  test('that a transformation fails: what came before is there, the trace names the error, the offset stays', async () => {
    const file = dir.write('in.txt', 'one\ntwo\nx\nfour\n');
    await worker.create(fileSource(file, REFUSE_X));
    await worker.waitState(topic, 'RUNNING', 'FAILED');
    const { json } = await worker.get(`/connectors/${topic}/status`);
    const [task] = (json as { tasks: { trace: string }[] }).tasks;
    expect(task?.trace).toMatch(/^org\.apache\.kafka\.connect\.errors\.ConnectException: Tolerance exceeded in error handler\n\tat /);
    expect(task?.trace).toContain('Caused by: org.apache.kafka.connect.errors.DataException: refused: x\n');
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['one', 'two']);
    await waitOffset({ position: 8 });
  });

  test('with errors.tolerance=all goes on behind it, and the log names the class', async () => {
    const file = dir.write('in.txt', 'one\nx\nthree\n');
    await worker.create(fileSource(file, { ...REFUSE_X, 'errors.tolerance': 'all', 'errors.log.enable': true }));
    expect(await consumeValues(bootstrap, topic, 2)).toEqual(['one', 'three']);
    await worker.waitLog(`task ${topic}-0. Executing stage 'TRANSFORMATION' with class 'test.Refuse'`);
    await worker.waitState(topic, 'RUNNING');
  });

  test('whose records are routed elsewhere makes no topic of its own, and lists the topics it has written to', async () => {
    const letter = String.fromCharCode(97 + (counter % 26));
    const file = dir.write('in.txt', `${letter}${run} 1\n`);
    await worker.create(fileSource(file, { transforms: 'r', 'transforms.r.type': 'test.Route' }));
    const values = await waitFor('the record', async () => {
      const seen = await consumeValues(bootstrap, `t-${letter}`, 1);
      return seen.includes(`${letter}${run} 1`) && seen;
    });
    expect(values.filter(value => value === `${letter}${run} 1`)).toHaveLength(1);
    expect([...(await listTopics(bootstrap)).keys()]).not.toContain(topic);
    const { json } = await worker.get(`/connectors/${topic}/topics`);
    expect(json).toEqual({ [topic]: { topics: [`t-${letter}`] } });
  });

  test('sends keys, headers, partitions and timestamps as they are, empty and null told apart', async () => {
    const wire = await KafkaWire.connect(bootstrap);
    await wire.createTopic(topic, 3);
    wire.close();
    const file = dir.file('answers');
    const records: ListedRecord[] = [
      { topic, partition: 2, key: 'k', value: 'v0', timestamp: 1_600_000_000_001 },
      { topic, partition: 0, key: '', value: '', timestamp: 1 },
      {
        topic,
        partition: 2,
        value: 'v2',
        headers: [
          ['h', 'one'],
          ['h', 'two'],
          ['é', ''],
          ['empty', null],
        ],
      },
      { topic, partition: 2, key: 'tombstone', value: null, timestamp: 1_600_000_000_003 },
      { topic, partition: 2, value: 'v4', timestamp: 4, headers: Array.from({ length: 40 }, (_, i) => [`n${i}`, `${i}`] as const) },
      { topic, partition: 2, value: 'v5', timestamp: 5 },
    ];
    const before = Date.now();
    await worker.create(listedSource(records, { file }));
    const seen = await consume(bootstrap, topic, records.length);
    const shown = seen.map(({ partition, key, value, timestamp, headers }) => [
      partition,
      key?.toString() ?? null,
      value?.toString() ?? null,
      timestamp >= before ? 'now' : timestamp,
      headers,
    ]);
    expect(shown).toEqual([
      [0, '', '', 1, []],
      [2, 'k', 'v0', 1_600_000_000_001, []],
      [
        2,
        null,
        'v2',
        'now',
        [
          ['h', 'one'],
          ['h', 'two'],
          ['é', ''],
          ['empty', 'NULL'],
        ],
      ],
      [2, 'tombstone', null, 1_600_000_000_003, []],
      [2, null, 'v4', 4, records[4]?.headers],
      [2, null, 'v5', 5, []],
    ]);
    const answers = ['v0', '', 'v2', 'null', 'v4', 'v5'].map(
      (value, i) => `${value}: ${topic} ${i === 1 ? '0 0' : `2 ${i === 0 ? 0 : i - 1}`}`,
    );
    await waitFor('answers', () => fs.existsSync(file) && fs.readFileSync(file, 'utf8').trimEnd().split('\n').length === records.length);
    expect(fs.readFileSync(file, 'utf8').trimEnd().split('\n').sort()).toEqual(answers.sort());
  });
});

describe('a sink', () => {
  test('gets what the chain has made; offsets of dropped records are committed', async () => {
    await produceValues(bootstrap, topic, ['one', 'x', 'three', 'x']);
    const file = dir.file('out');
    const append = { transforms: 'd,a', 'transforms.a.type': 'test.Append', 'transforms.a.text': '!' };
    const sink = { name: topic, 'connector.class': 'FileStreamSink', topics: topic, file };
    await worker.create({ ...sink, ...DROP, ...HOLDS_X, ...append });
    await waitFor('the lines', () => fs.existsSync(file) && fs.readFileSync(file, 'utf8') === 'one!\nthree!\n');
    await waitOffset({ kafka_offset: 4 });
  });

  test('whose records change their topic commits the topic they came from', async () => {
    await produceValues(bootstrap, topic, ['one', 'two']);
    const file = dir.file('out');
    await worker.create(testSink(topic, topic, file, { transforms: 'r', 'transforms.r.type': 'test.Route' }));
    await waitFor('the lines', () => fs.existsSync(`${file}.0`) && fs.readFileSync(`${file}.0`, 'utf8').endsWith('0 0 one\n0 1 two\n'));
    await waitOffset({ kafka_offset: 2 });
  });

  test('that a transformation fails ends FAILED; with tolerance it leaves the record out', async () => {
    await produceValues(bootstrap, topic, ['one', 'x', 'three']);
    const file = dir.file('out');
    const sink = { name: topic, 'connector.class': 'FileStreamSink', topics: topic, file, ...REFUSE_X };
    await worker.create(sink);
    await worker.waitState(topic, 'RUNNING', 'FAILED');
    const { text } = await worker.get(`/connectors/${topic}/status`);
    expect(text).toContain('Tolerance exceeded in error handler');
    expect(text).toContain('DataException: refused: x');
    await worker.rest('PUT', `/connectors/${topic}/config`, { ...sink, 'errors.tolerance': 'all' });
    await waitFor('the lines', () => fs.readFileSync(file, 'utf8') === 'one\nthree\n');
    await waitOffset({ kafka_offset: 3 });
  });
});
