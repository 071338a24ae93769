/** Records that fail, on a real broker: every stage, both tolerances, and dead letters that cannot be written for a while. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MockCluster } from '../../faults/arena/mock-cluster';
import { startJavaWorker } from '../../helpers/processes/java-worker';
import { startPluginWorker, testSink, testSource } from '../../helpers/processes/plugin-worker';
import type { Settings, WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker, sharedBootstrap } from '../../helpers/servers/broker';
import { consume, consumeValues, listTopics, produce, produceValues, type ReadRecord } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const bootstrap = sharedBootstrap();
let number = 0;
let topic = '';
let name = '';

const dlq = (more: Settings = {}): Settings => ({
  'errors.deadletterqueue.topic.name': `${topic}-dead`,
  'errors.deadletterqueue.topic.replication.factor': 1,
  'errors.deadletterqueue.context.headers.enable': true,
  ...more,
});

beforeEach(() => {
  number++;
  topic = `dead-${Date.now().toString(36)}-${number}`;
  name = `sink-${topic}`;
});

/** What makes a record fail: the second of three. */
interface Stage {
  readonly stage: string;
  readonly className: string;
  readonly settings: Settings;
  /** Key and header of the bad record, if not its value is bad. */
  readonly key?: string;
  readonly header?: string;
}

const REFUSE_BAD = { transforms: 'x', 'transforms.x.type': 'test.Refuse', 'transforms.x.text': 'bad' };

const contextOf = ({ headers }: ReadRecord): Record<string, string> =>
  Object.fromEntries(headers.map(([key, value]) => [key.replace('__connect.errors.', ''), value]));

/** Committed offset of the only partition; 0 for none. */
async function committed(worker: WorkerProcess, connector: string): Promise<number> {
  const { json } = await worker.get(`/connectors/${connector}/offsets`);
  return (json as { offsets: { offset: { kafka_offset: number } }[] }).offsets[0]?.offset.kafka_offset ?? 0;
}

