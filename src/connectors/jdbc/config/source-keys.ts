/** Settings of JdbcSource, in the two sets that the connectors of Confluent and Aiven have. */
import { ConfigDef, type ConfigKey, NO_DEFAULT } from '../../../api/config-def';
import { atLeast } from '../../../api/config-validators';
import type { Flavour } from '../database/values/flavour';
import { TIMESTAMP_GRANULARITIES } from '../database/values/timestamp-mapping';
import { CALENDAR_KEY } from './calendar-key';
import { CONNECTION_KEYS, CREDENTIALS_KEYS, quotingKeys } from './connection-keys';
import { keysOfGroup } from './key-groups';
import { moment, oneOf, topicFormat, topicPrefix } from './validators';

export const SOURCE_MODES = ['bulk', 'timestamp', 'incrementing', 'timestamp+incrementing'] as const;

const ISOLATION_MODES = ['DEFAULT', 'READ_UNCOMMITTED', 'READ_COMMITTED', 'REPEATABLE_READ', 'SERIALIZABLE', 'SQL_SERVER_SNAPSHOT'];

const TABLE_KEYS = keysOfGroup('Database', [
  ['catalog.pattern', 'STRING', null, 'MEDIUM', 'Pattern of LIKE for catalogues (databases of MySQL) in which to look for tables.'],
  ['schema.pattern', 'STRING', null, 'MEDIUM', 'Pattern of LIKE for schemas in which to look for tables.'],
  ['table.whitelist', 'LIST', '', 'MEDIUM', 'Tables to copy, by exact name: table, schema.table, quoted or not. Empty: all.'],
  ['table.blacklist', 'LIST', '', 'MEDIUM', 'Tables to leave out, by exact name.'],
  ['table.types', 'LIST', 'TABLE', 'LOW', 'Kinds of tables to look for: TABLE, VIEW, and those of the database such as PARTITIONED TABLE.'],
]);

const PATTERN_KEYS = keysOfGroup('Database', [
  [
    'table.include.list',
    'LIST',
    '',
    'MEDIUM',
    'Regular expressions for names of tables to copy; each must match the whole name, schema and all.',
  ],
  ['table.exclude.list', 'LIST', '', 'MEDIUM', 'Regular expressions for names of tables to leave out of those in table.include.list.'],
  [
    'transaction.isolation.mode',
    'STRING',
    'DEFAULT',
    'LOW',
    'Isolation of transactions that read.',
    { validator: oneOf(...ISOLATION_MODES) },
  ],
]);

const MODE_KEYS = keysOfGroup('Mode', [
  [
    'mode',
    'STRING',
    NO_DEFAULT,
    'HIGH',
    'How to find rows that are new: bulk, timestamp, incrementing, or timestamp+incrementing.',
    { validator: oneOf(...SOURCE_MODES) },
  ],
  [
    'incrementing.column.name',
    'STRING',
    '',
    'MEDIUM',
    'Column whose values only grow: whole numbers, or texts such as UUIDs in the order of the database. Empty: the auto-increment column of each table.',
  ],
  [
    'timestamp.column.name',
    'LIST',
    '',
    'MEDIUM',
    'Columns with the time of the last change; of several the first that is not NULL counts.',
  ],
  ['incrementing.initial', 'LONG', -1, 'LOW', 'Where to begin without a stored offset: rows with a greater number are read.'],
  ['validate.non.null', 'BOOLEAN', true, 'LOW', 'Refuses tables where these columns may be NULL, as such rows are never found.'],
  ['query', 'STRING', '', 'MEDIUM', 'Query to run instead of reading tables.'],
  ['numeric.precision.mapping', 'BOOLEAN', false, 'LOW', 'Older word for numeric.mapping=precision_only.'],
  [
    'timestamp.delay.interval.ms',
    'LONG',
    0,
    'HIGH',
    'How long a row must be older than the clock of the database, in milliseconds, so that transactions under way can end.',
  ],
]);

/** Keys that Java does not have: its connectors do not find rows that are committed late. */
const LATE_ROW_KEYS = keysOfGroup('Mode', [
  [
    'timestamp.look.back.ms',
    'LONG',
    0,
    'MEDIUM',
    'How far behind the last timestamp each query looks for rows that were committed late, in milliseconds. After a restart the rows of this time come again.',
    { validator: atLeast(0) },
  ],
  [
    'incrementing.look.back',
    'LONG',
    0,
    'MEDIUM',
    'How many numbers behind the last one each query in mode incrementing looks for rows that were committed late. After a restart these rows come again.',
    { validator: atLeast(0) },
  ],
  [
    'timestamp.wait.for.transactions',
    'BOOLEAN',
    false,
    'MEDIUM',
    'Whether rows wait until all transactions that began before their timestamp have ended, so that none can be late (PostgreSQL only).',
  ],
]);

