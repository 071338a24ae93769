/** Nested values as JSON, for columns of JSON or text. */
import { BigDecimal, BigInteger } from '../../../data/java/big-numbers';
import { Struct } from '../../../data/schema/struct';

const MAX_ZEROS = 1000;

/** The JSON of a value of Connect: Structs and Maps are objects, bytes are base64, dates and times are ISO 8601, decimals are numbers. */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (value instanceof Struct) {
    const members = (value.schema.fields ?? []).map(field => `${JSON.stringify(field.name)}:${jsonText(value.get(field))}`);
    return `{${members.join(',')}}`;
  }
  if (value instanceof Map) {
    const members = [...value].map(([key, item]) => `${JSON.stringify(String(key))}:${jsonText(item)}`);
    return `{${members.join(',')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  return scalarJson(value);
}

function scalarJson(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return JSON.stringify(value);
  if (typeof value === 'bigint' || value instanceof BigInteger) return String(value);
  // Written out, the zeros of a huge exponent would fill the memory.
  if (value instanceof BigDecimal) return Math.abs(value.scale) > MAX_ZEROS ? value.toString() : value.toPlainString();
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('base64'));
  if (value instanceof Date) return JSON.stringify(value);
  const number = Number(value);
  return Number.isNaN(number) ? JSON.stringify(String(value)) : JSON.stringify(number);
}
