import type { ConfigKey, ConfigType } from '../../../src/api/config-def';
import { CLIENT_DEFS } from '../../../src/config/clients/client-keys';
import { createOverridePolicy } from '../../../src/config/clients/client-overrides';
import type { ConnectorProps } from '../../../src/config/connector-props';
import { connectorDef } from '../../../src/config/keys/connector-def';
import { RESTART_DEF } from '../../../src/config/keys/restart-policy';
import { SOURCE_DEAD_LETTER_DEF } from '../../../src/config/keys/source-dead-letters';
import type { ConfigInfos } from '../../../src/config/validation/config-infos';
import { validateConnectorConfig } from '../../../src/config/validation/connector-config';
import { createPluginTable } from '../../../src/plugins/builtins';
import { pluginLookup } from '../../../src/plugins/table-lookup';

const plugins = pluginLookup(createPluginTable());
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const worker = { keyConverter: STRING, valueConverter: STRING, headerConverter: STRING };

function validate(props: ConnectorProps): Promise<ConfigInfos> {
  return validateConnectorConfig({ props, plugins, worker, policy: createOverridePolicy('All', []) });
}

const errorsOf = (infos: ConfigInfos): Record<string, readonly string[]> =>
  Object.fromEntries(infos.configs.flatMap(({ value }) => (value && value.errors.length > 0 ? [[value.name, value.errors]] : [])));

const SOURCE = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't' };
const SINK = { name: 'a', 'connector.class': 'FileStreamSink', topics: 't', file: 'f', 'errors.deadletterqueue.topic.name': 'd' };
const CREATION = {
  'topic.creation.default.partitions': '1',
  'topic.creation.default.replication.factor': '1',
  'topic.creation.groups': 'g',
};

/** Texts that are the value of no type; every text is one of the other types. */
const WRONG: Partial<Record<ConfigType, readonly string[]>> = {
  INT: ['5ms', '1.5', '', '0x10', '9999999999', '\u0000'],
  SHORT: ['x', '70000', ' '],
  LONG: ['5 ms', '1e3', '99999999999999999999', 'NaN'],
  DOUBLE: ['a half', ''],
  BOOLEAN: ['yes', '1', ''],
  CLASS: ['', 'no.such.Class'],
};

/** A case: settings that will do, the key that gets a wrong value, and its type. */
type Case = readonly [key: string, type: ConfigType, props: ConnectorProps];

const below = (prefix: string, keys: Iterable<ConfigKey>, props: ConnectorProps): Case[] =>
  [...keys].map(({ name, type }) => [prefix + name, type, props]);

const cases: Case[] = [
  ...below('', connectorDef('source').keys.values(), SOURCE),
  ...below('', connectorDef('sink').keys.values(), SINK),
  ...below('', [...RESTART_DEF.keys.values(), ...SOURCE_DEAD_LETTER_DEF.keys.values()], SOURCE),
  ...[...plugins.list('source'), ...plugins.list('sink')].flatMap(({ className, type, createConnector }) =>
    below('', createConnector().config().keys.values(), { ...(type === 'source' ? SOURCE : SINK), 'connector.class': className }),
  ),
  ...below('producer.override.', CLIENT_DEFS.producer.keys.values(), SOURCE),
  ...below('admin.override.', CLIENT_DEFS.admin.keys.values(), { ...SOURCE, ...CREATION }),
  ...(['producer', 'consumer', 'admin'] as const).flatMap(client => below(`${client}.override.`, CLIENT_DEFS[client].keys.values(), SINK)),
  ...['default', 'g'].flatMap((group): Case[] => [
    [`topic.creation.${group}.partitions`, 'INT', { ...SOURCE, ...CREATION }],
    [`topic.creation.${group}.replication.factor`, 'SHORT', { ...SOURCE, ...CREATION }],
  ]),
  ...plugins
    .list('converter')
    .flatMap(({ className, create }) =>
      ['key', 'value'].flatMap(use =>
        below(`${use}.converter.`, create().config().keys.values(), { ...SOURCE, [`${use}.converter`]: className }),
      ),
    ),
  ...plugins
    .list('transformation')
    .flatMap(({ className, create }) =>
      below('transforms.x.', create().config().keys.values(), { ...SOURCE, transforms: 'x', 'transforms.x.type': className }),
    ),
  [
    'transforms.x.negate',
    'BOOLEAN',
    {
      ...SOURCE,
      transforms: 'x',
      'transforms.x.type': 'Filter',
      'transforms.x.predicate': 'p',
      predicates: 'p',
      'predicates.p.type': 'RecordIsTombstone',
    },
  ],
];

/** A class that clients load themselves is not looked up. */
const isJudged = ([key, type]: Case): boolean => WRONG[type] !== undefined && !(type === 'CLASS' && key.includes('.override.'));

test('each prefix has settings that can be wrong', () => {
  expect(cases.filter(isJudged).length).toBeGreaterThan(300);
});

test('a value of the wrong type is an error of its very key, whatever the prefix, and never a failure of the worker', async () => {
  const unsaid: string[] = [];
  for (const [key, type, props] of cases.filter(isJudged)) {
    for (const wrong of WRONG[type] ?? []) {
      const errors = errorsOf(await validate({ ...props, [key]: wrong }))[key];
      if (!errors?.some(text => text.includes(key.split('.').at(-1) ?? key))) unsaid.push(`${key}=${JSON.stringify(wrong)}: ${errors}`);
    }
  }
  expect(unsaid).toEqual([]);
});

test.each<[ConnectorProps, string]>([
  [{ 'topic.creation.default.partitions': '1' }, 'topic.creation.default.replication.factor'],
  [{ 'topic.creation.default.replication.factor': '1' }, 'topic.creation.default.partitions'],
  [{ ...CREATION, 'topic.creation.default.partitions': '0' }, 'topic.creation.default.partitions'],
  [{ ...CREATION, 'topic.creation.g.replication.factor': '-2' }, 'topic.creation.g.replication.factor'],
  [{ ...CREATION, 'topic.creation.g.include': '(' }, 'topic.creation.g.include'],
  [{ 'producer.override.acks': 'some' }, 'producer.override.acks'],
  [{ 'producer.override.retries': '-1' }, 'producer.override.retries'],
  [{ 'restart.policy': 'sometimes' }, 'restart.policy'],
  [{ 'source.deadletters.topic.replication.factor': '-2' }, 'source.deadletters.topic.replication.factor'],
])('%j: the one error is at %s', async (more, key) => {
  expect(Object.keys(errorsOf(await validate({ ...SOURCE, ...more })))).toEqual([key]);
});

test('one bad default of a group is one error, and where topics are not created there is none', async () => {
  const props = { ...SOURCE, ...CREATION, 'topic.creation.default.partitions': 'many' };
  expect(Object.keys(errorsOf(await validate(props)))).toEqual(['topic.creation.default.partitions']);
  const idle = { props, plugins, worker: { ...worker, topicCreationEnable: false }, policy: createOverridePolicy('All', []) };
  expect(errorsOf(await validateConnectorConfig(idle))).toEqual({});
});
