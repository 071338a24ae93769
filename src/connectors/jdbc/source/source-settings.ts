/** The settings of a source task, parsed: one shape for both sets of keys. */
import type { ConfigDef, ParsedConfig } from '../../../api/config-def';
import type { Props } from '../../../api/connector';
import { type ConnectionSettings, readConnectionSettings } from '../config/connection-settings';
import { SOURCE_DEFS, type SOURCE_MODES, TASK_KEYS } from '../config/source-keys';
import type { MappingOptions, NumericMapping } from '../database/column-mapping';
import type { Flavour } from '../database/flavour';
import { TIMESTAMP_GRANULARITIES, type TimestampGranularity } from '../database/timestamp-mapping';
import { ZoneOffset } from '../database/zone-offset';
import { splitTableList } from './table-list';

export type SourceMode = (typeof SOURCE_MODES)[number];

/** What a task does. Times are in milliseconds. */
export interface SourceSettings {
  readonly connection: ConnectionSettings;
  readonly mode: SourceMode;
  /** The text of the query, or null where tables are read. */
  readonly query: string | null;
  readonly querySuffix: string;
  /** Quoted names of the tables of this task; null while the connector has no list yet. */
  readonly tables: readonly string[] | null;
  readonly topicPrefix: string;
  /** The incrementing column; empty: the auto-increment column of each table. */
  readonly incrementingColumn: string;
  /** Only greater numbers are read where no offset is stored. */
  readonly incrementingInitial: bigint;
  readonly pollIntervalMs: number;
  readonly maxBatchRows: number;
  readonly mapping: MappingOptions;
}

/** Reads the settings that the connector gave to a task. @throws ConfigException */
export function readSourceSettings(props: Props, flavour: Flavour): SourceSettings {
  const def: ConfigDef = SOURCE_DEFS[flavour];
  const config = def.parse(props);
  const connection = readConnectionSettings(config, 'task');
  const isConfluent = flavour === 'confluent';
  const masked = isConfluent ? config.getPassword('query.masked').value : '';
  const tables = splitTableList(props[TASK_KEYS.tables] ?? '', connection.dialect.identifiers);
  return {
    connection,
    mode: config.getString('mode').toLowerCase() as SourceMode,
    query: config.getString('query').trim() || masked.trim() || null,
    querySuffix: isConfluent ? config.getString('query.suffix') : '',
    tables: props[TASK_KEYS.tablesFetched] === 'false' ? null : tables,
    topicPrefix: config.getString('topic.prefix'),
    incrementingColumn: config.getString('incrementing.column.name'),
    incrementingInitial: isConfluent ? -1n : BigInt(config.get('incrementing.initial') as number | bigint),
    pollIntervalMs: config.getInt('poll.interval.ms'),
    maxBatchRows: config.getInt('batch.max.rows'),
    mapping: mappingOptions(config, flavour),
  };
}

function mappingOptions(config: ParsedConfig, flavour: Flavour): MappingOptions {
  const byFlag = config.getBoolean('numeric.precision.mapping') ? 'precision_only' : 'none';
  const wanted = flavour === 'confluent' ? config.getString('timestamp.granularity').toLowerCase() : 'connect_logical';
  return {
    numericMapping: (config.getStringOrNull('numeric.mapping')?.toLowerCase() ?? byFlag) as NumericMapping,
    granularity: TIMESTAMP_GRANULARITIES.find(granularity => granularity === wanted) as TimestampGranularity,
    zone: new ZoneOffset(config.getString('db.timezone')),
    flavour,
  };
}
