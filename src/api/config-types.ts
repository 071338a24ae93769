/** From text to typed values of settings and back, with Java's rules and texts (org.apache.kafka.common.config.ConfigDef.parseType). */

import { doubleText } from '../data/java/java-text';
import { parseDouble, parseInteger, parseLong } from '../data/java/number-text';
import { SettingError, toError } from '../errors';
import { javaTrim, withoutSpace } from '../java/trim';

/** Types of settings (ConfigDef.Type). `parseType` tells what each is parsed to. */
export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';

/**
 * Full name of the class behind a name or alias; undefined if there is none. The plugin table stands behind it.
 * @throws ConnectException that says why a plugin that is there cannot be used
 */
export type ClassLookup = (name: string) => string | undefined;

/** A secret; whatever prints it shows `[hidden]`, only `value` gives it away. */
export class Password {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself. */
  get value(): string {
    return this.#value;
  }

  toString(): string {
    return '[hidden]';
  }

  toJSON(): string {
    return '[hidden]';
  }
}

/** The error of Java's `new ConfigException(name, value, why)`. */
export function invalidValue(name: string, value: unknown, why: string, cause?: unknown): SettingError {
  return new SettingError(name, `Invalid value ${settingText(value)} for configuration ${name}: ${why}`, cause);
}

/** What Java's String.valueOf shows of a parsed setting: lists as `[a, b]`, and any number as an integer, since doubles are rare. */
export function settingText(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(settingText).join(', ')}]` : String(value);
}

/** The items of a comma list; trailing empty items stay, blank text is the empty list. */
function splitList(trimmed: string): string[] {
  return trimmed === '' ? [] : trimmed.split(',').map(withoutSpace);
}

const INTEGER_KINDS = {
  SHORT: '16-bit integer (short)',
  INT: '32-bit integer',
  LONG: '64-bit integer (long)',
} as const;

type IntegerType = keyof typeof INTEGER_KINDS;

/** A number where it is exact, a bigint beyond 2^53; null if the text is not an integer of this type. */
function parseIntegerText(text: string, type: IntegerType): number | bigint | null {
  if (type !== 'LONG') return parseInteger(text, type === 'SHORT' ? 16 : 32);
  const value = parseLong(text);
  return value !== null && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** The Java class that a value of JavaScript stands for, as far as messages name it. */
function javaClassOf(value: unknown): string {
  if (typeof value === 'boolean') return 'java.lang.Boolean';
  if (typeof value === 'bigint') return 'java.lang.Long';
  if (typeof value === 'string') return 'java.lang.String';
  if (typeof value === 'number')
    return isInt32(value) ? 'java.lang.Integer' : Number.isInteger(value) ? 'java.lang.Long' : 'java.lang.Double';
  return Array.isArray(value) ? 'java.util.ArrayList' : 'java.util.LinkedHashMap';
}

const isInt32 = (value: number): boolean => (value | 0) === value;

function parseBoolean(name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? javaTrim(value).toLowerCase() : '';
  if (word === 'true' || word === 'false') return word === 'true';
  throw invalidValue(name, value, 'Expected value to be either true or false');
}

function parseText(name: string, value: unknown): string {
  if (typeof value === 'string') return javaTrim(value);
  throw invalidValue(name, value, `Expected value to be a string, but it was a ${javaClassOf(value)}`);
}

/** A number that is not a text counts as Java's Integer (or Long), which a SHORT setting refuses. */
function parseIntegerSetting(name: string, value: unknown, type: IntegerType): number | bigint {
  if (type === 'LONG' && (typeof value === 'bigint' || Number.isSafeInteger(value))) return value as number | bigint;
  if (type === 'INT' && typeof value === 'number' && isInt32(value)) return value;
  if (typeof value !== 'string') {
    throw invalidValue(name, value, `Expected value to be a ${INTEGER_KINDS[type]}, but it was a ${javaClassOf(value)}`);
  }
  const parsed = parseIntegerText(javaTrim(value), type);
  if (parsed === null) throw invalidValue(name, value, `Not a number of type ${type}`);
  return parsed;
}

function parseDoubleSetting(name: string, value: unknown): number {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') {
    throw invalidValue(name, value, `Expected value to be a double, but it was a ${javaClassOf(value)}`);
  }
  const parsed = parseDouble(javaTrim(value));
  if (parsed === null) throw invalidValue(name, value, 'Not a number of type DOUBLE');
  return parsed;
}

function parseList(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return splitList(javaTrim(value));
  throw invalidValue(name, value, 'Expected a comma separated list.');
}

function lookUpClass(name: string, className: string, findClass: ClassLookup): string | undefined {
  try {
    return findClass(className);
  } catch (error) {
    throw invalidValue(name, className, toError(error).message);
  }
}

/** A class is kept by its full name. Without a lookup any non-empty name passes. */
function parseClass(name: string, value: unknown, findClass: ClassLookup | undefined): string {
  if (typeof value !== 'string') throw invalidValue(name, value, 'Expected a Class instance or class name.');
  const trimmed = javaTrim(value);
  const found = findClass && trimmed !== '' ? lookUpClass(name, trimmed, findClass) : trimmed;
  if (!found) throw invalidValue(name, value, `Class ${value} could not be found.`);
  return found;
}

/**
 * Parses one value by its type. Text is trimmed; null stays null; what is already of the type stays as it is.
 * LONG yields a number, or a bigint beyond 2^53, so that its text form survives; CLASS yields the full class name.
 * @throws ConfigException with Java's text
 */
export function parseType(name: string, value: unknown, type: ConfigType, findClass?: ClassLookup): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'BOOLEAN':
      return parseBoolean(name, value);
    case 'STRING':
      return parseText(name, value);
    case 'PASSWORD':
      return value instanceof Password ? value : new Password(parseText(name, value));
    case 'INT':
    case 'SHORT':
    case 'LONG':
      return parseIntegerSetting(name, value, type);
    case 'DOUBLE':
      return parseDoubleSetting(name, value);
    case 'LIST':
      return parseList(name, value);
    case 'CLASS':
      return parseClass(name, value, findClass);
  }
}

/**
 * The longest wait that a setting can ask for: 24 days. A timer of Node that is to wait longer than 2^31-1 ms fires at once, and users
 * write the largest number to say never; what is left below that bound is for margins that are added to a wait.
 */
export const MAX_DELAY_MS = 24 * 24 * 60 * 60 * 1000;

/** A number of milliseconds as a timer takes it: 0 to `MAX_DELAY_MS`. */
export function toDelayMs(ms: number | bigint): number {
  return Math.min(Math.max(Number(ms), 0), MAX_DELAY_MS);
}

/** The text form of a parsed value, as REST shows it: lists joined by commas, passwords hidden, null stays null. */
export function convertToString(value: unknown, type: ConfigType | null): string | null {
  if (value === null || value === undefined) return null;
  if (type === 'LIST' && Array.isArray(value)) return value.map(item => String(item)).join(',');
  if (type === 'DOUBLE' && typeof value === 'number') return doubleText(value);
  return settingText(value);
}
