/** Hints for a class that does not exist: a known Java class, or a misspelt name. */
import type { PluginType } from '../../api/plugin';
import { mostLikeOf } from './nearest-key';
import { type PluginName, shownPlugin } from './plugin-name';

const JAVA_PLUGIN = 'This is a Java plugin, which this worker cannot run';

/** Hints for well-known foreign classes. The first match counts. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [
    /^io\.confluent\.connect\.(?:avro\.Avro|protobuf\.Protobuf|json\.JsonSchema)Converter$|^io\.apicurio\.registry\.utils\.converter\.|^com\.amazonaws\.services\.schemaregistry\.kafkaconnect\.|\.(?:Avro|Protobuf|JsonSchema)Converter$|^(?:Avro|Protobuf|JsonSchema)(?:Converter)?$/,
    'Converters with a schema registry are not supported here. Use org.apache.kafka.connect.json.JsonConverter (with schemas.enable=true the ' +
      'schema travels with each record), or org.apache.kafka.connect.converters.ByteArrayConverter to pass bytes on as they are',
  ],
  [
    /^io\.debezium\.connector\.jdbc\.|^io\.aiven\.connect\.jdbc\.(?:.*)Sink|JdbcSink/,
    'It is not supported here. Use io.confluent.connect.jdbc.JdbcSinkConnector',
  ],
  [
    /^io\.debezium\.connector\./,
    'Change data capture is not supported here. Use io.confluent.connect.jdbc.JdbcSourceConnector, which reads tables by queries',
  ],
  [/JdbcSource/, 'It is not supported here. Use io.confluent.connect.jdbc.JdbcSourceConnector'],
  [
    /^(?:com\.github\.jcustenborder\.kafka\.connect\.spooldir|io\.streamthoughts\.kafka\.connect\.filepulse)\./,
    `${JAVA_PLUGIN}. For lines of a file use FileStreamSource`,
  ],
  [
    /^io\.confluent\.connect\.transforms\.(?:Filter|TombstoneHandler)\b/,
    'It is not supported here. Use org.apache.kafka.connect.transforms.Filter with a predicate',
  ],
  [
    /^io\.confluent\.connect\.transforms\.MessageTimestampRouter\b/,
    'It is not supported here. Use org.apache.kafka.connect.transforms.TimestampRouter',
  ],
  [
    /^io\.confluent\.connect\.transforms\.(?:TopicRegexRouter|ExtractTopic)\b/,
    'It is not supported here. Use org.apache.kafka.connect.transforms.RegexRouter',
  ],
  [/^io\.confluent\.connect\.transforms\.Drop\b/, 'It is not supported here. Use org.apache.kafka.connect.transforms.ReplaceField'],
  [
    /^(?:io\.confluent\.connect\.transforms|io\.debezium\.transforms|io\.aiven\.kafka\.connect\.transforms)\./,
    `${JAVA_PLUGIN}. Use the transformations of Kafka Connect (org.apache.kafka.connect.transforms), or write one: see README`,
  ],
  [/^org\.apache\.kafka\.connect\.mirror\./, 'Mirroring between clusters is not supported here. Use connect-mirror-maker of Kafka'],
  [/^org\.apache\.kafka\.connect\.tools\./, 'Connectors for tests of Kafka are not supported here. Use FileStreamSource or FileStreamSink'],
  [
    /^(?:io\.confluent|io\.debezium|io\.aiven|com\.mongodb|com\.snowflake|org\.apache\.camel\.kafkaconnector|com\.datamountaineer|io\.lenses|com\.github\.jcustenborder|com\.amazonaws|com\.google\.pubsub|com\.wepay|com\.clickhouse|org\.neo4j|com\.couchbase|com\.splunk|com\.ibm|com\.microsoft|com\.blueapron|io\.apicurio|org\.apache\.(?:iceberg|hudi|pulsar))\./,
    `${JAVA_PLUGIN}. Use FileStreamSource, FileStreamSink or the JDBC connectors, or a connector written for this worker (plugin.path)`,
  ],
];

/** What the name of a class may mean, as a sentence; empty if there is no hint. */
export function classHint(name: string, plugins: readonly PluginName[]): string {
  const nearest = nearestClass(name, plugins);
  const foreign = FOREIGN.find(([pattern]) => pattern.test(name))?.[1];
  // The same class name in another package is more likely meant than another class.
  if (nearest !== null && (foreign === undefined || nearest.isSame)) return `Did you mean ${nearest.name}?`;
  return foreign === undefined ? '' : `${foreign}.`;
}

/** Java's error for an unknown connector, with class names in place of Java's descriptions. */
export function unknownConnectorText(
  name: string,
  connectors: readonly PluginName[],
  locationOf: (plugin: PluginName) => string | undefined,
  why: string | null,
): string {
  const available = connectors.map(plugin => shownPlugin(plugin, locationOf(plugin))).join(', ');
  const more = [why, classHint(name, connectors)].filter(text => text !== null && text !== '');
  const first = `Failed to find any class that implements Connector and which name matches ${name}, available connectors are: ${available}`;
  return [first, ...more].join('. ');
}

const TYPE_SUFFIX: Readonly<Record<PluginType, RegExp>> = {
  source: /Connector$/,
  sink: /Connector$/,
  converter: /Converter$/,
  header_converter: /(?:Header)?Converter$/,
  transformation: /Transformation$/,
  predicate: /$/,
};

const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The most similar class, by its short name if the given one is short. */
function nearestClass(given: string, plugins: readonly PluginName[]): { name: string; isSame: boolean } | null {
  const isFull = given.includes('.');
  const names = new Map<string, string>();
  for (const { className, type } of plugins) {
    const simple = lastPart(className);
    for (const form of [simple.replace(TYPE_SUFFIX[type], ''), simple]) if (!names.has(form)) names.set(form, isFull ? className : form);
  }
  const simple = lastPart(given);
  const same = names.get(simple);
  if (same !== undefined && same !== given) return { name: same, isSame: true };
  const nearest = mostLikeOf(simple, names.keys());
  // Java has no short names for inner classes.
  return nearest === undefined || nearest === given ? null : { name: names.get(nearest) ?? nearest, isSame: false };
}
