/** What a broker refuses, or does not have: said loudly, and never counted as delivered. */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../helpers/processes/child';
import { savedPosition } from '../../helpers/processes/line-feeder';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { consumeValues, listTopics, readTopic } from '../../helpers/servers/kafka-io';
import { javaArguments } from '../../helpers/servers/kafka-jars';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

test('no broker at the start: exit 2 with the text of the original, which is the only line on standard error', async () => {
  const worker = await startWorker({
    bootstrap: `127.0.0.1:${await freePort()}`,
    worker: { 'default.api.timeout.ms': 2000, 'request.timeout.ms': 1000 },
    until: 'started',
  });
  expect(await worker.waitExit(20_000)).toEqual({ code: 2, signal: null });
  await worker.waitLog("Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties.");
  expect(worker.child.stderr).toMatch(/^connect-standalone: [^\n]*Failed to connect to and describe Kafka cluster[^\n]*\n$/);
  expect(worker.output.split('\n').filter(line => / (WARN|ERROR) /.test(line)).length).toBeLessThan(6);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s while it waits for its first broker ends it at once', async signal => {
  const worker = await startWorker({ bootstrap: `127.0.0.1:${await freePort()}`, until: 'started' });
  await worker.waitLog('Kafka Connect worker initializing');
  await sleep(700);
  const asked = Date.now();
  worker.child.signal(signal);
  expect(await worker.waitExit(10_000)).toEqual({ code: signal === 'SIGTERM' ? 143 : 130, signal: null });
  expect(Date.now() - asked).toBeLessThan(3000);
});

describe('a source', () => {
  let broker: Broker;
  let worker: WorkerProcess | undefined;
  let dir: TempDir;
  beforeAll(async () => {
    broker = await Broker.start({ settings: { 'auto.create.topics.enable': 'false' } });
  });
  afterAll(() => broker.stop());
  beforeEach(() => {
    dir = new TempDir('refused');
  });
  afterEach(async () => {
    await worker?.kill9();
    dir.remove();
  });

  const topicCommand = async (...args: string[]): Promise<void> => {
    const command = javaArguments(
      'org.apache.kafka.tools.TopicCommand',
      ['--bootstrap-server', broker.bootstrap, ...args],
      ['-XX:TieredStopAtLevel=1'],
    );
    expect(await runCommand('java', command)).toMatchObject({ code: 0 });
  };

  const start = async (topic: string, text: string, settings: Settings = {}): Promise<WorkerProcess> => {
    const file = dir.write('lines', text);
    worker = await startWorker({
      bootstrap: broker.bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 200 },
      connectors: [{ name: 'src', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file, topic, ...settings }],
    });
    return worker;
  };

  const trace = async (): Promise<string> => (await worker?.get('/connectors/src/status'))?.text ?? '';

  test('waits for a topic that nobody makes, says so, and goes on when it is made', async () => {
    const running = await start('later', 'one\ntwo\n');
    await running.waitLog(/there is no topic later, and the brokers do not create it/, { timeoutMs: 20_000 });
    expect(await trace()).toMatch(/RUNNING/);
    expect(savedPosition(dir.file('offsets'))).toBe(0);
    await topicCommand('--create', '--topic', 'later', '--partitions', '1');
    expect(await consumeValues(broker.bootstrap, 'later', 2)).toEqual(['one', 'two']);
    await waitFor('the offset', () => savedPosition(dir.file('offsets')) === 8);
  });

  test('waits also when its topic is deleted, though errors are tolerated: nothing is left out', async () => {
    await topicCommand('--create', '--topic', 'gone', '--partitions', '1');
    const running = await start('gone', 'one\ntwo\n', { 'errors.tolerance': 'all' });
    await consumeValues(broker.bootstrap, 'gone', 2);
    await waitFor('the offset', () => savedPosition(dir.file('offsets')) === 8);
    await topicCommand('--delete', '--topic', 'gone');
    await waitFor('the topic to go', async () => !(await listTopics(broker.bootstrap)).has('gone'));
    appendFileSync(dir.file('lines'), 'three\nfour\n');
    await running.waitLog(/there is no topic gone, and the brokers do not create it/, { timeoutMs: 30_000 });
    expect(savedPosition(dir.file('offsets'))).toBe(8);
    await topicCommand('--create', '--topic', 'gone', '--partitions', '1');
    expect(await consumeValues(broker.bootstrap, 'gone', 2)).toEqual(['three', 'four']);
  });

  describe('with a record that the broker does not take', () => {
    const text = `one\n${'x'.repeat(3000)}\nthree\n`;

    test('fails without tolerance, and its offset stays before the record', async () => {
      await topicCommand('--create', '--topic', 'small', '--partitions', '1', '--config', 'max.message.bytes=2000');
      const running = await start('small', text, { 'producer.override.batch.size': 1, 'producer.override.linger.ms': 0 });
      await running.waitState('src', 'RUNNING', 'FAILED', { timeoutMs: 20_000 });
      expect(await trace()).toMatch(/RecordTooLargeException/);
      expect(await running.stop()).toMatchObject({ code: 143 });
      expect(savedPosition(dir.file('offsets'))).toBeLessThanOrEqual(4);
    });

    test('skips and counts it with tolerance, and its offset goes on', async () => {
      await topicCommand('--create', '--topic', 'tolerant', '--partitions', '1', '--config', 'max.message.bytes=2000');
      const running = await start('tolerant', text, {
        'errors.tolerance': 'all',
        'producer.override.batch.size': 1,
        'producer.override.linger.ms': 0,
      });
      expect(await consumeValues(broker.bootstrap, 'tolerant', 2)).toEqual(['one', 'three']);
      await waitFor('the offset', () => savedPosition(dir.file('offsets')) === text.length);
      await running.waitLog(/A record was left out at stage KAFKA_PRODUCE/);
      expect(await readTopic(broker.bootstrap, 'tolerant')).toHaveLength(2);
    });
  });

  test('a security setting that the broker does not share is named in the log within 5 s', async () => {
    await topicCommand('--create', '--topic', 'secure', '--partitions', '1');
    const running = await start('secure', 'one\n', {
      'producer.override.security.protocol': 'SASL_PLAINTEXT',
      'producer.override.sasl.mechanism': 'PLAIN',
      'producer.override.sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="geheim-7391";',
    });
    await running.waitLog(/SASL|authentication|ApiVersion|Disconnected/i, { timeoutMs: 5000 });
    await sleep(1000);
    const seen = `${running.output}${await trace()}`;
    expect(seen).toMatch(/(WARN|FAILED).*(SASL|authentication|ApiVersion|disconnected)/i);
    expect(seen).not.toContain('geheim-7391');
    expect(running.child.stderr).toBe('');
  });
});
