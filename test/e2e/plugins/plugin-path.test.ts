import { rmSync } from 'node:fs';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';

/** An ES module with a source that makes three records, on a thread where `instanceof` must hold for structs. */
const SOURCE = `
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigDef, ConnectError, INT64_SCHEMA, NO_DEFAULT, SchemaBuilder, Struct } from 'connect-standalone/api';
const CONFIG = new ConfigDef().define({ name: 'topic', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'Topic.' });
const SCHEMA = SchemaBuilder.struct().name('count').field('n', INT64_SCHEMA).build();
let props;
class Connector {
  version() { return '1.2.3'; }
  config() { return CONFIG; }
  start(given) { props = given; }
  taskConfigs() { return [props]; }
  stop() {}
}
class Task {
  n = 0n;
  start(props, context) { this.topic = props.topic; this.context = context; }
  async poll() {
    if (this.n < 3n) return [this.next()];
    await sleep(50, undefined, { signal: this.context.signal() }).catch(() => {});
    return null;
  }
  next() {
    return { topic: this.topic, kafkaPartition: null, keySchema: null, key: null, valueSchema: SCHEMA,
      value: new Struct(SCHEMA).put('n', this.n++), timestamp: null, headers: [], sourcePartition: {}, sourceOffset: { n: this.n } };
  }
  stop() {}
}
export const plugins = [{
  className: 'com.example.CountSource', version: '1.2.3', type: 'source', taskClassName: 'com.example.CountTask',
  createConnector: () => new Connector(), createTask: () => new Task(),
}, {
  className: 'com.example.HalfSource', version: '1', type: 'source',
  createConnector: () => new Connector(), createTask: () => ({ start() {}, stop() {} }),
}];
`;

describe('plugin.path', () => {
  const dir = new TempDir('plugin-path');
  const run = Date.now().toString(36);
  let worker: WorkerProcess;

  beforeAll(async () => {
    dir.write('plugins/count/index.mjs', SOURCE);
    dir.write(
      'plugins/late.js',
      `${SOURCE.replace(/import \{([^}]*)\} from ('[^']*')/g, 'const {$1} = require($2)')
        .replace('setTimeout as sleep', 'setTimeout: sleep')
        .replace('export const plugins', 'exports.plugins')
        .replaceAll('com.example', 'com.late')}`,
    );
    dir.write('plugins/broken/package.json', '{"connect-standalone": {"module": "index.js", "classes": ["com.example.Broken"]}}');
    dir.write('plugins/broken/index.js', "throw new Error('no luck');");
    dir.write('plugins/java.jar', 'PK');
    worker = await startWorker({
      bootstrap: sharedBootstrap(),
      dir,
      worker: { 'plugin.path': `plugins,${dir.file('not-there')}` },
    });
  });
  afterAll(async () => {
    await worker.stop();
    dir.remove();
  });

  const settings = (name: string, className: string) => ({ name, 'connector.class': className, topic: `${name}-${run}` });

  test('what is bad is a line in the log each, and the worker runs', async () => {
    for (const line of [
      'Could not get listing for plugin path: ',
      'Could not load plugin ',
      'Java archives cannot run in this worker (java.jar)',
    ]) {
      await worker.waitLog(line);
    }
    expect(worker.output).not.toContain('plugin.path have no effect');
  });

  test('REST lists the plugins with their versions, and describes their settings', async () => {
    const { json } = await worker.get('/connector-plugins');
    expect(json).toContainEqual({ class: 'com.example.CountSource', type: 'source', version: '1.2.3' });
    const config = await worker.get('/connector-plugins/CountSource/config');
    expect(config.status).toBe(404);
    const described = await worker.get('/connector-plugins/com.example.CountSource/config');
    expect(described.json).toContainEqual(expect.objectContaining({ name: 'topic', type: 'STRING', required: true }));
  });

  test('an ES module runs in the thread of its task, with the classes of the worker', async () => {
    const name = `count-${run}`;
    await worker.create({
      ...settings(name, 'com.example.CountSource'),
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': false,
    });
    await worker.waitState(name, 'RUNNING');
    expect(await consumeValues(sharedBootstrap(), `${name}-${run}`, 3)).toEqual(['{"n":0}', '{"n":1}', '{"n":2}']);
  });

  test('a task without a method is FAILED, and the trace names file and method', async () => {
    const name = `half-${run}`;
    await worker.create(settings(name, 'com.example.HalfSource'));
    await worker.waitState(name, 'RUNNING', 'FAILED');
    const { text } = await worker.get(`/connectors/${name}/status`);
    expect(text).toContain(
      'count/index.mjs, export plugins[1]: com.example.HalfSource: createTask() returns a SourceTask without the method poll()',
    );
  });

  test('a module that is gone when a task starts makes the task FAILED', async () => {
    const name = `late-${run}`;
    await worker.create(settings(name, 'com.late.CountSource'));
    await worker.waitState(name, 'RUNNING');
    rmSync(dir.file('plugins/late.js'));
    await worker.rest('POST', `/connectors/${name}/tasks/0/restart`);
    await worker.waitState(name, 'RUNNING', 'FAILED');
    expect((await worker.get(`/connectors/${name}/status`)).text).toContain(`Could not load plugin ${dir.file('plugins/late.js')}: `);
  });

  test('nor can a connector be made of it', async () => {
    const { status, text } = await worker.rest('POST', '/connectors', { name: 'x', config: settings('x', 'com.late.CountSource') });
    expect(status).toBe(500);
    expect(text).toContain(`Could not load plugin ${dir.file('plugins/late.js')}: `);
  });

  test.each(['com.example.Broken', 'Broken'])('asking for %s says why it could not be loaded', async className => {
    const { status, text } = await worker.rest('POST', '/connectors', { name: 'x', config: settings('x', className) });
    expect(status).toBe(400);
    expect(text).toContain(`Could not load plugin ${dir.file('plugins/broken')}: no luck`);
  });

  test('so does validation, on the key that names the class', async () => {
    const config = { ...settings('x', 'com.example.CountSource'), 'value.converter': 'com.example.Broken' };
    const { json } = await worker.rest('PUT', '/connector-plugins/com.example.CountSource/config/validate', config);
    const { configs } = json as { configs: { value: { name: string; errors: string[] } }[] };
    expect(configs.find(({ value }) => value.name === 'value.converter')?.value.errors).toContainEqual(
      `Invalid value com.example.Broken for configuration value.converter: Class com.example.Broken could not be found. Could not load plugin ${dir.file('plugins/broken')}: no luck`,
    );
  });

  test('a name that nobody knows hears of what could not be loaded, since it may have been that', async () => {
    const { text } = await worker.rest('POST', '/connectors', { name: 'x', config: settings('x', 'io.example.JavaConnector') });
    expect(text).toContain('Java archives cannot run in this worker (java.jar)');
  });
});
