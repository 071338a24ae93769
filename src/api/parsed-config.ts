/** Parsed settings with typed getters (org.apache.kafka.common.config.AbstractConfig). */

import { ConnectError } from '../errors';
import { Password, settingText, toDelayMs } from './config-types';

/**
 * Settings after parsing; frozen. `getX` is for keys that have a value, `getXOrNull` for keys whose default is null.
 * @throws ConfigException `Unknown configuration '<key>'` for a key that is not defined
 * @throws ClassCastException if the definition gave the key another type (a mistake of the program)
 */
export class ParsedConfig {
  readonly #values: ReadonlyMap<string, unknown>;
  /** The settings as they came in, unknown keys included. */
  readonly originals: Readonly<Record<string, unknown>>;

  constructor(values: ReadonlyMap<string, unknown>, originals: Readonly<Record<string, unknown>>) {
    this.#values = new Map([...values].map(([name, value]) => [name, Array.isArray(value) ? Object.freeze([...value]) : value]));
    this.originals = Object.freeze({ ...originals });
    Object.freeze(this);
  }

  /** The parsed value of a key; a LONG beyond 2^53 is a bigint. */
  get(key: string): unknown {
    if (!this.#values.has(key)) throw new ConnectError('ConfigException', `Unknown configuration '${key}'`);
    return this.#values.get(key);
  }

  /** All keys and their values, in the order of definition. */
  entries(): IterableIterator<[string, unknown]> {
    return this.#values.entries();
  }

  /** A STRING, or the full class name of a CLASS. */
  getString(key: string): string {
    return this.#required(key, this.getStringOrNull(key));
  }

  getStringOrNull(key: string): string | null {
    return this.#typed(key, 'text', (value): value is string => typeof value === 'string');
  }

  /** An INT or SHORT. */
  getInt(key: string): number {
    return this.#required(key, this.getIntOrNull(key));
  }

  getIntOrNull(key: string): number | null {
    return this.#typed(key, 'a number', (value): value is number => typeof value === 'number');
  }

  /** A LONG as a number; beyond 2^53 it is the nearest double, which is near enough for times and sizes. `get` is exact. */
  getLong(key: string): number {
    return this.#required(key, this.getLongOrNull(key));
  }

  getLongOrNull(key: string): number | null {
    const isLong = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';
    const value = this.#typed(key, 'a number', isLong);
    return value === null ? null : Number(value);
  }

  /** An INT or LONG of milliseconds that somebody is to wait, see `toDelayMs`. */
  getDelayMs(key: string): number {
    return toDelayMs(this.getLong(key));
  }

  /** A DOUBLE. */
  getDouble(key: string): number {
    return this.getInt(key);
  }

  getBoolean(key: string): boolean {
    return this.#required(
      key,
      this.#typed(key, 'a boolean', (value): value is boolean => typeof value === 'boolean'),
    );
  }

  /** A LIST; frozen. */
  getList(key: string): readonly string[] {
    return this.#required(key, this.getListOrNull(key));
  }

  getListOrNull(key: string): readonly string[] | null {
    return this.#typed(key, 'a list', (value): value is readonly string[] => Array.isArray(value));
  }

  getPassword(key: string): Password {
    return this.#required(key, this.getPasswordOrNull(key));
  }

  getPasswordOrNull(key: string): Password | null {
    return this.#typed(key, 'a password', (value): value is Password => value instanceof Password);
  }

  #typed<T>(key: string, kind: string, is: (value: unknown) => value is T): T | null {
    const value = this.get(key);
    if (value === null || is(value)) return value;
    throw new ConnectError('ClassCastException', `Configuration '${key}' is not ${kind}: ${settingText(value)}`);
  }

  #required<T>(key: string, value: T | null): T {
    if (value === null) throw new ConnectError('ConfigException', `Configuration '${key}' has no value, but one is needed here.`);
    return value;
  }
}
