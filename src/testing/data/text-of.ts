/** Data as one text that says all of it: two hold the same if their texts are the same, and a text stays when the data is changed later. */
import {
  BigDecimal,
  BigInteger,
  ByteBuffer,
  Float32,
  Int8,
  Int16,
  Int32,
  type Schema,
  Struct,
  TIMESTAMP_SCHEMA,
  timestampToMillis,
} from '../../api';

/**
 * The text of data, records and what they hold: types count, so Int32 1 is not Int8 1; the order of the members of plain objects does not.
 */
export function textOf(data: unknown): string {
  switch (typeof data) {
    case 'string':
      return JSON.stringify(data);
    case 'bigint':
      return `${data}n`;
    case 'number':
      return Object.is(data, -0) ? '-0' : String(data);
    case 'object':
      return data === null ? 'null' : textOfObject(data);
    default:
      return String(data);
  }
}

function textOfObject(data: object): string {
  if (Array.isArray(data)) return `[${data.map(textOf).join(', ')}]`;
  if (data instanceof Uint8Array) return `bytes ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')}`;
  if (data instanceof ByteBuffer) return `buffer ${data.position} ${data.limit} ${data.array.toString('hex')}`;
  if (data instanceof Date) return `Date ${timestampToMillis(TIMESTAMP_SCHEMA, data)}`;
  if (data instanceof BigDecimal) return `Decimal ${data.unscaled}e${-data.scale}`;
  if (data instanceof BigInteger) return `Integer ${data.value}`;
  for (const box of [Int8, Int16, Int32, Float32]) if (data instanceof box) return `${box.name} ${textOf(data.value)}`;
  if (data instanceof Map) return `Map {${Array.from(data, ([key, value]) => `${textOf(key)}: ${textOf(value)}`).join(', ')}}`;
  if (data instanceof Struct) return textOfStruct(data);
  if (data instanceof Error) return String(data);
  return isSchema(data) ? textOfSchema(data) : textOfMembers(data);
}

function textOfStruct(struct: Struct): string {
  const fields = (struct.schema.fields ?? []).map(({ name }) => `${name}: ${textOf(struct.getWithoutDefault(name))}`);
  return `Struct ${textOfSchema(struct.schema)} {${fields.join(', ')}}`;
}

const isSchema = (data: object): data is Schema => 'type' in data && 'optional' in data && 'valueSchema' in data;

function textOfSchema(schema: Schema): string {
  const { type, optional, name, version, doc, defaultValue, parameters, fields } = schema;
  const inner = [schema.keySchema, schema.valueSchema].filter(of => of !== null && of !== undefined).map(textOfSchema);
  const members = (fields ?? []).map(field => `${JSON.stringify(field.name)}: ${textOfSchema(field.schema)}`);
  const rest = [name, version, doc, defaultValue ?? null, parameters ? [...parameters] : null];
  return `${type}${optional ? '?' : ''}(${[...inner, ...members, ...rest.map(textOf)].join(', ')})`;
}

function textOfMembers(data: object): string {
  const members = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, value]) => `${key}: ${textOf(value)}`).join(', ')}}`;
}
