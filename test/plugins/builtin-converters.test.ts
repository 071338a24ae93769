import { NO_DEFAULT } from '../../src/api/config-def';
import { createPluginTable } from '../../src/plugins/builtins';

const TYPE_ONLY = ['converter.type|STRING|none|LOW|How this converter will be used.|null|-1|NONE|converter.type'];

/** What GET /connector-plugins/<converter>/config of Kafka Connect 4.3.0 says, one line a key. */
const DEFINITIONS: Readonly<Record<string, readonly string[]>> = {
  'org.apache.kafka.connect.converters.BooleanConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.ByteArrayConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.DoubleConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.FloatConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.IntegerConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.LongConverter': TYPE_ONLY,
  'org.apache.kafka.connect.converters.ShortConverter': TYPE_ONLY,
  'org.apache.kafka.connect.storage.SimpleHeaderConverter': [],
  'org.apache.kafka.connect.storage.StringConverter': [
    ...TYPE_ONLY,
    'converter.encoding|STRING|UTF-8|HIGH|The name of the Java character set to use for encoding strings as byte arrays.|null|-1|MEDIUM|Encoding',
  ],
  'org.apache.kafka.connect.json.JsonConverter': [
    ...TYPE_ONLY,
    'schemas.enable|BOOLEAN|true|HIGH|Include schemas within each of the serialized values and keys.|Schemas|0|MEDIUM|Enable Schemas',
    'schemas.cache.size|INT|1000|HIGH|The maximum number of schemas that can be cached in this converter instance.|Schemas|1|MEDIUM|Schema Cache Size',
    "schema.content|STRING|null|HIGH|When set, this is used as the schema for all messages, and the schemas within each of the message will be ignored.Otherwise, the schema will be included in the content of each message. This configuration applies only 'schemas.enable' is true, and it exclusively affects the sink connector.|Schemas|2|MEDIUM|Schema Content",
    "decimal.format|STRING|BASE64|LOW|Controls which format this converter will serialize decimals in. This value is case insensitive and can be either 'BASE64' (default) or 'NUMERIC'|Serialization|0|MEDIUM|Decimal Format",
    'replace.null.with.default|BOOLEAN|true|LOW|Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.|Serialization|1|MEDIUM|Replace null with default',
  ],
};

const PLUGINS = createPluginTable();
const CONVERTERS = [...PLUGINS.list(['converter']), ...PLUGINS.list(['header_converter'])];

test('every converter is told of', () => {
  expect([...new Set(CONVERTERS.map(({ className }) => className))].sort()).toEqual(Object.keys(DEFINITIONS).sort());
  const headerConverters = PLUGINS.list(['header_converter']).map(({ className }) => className);
  expect(headerConverters.sort()).toEqual(Object.keys(DEFINITIONS).sort());
});

test.each(CONVERTERS.map(plugin => [plugin.type, plugin.className, plugin] as const))(
  '%s %s has the keys of Java',
  (_type, name, plugin) => {
    if (plugin.type !== 'converter' && plugin.type !== 'header_converter') throw new Error(`${name} is no converter`);
    const keys = Array.from(plugin.create().config().keys.values(), key =>
      [
        key.name,
        key.type,
        key.defaultValue === NO_DEFAULT ? 'none' : String(key.defaultValue),
        key.importance,
        key.doc,
        key.group ?? 'null',
        key.orderInGroup ?? -1,
        key.width ?? 'NONE',
        key.displayName ?? key.name,
      ].join('|'),
    );
    expect(keys).toEqual(DEFINITIONS[name]);
  },
);
