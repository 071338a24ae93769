/**
 * Definitions of settings: a key is declared once; parsing, validation and reference texts come from it
 * (org.apache.kafka.common.config.ConfigDef).
 */

import { ConnectError, SettingError } from '../errors';
import { type ClassLookup, type ConfigType, parseType } from './config-types';
import type { Validator } from './config-validators';
import { ParsedConfig } from './parsed-config';

export { type ClassLookup, type ConfigType, convertToString, Password, parseType } from './config-types';
export type { Validator } from './config-validators';
export { ParsedConfig } from './parsed-config';

/** How much a key matters; shown over REST. */
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
/** How wide the field for a value should be in forms; shown over REST. */
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** Stands for "required": a key without a default. */
export const NO_DEFAULT: unique symbol = Symbol('no default');

/** Settings as they come in; null only where JSON carried it. */
export type RawProps = Readonly<Record<string, unknown>>;

/** Values of all keys, parsed; null where there is none or where parsing failed. */
export type ParsedValues = Readonly<Record<string, unknown>>;

/** One key as it is declared. */
export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  /** Default as parsed (or as text, which is then parsed), or `NO_DEFAULT`. */
  readonly defaultValue: unknown;
  /** Called with the parsed value, also when it is the default; null for a value that is missing or cannot be parsed. */
  readonly validator?: Validator;
  readonly importance: Importance;
  readonly doc: string;
  /** Heading under which forms show the key. */
  readonly group?: string;
  /** Place in the group. */
  readonly orderInGroup?: number;
  readonly width?: Width;
  /** Name for people; absent: the name. */
  readonly displayName?: string;
  /** Keys whose values, recommendations or visibility hang on this one; each must be defined. */
  readonly dependents?: readonly string[];
  /** Values to offer for the key, given the other settings. */
  readonly recommender?: (props: ParsedValues) => readonly unknown[];
  /** Whether the key matters, given the other settings; absent: always. */
  readonly visible?: (props: ParsedValues) => boolean;
}

/** What validation says of one key. */
export interface ConfigValue {
  readonly name: string;
  /** Parsed; null if there is none or it cannot be parsed. */
  value: unknown;
  recommendedValues: unknown[];
  /** What is wrong with the value, a text for the user each; empty if nothing is. */
  errors: string[];
  visible: boolean;
}

/** What parsing may lean on. */
export interface ParseOptions {
  /** Table behind keys of type CLASS; without it any class name passes. */
  readonly findClass?: ClassLookup;
  /** Takes warnings, such as duplicates that were dropped from a list. */
  readonly warn?: (message: string) => void;
}

/** Takes what is wrong with a setting; null for none in particular. */
export type ProblemListener = (key: string | null, error: ConnectError) => void;

/** For those who stop at the first problem. */
export const throwProblem: ProblemListener = (_key, error) => {
  throw error;
};

/** A set of keys, in the order of their definition. */
export class ConfigDef {
  readonly #keys = new Map<string, ConfigKey>();

  /** The keys by name, in the order of their definition. */
  get keys(): ReadonlyMap<string, ConfigKey> {
    return this.#keys;
  }