describe('a record that fails', () => {
  let worker: WorkerProcess;

  beforeAll(async () => {
    worker = await startPluginWorker({ bootstrap, worker: { 'offset.flush.interval.ms': 200 } });
  });
  afterAll(async () => {
    await worker?.stop();
  });
  afterEach(() => worker.rest('DELETE', `/connectors/${name}`));

  const lines = (): string[] =>
    worker.dir
      .read(`${name}.0`)
      .split('\n')
      .filter(line => /^\d/.test(line));

  const STAGES: readonly Stage[] = [
    {
      stage: 'KEY_CONVERTER',
      className: JSON_CONVERTER,
      settings: { 'key.converter': JSON_CONVERTER, 'key.converter.schemas.enable': false },
      key: '{bad',
    },
    {
      stage: 'VALUE_CONVERTER',
      className: JSON_CONVERTER,
      settings: { 'value.converter': JSON_CONVERTER, 'value.converter.schemas.enable': false },
    },
    { stage: 'HEADER_CONVERTER', className: JSON_CONVERTER, settings: { 'header.converter': JSON_CONVERTER }, header: '{bad' },
    { stage: 'TRANSFORMATION', className: 'test.Refuse', settings: REFUSE_BAD },
    { stage: 'TASK_PUT', className: 'org.apache.kafka.connect.sink.SinkTask', settings: { report: 'bad' } },
  ];

  describe.each(STAGES)('at stage $stage', ({ stage, className, settings, key = '1', header = '' }) => {
    const bad = (): object => ({
      key: Buffer.from(key),
      value: Buffer.from('{bad'),
      headers: [...(header ? [['h', header]] : []), ...[['__connect.errors.stage', stage]]],
    });
    const fill = (): Promise<void> =>
      produce(bootstrap, topic, [
        { key: '1', value: '1' },
        { key, value: '{bad', ...(header && { headers: [['h', header]] as const }) },
        { key: '2', value: '2' },
      ]);

    test('is left out where that is tolerated, and is in the dead letter topic as it was', async () => {
      await fill();
      await worker.create(testSink(name, topic, worker.dir.file(name), { ...settings, ...dlq(), 'errors.tolerance': 'all' }));
      await waitFor('two records', () => lines().length === 2, { timeoutMs: 20_000 });
      const [letter, ...others] = await consume(bootstrap, `${topic}-dead`, 1);
      expect(others).toEqual([]);
      const { key: letterKey, value, headers } = letter as ReadRecord;
      expect({ key: letterKey, value, headers: headers.filter(([h]) => h === 'h' || h.endsWith('.stage')) }).toEqual(bad());
      expect(contextOf(letter as ReadRecord)).toMatchObject({ topic, offset: '1', 'class.name': className, 'connector.name': name });
      await waitFor('all committed', async () => (await committed(worker, name)) === 3);
    });

    test('fails the task where it is not tolerated, with a dead letter, and nothing behind it is committed', async () => {
      await fill();
      await worker.create(testSink(name, topic, worker.dir.file(name), { ...settings, ...dlq() }));
      await worker.waitState(name, 'RUNNING', 'FAILED');
      expect((await worker.get(`/connectors/${name}/status`)).text).toContain('Tolerance exceeded in error handler');
      expect((await consumeValues(bootstrap, `${topic}-dead`, 1)).slice(0, 1)).toEqual(['{bad']);
      expect(await committed(worker, name)).toBeLessThanOrEqual(1);
    });
  });

  const FLAKY = { transforms: 'x', 'transforms.x.type': 'test.Flaky', 'transforms.x.text': '7', 'transforms.x.times': 2 };

  test('for a while is tried again: a sink and a source lose nothing, and keep the order', async () => {
    const values = Array.from({ length: 20 }, (_, i) => `s ${i}`);
    await produceValues(bootstrap, topic, values);
    await worker.create(testSink(name, topic, worker.dir.file(name), { ...FLAKY, 'errors.retry.timeout': 10_000 }));
    await waitFor('20 records', () => lines().length >= 20, { timeoutMs: 20_000 });
    expect(lines()).toEqual(values.map((value, i) => `0 ${i} ${value}`));
    const source = testSource('s', `${topic}-out`, { ...FLAKY, count: 20, 'errors.retry.timeout': 10_000 });
    await worker.create(source);
    expect(await consumeValues(bootstrap, `${topic}-out`, 20)).toEqual(values);
    await worker.rest('DELETE', '/connectors/s');
  });

  test('and is tried for ever does not keep its task from pausing, resuming and ending, nor from its group', async () => {
    await produceValues(bootstrap, topic, ['1', '7', '2']);
    const flaky = { ...FLAKY, 'transforms.x.times': 1_000_000, 'errors.retry.timeout': -1 };
    const group = { 'consumer.override.max.poll.interval.ms': 6000, 'consumer.override.session.timeout.ms': 6000 };
    await worker.create(testSink(name, topic, worker.dir.file(name), { ...flaky, ...group }));
    await sleep(8000);
    await worker.waitState(name, 'RUNNING');
    expect(worker.dir.read(`${name}.0`)).toBe('open 0\n');
    const began = Date.now();
    expect((await worker.rest('DELETE', `/connectors/${name}`)).status).toBe(204);
    expect(Date.now() - began).toBeLessThan(4000);
    expect(worker.dir.read(`${name}.0`)).toBe('open 0\nclose 0\n');
  });

  test('and cannot have its topic, here for the default of three replicas, fails the task with the reason', async () => {
    await worker.create(testSink(name, topic, worker.dir.file(name), { 'errors.deadletterqueue.topic.name': `${topic}-dead` }));
    await worker.waitState(name, 'RUNNING', 'FAILED');
    const { text } = await worker.get(`/connectors/${name}/status`);
    expect(text).toContain(`Could not initialize dead letter queue with topic=${topic}-dead`);
    expect(text).toContain('InvalidReplicationFactorException');
  });

  test('has its topic made with the default replication of the brokers, where -1 is given, for a sink and for a source', async () => {
    const DEFAULT = -1;
    const names = [`${topic}-sink-dead`, `${topic}-source-dead`];
    const [ofSink = '', ofSource = ''] = names;
    const more = { 'errors.deadletterqueue.topic.name': ofSink, 'errors.deadletterqueue.topic.replication.factor': DEFAULT };
    await worker.create(testSink(name, topic, worker.dir.file(name), more));
    await worker.create(
      testSource('s', topic, {
        count: 1,
        'source.deadletters.topic.name': ofSource,
        'source.deadletters.topic.replication.factor': DEFAULT,
      }),
    );
    for (const each of [name, 's']) await worker.waitState(each, 'RUNNING');
    const areThere = async (): Promise<boolean> => {
      const topics = await listTopics(bootstrap);
      return names.every(each => topics.has(each));
    };
    await waitFor('both topics', areThere, { timeoutMs: 20_000 });
    await worker.rest('DELETE', '/connectors/s');
  });

  test('in a source is left out by default, and a document in a topic or a file by choice', async () => {
    const source = (more: Settings): Settings =>
      testSource(name, `${topic}-out`, { ...REFUSE_BAD, 'transforms.x.text': 'e 1', count: 3, 'errors.tolerance': 'all', ...more });
    const file = worker.dir.file(`${topic}.letters`);
    for (const more of [{ 'source.deadletters.topic.name': `${topic}-dead` }, { 'source.deadletters.file': file }]) {
      name = `source-${topic}-${Object.keys(more)[0]}`;
      await worker.create(source(more));
      await worker.waitState(name, 'RUNNING');
      const read = async (): Promise<(string | null)[]> =>
        'source.deadletters.file' in more ? worker.dir.read(`${topic}.letters`).split('\n') : consumeValues(bootstrap, `${topic}-dead`, 1);
      const [letter] = await waitFor('a letter', async () => ((await read())[0] ? read() : false), { timeoutMs: 20_000 });
      expect(JSON.parse(letter ?? '')).toMatchObject({
        task: `${name}-0`,
        stage: 'TRANSFORMATION',
        class: 'test.Refuse',
        exception: { class: 'org.apache.kafka.connect.errors.DataException', message: `refused: ${name} 1` },
        record: { sourcePartition: { source: name }, sourceOffset: { next: 2 }, topic: `${topic}-out`, value: { payload: `${name} 1` } },
      });
      await waitFor('its offset', async () => (await worker.get(`/connectors/${name}/offsets`)).text.includes('"next":3'));
      await worker.rest('DELETE', `/connectors/${name}`);
    }
  });

  test('in a source whose dead letter file cannot be written fails the task', async () => {
    await worker.create(testSource(name, topic, { count: 1, 'source.deadletters.file': worker.dir.file('missing/letters') }));
    await worker.waitState(name, 'RUNNING', 'FAILED');
    expect((await worker.get(`/connectors/${name}/status`)).text).toContain('Could not open the file for dead letters');
  });

  test('has the letter that the original worker writes', async () => {
    const bad = [{ key: '{"k":1}', value: '{bad', headers: [['h', 'v']] as const }, { value: 'worse' }];
    await produce(bootstrap, topic, bad);
    const sink = {
      'connector.class': 'FileStreamSink',
      topics: topic,
      ...dlq(),
      'errors.tolerance': 'all',
      'value.converter': JSON_CONVERTER,
      'value.converter.schemas.enable': false,
      name: 'compared',
    };
    const javas = `${topic}-java`;
    const java = await startJavaWorker({
      bootstrap,
      connectors: [
        { ...sink, file: worker.dir.file('java'), 'errors.deadletterqueue.topic.name': javas, 'consumer.override.group.id': javas },
      ],
    });
    try {
      await worker.create({ ...sink, file: worker.dir.file('ours') });
      // kcat separates headers by commas, which a stack trace may hold: it is the last one.
      const letters = async (from: string): Promise<unknown[]> =>
        (await consume(bootstrap, from, 2, { timeoutMs: 40_000 })).map(({ key, value, timestamp, headers }) => ({
          key,
          value,
          timestamp,
          headers: headers.slice(
            0,
            headers.findIndex(([header]) => header.endsWith('.stacktrace')),
          ),
        }));
      const ours = await letters(`${topic}-dead`);
      expect(ours).toEqual(await letters(javas));
      expect(ours).toHaveLength(2);
    } finally {
      await worker.rest('DELETE', '/connectors/compared');
      await java.stop();
    }
  }, 90_000);
});

