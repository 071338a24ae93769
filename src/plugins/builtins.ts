/** The manifest: a row for every built-in plugin. `test/plugins/builtins.test.ts` loads each of them. */
import type { Plugin, PluginType } from '../api/plugin';
import { filePlugins } from '../connectors/file/file-plugins';
import { jdbcPlugins } from '../connectors/jdbc/jdbc-plugins';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import type { PluginFailure } from './plugin-locations';
import { PluginTable } from './plugin-table';

/** The kinds of a class, its name in Java, the module that holds it, and that module's export with the descriptor. */
type Row = readonly [kinds: readonly PluginType[], className: string, load: () => object, exportName: string];

const CONVERTER = ['converter', 'header_converter'] as const;
const HEADER_CONVERTER = ['header_converter'] as const;
const TRANSFORMATION = ['transformation'] as const;
const PREDICATE = ['predicate'] as const;

const CONVERTERS = 'org.apache.kafka.connect.converters';
const STORAGE = 'org.apache.kafka.connect.storage';
const TRANSFORMS = 'org.apache.kafka.connect.transforms';
const PREDICATES = `${TRANSFORMS}.predicates`;
const numbers = (): object => require('../converters/number-converter');

/** The rows of a transformation that comes in two classes, for keys and for values. */
function keyAndValue(name: string, load: () => object, exportName: string): Row[] {
  return ['Key', 'Value'].map(half => [TRANSFORMATION, `${TRANSFORMS}.${name}$${half}`, load, exportName]);
}

const ROWS: readonly Row[] = [
  [CONVERTER, `${CONVERTERS}.BooleanConverter`, () => require('../converters/boolean-converter'), 'booleanConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.ByteArrayConverter`, () => require('../converters/byte-array-converter'), 'byteArrayConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.DoubleConverter`, numbers, 'numberConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.FloatConverter`, numbers, 'numberConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.IntegerConverter`, numbers, 'numberConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.LongConverter`, numbers, 'numberConverterPlugins'],
  [CONVERTER, `${CONVERTERS}.ShortConverter`, numbers, 'numberConverterPlugins'],
  [CONVERTER, 'org.apache.kafka.connect.json.JsonConverter', () => require('../converters/json/json-converter'), 'jsonConverterPlugins'],
  [CONVERTER, `${STORAGE}.StringConverter`, () => require('../converters/string-converter'), 'stringConverterPlugins'],
  [
    HEADER_CONVERTER,
    `${STORAGE}.SimpleHeaderConverter`,
    () => require('../converters/simple-header-converter'),
    'simpleHeaderConverterPlugin',
  ],
  ...keyAndValue('Cast', () => require('../transforms/cast'), 'castPlugins'),
  ...keyAndValue('ExtractField', () => require('../transforms/extract-field'), 'extractFieldPlugins'),
  ...keyAndValue('Flatten', () => require('../transforms/flatten'), 'flattenPlugins'),
  ...keyAndValue('HeaderFrom', () => require('../transforms/header-from'), 'headerFromPlugins'),
  ...keyAndValue('HoistField', () => require('../transforms/hoist-field'), 'hoistFieldPlugins'),
  ...keyAndValue('InsertField', () => require('../transforms/insert-field'), 'insertFieldPlugins'),
  ...keyAndValue('MaskField', () => require('../transforms/mask-field'), 'maskFieldPlugins'),
  ...keyAndValue('ReplaceField', () => require('../transforms/replace-field'), 'replaceFieldPlugins'),
  ...keyAndValue('SetSchemaMetadata', () => require('../transforms/set-schema-metadata'), 'setSchemaMetadataPlugins'),
  ...keyAndValue('TimestampConverter', () => require('../transforms/timestamp-converter'), 'timestampConverterPlugins'),
  [TRANSFORMATION, `${TRANSFORMS}.DropHeaders`, () => require('../transforms/drop-headers'), 'dropHeadersPlugin'],
  [TRANSFORMATION, `${TRANSFORMS}.Filter`, () => require('../transforms/filter'), 'filterPlugin'],
  [TRANSFORMATION, `${TRANSFORMS}.InsertHeader`, () => require('../transforms/insert-header'), 'insertHeaderPlugin'],
  [TRANSFORMATION, `${TRANSFORMS}.RegexRouter`, () => require('../transforms/regex-router'), 'regexRouterPlugin'],
  [TRANSFORMATION, `${TRANSFORMS}.TimestampRouter`, () => require('../transforms/timestamp-router'), 'timestampRouterPlugin'],
  [TRANSFORMATION, `${TRANSFORMS}.ValueToKey`, () => require('../transforms/value-to-key'), 'valueToKeyPlugin'],
  [PREDICATE, `${PREDICATES}.HasHeaderKey`, () => require('../transforms/predicates/has-header-key'), 'hasHeaderKeyPlugin'],
  [PREDICATE, `${PREDICATES}.RecordIsTombstone`, () => require('../transforms/predicates/record-is-tombstone'), 'recordIsTombstonePlugin'],
  [PREDICATE, `${PREDICATES}.TopicNameMatches`, () => require('../transforms/predicates/topic-name-matches'), 'topicNameMatchesPlugin'],
];

/** Descriptors only: the thread that uses a plugin loads its code on first use. Most tasks need one or two. */
export const BUILTIN_PLUGINS: readonly Plugin[] = [...filePlugins, ...jdbcPlugins, ...ROWS.flatMap(latePlugins)];

/** The descriptors of a row, which load the module when something is created. */
function latePlugins([kinds, className, load, exportName]: Row): Plugin[] {
  const own = (type: PluginType): Plugin => {
    const exported = (load() as Readonly<Record<string, Plugin | readonly Plugin[]>>)[exportName] ?? [];
    const found = [exported].flat().find(plugin => plugin.className === className && plugin.type === type);
    if (!found)
      throw new ConnectError('IllegalStateException', `${exportName} has no ${type} ${className}, which the manifest lists there`);
    return found;
  };
  const create = (type: PluginType): unknown => (own(type) as { create(): unknown }).create();
  return kinds.map(type => ({ className, version: KAFKA_VERSION, type, create: () => create(type) }) as Plugin);
}

/** The table of built-in plugins and those that the caller adds; failures and locations as for `PluginTable`. */
export function createPluginTable(
  more: readonly Plugin[] = [],
  failures: readonly PluginFailure[] = [],
  locations: ReadonlyMap<Plugin, string> = new Map(),
): PluginTable {
  return new PluginTable([...BUILTIN_PLUGINS, ...more], failures, locations);
}
