/** Definitions of settings: a key is declared once; parsing, validation and reference texts come from it (org.apache.kafka.common.config.ConfigDef). */

export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';
export type Importance = 'HIGH' | 'MEDIUM' | 'LOW';
export type Width = 'NONE' | 'SHORT' | 'MEDIUM' | 'LONG';

/** Stands for "required": a key without a default. */
export const NO_DEFAULT: unique symbol = Symbol('no default');

/** Throws a ConfigException with Java's text if the parsed value will not do. */
export type Validator = (key: string, value: unknown) => void;

/** One key as it is declared. */
export interface ConfigKey {
  readonly name: string;
  readonly type: ConfigType;
  /** Default as parsed (or as text, which is then parsed), or `NO_DEFAULT`. */
  readonly defaultValue: unknown;
  readonly validator?: Validator;
  readonly importance: Importance;
  readonly doc: string;
  readonly group?: string;
  readonly orderInGroup?: number;
  readonly width?: Width;
  readonly displayName?: string;
  readonly dependents?: readonly string[];
  /** Values to offer for the key, given the other settings. */
  readonly recommender?: (props: Readonly<Record<string, unknown>>) => readonly unknown[];
}

/** What validation says of one key. */
export interface ConfigValue {
  readonly name: string;
  value: unknown;
  recommendedValues: unknown[];
  errors: string[];
  visible: boolean;
}

export class ConfigDef {}
