/** What the rules of a translation work on: the user's checked values, and the settings and warnings that come out. */
import { parseType } from '../../api/config-def';
import type { ClientKey, ClientKind } from './client-key';

/** One translation under way. */
export class Translation {
  /** librdkafka's settings so far. */
  readonly settings: Record<string, string> = {};
  /** For the user: what could not be taken over, and why. Never holds a secret. */
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

  /** What the user set, or undefined. */
  user(javaKey: string): string | undefined {
    return this.values.get(javaKey);
  }

  /** What the user set, or this program's default, or Java's; empty where there is none. */
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

  /** A number moved into what librdkafka takes; says so. */
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
