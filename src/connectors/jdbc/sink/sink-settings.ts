/** The settings of a sink task, parsed: one shape for both sets of keys. */
import type { ParsedConfig } from '../../../api/config-def';
import type { Props } from '../../../api/connector';
import { isJulian } from '../config/calendar-key';
import { type ConnectionSettings, readConnectionSettings } from '../config/connection-settings';
import { type PK_MODES, SINK_DEFS } from '../config/sink-keys';
import type { WriteMode } from '../database/connection';
import type { Flavour } from '../database/values/flavour';
import type { BindingOptions } from '../database/values/value-binding';
import { ZoneOffset } from '../database/values/zone-offset';

export type PkMode = (typeof PK_MODES)[number];

/** What a task does. Times are in milliseconds. */
export interface SinkSettings {
  readonly connection: ConnectionSettings;
  readonly flavour: Flavour;
  readonly mode: Exclude<WriteMode, 'delete'>;
  readonly pkMode: PkMode;
  readonly pkFields: readonly string[];
  /** Fields of the value to write; empty: all. */
  readonly fieldsWhitelist: readonly string[];
  readonly deleteEnabled: boolean;
  /** The most rows of one call of a writer, at least 1. */
  readonly batchRows: number;
  readonly autoCreate: boolean;
  readonly autoEvolve: boolean;
  readonly tableNameFormat: string;
  readonly tableNameNormalize: boolean;
  /** Tables by topic; they take precedence over `tableNameFormat`. */
  readonly tableOfTopic: ReadonlyMap<string, string>;
  /** JDBC's types of tables. */
  readonly tableTypes: readonly string[];
  readonly replaceNullWithDefault: boolean;
  /** Column of values that are plain text; null: they are refused. */
  readonly textColumn: string | null;
  /** Fields of type INT64 or STRING that are timestamps. */
  readonly timestampFields: readonly string[];
  /** Digits after the second of these fields. */
  readonly timestampDigits: 6 | 9;
  /** `mssql.use.merge.holdlock=false`. */
  readonly mergesWithoutLock: boolean;
  readonly binding: BindingOptions;
  readonly maxRetries: number;
  readonly retryBackoffMs: number;
  /** Table of consumed offsets, or null without exactly-once. */
  readonly offsetsTable: string | null;
}

/** The table types of Aiven's connector, which has no setting for them. */
const AIVEN_TABLE_TYPES = ['TABLE', 'PARTITIONED TABLE'];

/** Reads the settings of a task. @throws ConfigException */
export function readSinkSettings(props: Props, flavour: Flavour): SinkSettings {
  const config = SINK_DEFS[flavour].parse(props);
  const connection = readConnectionSettings(config, 'task');
  const mode = config.getString('insert.mode').toLowerCase();
  return {
    connection,
    flavour,
    // `multi` inserts many rows per statement, as all inserts do here.
    mode: mode === 'multi' ? 'insert' : (mode as SinkSettings['mode']),
    pkMode: config.getString('pk.mode').toLowerCase() as PkMode,
    pkFields: config.getList('pk.fields'),
    fieldsWhitelist: config.getList('fields.whitelist'),
    deleteEnabled: config.getBoolean('delete.enabled'),
    batchRows: Math.max(1, config.getInt('batch.size')),
    autoCreate: config.getBoolean('auto.create'),
    autoEvolve: config.getBoolean('auto.evolve'),
    tableNameFormat: config.getString('table.name.format'),
    maxRetries: config.getInt('max.retries'),
    retryBackoffMs: config.getInt('retry.backoff.ms'),
    offsetsTable: config.getString('offsets.table').trim() || null,
    ...(flavour === 'confluent' ? confluentSettings(config) : aivenSettings(config, connection)),
    binding: bindingOptions(config, connection, flavour),
  };
}

type FlavouredSettings = Pick<
  SinkSettings,
  | 'tableNameNormalize'
  | 'tableOfTopic'
  | 'tableTypes'
  | 'replaceNullWithDefault'
  | 'textColumn'
  | 'timestampFields'
  | 'timestampDigits'
  | 'mergesWithoutLock'
>;

function confluentSettings(config: ParsedConfig): FlavouredSettings {
  return {
    tableNameNormalize: false,
    tableOfTopic: new Map(),
    tableTypes: config.getList('table.types').map(type => type.toUpperCase()),
    replaceNullWithDefault: config.getBoolean('replace.null.with.default'),
    textColumn: config.getString('string.output.value.column.name'),
    timestampFields: config.getList('timestamp.fields.list'),
    timestampDigits: config.getString('timestamp.precision.mode').toUpperCase() === 'NANOSECONDS' ? 9 : 6,
    mergesWithoutLock: !config.getBoolean('mssql.use.merge.holdlock'),
  };
}

function aivenSettings(config: ParsedConfig, { dialect }: ConnectionSettings): FlavouredSettings {
  const pairs = (config.get('topics.to.tables.mapping') as readonly string[] | null) ?? [];
  return {
    tableNameNormalize: config.getBoolean('table.name.normalize'),
    tableOfTopic: new Map(pairs.map(pair => [pair.slice(0, pair.indexOf(':')), pair.slice(pair.indexOf(':') + 1)])),
    // Aiven's connector distinguishes views on PostgreSQL only.
    tableTypes: dialect.name.startsWith('PostgreSql') ? AIVEN_TABLE_TYPES : [...AIVEN_TABLE_TYPES, 'VIEW'],
    replaceNullWithDefault: true,
    textColumn: null,
    timestampFields: [],
    timestampDigits: 6,
    mergesWithoutLock: false,
  };
}

function bindingOptions(config: ParsedConfig, { dialect }: ConnectionSettings, flavour: Flavour): BindingOptions {
  const zone = new ZoneOffset(config.getString('db.timezone'));
  const utcDates = flavour === 'aiven' || config.getString('date.timezone').toUpperCase() === 'UTC';
  const dateZone = utcDates ? new ZoneOffset('UTC') : zone;
  const hasInfinity = dialect.hasInfinity === true;
  return { temporal: dialect.temporalBinding, zone, dateZone, isJulian: isJulian(config, flavour), hasInfinity };
}

/** The name of the table for a topic, as the user would write it. */
export function tableNameOf(topic: string, settings: SinkSettings): string {
  const mapped = settings.tableOfTopic.get(topic);
  if (mapped !== undefined) return mapped;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in the setting
  const name = settings.tableNameFormat.replaceAll('${topic}', topic);
  return settings.tableNameNormalize ? name.replace(/[^a-zA-Z0-9_]/g, '_') : name;
}
