import { WORKER_DEF } from '../../src/config/keys/worker-keys';
import { pluginPathOf, WorkerConfig } from '../../src/config/worker-config';
import { type LogEntry, setLogSink } from '../../src/log';
import { variable } from '../helpers/vectors/fixtures';

const BASE = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.file.filename': '/tmp/x',
};

let log: LogEntry[] = [];
beforeEach(() => {
  log = [];
  setLogSink(entry => log.push(entry));
});
afterAll(() => setLogSink(() => {}));

describe('a worker configuration', () => {
  test('has the defaults of Kafka Connect', () => {
    expect(new WorkerConfig(BASE)).toMatchObject({
      bootstrapServers: 'localhost:9092',
      headerConverter: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
      offsetFlushIntervalMs: 60000,
      offsetFlushTimeoutMs: 5000,
      taskShutdownGracefulTimeoutMs: 5000,
      clientConfigOverridePolicy: 'All',
      clientConfigOverrideAllowlist: [],
      topicCreationEnable: true,
      topicTrackingEnable: true,
      topicTrackingAllowReset: true,
      listeners: ['http://:8083'],
      adminListeners: null,
      unusedKeys: [],
    });
  });

  test('takes embedded for a broker like any other text', () => {
    expect(new WorkerConfig({ ...BASE, 'bootstrap.servers': ' embedded ' }).bootstrapServers).toBe('embedded');
  });

  test('knows its keys, those of the clients and of prefixes; others are unused, not refused', () => {
    const config = new WorkerConfig({
      ...BASE,
      'group.id': 'g',
      'rest.port': '1',
      'security.protocol': 'SSL',
      'producer.linger.ms': '5',
      'key.converter.schemas.enable': 'false',
      'listeners.https.ssl.keystore.location': '/x',
      'connector.client.config.override.allowlist': 'acks',
    });
    expect(config.unusedKeys).toEqual(['group.id', 'rest.port']);
    expect(config.withPrefix('producer.')).toEqual({ 'linger.ms': '5' });
  });

  test('drops duplicates of lists with a warning, but not of listeners', () => {
    const config = new WorkerConfig({ ...BASE, 'plugin.path': '/a,/b,/a', listeners: 'http://:1,http://:1' });
    expect(pluginPathOf({ 'plugin.path': '/a,/b,/a' })).toEqual(['/a', '/b']);
    expect(config.listeners).toEqual(['http://:1', 'http://:1']);
    expect(log.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'WARN Configuration key "plugin.path" contains duplicate values. Duplicates will be removed. The original value is: [/a, /b, /a], the updated value is: [/a, /b]',
    ]);
  });

  test('resolves variables by its own providers, except in plugin.path', () => {
    process.env.CONNECT_TEST_PLACE = '/from/env';
    const props = {
      ...BASE,
      'config.providers': 'env',
      'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
      'offset.storage.file.filename': `${variable('env:CONNECT_TEST_PLACE')}/offsets`,
      'plugin.path': variable('env:CONNECT_TEST_PLACE'),
    };
    const config = new WorkerConfig(props);
    expect(config.offsetStorageFile).toBe('/from/env/offsets');
    expect(pluginPathOf(props)).toEqual([variable('env:CONNECT_TEST_PLACE')]);
    expect(log.some(({ message }) => message.startsWith("Variables cannot be used in the 'plugin.path' property"))).toBe(true);
  });

  test('warns about removed internal converters', () => {
    new WorkerConfig({ ...BASE, 'internal.key.converter': 'x', 'internal.key.converter.schemas.enable': 'false' });
    expect(log[0]?.message).toContain('([internal.key.converter, internal.key.converter.schemas.enable])');
  });

  test('cannot be changed', () => {
    const config = new WorkerConfig(BASE);
    expect(Object.isFrozen(config) && Object.isFrozen(config.originals)).toBe(true);
  });
});

describe('what will not do is refused with Java’s text', () => {
  const findClass = (name: string): string | undefined => (name.startsWith('org.apache.kafka.connect.') ? name : undefined);

  test.each<[key: string, value: string | undefined, problem: string]>([
    ['bootstrap.servers', undefined, 'Missing required configuration "bootstrap.servers" which has no default value.'],
    ['bootstrap.servers', '', "Configuration 'bootstrap.servers' must not be empty. Valid values include: any non-empty value"],
    ['bootstrap.servers', 'a,,b', "Configuration 'bootstrap.servers' values must not be empty."],
    ['key.converter', undefined, 'Missing required configuration "key.converter" which has no default value.'],
    ['key.converter', 'Nope', 'Invalid value Nope for configuration key.converter: Class Nope could not be found.'],
    [
      'offset.storage.file.filename',
      undefined,
      'Missing required configuration "offset.storage.file.filename" which has no default value.',
    ],
    ['offset.flush.interval.ms', '1s', 'Invalid value 1s for configuration offset.flush.interval.ms: Not a number of type LONG'],
    ['plugin.path', ' ', "Configuration 'plugin.path' must not be empty. Valid values include: any non-empty value"],
    [
      'plugin.discovery',
      'zz',
      'Invalid value zz for configuration plugin.discovery: String must be one of (case insensitive): ONLY_SCAN, SERVICE_LOAD, HYBRID_WARN, HYBRID_FAIL',
    ],
    [
      'client.dns.lookup',
      'x',
      'Invalid value x for configuration client.dns.lookup: String must be one of: use_all_dns_ips, resolve_canonical_bootstrap_servers_only',
    ],
    ['metrics.num.samples', '0', 'Invalid value 0 for configuration metrics.num.samples: Value must be at least 1'],
    [
      'topic.creation.enable',
      'yes',
      'Invalid value yes for configuration topic.creation.enable: Expected value to be either true or false',
    ],
    ['listeners', '', 'Invalid value for listeners, at least one URL is expected, ex: http://localhost:8080,https://localhost:8443.'],
    ['listeners', 'http://:1,', 'Empty URL found when parsing listeners list.'],
    ['admin.listeners', 'http://:1,', "Configuration 'admin.listeners' values must not be empty."],
    ['ssl.client.auth', 'x', 'Invalid value x for configuration ssl.client.auth: String must be one of: required, requested, none'],
    ['response.http.headers.config', 'set', "Invalid format of header config 'set'. Expected: '[action] [header name]:[header value]'"],
    ['response.http.headers.config', 'put a:b', "Invalid header config action: 'put'. Expected one of [set, add, setDate, addDate]"],
    [
      'response.http.headers.config',
      'set a',
      "Invalid format of header name and header value pair 'a'. Expected: '[header name]:[header value]'",
    ],
    ['response.http.headers.config', 'set a b:c', "Invalid header name 'a b'. The '[header name]' cannot contain whitespace"],
  ])('%s=%s', (key, value, problem) => {
    const props: Record<string, string> = { ...BASE };
    if (value === undefined) delete props[key];
    else props[key] = value;
    expect(() => new WorkerConfig(props, { findClass })).toThrow(problem);
  });

  test.each([
    ['admin.listeners', '', []],
    ['rest.extension.classes', '', []],
    ['metric.reporters', '', []],
  ])('%s may be empty', (key, value, wanted) => {
    expect(new WorkerConfig({ ...BASE, [key]: value }).values.getList(key)).toEqual(wanted);
  });
});

test('every key has a text', () => {
  expect([...WORKER_DEF.keys.values()].filter(({ doc }) => doc === '').map(({ name }) => name)).toEqual([]);
});
