/** Settings that every connector has (org.apache.kafka.connect.runtime.ConnectorConfig); order and texts as REST shows them. */

import { type ConfigKey, NO_DEFAULT } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import { atLeast, compositeValidator, nonNull, type Validator, validString } from '../../api/config-validators';
import { boundedAliases } from '../validation/alias-bounds';
import { connectorName } from '../validation/connector-name';
import { VersionRange } from '../validation/version-range';

/** For lists of aliases: none may repeat. */
export const distinctAliases: Validator = compositeValidator(nonNull, boundedAliases, (key, value) => {
  const aliases = value as readonly unknown[];
  if (new Set(aliases).size < aliases.length) throw invalidValue(key, value, 'Duplicate alias provided.');
});

const versionRange: Validator = (_key, value) => {
  VersionRange.parse(value as string | null);
};

/** The keys, before the worker's converters and plugins have supplied defaults. */
export const COMMON_KEYS: readonly ConfigKey[] = [
  {
    name: 'name',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: connectorName,
    importance: 'HIGH',
    doc: 'Globally unique name to use for this connector.',
    group: 'Common',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Connector name',
  },
  {
    name: 'connector.class',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    importance: 'HIGH',
    doc:
      'Name or alias of the class for this connector. Must be a subclass of org.apache.kafka.connect.connector.Connector. If ' +
      'the connector is org.apache.kafka.connect.file.FileStreamSinkConnector, you can either specify this full name,  or ' +
      'use "FileStreamSink" or "FileStreamSinkConnector" to make the configuration a bit shorter',
    group: 'Common',
    orderInGroup: 2,
    width: 'LONG',
    displayName: 'Connector class',
  },
  {
    name: 'connector.plugin.version',
    type: 'STRING',
    defaultValue: null,
    validator: versionRange,
    importance: 'MEDIUM',
    doc: 'Version of the connector.',
    group: 'Common',
    orderInGroup: 3,
    width: 'MEDIUM',
    displayName: 'Connector version',
  },
  {
    name: 'tasks.max',
    type: 'INT',
    defaultValue: 1,
    validator: atLeast(1),
    importance: 'HIGH',
    doc: 'Maximum number of tasks to use for this connector.',
    group: 'Common',
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Tasks max',
  },
  {
    name: 'tasks.max.enforce',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'LOW',
    doc:
      '(Deprecated) Whether to enforce that the tasks.max property is respected by the connector. By default, connectors ' +
      'that generate too many tasks will fail, and existing sets of tasks that exceed the tasks.max property will also be ' +
      'failed. If this property is set to false, then connectors will be allowed to generate more than the maximum number of ' +
      'tasks, and existing sets of tasks that exceed the tasks.max property will be allowed to run. This property is ' +
      'deprecated and will be removed in an upcoming major release.',
    group: 'Common',
    orderInGroup: 5,
    width: 'SHORT',
    displayName: 'Enforce tasks max',
  },
  {
    name: 'key.converter',
    type: 'CLASS',
    defaultValue: null,
    importance: 'LOW',
    doc:
      'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This ' +
      'controls the format of the keys in messages written to or read from Kafka, and since this is independent of ' +
      'connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and ' +
      'Avro.',
    group: 'Common',
    orderInGroup: 6,
    width: 'SHORT',
    displayName: 'Key converter class',
  },
  {
    name: 'key.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    validator: versionRange,
    importance: 'LOW',
    doc: 'Version of the key converter.',
    group: 'Common',
    orderInGroup: 7,
    width: 'SHORT',
    displayName: 'Key converter version',
  },
  {
    name: 'value.converter',
    type: 'CLASS',
    defaultValue: null,
    importance: 'LOW',
    doc:
      'Converter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. This ' +
      'controls the format of the values in messages written to or read from Kafka, and since this is independent of ' +
      'connectors it allows any connector to work with any serialization format. Examples of common formats include JSON and ' +
      'Avro.',
    group: 'Common',
    orderInGroup: 8,
    width: 'SHORT',
    displayName: 'Value converter class',
  },
  {
    name: 'value.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    validator: versionRange,
    importance: 'LOW',
    doc: 'Version of the value converter.',
    group: 'Common',
    orderInGroup: 9,
    width: 'SHORT',
    displayName: 'Value converter version',
  },
  {
    name: 'header.converter',
    type: 'CLASS',
    defaultValue: null,
    importance: 'LOW',
    doc:
      'HeaderConverter class used to convert between Kafka Connect format and the serialized form that is written to Kafka. ' +
      'This controls the format of the header values in messages written to or read from Kafka, and since this is ' +
      'independent of connectors it allows any connector to work with any serialization format. Examples of common formats ' +
      'include JSON and Avro. By default, the SimpleHeaderConverter is used to serialize header values to strings and ' +
      'deserialize them by inferring the schemas.',
    group: 'Common',
    orderInGroup: 10,
    width: 'SHORT',
    displayName: 'Header converter class',
  },
  {
    name: 'header.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    validator: versionRange,
    importance: 'LOW',
    doc: 'Version of the header converter.',
    group: 'Common',
    orderInGroup: 11,
    width: 'SHORT',
    displayName: 'Header converter version',
  },
  {
    name: 'transforms',
    type: 'LIST',
    defaultValue: [],
    validator: distinctAliases,
    importance: 'LOW',
    doc: 'Aliases for the transformations to be applied to records.',
    group: 'Transforms',
    orderInGroup: 12,
    width: 'LONG',
    displayName: 'Transforms',
  },
  {
    name: 'predicates',
    type: 'LIST',
    defaultValue: [],
    validator: distinctAliases,
    importance: 'LOW',
    doc: 'Aliases for the predicates used by transformations.',
    group: 'Predicates',
    orderInGroup: 13,
    width: 'LONG',
    displayName: 'Predicates',
  },
  {
    name: 'config.action.reload',
    type: 'STRING',
    defaultValue: 'restart',
    validator: validString('none', 'restart'),
    importance: 'LOW',
    doc:
      'The action that Connect should take on the connector when changes in external configuration providers result in a ' +
      "change in the connector's configuration properties. A value of 'none' indicates that Connect will do nothing. A value " +
      "of 'restart' indicates that Connect should restart/reload the connector with the updated configuration properties.The " +
      'restart may actually be scheduled in the future if the external configuration provider indicates that a configuration ' +
      'value will expire in the future.',
    group: 'Common',
    orderInGroup: 14,
    width: 'MEDIUM',
    displayName: 'Reload Action',
  },
  {
    name: 'errors.retry.timeout',
    type: 'LONG',
    defaultValue: 0,
    importance: 'MEDIUM',
    doc:
      'The maximum duration in milliseconds that a failed operation will be reattempted. The default is 0, which means no ' +
      'retries will be attempted. Use -1 for infinite retries.',
    group: 'Error Handling',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Retry Timeout for Errors',
  },
  {
    name: 'errors.retry.delay.max.ms',
    type: 'LONG',
    defaultValue: 60000,
    importance: 'MEDIUM',
    doc:
      'The maximum duration in milliseconds between consecutive retry attempts. Jitter will be added to the delay once this ' +
      'limit is reached to prevent thundering herd issues.',
    group: 'Error Handling',
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Maximum Delay Between Retries for Errors',
  },
  {
    name: 'errors.tolerance',
    type: 'STRING',
    defaultValue: 'none',
    validator: validString('none', 'all'),
    importance: 'MEDIUM',
    doc:
      "Behavior for tolerating errors during connector operation. 'none' is the default value and signals that any error " +
      "will result in an immediate connector task failure; 'all' changes the behavior to skip over problematic records.",
    group: 'Error Handling',
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Error Tolerance',
  },
  {
    name: 'errors.log.enable',
    type: 'BOOLEAN',
    defaultValue: false,
    importance: 'MEDIUM',
    doc:
      'If true, write each error and the details of the failed operation and problematic record to the Connect application ' +
      "log. This is 'false' by default, so that only errors that are not tolerated are reported.",
    group: 'Error Handling',
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Log Errors',
  },
  {
    name: 'errors.log.include.messages',
    type: 'BOOLEAN',
    defaultValue: false,
    importance: 'MEDIUM',
    doc:
      'Whether to include in the log the Connect record that resulted in a failure. For sink records, the topic, partition, ' +
      'offset, and timestamp will be logged. For source records, the key and value (and their schemas), all headers, and the ' +
      "timestamp, Kafka topic, Kafka partition, source partition, and source offset will be logged. This is 'false' by " +
      'default, which will prevent record keys, values, and headers from being written to log files.',
    group: 'Error Handling',
    orderInGroup: 5,
    width: 'SHORT',
    displayName: 'Log Error Details',
  },
];
