/** All settings of a standalone worker, in Java's order (WorkerConfig, StandaloneConfig). */

import { ConfigDef, type ConfigKey, NO_DEFAULT } from '../../api/config-def';
import { anyNonDuplicateValues, atLeast, caseInsensitiveValidString, nonEmptyString, validString } from '../../api/config-validators';
import { FILE_ALLOWED_PATHS } from '../allowed-files';
import { INHERITED_SECURITY_KEY } from '../clients/inherited-security';
import { TOKEN_SOURCE_KEYS } from '../clients/token-sources';
import { EXACTLY_ONCE_KEYS } from './exactly-once';
import { REST_AUTH_KEYS, REST_KEYS } from './rest-keys';
import { RESTART_KEYS } from './restart-policy';
import { SSL_KEYS } from './ssl-keys';

const CORE_KEYS: readonly ConfigKey[] = [
  {
    name: 'bootstrap.servers',
    type: 'LIST',
    defaultValue: NO_DEFAULT,
    validator: anyNonDuplicateValues(false, false),
    importance: 'HIGH',
    doc: 'Brokers to ask first, as `host1:port1,host2:port2`.',
  },
  {
    name: 'client.dns.lookup',
    type: 'STRING',
    defaultValue: 'use_all_dns_ips',
    validator: validString('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'),
    importance: 'MEDIUM',
    doc: 'How clients look up broker names.',
  },
  {
    name: 'key.converter',
    type: 'CLASS',
    defaultValue: NO_DEFAULT,
    importance: 'HIGH',
    doc: 'Converter for the keys of records; settings below `key.converter.` are its own.',
  },
  {
    name: 'key.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Version of the key converter.',
  },
  {
    name: 'value.converter',
    type: 'CLASS',
    defaultValue: NO_DEFAULT,
    importance: 'HIGH',
    doc: 'Converter for the values of records; settings below `value.converter.` are its own.',
  },
  {
    name: 'value.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Version of the value converter.',
  },
  {
    name: 'task.shutdown.graceful.timeout.ms',
    type: 'LONG',
    defaultValue: 5000,
    importance: 'LOW',
    doc: 'How long all tasks together may take to stop.',
  },
  {
    name: 'offset.flush.interval.ms',
    type: 'LONG',
    defaultValue: 60000,
    importance: 'LOW',
    doc: 'How often offsets of tasks are committed.',
  },
  {
    name: 'offset.flush.timeout.ms',
    type: 'LONG',
    defaultValue: 5000,
    importance: 'LOW',
    doc: 'How long one commit of offsets may take before it is given up until the next one.',
  },
  {
    name: 'plugin.path',
    type: 'LIST',
    defaultValue: null,
    validator: anyNonDuplicateValues(false, true),
    importance: 'LOW',
    doc: 'Directories with plugins, separated by commas. Variables of config providers are not replaced here.',
  },
  {
    name: 'plugin.discovery',
    type: 'STRING',
    defaultValue: 'hybrid_warn',
    validator: caseInsensitiveValidString('only_scan', 'hybrid_warn', 'hybrid_fail', 'service_load'),
    importance: 'LOW',
    doc: 'How the JVM finds plugins; without effect here.',
  },
  {
    name: 'metrics.sample.window.ms',
    type: 'LONG',
    defaultValue: 30000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'Time span of one sample, of which rates, averages and highest values are made.',
  },
  {
    name: 'metrics.num.samples',
    type: 'INT',
    defaultValue: 2,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Number of samples of which rates, averages and highest values are made.',
  },
  {
    name: 'metrics.recording.level',
    type: 'STRING',
    defaultValue: 'INFO',
    validator: validString('INFO', 'DEBUG'),
    importance: 'LOW',
    doc: 'Highest level of metrics that are recorded: INFO or DEBUG.',
  },
  {
    name: 'metric.reporters',
    type: 'LIST',
    defaultValue: ['org.apache.kafka.common.metrics.JmxReporter'],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc: 'Metrics reporters of the JVM; without effect here.',
  },
  {
    name: 'header.converter',
    type: 'CLASS',
    defaultValue: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
    importance: 'LOW',
    doc: 'Converter for the values of record headers; settings below `header.converter.` are its own.',
  },
  {
    name: 'header.converter.plugin.version',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Version of the header converter.',
  },
  {
    name: 'config.providers',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc: 'Names of config providers; each has its class in `config.providers.<name>.class`.',
  },
  {
    name: 'connector.client.config.override.policy',
    type: 'STRING',
    defaultValue: 'All',
    importance: 'MEDIUM',
    doc: 'Which settings of its Kafka clients a connector may override: All, Allowlist, None or Principal (deprecated).',
  },
  {
    name: 'topic.creation.enable',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'LOW',
    doc: 'Whether topics of source connectors with `topic.creation.` settings are created.',
  },
];

