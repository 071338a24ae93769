/** The metrics of a worker that has moved what is known: lines of a file through a topic into a file, and records of a plugin. */
import fs from 'node:fs';
import { compiledTest } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { STRING_CONVERTERS } from '../../helpers/processes/worker-process';
import { TempDir } from '../../helpers/temp-dir';

const LINES = 3000;
/** Every hundredth line is no number. */
const BAD = LINES / 100;
const MADE = 120;

interface Shown {
  readonly group: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: string;
}

describe('the metrics of a worker', () => {
  const dir = new TempDir('metrics');
  let atWork: readonly Shown[];
  let stopped: readonly Shown[];

  const properties = (name: string, settings: Readonly<Record<string, string | number>>): string =>
    dir.write(
      name,
      Object.entries(settings)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );

  beforeAll(async () => {
    const lines = Array.from({ length: LINES }, (_, i) => (i % 100 === 7 ? `bad ${i}` : i));
    dir.write('in.txt', `${lines.join('\n')}\n`);
    const worker = properties('worker.properties', {
      ...STRING_CONVERTERS,
      'bootstrap.servers': 'embedded',
      'offset.storage.file.filename': dir.file('offsets'),
      'offset.flush.interval.ms': 300,
      listeners: 'http://127.0.0.1:0',
      'plugin.path': compiledTest('helpers/fakes/test-plugins.js'),
    });
    const source = properties('source.properties', {
      name: 'lines',
      'connector.class': 'FileStreamSource',
      file: dir.file('in.txt'),
      topic: 'lines',
      transforms: 'int',
      'transforms.int.type': 'org.apache.kafka.connect.transforms.Cast$Value',
      'transforms.int.spec': 'int32',
      'errors.tolerance': 'all',
      'errors.log.enable': 'true',
      'source.deadletters.file': dir.file('dead.json'),
    });
    const sink = properties('sink.properties', {
      name: 'file',
      'connector.class': 'FileStreamSink',
      file: dir.file('out.txt'),
      topics: 'lines',
    });
    const plugin = properties('plugin.properties', {
      name: 'made',
      'connector.class': 'test.TestSourceConnector',
      topic: 'made',
      count: MADE,
    });
    const pluginSink = properties('plugin-sink.properties', {
      name: 'taken',
      'connector.class': 'test.TestSinkConnector',
      topics: 'made',
      file: dir.file('taken'),
    });
    const result = await runCommand(
      'node',
      [compiledTest('helpers/processes/measured-worker.js'), worker, source, sink, plugin, pluginSink],
      {
        timeoutMs: 100_000,
      },
    );
    const [first, second] = result.stdout.toString().split('\n');
    if (!first || !second) throw new Error(`no metrics: ${result.stderr}`);
    atWork = JSON.parse(first) as Shown[];
    stopped = JSON.parse(second) as Shown[];
  }, 120_000);
  afterAll(() => dir.remove());

  /** The value of a task's metric, by its connector. */
  const of = (connector: string, name: string): number =>
    Number(atWork.find(metric => metric.name === name && metric.tags.connector === connector && 'task' in metric.tags)?.value);

  test('of a file source are those of its lines and of its dead letters', () => {
    expect(fs.readFileSync(dir.file('dead.json'), 'utf8').trimEnd().split('\n')).toHaveLength(BAD);
    expect(of('lines', 'source-record-poll-total')).toBe(LINES);
    expect(of('lines', 'source-record-write-total')).toBe(LINES - BAD);
    expect(of('lines', 'source-record-active-count')).toBe(0);
    expect(of('lines', 'batch-size-max')).toBeLessThanOrEqual(LINES);
    expect(of('lines', 'source-record-active-count-max')).toBeGreaterThanOrEqual(of('lines', 'batch-size-max'));
    expect(of('lines', 'poll-batch-max-time-ms')).toBeGreaterThan(0);
    for (const name of [
      'total-record-failures',
      'total-record-errors',
      'total-records-skipped',
      'total-errors-logged',
      'deadletterqueue-produce-requests',
    ])
      expect([name, of('lines', name)]).toEqual([name, BAD]);
    expect([of('lines', 'total-retries'), of('lines', 'deadletterqueue-produce-failures')]).toEqual([0, 0]);
    expect(of('lines', 'last-error-timestamp')).toBeGreaterThan(Date.now() - 300_000);
    expect(of('lines', 'source-record-poll-rate')).toBeGreaterThan(0);
    expect(of('lines', 'source-record-poll-rate')).toBeLessThanOrEqual(LINES / 30);
  });

  test('of a file sink are those of what it has written and committed', () => {
    const written = fs.readFileSync(dir.file('out.txt'), 'utf8').trimEnd().split('\n').length;
    expect(written).toBe(LINES - BAD);
    for (const name of ['sink-record-read-total', 'sink-record-send-total']) expect([name, of('file', name)]).toEqual([name, written]);
    expect(of('file', 'partition-count')).toBe(1);
    expect(of('file', 'put-batch-max-time-ms')).toBeGreaterThan(0);
    expect(of('file', 'sink-record-active-count-max')).toBeGreaterThan(0);
    expect(of('file', 'running-ratio')).toBeGreaterThan(0);
  });

  test('of a plugin are those that it has registered, with its own name, until it is stopped', () => {
    expect(of('made', 'records-made-total')).toBe(MADE);
    expect(of('made', 'next-record')).toBe(MADE);
    expect(of('taken', 'records-put-total')).toBe(MADE);
    expect(of('taken', 'put-size-max')).toBeGreaterThan(0);
    const own = atWork.filter(({ group }) => group === 'plugins');
    expect(own.filter(({ tags }) => Object.keys(tags).join() === 'connector,task')).toHaveLength(4);
    // In the thread of the connector, which is another one.
    const ofConnectors = own.filter(({ tags }) => !('task' in tags));
    expect(ofConnectors.map(({ name, tags, value }) => [name, tags, Number(value) > 2])).toEqual([
      ['settings', { connector: 'made' }, true],
      ['settings', { connector: 'taken' }, true],
    ]);
    expect(stopped.filter(({ group }) => group === 'plugins')).toEqual([]);
  });

  test('of tasks are gone when the worker has stopped', () => {
    expect(stopped.filter(({ tags }) => 'task' in tags)).toEqual([]);
  });
});
