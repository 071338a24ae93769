/** The framework's keys of connectors, except those of transformations. */

import { ConfigDef, type ConfigKey } from '../../api/config-def';
import { COMMON_KEYS } from './common-keys';
import { SINK_KEYS } from './sink-keys';
import { SOURCE_KEYS } from './source-keys';

/** Changes of keys, by name. */
export type KeyChanges = Readonly<Record<string, Partial<ConfigKey>>>;

/** A definition with these keys, some of them changed. */
export function defOf(keys: readonly ConfigKey[], changes: KeyChanges = {}): ConfigDef {
  const def = new ConfigDef();
  for (const key of keys) def.define({ ...key, ...changes[key.name] });
  return def;
}

/**
 * The framework's keys for connectors of a kind, used to validate settings and to read validated ones.
 * @param changes defaults and rules that come from the worker's plugins
 */
export function connectorDef(type: 'source' | 'sink', changes: KeyChanges = {}): ConfigDef {
  return defOf([...COMMON_KEYS, ...(type === 'source' ? SOURCE_KEYS : SINK_KEYS)], changes);
}
