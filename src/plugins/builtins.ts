/** The plugins that come with this worker, each listed here by hand. */
import type { Plugin } from '../api/plugin';
import { fileStreamSinkPlugin } from '../connectors/file/file-sink-connector';
import { fileStreamSourcePlugin } from '../connectors/file/file-source-connector';
import { byteArrayConverterPlugins } from '../converters/byte-array-converter';
import { jsonConverterPlugins } from '../converters/json-converter';
import { simpleHeaderConverterPlugin } from '../converters/simple-header-converter';
import { stringConverterPlugins } from '../converters/string-converter';
import { recordIsTombstonePlugin } from '../predicates/record-is-tombstone';
import { castPlugins } from '../transforms/cast';
import { flattenPlugins } from '../transforms/flatten';
import { hoistFieldPlugins } from '../transforms/hoist-field';
import { maskFieldPlugins } from '../transforms/mask-field';
import { replaceFieldPlugins } from '../transforms/replace-field';
import { setSchemaMetadataPlugins } from '../transforms/set-schema-metadata';
import { PluginTable } from './plugin-table';

/** Descriptors only: a plugin's code is loaded by the thread that uses it. */
export const BUILTIN_PLUGINS: readonly Plugin[] = [
  fileStreamSinkPlugin,
  fileStreamSourcePlugin,
  ...byteArrayConverterPlugins,
  ...jsonConverterPlugins,
  ...stringConverterPlugins,
  simpleHeaderConverterPlugin,
  ...castPlugins,
  ...flattenPlugins,
  ...hoistFieldPlugins,
  ...maskFieldPlugins,
  ...replaceFieldPlugins,
  ...setSchemaMetadataPlugins,
  recordIsTombstonePlugin,
];

/** The table of built-in plugins and of those that the caller adds. */
export function createPluginTable(more: readonly Plugin[] = []): PluginTable {
  return new PluginTable([...BUILTIN_PLUGINS, ...more]);
}