const CONFLUENT_MODE_KEYS = keysOfGroup('Mode', [
  [
    'numeric.mapping',
    'STRING',
    null,
    'LOW',
    'Types for NUMERIC: none (Decimal), precision_only, best_fit, or best_fit_eager_double.',
    { validator: oneOf('none', 'precision_only', 'best_fit', 'best_fit_eager_double') },
  ],
  ['incrementing.column.mapping', 'LIST', '', 'MEDIUM', 'Incrementing columns by table: regex:column.'],
  ['timestamp.columns.mapping', 'LIST', '', 'MEDIUM', 'Timestamp columns by table: regex:[column|column].'],
  [
    'timestamp.initial',
    'LONG',
    null,
    'LOW',
    'Where to begin without a stored offset, in milliseconds since 1970; -1 means now. Unset: 1970.',
    { validator: moment },
  ],
  ['query.masked', 'PASSWORD', '', 'MEDIUM', 'Like query, but shown nowhere.'],
  ['query.suffix', 'STRING', '', 'LOW', 'Text to add at the end of each query.'],
  [
    'query.retry.attempts',
    'INT',
    -1,
    'LOW',
    'How often to repeat a query after an error that may pass; -1 means for ever.',
    { validator: atLeast(-1) },
  ],
  [
    'timestamp.granularity',
    'STRING',
    'connect_logical',
    'LOW',
    'How timestamps are written: connect_logical (milliseconds), or micro- and nanoseconds as number or text.',
    { validator: oneOf(...TIMESTAMP_GRANULARITIES) },
  ],
  CALENDAR_KEY,
]);

const AIVEN_MODE_KEYS = keysOfGroup('Mode', [
  [
    'numeric.mapping',
    'STRING',
    null,
    'LOW',
    'Types for NUMERIC: none (Decimal), precision_only, or best_fit.',
    { validator: oneOf('none', 'precision_only', 'best_fit') },
  ],
  ['timestamp.initial.ms', 'LONG', 0, 'LOW', 'Where to begin without a stored offset, in milliseconds since 1970.', { validator: moment }],
  ['table.names.qualify', 'BOOLEAN', true, 'LOW', 'Whether names of tables are used with their schema in queries.'],
]);

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the source fills it in
/** Keys that Java does not have: there a record key needs transformations, and a topic is always prefix and table. */
const RECORD_KEYS = keysOfGroup('Connector', [
  [
    'topic.format',
    'STRING',
    '',
    'MEDIUM',
    'What follows topic.prefix in the name of the topic: ${table}, ${schema} and ${database}, e.g. ${schema}.${table}, so that tables of several schemas do not share a topic. Where Kafka would refuse a character, there is an underscore. Empty: the name of the table, as it is.',
    { validator: topicFormat },
  ],
  [
    'key.mode',
    'STRING',
    'none',
    'MEDIUM',
    'Key of the records: none, or primary_key for a Struct of the columns of the primary key of the table.',
    { validator: oneOf('none', 'primary_key') },
  ],
]);
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the source fills it in

const connectorKeys = (batchMaxRows: number): ConfigKey[] =>
  keysOfGroup('Connector', [
    [
      'table.poll.interval.ms',
      'LONG',
      60_000,
      'LOW',
      'How often to look for new and removed tables, in milliseconds.',
      { validator: atLeast(1) },
    ],
    [
      'topic.prefix',
      'STRING',
      '',
      'HIGH',
      'What stands before the name of the table in the name of the topic; with a query, the topic itself.',
      { validator: topicPrefix },
    ],
    [
      'poll.interval.ms',
      'INT',
      5000,
      'HIGH',
      'Wait between the end of a query and the next one on the same table, in milliseconds.',
      { validator: atLeast(0) },
    ],
    ['batch.max.rows', 'INT', batchMaxRows, 'LOW', 'Most rows of one batch.', { validator: atLeast(1) }],
  ]);

/** Keys that are accepted for compatibility but have no effect, each with the reason. A warning tells the user. */
export const IDLE_SOURCE_KEYS: Readonly<Record<string, string>> = {
  'max.buffer.size': 'no thread reads ahead, and a batch is bounded in bytes',
  'poll.linger.ms': 'a batch goes out as soon as there is one',
};

const CONFLUENT_CONNECTOR_KEYS = keysOfGroup('Connector', [
  ['max.buffer.size', 'INT', 0, 'LOW', `Without effect: ${IDLE_SOURCE_KEYS['max.buffer.size']}.`, { validator: atLeast(0) }],
  ['poll.linger.ms', 'LONG', 5000, 'LOW', `Without effect: ${IDLE_SOURCE_KEYS['poll.linger.ms']}.`, { validator: atLeast(0) }],
  [
    'table.monitoring.startup.polling.limit.ms',
    'LONG',
    10_000,
    'LOW',
    'How long a start waits for the first list of tables, in milliseconds.',
    { validator: atLeast(0) },
  ],
]);

const SETS: Readonly<Record<Flavour, readonly (readonly ConfigKey[])[]>> = {
  confluent: [
    CONNECTION_KEYS,
    CREDENTIALS_KEYS,
    TABLE_KEYS,
    PATTERN_KEYS,
    quotingKeys('confluent'),
    MODE_KEYS,
    LATE_ROW_KEYS,
    CONFLUENT_MODE_KEYS,
    connectorKeys(1000),
    RECORD_KEYS,
    CONFLUENT_CONNECTOR_KEYS,
  ],
  aiven: [CONNECTION_KEYS, TABLE_KEYS, quotingKeys('aiven'), MODE_KEYS, LATE_ROW_KEYS, AIVEN_MODE_KEYS, connectorKeys(100), RECORD_KEYS],
};

const defOf = (flavour: Flavour): ConfigDef => SETS[flavour].flat().reduce((def, key) => def.define(key), new ConfigDef());

/** The settings of each flavour of JdbcSource. */
export const SOURCE_DEFS: Readonly<Record<Flavour, ConfigDef>> = { confluent: defOf('confluent'), aiven: defOf('aiven') };

/** Settings that the connector hands to its tasks besides its own. */
export const TASK_KEYS = { tables: 'tables', tablesFetched: 'tables.fetched' } as const;
