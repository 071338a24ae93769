/** What a JSON text holds (Jackson's JsonNode). */
import { BigDecimal } from '../../data/java/big-numbers';

/** A number with a point or an exponent; kept as text, so that nothing of it is lost. */
export class JsonDecimal {
  constructor(readonly text: string) {}

  /** The nearest double. Java goes by way of BigDecimal, which knows no -0. */
  toDouble(): number {
    return Number(this.text) + 0;
  }

  toDecimal(): BigDecimal {
    return BigDecimal.parse(this.text);
  }
}

/** Stands for the value of an empty text. */
export const MISSING: unique symbol = Symbol('missing');

/** An integer is a number while it is surely exact, otherwise a bigint. */
export type JsonValue = null | boolean | string | number | bigint | JsonDecimal | JsonValue[] | JsonObject | typeof MISSING;
export type JsonObject = Map<string, JsonValue>;

/** Jackson's JsonNodeType, which stands in messages. */
export function nodeType(value: JsonValue): string {
  if (value === null) return 'NULL';
  if (value === MISSING) return 'MISSING';
  if (Array.isArray(value)) return 'ARRAY';
  if (value instanceof Map) return 'OBJECT';
  return isNumber(value) ? 'NUMBER' : typeof value === 'string' ? 'STRING' : 'BOOLEAN';
}

/** True for a number of any kind. */
export function isNumber(value: JsonValue): value is number | bigint | JsonDecimal {
  return isIntegral(value) || value instanceof JsonDecimal;
}

/** True for a number without point and exponent. */
export function isIntegral(value: JsonValue): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** True for an integer that fits into 32 bits. */
export function isInt(value: JsonValue): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
