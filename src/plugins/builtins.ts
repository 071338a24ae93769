/** The plugins that come with this worker, each listed here by hand. */
import type { Plugin } from '../api/plugin';
import { fileStreamSinkPlugin } from '../connectors/file/file-sink-connector';
import { fileStreamSourcePlugin } from '../connectors/file/file-source-connector';
import { jdbcPlugins } from '../connectors/jdbc/jdbc-plugins';
import { booleanConverterPlugins } from '../converters/boolean-converter';
import { byteArrayConverterPlugins } from '../converters/byte-array-converter';
import { jsonConverterPlugins } from '../converters/json-converter';
import { numberConverterPlugins } from '../converters/number-converter';
import { simpleHeaderConverterPlugin } from '../converters/simple-header-converter';
import { stringConverterPlugins } from '../converters/string-converter';
import { hasHeaderKeyPlugin } from '../predicates/has-header-key';
import { recordIsTombstonePlugin } from '../predicates/record-is-tombstone';
import { topicNameMatchesPlugin } from '../predicates/topic-name-matches';
import { castPlugins } from '../transforms/cast';
import { dropHeadersPlugin } from '../transforms/drop-headers';
import { extractFieldPlugins } from '../transforms/extract-field';
import { filterPlugin } from '../transforms/filter';
import { flattenPlugins } from '../transforms/flatten';
import { headerFromPlugins } from '../transforms/header-from';
import { hoistFieldPlugins } from '../transforms/hoist-field';
import { insertFieldPlugins } from '../transforms/insert-field';
import { insertHeaderPlugin } from '../transforms/insert-header';
import { maskFieldPlugins } from '../transforms/mask-field';
import { regexRouterPlugin } from '../transforms/regex-router';
import { replaceFieldPlugins } from '../transforms/replace-field';
import { setSchemaMetadataPlugins } from '../transforms/set-schema-metadata';
import { timestampConverterPlugins } from '../transforms/timestamp-converter';
import { timestampRouterPlugin } from '../transforms/timestamp-router';
import { valueToKeyPlugin } from '../transforms/value-to-key';
import type { PluginFailure } from './plugin-locations';
import { PluginTable } from './plugin-table';

/** Descriptors only: a plugin's code is loaded by the thread that uses it. */
export const BUILTIN_PLUGINS: readonly Plugin[] = [
  fileStreamSinkPlugin,
  fileStreamSourcePlugin,
  ...jdbcPlugins,
  ...booleanConverterPlugins,
  ...byteArrayConverterPlugins,
  ...jsonConverterPlugins,
  ...numberConverterPlugins,
  ...stringConverterPlugins,
  simpleHeaderConverterPlugin,
  ...castPlugins,
  dropHeadersPlugin,
  ...extractFieldPlugins,
  filterPlugin,
  ...flattenPlugins,
  ...headerFromPlugins,
  ...hoistFieldPlugins,
  ...insertFieldPlugins,
  insertHeaderPlugin,
  ...maskFieldPlugins,
  regexRouterPlugin,
  ...replaceFieldPlugins,
  ...setSchemaMetadataPlugins,
  ...timestampConverterPlugins,
  timestampRouterPlugin,
  valueToKeyPlugin,
  hasHeaderKeyPlugin,
  recordIsTombstonePlugin,
  topicNameMatchesPlugin,
];

/** The table of built-in plugins and of those that the caller adds; failures are for those who ask for what could not be loaded. */
export function createPluginTable(more: readonly Plugin[] = [], failures: readonly PluginFailure[] = []): PluginTable {
  return new PluginTable([...BUILTIN_PLUGINS, ...more], failures);
}
