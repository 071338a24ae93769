/** The framework's keys of connectors, those of transformations left out. */

import { ConfigDef, type ConfigKey } from '../../api/config-def';
import { COMMON_KEYS } from './common-keys';
import { SINK_KEYS } from './sink-keys';
import { SOURCE_KEYS } from './source-keys';

/** What to change about keys, by name. */
export type KeyChanges = Readonly<Record<string, Partial<ConfigKey>>>;

/** A definition of these keys, changed. */
export function defOf(keys: readonly ConfigKey[], changes: KeyChanges = {}): ConfigDef {
  const def = new ConfigDef();
  for (const key of keys) def.define({ ...key, ...changes[key.name] });
  return def;
}

/**
 * The framework's keys for connectors of a kind, for validation and for reading what was validated before.
 * @param changes defaults and rules that only the worker's plugins can supply
 */
export function connectorDef(type: 'source' | 'sink', changes: KeyChanges = {}): ConfigDef {
  return defOf([...COMMON_KEYS, ...(type === 'source' ? SOURCE_KEYS : SINK_KEYS)], changes);
}
