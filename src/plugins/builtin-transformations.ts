/**
 * Transformations and predicates of this worker, by name only: the code of one is loaded with its first use in a thread. Most tasks
 * have none, and a thread that loads them all starts later and takes two megabytes more.
 */
import type { PredicatePlugin, TransformationPlugin } from '../api/plugin';
import { KAFKA_VERSION, pluginOf } from './late-plugin';

const PACKAGE = 'org.apache.kafka.connect.transforms';

function transformation(name: string, load: () => readonly TransformationPlugin[]): TransformationPlugin {
  const className = `${PACKAGE}.${name}`;
  return {
    className,
    version: KAFKA_VERSION,
    type: 'transformation',
    create: () => pluginOf<TransformationPlugin>(className, 'transformation', load()).create(),
  };
}

/** A transformation of keys and of values. */
const keyAndValue = (name: string, load: () => readonly TransformationPlugin[]): TransformationPlugin[] =>
  ['Key', 'Value'].map(part => transformation(`${name}$${part}`, load));

/** A transformation of whole records. */
const wholeRecord = (name: string, load: () => TransformationPlugin): TransformationPlugin => transformation(name, () => [load()]);

function predicate(name: string, load: () => PredicatePlugin): PredicatePlugin {
  const className = `${PACKAGE}.predicates.${name}`;
  return {
    className,
    version: KAFKA_VERSION,
    type: 'predicate',
    create: () => pluginOf<PredicatePlugin>(className, 'predicate', [load()]).create(),
  };
}

export const BUILTIN_TRANSFORMATIONS: readonly (TransformationPlugin | PredicatePlugin)[] = [
  ...keyAndValue('Cast', () => (require('../transforms/cast') as typeof import('../transforms/cast')).castPlugins),
  ...keyAndValue(
    'ExtractField',
    () => (require('../transforms/extract-field') as typeof import('../transforms/extract-field')).extractFieldPlugins,
  ),
  ...keyAndValue('Flatten', () => (require('../transforms/flatten') as typeof import('../transforms/flatten')).flattenPlugins),
  ...keyAndValue(
    'HeaderFrom',
    () => (require('../transforms/header-from') as typeof import('../transforms/header-from')).headerFromPlugins,
  ),
  ...keyAndValue(
    'HoistField',
    () => (require('../transforms/hoist-field') as typeof import('../transforms/hoist-field')).hoistFieldPlugins,
  ),
  ...keyAndValue(
    'InsertField',
    () => (require('../transforms/insert-field') as typeof import('../transforms/insert-field')).insertFieldPlugins,
  ),
  ...keyAndValue('MaskField', () => (require('../transforms/mask-field') as typeof import('../transforms/mask-field')).maskFieldPlugins),
  ...keyAndValue(
    'ReplaceField',
    () => (require('../transforms/replace-field') as typeof import('../transforms/replace-field')).replaceFieldPlugins,
  ),
  ...keyAndValue(
    'SetSchemaMetadata',
    () => (require('../transforms/set-schema-metadata') as typeof import('../transforms/set-schema-metadata')).setSchemaMetadataPlugins,
  ),
  ...keyAndValue(
    'TimestampConverter',
    () => (require('../transforms/timestamp-converter') as typeof import('../transforms/timestamp-converter')).timestampConverterPlugins,
  ),
  wholeRecord(
    'DropHeaders',
    () => (require('../transforms/drop-headers') as typeof import('../transforms/drop-headers')).dropHeadersPlugin,
  ),
  wholeRecord('Filter', () => (require('../transforms/filter') as typeof import('../transforms/filter')).filterPlugin),
  wholeRecord(
    'InsertHeader',
    () => (require('../transforms/insert-header') as typeof import('../transforms/insert-header')).insertHeaderPlugin,
  ),
  wholeRecord(
    'RegexRouter',
    () => (require('../transforms/regex-router') as typeof import('../transforms/regex-router')).regexRouterPlugin,
  ),
  wholeRecord(
    'TimestampRouter',
    () => (require('../transforms/timestamp-router') as typeof import('../transforms/timestamp-router')).timestampRouterPlugin,
  ),
  wholeRecord('ValueToKey', () => (require('../transforms/value-to-key') as typeof import('../transforms/value-to-key')).valueToKeyPlugin),
  predicate(
    'HasHeaderKey',
    () => (require('../predicates/has-header-key') as typeof import('../predicates/has-header-key')).hasHeaderKeyPlugin,
  ),
  predicate(
    'RecordIsTombstone',
    () => (require('../predicates/record-is-tombstone') as typeof import('../predicates/record-is-tombstone')).recordIsTombstonePlugin,
  ),
  predicate(
    'TopicNameMatches',
    () => (require('../predicates/topic-name-matches') as typeof import('../predicates/topic-name-matches')).topicNameMatchesPlugin,
  ),
];
