/** The state that translation rules work on: the user's checked values, and the resulting settings and warnings. */
import { parseType } from '../../api/config-def';
import type { ClientKey, ClientKind } from './client-key';

/** One translation in progress. */
export class Translation {
  /** librdkafka's settings so far. */
  readonly settings: Record<string, string> = {};
  /** For the user: settings that could not be translated, and why. Holds no secrets. */
  readonly warnings: string[] = [];

  /**
   * @param kind which client
   * @param keys the rows of that client
   * @param values what the user set, checked
   */
  constructor(
    readonly kind: ClientKind,
    readonly keys: ReadonlyMap<string, ClientKey>,
    private readonly values: ReadonlyMap<string, string>,
  ) {}

  /** The user's value, or undefined. */
  user(javaKey: string): string | undefined {
    return this.values.get(javaKey);
  }

  /** The user's value, or our default, or Java's; empty if there is none. */
  value(javaKey: string): string {
    const key = this.keys.get(javaKey);
    return this.values.get(javaKey) ?? key?.ownDefault ?? key?.javaDefault ?? '';
  }

  /** The items of a list that the user set. */
  list(javaKey: string): readonly string[] {
    return parseType(javaKey, this.values.get(javaKey) ?? '', 'LIST') as readonly string[];
  }

  set(setting: string, value: string | undefined): void {
    if (value !== undefined) this.settings[setting] = value;
  }

  warn(javaKey: string, why: string): void {
    this.warnings.push(`${this.kind} setting ${javaKey} has no effect: ${why}`);
  }

  /** Moves a number into librdkafka's range, with a warning. */
  clamp(javaKey: string, value: string, [min, max]: readonly [number, number]): string {
    const number = Number(value);
    const nearest = Math.min(Math.max(number, min), max);
    if (nearest === number) return value;
    if (this.user(javaKey) !== undefined) {
      this.warnings.push(`${this.kind} setting ${javaKey}: librdkafka takes ${min} to ${max}, so ${nearest} is used`);
    }
    return String(nearest);
  }
}
