/** The settings of a source task, parsed: one shape for both sets of keys. */
import type { ConfigDef, ParsedConfig } from '../../../api/config-def';
import type { Props } from '../../../api/connector';
import { isJulian } from '../config/calendar-key';
import { type ConnectionSettings, readConnectionSettings } from '../config/connection-settings';
import { SOURCE_DEFS, type SOURCE_MODES, TASK_KEYS } from '../config/source-keys';
import type { IsolationLevel } from '../database/dialect';
import type { MappingOptions, NumericMapping } from '../database/values/column-mapping';
import type { Flavour } from '../database/values/flavour';
import { type Instant, instantOfMs, TIMESTAMP_GRANULARITIES, type TimestampGranularity } from '../database/values/timestamp-mapping';
import { ZoneOffset } from '../database/values/zone-offset';
import { type ColumnNamer, createColumnNamer } from './column-names';
import type { LookBack } from './late-rows';
import { splitTableList } from './table-list';
import { createTopicNamer, type TopicNamer } from './topic-names';

export type SourceMode = (typeof SOURCE_MODES)[number];

/** What a task does. Times are in milliseconds. */
export interface SourceSettings {
  readonly connection: ConnectionSettings;
  readonly mode: SourceMode;
  /** The text of the query, or null if tables are read. */
  readonly query: string | null;
  readonly querySuffix: string;
  /** Quoted names of the task's tables; null while the connector has no list yet. */
  readonly tables: readonly string[] | null;
  readonly topicOf: TopicNamer;
  /** Names of the columns by which new rows are found. */
  readonly columnNames: ColumnNamer;
  /** Refuses tables in which such a column may be NULL. */
  readonly validatesNonNull: boolean;
  /** Without a stored offset, only greater numbers are read. */
  readonly incrementingInitial: bigint;
  /** Without a stored offset, only later rows are read; `now`: those after the start. */
  readonly timestampInitial: Instant | 'now';
  /** How much older than the database's clock rows must be. */
  readonly timestampDelayMs: number;
  /** How far each query looks back for rows that were committed late. */
  readonly lookBack: LookBack;
  /** True to read only rows older than any open transaction. */
  readonly waitsForTransactions: boolean;
  /** How often in a row a query is retried; null: for ever. */
  readonly maxQueryRetries: number | null;
  readonly pollIntervalMs: number;
  readonly maxBatchRows: number;
  readonly mapping: MappingOptions;
  /** Isolation level of reading transactions; null: the database's default. */
  readonly isolation: IsolationLevel | null;
  /** What the key of a record is. */
  readonly keyMode: 'none' | 'primary_key';
}

/** Reads the settings that the connector gave to a task. @throws ConfigException */
export function readSourceSettings(props: Props, flavour: Flavour): SourceSettings {
  const def: ConfigDef = SOURCE_DEFS[flavour];
  const config = def.parse(props);
  const connection = readConnectionSettings(config, 'task');
  const isConfluent = flavour === 'confluent';
  const masked = isConfluent ? config.getPassword('query.masked').value : '';
  const mode = config.getString('mode').toLowerCase() as SourceMode;
  const query = config.getString('query').trim() || masked.trim() || null;
  const tables = splitTableList(props[TASK_KEYS.tables] ?? '', connection.dialect.identifiers);
  return {
    connection,
    mode,
    query: query && (connection.dialect.queryText?.(query) ?? query),
    querySuffix: isConfluent ? config.getString('query.suffix') : '',
    tables: props[TASK_KEYS.tablesFetched] === 'false' ? null : tables,
    topicOf: createTopicNamer(config, connection.options.address),
    columnNames: createColumnNamer(config, mode, isConfluent),
    validatesNonNull: config.getBoolean('validate.non.null'),
    incrementingInitial: BigInt(config.get('incrementing.initial') as number | bigint),
    timestampInitial: timestampInitial(config, isConfluent),
    timestampDelayMs: config.getLong('timestamp.delay.interval.ms'),
    lookBack: {
      timestampMs: config.getLong('timestamp.look.back.ms'),
      incrementing: BigInt(config.getLong('incrementing.look.back')),
    },
    waitsForTransactions: config.getBoolean('timestamp.wait.for.transactions'),
    maxQueryRetries: isConfluent && config.getInt('query.retry.attempts') > 0 ? config.getInt('query.retry.attempts') : null,
    pollIntervalMs: config.getInt('poll.interval.ms'),
    maxBatchRows: config.getInt('batch.max.rows'),
    mapping: mappingOptions(config, flavour),
    isolation: isConfluent ? isolationOf(config) : null,
    keyMode: config.getString('key.mode').toLowerCase() === 'primary_key' ? 'primary_key' : 'none',
  };
}

function isolationOf(config: ParsedConfig): IsolationLevel | null {
  const level = config.getString('transaction.isolation.mode').toUpperCase();
  return level === 'DEFAULT' ? null : (level as IsolationLevel);
}

function timestampInitial(config: ParsedConfig, isConfluent: boolean): Instant | 'now' {
  if (isConfluent && Number(config.get('timestamp.initial') ?? 0) === -1) return 'now';
  return instantOfMs(Number((isConfluent ? config.get('timestamp.initial') : config.get('timestamp.initial.ms')) ?? 0));
}

function mappingOptions(config: ParsedConfig, flavour: Flavour): MappingOptions {
  const byFlag = config.getBoolean('numeric.precision.mapping') ? 'precision_only' : 'none';
  const wanted = flavour === 'confluent' ? config.getString('timestamp.granularity').toLowerCase() : 'connect_logical';
  return {
    numericMapping: (config.getStringOrNull('numeric.mapping')?.toLowerCase() ?? byFlag) as NumericMapping,
    granularity: TIMESTAMP_GRANULARITIES.find(granularity => granularity === wanted) as TimestampGranularity,
    zone: new ZoneOffset(config.getString('db.timezone')),
    isJulian: isJulian(config, flavour),
    flavour,
  };
}
