/** Settings of JdbcSink, in the two sets that the connectors of Confluent and Aiven have. */
import { ConfigDef, type ConfigKey } from '../../../api/config-def';
import { atLeast, nonEmptyString } from '../../../api/config-validators';
import type { Flavour } from '../database/values/flavour';
import { CALENDAR_KEY } from './calendar-key';
import { CONNECTION_KEYS, CREDENTIALS_KEYS, quotingKeys } from './connection-keys';
import { keysOfGroup } from './key-groups';
import { oneOf } from './validators';

export const PK_MODES = ['none', 'kafka', 'record_key', 'record_value'] as const;

const writeKeys = (modes: readonly string[]): ConfigKey[] =>
  keysOfGroup('Writes', [
    ['insert.mode', 'STRING', 'insert', 'HIGH', `What a record does to the table: ${modes.join(', ')}.`, { validator: oneOf(...modes) }],
    ['batch.size', 'INT', 3000, 'MEDIUM', 'Most rows of one statement; 0 and 1 mean one row each.', { validator: atLeast(0) }],
    [
      'delete.enabled',
      'BOOLEAN',
      false,
      'MEDIUM',
      'Whether a record without a value deletes the row of its key; needs pk.mode=record_key.',
    ],
  ]);

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the sink fills it in
const MAPPING_KEYS = keysOfGroup('Data Mapping', [
  [
    'table.name.format',
    'STRING',
    '${topic}',
    'MEDIUM',
    'Name of the table, in which ${topic} stands for the topic.',
    { validator: nonEmptyString },
  ],
  [
    'pk.mode',
    'STRING',
    'none',
    'HIGH',
    'Where the primary key comes from: none, kafka (topic, partition, offset), record_key, record_value.',
    { validator: oneOf(...PK_MODES) },
  ],
  ['pk.fields', 'LIST', '', 'MEDIUM', 'Columns of the primary key; empty: all fields of the key or value.'],
  ['fields.whitelist', 'LIST', '', 'MEDIUM', 'Fields of the value to write; empty: all.'],
]);

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the sink fills it in

const CONFLUENT_MAPPING_KEYS = keysOfGroup('Data Mapping', [
  ['date.timezone', 'STRING', 'DB_TIMEZONE', 'MEDIUM', 'Zone of dates: DB_TIMEZONE or UTC.', { validator: oneOf('DB_TIMEZONE', 'UTC') }],
  ['table.types', 'LIST', 'TABLE', 'LOW', 'Kinds of tables that may be written to: TABLE, PARTITIONED TABLE, VIEW.'],
  ['replace.null.with.default', 'BOOLEAN', true, 'MEDIUM', 'Whether a null takes the default of its field.'],
  ['timestamp.fields.list', 'LIST', '', 'LOW', 'Fields of type INT64 or STRING that are timestamps.'],
  [
    'timestamp.precision.mode',
    'STRING',
    'MICROSECONDS',
    'LOW',
    'Unit of these fields.',
    { validator: oneOf('MICROSECONDS', 'NANOSECONDS') },
  ],
  CALENDAR_KEY,
  [
    'string.output.value.column.name',
    'STRING',
    'record_value',
    'LOW',
    'Column for values that are plain text.',
    { validator: nonEmptyString },
  ],
]);

const AIVEN_MAPPING_KEYS = keysOfGroup('Data Mapping', [
  [
    'table.name.normalize',
    'BOOLEAN',
    false,
    'LOW',
    'Whether characters that a plain name of SQL has not become underscores in names of tables.',
  ],
  [
    'topics.to.tables.mapping',
    'LIST',
    null,
    'LOW',
    'Tables by topic: topic:table; other topics go by table.name.format.',
    { validator: topicTables },
  ],
]);

function topicTables(key: string, value: unknown): void {
  const bad = (value === null ? [] : (value as readonly string[])).find(item => !/^[^:]+:.+$/.test(item));
  if (bad !== undefined) oneOf('topic:table')(key, bad);
}

const DDL_KEYS = keysOfGroup('DDL Support', [
  ['auto.create', 'BOOLEAN', false, 'MEDIUM', 'Whether a table that is missing is created.'],
  ['auto.evolve', 'BOOLEAN', false, 'MEDIUM', 'Whether columns that are missing are added.'],
]);

const RETRY_KEYS = keysOfGroup('Retries', [
  ['max.retries', 'INT', 10, 'MEDIUM', 'How often to repeat a batch after an error that may pass.', { validator: atLeast(0) }],
  ['retry.backoff.ms', 'INT', 3000, 'MEDIUM', 'Wait before a batch is repeated, in milliseconds.', { validator: atLeast(0) }],
]);

const CONFLUENT_OTHER_KEYS = keysOfGroup('Writes', [
  ['mssql.use.merge.holdlock', 'BOOLEAN', true, 'LOW', 'Whether MERGE of SQL Server holds its locks.'],
  [
    'trim.sensitive.log',
    'BOOLEAN',
    false,
    'LOW',
    'Whether errors of the database are shown without its text, which may quote values of rows.',
  ],
]);

/** Keys that Java does not have. */
const EXACTLY_ONCE_KEYS = keysOfGroup('Exactly Once', [
  [
    'offsets.table',
    'STRING',
    '',
    'MEDIUM',
    'Table for consumed offsets, created where it is missing and written in the transaction of the rows, so that each record takes effect once. Empty: none.',
  ],
]);

const INSERT_MODES = ['insert', 'upsert', 'update'];

const SETS: Readonly<Record<Flavour, readonly (readonly ConfigKey[])[]>> = {
  confluent: [
    CONNECTION_KEYS,
    CREDENTIALS_KEYS,
    quotingKeys('confluent'),
    writeKeys(INSERT_MODES),
    CONFLUENT_OTHER_KEYS,
    MAPPING_KEYS,
    CONFLUENT_MAPPING_KEYS,
    DDL_KEYS,
    RETRY_KEYS,
    EXACTLY_ONCE_KEYS,
  ],
  aiven: [
    CONNECTION_KEYS,
    quotingKeys('aiven'),
    writeKeys([...INSERT_MODES, 'multi']),
    MAPPING_KEYS,
    AIVEN_MAPPING_KEYS,
    DDL_KEYS,
    RETRY_KEYS,
    EXACTLY_ONCE_KEYS,
  ],
};

const defOf = (flavour: Flavour): ConfigDef => SETS[flavour].flat().reduce((def, key) => def.define(key), new ConfigDef());

/** The settings of each flavour of JdbcSink. */
export const SINK_DEFS: Readonly<Record<Flavour, ConfigDef>> = { confluent: defOf('confluent'), aiven: defOf('aiven') };
