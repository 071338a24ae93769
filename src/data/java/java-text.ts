/** Values as Java's toString shows them: what StringConverter writes and FileStreamSink prints. */

import { StructValue } from '../schema/struct-value';
import { Float32 } from './boxed';
import { javaClassOf } from './java-class';
import { dateText } from './java-date';

/** The text of Float.toString or Double.toString, from the shortest digits of the number. */
function layOut(exponential: string): string {
  const [mantissa = '', power = '0'] = exponential.split('e');
  const exponent = Number(power);
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0';
  if (exponent < -3 || exponent >= 7) return `${digits[0]}.${digits.slice(1) || '0'}E${exponent}`;
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  return `${whole}.${digits.slice(exponent + 1) || '0'}`;
}

function special(value: number): string | undefined {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  return Number.isFinite(value) ? undefined : String(value);
}

/** Double.toString, as of Java 19 (older ones do not always find the shortest digits): `1.0`, `1.0E7`, `4.9E-324`. */
export function doubleText(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  const absolute = Math.abs(value);
  // In this range both languages write the same, except for whole numbers.
  if (absolute >= 1e-3 && absolute < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  // Java writes at least two digits, the nearest ones: 4.9E-324, where one digit would be 5E-324.
  const two = absolute.toExponential(1);
  return (value < 0 ? '-' : '') + layOut(Number(two) === absolute ? two : absolute.toExponential());
}

/** Float.toString, likewise: `1.1`, `1.4E-45`. */
export function floatText(value: number): string {
  const known = special(value);
  if (known !== undefined) return known;
  const absolute = Math.abs(value);
  for (let digits = 1; digits < 9; digits++) {
    const text = absolute.toExponential(digits);
    if (Math.fround(Number(text)) === absolute) return (value < 0 ? '-' : '') + layOut(text);
  }
  return doubleText(value);
}

function listText(list: readonly unknown[]): string {
  return `[${list.map(javaText).join(', ')}]`;
}

function mapText(map: ReadonlyMap<unknown, unknown>): string {
  return `{${Array.from(map, ([key, value]) => `${javaText(key)}=${javaText(value)}`).join(', ')}}`;
}

function structText(struct: StructValue): string {
  const parts: string[] = [];
  for (const field of struct.schema.fields ?? []) {
    const value = struct.values[field.index] ?? null;
    if (value !== null) parts.push(`${field.name}=${javaText(value)}`);
  }
  return `Struct{${parts.join(',')}}`;
}

/** Java prints the identity hash of a byte[], which tells nothing; here the text is at least always the same. */
function bytesText(bytes: Uint8Array): string {
  return `[B@${bytes.length.toString(16)}`;
}

function objectText(value: object): string {
  if (value instanceof Float32) return floatText(value.value);
  if (value instanceof StructValue) return structText(value);
  if (value instanceof Map) return mapText(value);
  if (Array.isArray(value)) return listText(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof Date) return dateText(value);
  return value.toString === Object.prototype.toString ? `${javaClassOf(value)}@0` : String(value);
}

/** The text of a value as Java's String.valueOf gives it; `null` for null. */
export function javaText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return doubleText(value);
  return typeof value === 'object' && value !== null ? objectText(value) : String(value ?? null);
}
