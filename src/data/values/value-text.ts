/** Values as header texts (Values.convertToString): JSON-like inside containers, bare outside. */
import { ConnectError } from '../../errors';
import { BigDecimal, BigInteger } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { ByteBuffer } from '../java/byte-buffer';
import { javaClassOf } from '../java/java-class';
import { javaText } from '../java/java-text';
import { nestingError } from '../nesting';
import { StructValue } from '../schema/struct-value';
import { temporalText } from './temporal-text';

const NUMBERS = [Int8, Int16, Int32, Float32, BigDecimal, BigInteger];

function quoteIf(embedded: boolean, text: string): string {
  return embedded ? `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` : text;
}

function pairText(key: unknown, value: unknown): string {
  return `${embeddedText(key)}:${embeddedText(value)}`;
}

function structText(struct: StructValue): string {
  const fields = struct.schema.fields ?? [];
  return `{${fields.map(({ name, index, schema }) => pairText(name, struct.values[index] ?? schema.defaultValue)).join(',')}}`;
}

function embeddedText(value: unknown): string {
  return value === null || value === undefined ? 'null' : textOf(value, true);
}

function textOf(value: unknown, embedded: boolean): string {
  if (typeof value === 'string') return quoteIf(embedded, value);
  if (typeof value !== 'object' || NUMBERS.some(type => value instanceof type)) return javaText(value);
  if (value instanceof Uint8Array) return quoteIf(embedded, Buffer.from(value).toString('base64'));
  if (value instanceof ByteBuffer) return quoteIf(embedded, value.remaining().toString('base64'));
  if (Array.isArray(value)) return `[${value.map(embeddedText).join(',')}]`;
  if (value instanceof Map) return `{${Array.from(value, ([key, element]) => pairText(key, element)).join(',')}}`;
  if (value instanceof StructValue) return structText(value);
  if (value instanceof Date) return temporalText(value);
  throw new ConnectError('DataException', `Failed to serialize unexpected value type ${javaClassOf(value)}: ${javaText(value)}`);
}

/** The text of a value that is not null. @throws DataException for an object of an unknown class, and for data nested too deeply */
export function valueText(value: unknown): string {
  try {
    return textOf(value, false);
  } catch (error) {
    throw nestingError(error);
  }
}
