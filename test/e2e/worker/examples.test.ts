import { appendFileSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { inRepository } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { type Changes, copyExample, listenChange, runIn, runToEnd, writeChanged } from '../../helpers/processes/example-run';
import { javaWorkerCommand } from '../../helpers/processes/java-worker';
import { Broker, sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

// The Java worker and a broker of its own take their time on a busy machine.
jest.setTimeout(180_000);

const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `line ${from + i}, \u00e9t\u00e9`);
const textOf = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('');
const unique = (name: string): string => `${name}-${Date.now().toString(36)}`;
const STOPPED = { code: 143, signal: null };

describe('npm start -- --drain', () => {
  const dir = new TempDir('quickstart');
  afterAll(() => dir.remove());
  const quickstart = (...args: string[]) => runCommand(process.execPath, [inRepository('dist/src/cli/quickstart.js'), '--drain', ...args]);

  test('moves its own file and compares', async () => {
    const result = await quickstart();
    expect(result.code).toBe(0);
    expect(result.stdout.toString()).toContain('Every byte has arrived.');
  });

  test('moves 20 MB through the embedded broker', async () => {
    const lines = numbered(0, 2000).map(line => `${line} ${'x'.repeat(80)}`);
    const file = dir.write('big.txt', textOf(lines).repeat(100));
    const result = await quickstart(file);
    expect(result.stdout.toString()).toContain('200,000 records');
    expect(result.stdout.toString()).toContain('Every byte has arrived.');
    expect(result.code).toBe(0);
  });

  test('with a last line that has no line end: exit code 1, and says why', async () => {
    const file = dir.write('torn.txt', textOf(numbered(0, 3)));
    truncateSync(file, readFileSync(file).length - 1);
    const result = await quickstart(file);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('A last line without a line end is held back');
  });

  test('with line ends of Windows: exit code 1, and says why', async () => {
    const result = await quickstart(dir.write('windows.txt', 'a\r\nb\r\n'));
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('Line ends of CR become LF');
  });
});

describe('examples/quickstart with the command', () => {
  test('copies the file and ends', async () => {
    const dir = new TempDir('quickstart');
    const { change } = await listenChange();
    copyExample('quickstart', dir, change);
    const run = await runToEnd(dir, ['--drain', 'worker.properties', 'source.properties', 'sink.properties']);
    expect(run).toMatchObject({ code: 0 });
    expect(dir.read('output.txt')).toBe(dir.read('input.txt'));
    expect(dir.read('output.txt').length).toBeGreaterThan(10_000);
    dir.remove();
  });
});

describe('examples/syslog-to-topic', () => {
  const ARGS = ['worker.properties', 'syslog-source.properties'];

  async function prepare(name: string): Promise<{ dir: TempDir; port: number; topic: string }> {
    const dir = new TempDir(name);
    const { port, change } = await listenChange();
    const topic = unique(name);
    copyExample('syslog-to-topic', dir, { ...change, 'bootstrap.servers': sharedBootstrap(), file: dir.file('syslog'), topic });
    return { dir, port, topic };
  }

  test('follows the file across a rotation, and goes on after a restart', async () => {
    const { dir, port, topic } = await prepare('syslog');
    dir.write('syslog', textOf(numbered(0, 50)));
    const first = runIn(dir, ARGS, port);
    await first.waitHealthy();
    await consumeValues(sharedBootstrap(), topic, 50);
    renameSync(dir.file('syslog'), dir.file('syslog.1'));
    appendFileSync(dir.file('syslog.1'), textOf(numbered(50, 60)));
    dir.write('syslog', textOf(numbered(60, 80)));
    await consumeValues(sharedBootstrap(), topic, 80);
    expect(await first.stop()).toEqual(STOPPED);
    appendFileSync(dir.file('syslog'), textOf(numbered(80, 90)));
    const second = runIn(dir, ARGS, port);
    expect(await consumeValues(sharedBootstrap(), topic, 90)).toEqual(numbered(0, 90));
    expect(await second.stop()).toEqual(STOPPED);
    dir.remove();
  });

  test('runs with the Java worker too, and ours goes on where that one stopped', async () => {
    const { dir, port, topic } = await prepare('syslog-java');
    dir.write('syslog', textOf(numbered(0, 30)));
    const java = runIn(dir, ARGS, port, javaWorkerCommand());
    await java.waitHealthy({ timeoutMs: 60_000 });
    await consumeValues(sharedBootstrap(), topic, 30);
    expect(await java.stop()).toEqual(STOPPED);
    appendFileSync(dir.file('syslog'), textOf(numbered(30, 40)));
    const ours = runIn(dir, ARGS, port);
    expect(await consumeValues(sharedBootstrap(), topic, 40)).toEqual(numbered(0, 40));
    expect(await ours.stop()).toEqual(STOPPED);
    dir.remove();
  });
});

describe('examples/topic-to-file', () => {
  test('writes what is on the topic once, also over a restart', async () => {
    const dir = new TempDir('topic-to-file');
    const { port, change } = await listenChange();
    const topic = unique('topic-to-file');
    copyExample('topic-to-file', dir, { ...change, 'bootstrap.servers': sharedBootstrap(), name: unique('file-sink'), topics: topic });
    await produceValues(sharedBootstrap(), topic, numbered(0, 20));
    for (const end of [20, 25]) {
      const worker = runIn(dir, ['worker.properties', 'file-sink.properties'], port);
      await waitFor(`${end} lines`, () => dir.read('syslog-copy.txt') === textOf(numbered(0, end)), { timeoutMs: 20_000 });
      expect(await worker.stop()).toEqual(STOPPED);
      await produceValues(sharedBootstrap(), topic, numbered(end, end + 5));
    }
    dir.remove();
  });
});

/** The files of Apache Kafka's documentation, as described there. */
const KAFKA_SAMPLES: ReadonlyMap<string, string> = new Map([
  [
    'connect-standalone.properties',
    `bootstrap.servers=localhost:9092
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=true
value.converter.schemas.enable=true
offset.storage.file.filename=connect.offsets
# Flush much faster than normal
offset.flush.interval.ms=10000
#listeners=HTTP://:8083
#plugin.path=/usr/local/share/java
`,
  ],
  [
    'connect-file-source.properties',
    'name=local-file-source\nconnector.class=FileStreamSource\ntasks.max=1\nfile=test.txt\ntopic=connect-test\n',
  ],
  [
    'connect-file-sink.properties',
    'name=local-file-sink\nconnector.class=FileStreamSink\ntasks.max=1\nfile=test.sink.txt\ntopics=connect-test\n',
  ],
  [
    'connect-console-source.properties',
    'name=local-console-source\nconnector.class=org.apache.kafka.connect.file.FileStreamSourceConnector\ntasks.max=1\ntopic=connect-test\n',
  ],
  [
    'connect-console-sink.properties',
    'name=local-console-sink\nconnector.class=org.apache.kafka.connect.file.FileStreamSinkConnector\ntasks.max=1\ntopics=connect-test\n',
  ],
]);

describe("the sample files of Kafka's documentation, unmodified but for address and port", () => {
  let broker: Broker;
  beforeEach(async () => {
    broker = await Broker.start();
  });
  afterEach(() => broker.stop());

  async function prepare(): Promise<{ dir: TempDir; port: number }> {
    const dir = new TempDir('samples');
    const { port, change } = await listenChange();
    const changes: Changes = { 'bootstrap.servers': broker.bootstrap };
    const text = (KAFKA_SAMPLES.get('connect-standalone.properties') ?? '').replace(
      '#listeners=HTTP://:8083',
      `listeners=${change.listeners}`,
    );
    writeChanged(dir, new Map([...KAFKA_SAMPLES, ['connect-standalone.properties', text]]), changes);
    return { dir, port };
  }

  test('a file to a topic to a file, then console to topic to console', async () => {
    const { dir, port } = await prepare();
    const lines = numbered(0, 10);
    dir.write('test.txt', textOf(lines));
    const files = runIn(dir, ['connect-standalone.properties', 'connect-file-source.properties', 'connect-file-sink.properties'], port);
    await waitFor('the lines in the file', () => dir.read('test.sink.txt') === textOf(lines), { timeoutMs: 20_000 });
    expect(await files.stop()).toEqual(STOPPED);
    const enveloped = lines.map(line => `{"schema":{"type":"string","optional":false},"payload":${JSON.stringify(line)}}`);
    expect(await consumeValues(broker.bootstrap, 'connect-test', 10)).toEqual(enveloped);

    const console = ['connect-standalone.properties', 'connect-console-source.properties', 'connect-console-sink.properties'];
    const worker = runIn(dir, console, port);
    worker.child.process.stdin?.write('typed by hand\n');
    const printed = (): string[] => worker.child.stdout.split('\n').filter(line => !line.startsWith('['));
    await waitFor('the lines on the console', () => printed().includes('typed by hand') && printed().includes('line 9, \u00e9t\u00e9'), {
      timeoutMs: 20_000,
    });
    expect(await worker.stop()).toEqual(STOPPED);
    dir.remove();
  });
});
