/** Values as booleans, texts and containers (Values.convertToBoolean, convertToString, convertToList, convertToMap, convertToStruct). */
import { ConnectError } from '../../errors';
import type { Schema } from '../schema/schema';
import { SchemaBuilder } from '../schema/schema-builder';
import { StructValue } from '../schema/struct-value';
import { asLong, cannotConvert, nullRefused } from './value-numbers';
import { parseValueText } from './value-parser';
import { valueText } from './value-text';

const ARRAY = new SchemaBuilder('ARRAY').build();
const MAP = new SchemaBuilder('MAP').build();
const STRUCT = new SchemaBuilder('STRUCT').build();

/** Parses the value of a text. @throws NullPointerException for the text `null`, for which Java's parser returns null */
export function parsedValue(text: string): unknown {
  const { schema, value } = parseValueText(text);
  if (schema === null) throw new ConnectError('NullPointerException', 'The text null stands for no value');
  return value;
}

/** Values.convertToBoolean: `true`, `false`, or whether a number is not 0. @throws DataException for what is neither */
export function convertToBoolean(schema: Schema | null, value: unknown): boolean | null {
  if (value === null || value === undefined) return null;
  const parsed = typeof value === 'string' ? parsedValue(value) : value;
  // A text that is not a boolean must be a number as a whole, whatever the parser found in it.
  return typeof parsed === 'boolean' ? parsed : asLong(value, schema) !== 0n;
}

/** Values.convertToString: the text that SimpleHeaderConverter writes. @throws DataException for an object of an unknown class */
export function convertToString(_schema: Schema | null, value: unknown): string | null {
  return value === null || value === undefined ? null : valueText(value);
}

/** Values.convertToList: a list, or the list that a text stands for. @throws DataException for null and anything else */
export function convertToList(_schema: Schema | null, value: unknown): readonly unknown[] {
  return container(value, ARRAY, content => Array.isArray(content));
}

/** Values.convertToMap, likewise. @throws DataException for null and anything else */
export function convertToMap(_schema: Schema | null, value: unknown): ReadonlyMap<unknown, unknown> {
  return container(value, MAP, content => content instanceof Map);
}

/** Values.convertToStruct: only a struct is one. @throws DataException for null and anything else */
export function convertToStruct(_schema: Schema | null, value: unknown): StructValue {
  if (value === null || value === undefined) throw nullRefused();
  if (value instanceof StructValue) return value;
  throw cannotConvert(value, STRUCT);
}

function container<T>(value: unknown, schema: Schema, isContainer: (content: unknown) => content is T): T {
  if (value === null || value === undefined) throw nullRefused();
  const content = typeof value === 'string' ? parsedValue(value) : value;
  if (isContainer(content)) return content;
  throw cannotConvert(content, schema);
}