const LATER_KEYS: readonly ConfigKey[] = [
  {
    name: 'topic.tracking.enable',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'LOW',
    doc: 'Whether the topics that a connector uses are noted.',
  },
  {
    name: 'topic.tracking.allow.reset',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'LOW',
    doc: 'Whether users may reset the noted topics.',
  },
];

const STANDALONE_KEYS: readonly ConfigKey[] = [
  {
    name: 'offset.storage.file.filename',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    importance: 'HIGH',
    doc: 'File that keeps the offsets of source connectors.',
  },
  {
    name: 'task.threads.max',
    type: 'INT',
    defaultValue: 32,
    validator: atLeast(1),
    importance: 'LOW',
    doc:
      'Up to this number of threads, each task has one of its own; beyond it, tasks of FileStreamSource and FileStreamSink share threads, ' +
      'and all other tasks still get their own. Not a setting of Java.',
  },
  {
    name: 'tasks.max.limit',
    type: 'INT',
    defaultValue: 1000,
    validator: atLeast(1),
    importance: 'LOW',
    doc:
      'The most that `tasks.max` of a connector may be: each task has threads, descriptors and memory of its own. Whatever it is, tasks are ' +
      'started a few at a time, and no more once the worker runs short. Not a setting of Java.',
  },
  {
    // In Java the Allowlist policy defines this key; here the worker checks it with all others.
    name: 'connector.client.config.override.allowlist',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'MEDIUM',
    doc: 'Client settings that connectors may override under the policy Allowlist; empty: none.',
  },
];

/** Settings that Java does not have. */
const OWN_KEYS: readonly ConfigKey[] = [
  ...EXACTLY_ONCE_KEYS,
  {
    name: 'connectors.state.file',
    type: 'STRING',
    defaultValue: null,
    validator: nonEmptyString,
    importance: 'LOW',
    doc: 'File that keeps connectors created over REST, changes to connectors, and paused and stopped ones across restarts; absent: nothing is kept, as in Java.',
  },
  {
    name: 'connectors.files.watch',
    type: 'BOOLEAN',
    defaultValue: false,
    importance: 'LOW',
    doc: 'Whether connector files of the command line are watched, and changes applied like PUT config.',
  },
  {
    name: FILE_ALLOWED_PATHS,
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc:
      'Folders in which connectors may read and write files, links followed: `file` of the file connectors, `source.deadletters.file`, databases of ' +
      "SQLite. Empty: every file of the worker's user. Code of other plugins is not bound by it. Not in Java.",
  },
  INHERITED_SECURITY_KEY,
  ...TOKEN_SOURCE_KEYS,
  ...RESTART_KEYS,
  ...REST_AUTH_KEYS,
];

/** Definition of all worker settings. */
export const WORKER_DEF: ConfigDef = [...CORE_KEYS, ...SSL_KEYS, ...LATER_KEYS, ...REST_KEYS, ...STANDALONE_KEYS, ...OWN_KEYS].reduce(
  (def, key) => def.define(key),
  new ConfigDef(),
);