  /** The groups that occur, in the order of their first key. */
  get groups(): readonly string[] {
    return [...new Set([...this.#keys.values()].flatMap(key => (key.group === undefined ? [] : [key.group])))];
  }

  /**
   * Adds a key; a default given as text is parsed, and the default must satisfy the validator.
   * @throws ConfigException for a name defined twice or a default that will not do
   */
  define(key: ConfigKey): this {
    if (this.#keys.has(key.name)) throw new ConnectError('ConfigException', `Configuration ${key.name} is defined twice.`);
    const defaultValue = typeof key.defaultValue === 'string' ? parseType(key.name, key.defaultValue, key.type) : key.defaultValue;
    if (defaultValue !== NO_DEFAULT) key.validator?.(key.name, defaultValue);
    this.#keys.set(key.name, Object.freeze({ ...key, defaultValue }));
    return this;
  }

  /** Adds all keys of another definition, in its order. */
  defineAll(other: ConfigDef): this {
    for (const key of other.keys.values()) this.define(key);
    return this;
  }

  /** Adds the keys of another definition below a prefix and in one group; validators go on speaking of the bare key, as in Java. */
  embed(prefix: string, group: string, startingOrder: number, child: ConfigDef): this {
    sortedKeys(child).forEach((key, index) => {
      const { validator, recommender } = key;
      this.define({
        ...key,
        name: prefix + key.name,
        group: key.group === undefined ? group : `${group}: ${key.group}`,
        orderInGroup: startingOrder + index,
        displayName: key.displayName ?? key.name,
        dependents: (key.dependents ?? []).map(name => prefix + name),
        ...(validator && { validator: (_name: string, value: unknown) => validator(key.name, value) }),
        ...(recommender && { recommender: (props: ParsedValues) => recommender(withoutPrefix(props, prefix)) }),
      });
    });
    return this;
  }

  /**
   * Parses settings; keys nobody defined are left out.
   * @throws ConfigException with Java's text at the first problem
   */
  parse(props: RawProps, options: ParseOptions = {}): ParsedConfig {
    return this.parseAll(props, throwProblem, options);
  }

  /** As `parse`, but goes on at a problem: the key has its default then, or null, or the empty list. */
  parseAll(props: RawProps, onProblem: ProblemListener, options: ParseOptions = {}): ParsedConfig {
    const missing = this.#undefinedDependents();
    if (missing.length > 0) {
      throw new ConnectError(
        'ConfigException',
        `Some configurations in are referred in the dependents, but not defined: ${missing.join(',')}`,
      );
    }
    const values = new Map([...this.#keys.values()].map(key => [key.name, parseOrReport(key, props, onProblem, options)]));
    return new ParsedConfig(values, props);
  }

  /** Validates settings key by key: what is wrong is collected, not thrown. A value that cannot be parsed counts as null. */
  validate(props: RawProps, options: ParseOptions = {}): ConfigValue[] {
    const results = [...this.#keys.values()].map(key => validateKey(key, props, options));
    const parsed = Object.fromEntries(results.map(result => [result.name, result.value]));
    for (const result of results) recommend(this.#keys.get(result.name), result, parsed);
    const dangling = this.#undefinedDependents().map(name => ({
      ...emptyValue(name),
      errors: [`${name} is referred in the dependents, but not defined.`],
      visible: false,
    }));
    return [...results, ...dangling];
  }

  #undefinedDependents(): string[] {
    const names = [...this.#keys.values()].flatMap(key => key.dependents ?? []);
    return [...new Set(names)].filter(name => !this.#keys.has(name));
  }
}

const missingText = (name: string): string => `Missing required configuration "${name}" which has no default value.`;

function parseOrReport(key: ConfigKey, props: RawProps, onProblem: ProblemListener, options: ParseOptions): unknown {
  try {
    return parseValue(key, props, options);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    onProblem(key.name, error);
    if (key.defaultValue !== NO_DEFAULT) return key.defaultValue;
    return key.type === 'LIST' ? [] : null;
  }
}

function parseValue(key: ConfigKey, props: RawProps, options: ParseOptions): unknown {
  const isSet = Object.hasOwn(props, key.name);
  if (!isSet && key.defaultValue === NO_DEFAULT) throw new SettingError(key.name, missingText(key.name));
  const parsed = isSet ? parseType(key.name, props[key.name], key.type, options.findClass) : key.defaultValue;
  const value = key.validator?.dropsDuplicates && Array.isArray(parsed) ? dropDuplicates(key.name, parsed, options) : parsed;
  key.validator?.(key.name, value);
  return value;
}

function dropDuplicates(name: string, items: readonly unknown[], options: ParseOptions): readonly unknown[] {
  const distinct = [...new Set(items)];
  if (distinct.length < items.length) {
    options.warn?.(
      `Configuration key "${name}" contains duplicate values. Duplicates will be removed. The original value is: [${items.join(', ')}], ` +
        `the updated value is: [${distinct.join(', ')}]`,
    );
  }
  return distinct;
}

/** A result without value and errors. */
export function emptyValue(name: string): ConfigValue {
  return { name, value: null, recommendedValues: [], errors: [], visible: true };
}

function validateKey(key: ConfigKey, props: RawProps, options: ParseOptions): ConfigValue {
  const result = emptyValue(key.name);
  if (Object.hasOwn(props, key.name)) {
    collectError(result, () => {
      result.value = parseType(key.name, props[key.name], key.type, options.findClass);
    });
  } else if (key.defaultValue === NO_DEFAULT) result.errors.push(missingText(key.name));
  else result.value = key.defaultValue;
  collectError(result, () => key.validator?.(key.name, result.value));
  return result;
}

function recommend(key: ConfigKey | undefined, result: ConfigValue, parsed: ParsedValues): void {
  collectError(result, () => {
    if (key?.recommender) result.recommendedValues = [...key.recommender(parsed)];
    if (key?.visible) result.visible = key.visible(parsed);
  });
}

/** Notes a ConfigException on the value; anything else is a fault of the program and passes. */
export function collectError(result: ConfigValue, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof ConnectError && error.code === 'ConfigException')) throw error;
    result.errors.push(error.message);
  }
}

/** The settings below a prefix, without it. */
export function withoutPrefix<T>(props: Readonly<Record<string, T>>, prefix: string): Record<string, T> {
  const own = Object.entries(props).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), value]));
}

const IMPORTANCE_RANK: Record<Importance, number> = { HIGH: 0, MEDIUM: 1, LOW: 2 };

/** Java's order for reference texts and embedding: groups, order within, required first, importance, name. */
function sortedKeys(def: ConfigDef): ConfigKey[] {
  const rankOfGroup = (key: ConfigKey): number => (key.group === undefined ? -1 : def.groups.indexOf(key.group));
  const rankOfNeed = (key: ConfigKey): number => (key.defaultValue === NO_DEFAULT ? 0 : 1);
  return [...def.keys.values()].sort(
    (a, b) =>
      rankOfGroup(a) - rankOfGroup(b) ||
      (a.orderInGroup ?? -1) - (b.orderInGroup ?? -1) ||
      rankOfNeed(a) - rankOfNeed(b) ||
      IMPORTANCE_RANK[a.importance] - IMPORTANCE_RANK[b.importance] ||
      (a.name < b.name ? -1 : 1),
  );
}
