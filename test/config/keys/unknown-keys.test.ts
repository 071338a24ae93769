import { createOverridePolicy } from '../../../src/config/clients/client-overrides';
import type { ConnectorProps } from '../../../src/config/connector-props';
import { describeUnknownKeys, unknownConnectorKeys, unknownWorkerKeys } from '../../../src/config/keys/unknown-keys';
import { validateConnectorConfig } from '../../../src/config/validation/connector-config';
import { stockPlugins } from '../../helpers/fakes/plugin-table';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const plugins = stockPlugins();

async function unknownIn(settings: ConnectorProps, connectorClass = 'FileStreamSource'): Promise<string> {
  const props = { name: 'a', 'connector.class': connectorClass, ...settings };
  const worker = { keyConverter: JSON_CONVERTER, valueConverter: JSON_CONVERTER, headerConverter: 'SimpleHeaderConverter' };
  const infos = await validateConnectorConfig({ props, plugins, worker, policy: createOverridePolicy('All', []) });
  return describeUnknownKeys(unknownConnectorKeys(props, infos)).replace('these settings are not known and have no effect: ', '');
}

const TRANSFORM = {
  transforms: 'route',
  'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.route.regex': 'a',
};
const TOPIC_CREATION = {
  'topic.creation.groups': 'log',
  'topic.creation.default.partitions': '1',
  'topic.creation.default.replication.factor': '1',
  'topic.creation.log.include': 'a',
  'topic.creation.log.cleanup.policy': 'compact',
};

test.each<[string, ConnectorProps]>([
  ['its own', { topic: 't', file: 'f', 'batch.size': '1', 'tasks.max': '1', 'errors.tolerance': 'all' }],
  ['a transformation', { topic: 't', ...TRANSFORM, 'transforms.route.replacement': 'f', 'transforms.route.negate': 'true' }],
  ['a converter', { topic: 't', 'key.converter': JSON_CONVERTER, 'key.converter.schemas.enable': 'false' }],
  ['clients', { topic: 't', 'producer.override.linger.ms': '1', 'admin.override.retries': '1', 'consumer.override.group.id': 'g' }],
  ['topics', { topic: 't', ...TOPIC_CREATION }],
  ['restarts', { topic: 't', 'restart.policy': 'on-failure', 'restart.policy.max.attempts': '3' }],
])('settings that are known: %s', async (_what, settings) => {
  expect(await unknownIn(settings)).toBe('');
});

test.each<[ConnectorProps, string]>([
  [{ topics: 't' }, 'topics (did you mean topic?)'],
  [{ 'task.max': '1', topic: 't' }, 'task.max (did you mean tasks.max?)'],
  [{ something: 'else', topic: 't' }, 'something'],
  [{ 'key.convertor': 'x', topic: 't' }, 'key.convertor (did you mean key.converter?)'],
  [{ ...TRANSFORM, 'transforms.route.replacment': 'f' }, 'transforms.route.replacment (did you mean transforms.route.replacement?)'],
  [{ 'transforms.other.replacement': 'f' }, 'transforms.other.replacement (other is not listed in transforms)'],
  [{ 'predicates.p.pattern': 'f' }, 'predicates.p.pattern (p is not listed in predicates)'],
  [
    { 'value.converter.schemas.enable': 'false' },
    "value.converter.schemas.enable (has an effect only beside value.converter, without which the worker's converter and its settings are used)",
  ],
  [
    { 'key.converter': JSON_CONVERTER, 'key.converter.schema.enable': 'false' },
    'key.converter.schema.enable (did you mean key.converter.schemas.enable?)',
  ],
  [{ 'producer.override.linger': '1' }, 'producer.override.linger (did you mean producer.override.linger.ms?)'],
  [{ 'producer.overide.linger.ms': '1' }, 'producer.overide.linger.ms (did you mean producer.override.linger.ms?)'],
  [{ 'topic.creation.default.partition': '1' }, 'topic.creation.default.partition (did you mean topic.creation.default.partitions?)'],
  [{ 'topic.creation.logs.include': 'a' }, 'topic.creation.logs.include (logs is not listed in topic.creation.groups)'],
  [{ 'restart.polizy': 'none' }, 'restart.polizy (did you mean restart.policy?)'],
])('%p', async (settings, said) => {
  expect(await unknownIn(settings)).toBe(said);
});

test.each<ConnectorProps>([
  { transforms: 'x', 'transforms.x.type': 'no.such.Class', 'transforms.x.field': 'f' },
  { 'value.converter': 'no.such.Class', 'value.converter.schemas.enable': 'f' },
  { predicates: 'p', 'predicates.p.pattern': 'f' },
])('what a class knows that is not there is not judged: %p', async settings => {
  expect(await unknownIn({ topic: 't', ...settings })).toBe('');
});

test('a version of the connector that is not there says enough', async () => {
  expect(await unknownIn({ file: 'f', 'connector.plugin.version': '[99,)' })).toBe('');
});

test('the worker: what is known, what distributed workers know, and what is below a prefix', () => {
  const converters = { 'key.converter': plugins.find('converter', JSON_CONVERTER)?.create().config() };
  const known = {
    'bootstrap.servers': 'b:1',
    'security.protocol': 'SSL',
    'producer.linger.ms': '1',
    'consumer.max.poll.records': '1',
    'admin.retries': '1',
    'key.converter.schemas.enable': 'false',
    'config.providers': 'file',
    'config.providers.file.class': 'x',
    'config.providers.file.param.allowed.paths': '/a',
    'listeners.https.ssl.keystore.location': 'a',
    'admin.listeners.https.ssl.client.auth': 'none',
    'metrics.context.x': 'y',
    'group.id': 'g',
    'config.storage.topic': 'c',
    'offset.storage.replication.factor': '1',
    'exactly.once.source.support': 'enabled',
    'restart.policy': 'none',
    'connectors.state.file': 'f',
  };
  expect(unknownWorkerKeys(known, converters)).toEqual([]);
  const unknown = {
    'ofset.flush.interval.ms': '1',
    'producer.linger': '1',
    'key.converter.schema.enable': 'x',
    'config.providers.vault.class': 'x',
    'listeners.https.ssl.keystore.locaton': 'x',
    'rest.port': '8083',
    'my.setting': 'secret',
  };
  expect(unknownWorkerKeys(unknown, converters)).toEqual([
    { key: 'ofset.flush.interval.ms', hint: 'did you mean offset.flush.interval.ms?' },
    { key: 'producer.linger', hint: 'did you mean producer.linger.ms?' },
    { key: 'key.converter.schema.enable', hint: 'did you mean key.converter.schemas.enable?' },
    { key: 'config.providers.vault.class', hint: 'vault is not listed in config.providers' },
    { key: 'listeners.https.ssl.keystore.locaton', hint: 'did you mean listeners.https.ssl.keystore.location?' },
    { key: 'rest.port', hint: 'set listeners=http://:8083 in its place' },
    { key: 'my.setting', hint: '' },
  ]);
  expect(describeUnknownKeys(unknownWorkerKeys(unknown, converters))).not.toContain('secret');
});
