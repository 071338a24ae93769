/** Definitions and values as REST shows them (the entities ConfigInfos, ConfigInfo, ConfigKeyInfo, ConfigValueInfo). */

import { type ConfigDef, type ConfigKey, type ConfigType, type ConfigValue, convertToString, NO_DEFAULT } from '../../api/config-def';

/** One setting's definition, fields named and ordered as in JSON. */
export interface ConfigKeyInfo {
  readonly name: string;
  readonly type: ConfigType;
  readonly required: boolean;
  readonly default_value: string | null;
  readonly importance: string;
  readonly documentation: string;
  readonly group: string | null;
  readonly order_in_group: number;
  readonly width: string;
  readonly display_name: string;
  readonly dependents: readonly string[];
}

/** The value of one setting with its errors. */
export interface ConfigValueInfo {
  readonly name: string;
  readonly value: string | null;
  readonly recommended_values: readonly (string | null)[];
  readonly errors: readonly string[];
  readonly visible: boolean;
}

/** A definition (null if the setting is not defined) with its value (null if it was not validated). */
export interface ConfigInfo {
  readonly definition: ConfigKeyInfo | null;
  readonly value: ConfigValueInfo | null;
}

/** The response of PUT /connector-plugins/{name}/config/validate. */
export interface ConfigInfos {
  readonly name: string;
  readonly error_count: number;
  readonly groups: readonly string[];
  readonly configs: readonly ConfigInfo[];
}

/** A definition as REST shows it, with a prefix before its name. */
export function toConfigKeyInfo(key: ConfigKey, prefix = ''): ConfigKeyInfo {
  const required = key.defaultValue === NO_DEFAULT;
  return {
    name: prefix + key.name,
    type: key.type,
    required,
    default_value: required ? null : convertToString(key.defaultValue, key.type),
    importance: key.importance,
    documentation: key.doc,
    group: key.group ?? null,
    order_in_group: key.orderInGroup ?? -1,
    width: key.width ?? 'NONE',
    display_name: key.displayName ?? key.name,
    dependents: key.dependents ?? [],
  };
}

/** The most errors of one setting: a list of a million items must not cause a response of a million lines. */
const MAX_ERRORS = 100;

function boundedErrors(errors: readonly string[]): readonly string[] {
  return errors.length <= MAX_ERRORS ? errors : [...errors.slice(0, MAX_ERRORS), `and ${errors.length - MAX_ERRORS} more of this kind`];
}

function toConfigValueInfo(value: ConfigValue, type: ConfigType | null, prefix = ''): ConfigValueInfo {
  const itemType = type === 'LIST' ? 'STRING' : type;
  return {
    name: prefix + value.name,
    value: convertToString(value.value, type),
    recommended_values: value.recommendedValues.map(item => convertToString(item, itemType)),
    errors: boundedErrors(value.errors),
    visible: value.visible,
  };
}

/** Joins definitions and values; values without a definition come first. Each message counts as an error. */
export function joinInfos(
  name: string,
  keys: ReadonlyMap<string, ConfigKey>,
  values: readonly ConfigValue[],
  groups: readonly string[],
): ConfigInfos {
  const byName = new Map(values.map(value => [value.name, value]));
  const undefinedOnes = [...byName.values()].filter(value => !keys.has(value.name));
  const configs: ConfigInfo[] = undefinedOnes.map(value => ({ definition: null, value: toConfigValueInfo(value, null) }));
  for (const key of keys.values()) {
    const value = byName.get(key.name);
    configs.push({ definition: toConfigKeyInfo(key), value: value ? toConfigValueInfo(value, key.type) : null });
  }
  return { name, error_count: configs.reduce((sum, { value }) => sum + (value?.errors.length ?? 0), 0), groups, configs };
}

/** Of keys that Java's responses do not contain, only those with errors. */
export function wrongInfos(keys: ReadonlyMap<string, ConfigKey>, values: readonly ConfigValue[]): ConfigInfos {
  const wrong = values.filter(({ errors }) => errors.length > 0);
  const names = new Set(wrong.map(({ name }) => name));
  return joinInfos('', new Map([...keys].filter(([name]) => names.has(name))), wrong, []);
}

/** The settings of a part that is configured below a prefix (a converter, a client). Each setting with a message counts as one error. */
export function prefixedInfos(def: ConfigDef, values: readonly ConfigValue[], prefix: string): ConfigInfos {
  const keys = values.map(({ name }) => def.keys.get(name));
  const configs = values.map((value, index) => {
    const key = keys[index];
    return { definition: key ? toConfigKeyInfo(key, prefix) : null, value: toConfigValueInfo(value, key?.type ?? null, prefix) };
  });
  const groups = keys.flatMap(key => (key?.group === undefined ? [] : [key.group]));
  return { name: '', error_count: values.filter(({ errors }) => errors.length > 0).length, groups: [...new Set(groups)], configs };
}

/** Joins several parts into one response. */
export function mergeInfos(name: string, parts: readonly ConfigInfos[]): ConfigInfos {
  return {
    name,
    error_count: parts.reduce((sum, part) => sum + part.error_count, 0),
    groups: [...new Set(parts.flatMap(part => part.groups))],
    configs: parts.flatMap(part => part.configs),
  };
}