describe('dead letters on a cluster that is away', () => {
  let broker: Broker;
  let dir: TempDir;
  let worker: WorkerProcess | undefined;

  beforeAll(async () => {
    broker = await Broker.start();
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    dir = new TempDir('dead');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const start = async (): Promise<WorkerProcess> => {
    const elsewhere = { 'producer.override.bootstrap.servers': broker.bootstrap, 'admin.override.bootstrap.servers': broker.bootstrap };
    worker = await startPluginWorker({
      bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 200, 'consumer.session.timeout.ms': 6000 },
      connectors: [testSink(name, topic, dir.file('out'), { ...REFUSE_BAD, ...elsewhere, ...dlq(), 'errors.tolerance': 'all' })],
    });
    await worker.waitState(name, 'RUNNING');
    return worker;
  };
  const put = (text: string): Promise<unknown> =>
    waitFor(`${text} to be put`, () => dir.read('out.0').includes(text), { timeoutMs: 20_000 });

  test('hold back the offsets, and nothing else; when it is back they are written, and the offsets follow', async () => {
    const running = await start();
    await produceValues(bootstrap, topic, ['good 1', 'bad 1', 'good 2']);
    await waitFor('all committed', async () => (await committed(running, name)) === 3, { timeoutMs: 20_000 });
    await broker.kill();
    await produceValues(bootstrap, topic, ['bad 2', 'good 3']);
    await put('good 3');
    await sleep(1500);
    expect(await committed(running, name)).toBe(3);
    await running.waitState(name, 'RUNNING');
    await broker.restart();
    await waitFor('all committed', async () => (await committed(running, name)) === 5, { timeoutMs: 30_000 });
    expect(await consumeValues(broker.bootstrap, `${topic}-dead`, 2)).toEqual(['bad 1', 'bad 2']);
  }, 90_000);

  test('are written after a kill -9 that came before them', async () => {
    const running = await start();
    await produceValues(bootstrap, topic, ['good 1']);
    await put('good 1');
    broker.pause();
    await produceValues(bootstrap, topic, ['bad 3', 'good 4', 'bad 5']);
    await put('good 4');
    await sleep(500);
    await running.kill9();
    broker.resume();
    await start();
    const letters = await consumeValues(broker.bootstrap, `${topic}-dead`, 2, { timeoutMs: 40_000 });
    expect([...new Set(letters)]).toEqual(['bad 3', 'bad 5']);
  }, 90_000);
});

test('dead letters of a sink and a source whose producers break are written with new ones, and no task fails', async () => {
  const NETWORK_EXCEPTION = 13;
  const dir = new TempDir('dead');
  const cluster = await MockCluster.start();
  let worker: WorkerProcess | undefined;
  try {
    const letters = `${topic}-dead`;
    await cluster.order({ type: 'topic', topic: letters });
    // The mock cluster answers no admin client: the topic is looked for, and made, elsewhere.
    const elsewhere = { ...REFUSE_BAD, 'errors.tolerance': 'all', 'producer.override.bootstrap.servers': cluster.bootstrap };
    const running = await startPluginWorker({ bootstrap, dir, worker: { 'offset.flush.interval.ms': 200 } });
    worker = running;
    await running.create(testSink(name, topic, dir.file('out'), { ...elsewhere, ...dlq() }));
    await produceValues(bootstrap, topic, ['bad 1', 'good 1']);
    await waitFor('the first offsets', async () => (await committed(running, name)) === 2, { timeoutMs: 20_000 });
    await cluster.order({ type: 'fail', errors: [NETWORK_EXCEPTION] });
    await produceValues(bootstrap, topic, ['bad 2', 'good 2', 'bad 3']);
    await running.waitLog(/The producer of dead letters has failed: .*NETWORK_EXCEPTION.*again in 1 s, with a new producer/, {
      timeoutMs: 20_000,
    });
    await waitFor('all offsets', async () => (await committed(running, name)) === 5, { timeoutMs: 30_000 });
    await running.waitState(name, 'RUNNING');
    const ofSink = await consumeValues(cluster.bootstrap, letters, 3);
    expect(new Set(ofSink)).toEqual(new Set(['bad 1', 'bad 2', 'bad 3']));
    // Every record of this source is a dead letter, so that the error meets one of them.
    await cluster.order({ type: 'fail', errors: [NETWORK_EXCEPTION] });
    const all = { ...elsewhere, 'transforms.x.text': 's', 'source.deadletters.topic.name': letters };
    await running.create(testSource('s', topic, { ...all, count: 5 }));
    await waitFor('the offset of the source', async () => (await running.get('/connectors/s/offsets')).text.includes('"next":5'), {
      timeoutMs: 30_000,
    });
    await running.waitState('s', 'RUNNING');
    const ofSource = (await consumeValues(cluster.bootstrap, letters, 5)).filter(value => value?.startsWith('{'));
    const numbers = ofSource.map(
      value => (JSON.parse(value ?? '') as { record: { sourceOffset: { next: number } } }).record.sourceOffset.next,
    );
    expect(new Set(numbers)).toEqual(new Set([1, 2, 3, 4, 5]));
  } finally {
    await worker?.kill9();
    await cluster.stop();
    dir.remove();
  }
}, 120_000);
