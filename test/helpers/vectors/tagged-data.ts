/** The notation of data in the golden vectors: tagged values and schemas, read into our data model and written back. */
import { BigDecimal, BigInteger } from '../../../src/data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../../../src/data/java/boxed';
import { ByteBuffer } from '../../../src/data/java/byte-buffer';
import { dateOf, epochMillis } from '../../../src/data/java/java-date';
import { doubleText, floatText } from '../../../src/data/java/java-text';
import type { SinkRecord, SourceRecord, TimestampType } from '../../../src/data/record/record';
import { ConnectSchema } from '../../../src/data/schema/connect-schema';
import { schemasEqual } from '../../../src/data/schema/equality';
import type { Schema, SchemaType } from '../../../src/data/schema/schema';
import { Struct } from '../../../src/data/schema/struct';
import { StructValue } from '../../../src/data/schema/struct-value';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const TYPES: Readonly<Record<string, SchemaType>> = {
  boolean: 'BOOLEAN',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float: 'FLOAT32',
  double: 'FLOAT64',
  bytes: 'BYTES',
  string: 'STRING',
  array: 'ARRAY',
  map: 'MAP',
  struct: 'STRUCT',
};
const TYPE_NAMES = new Map(Object.entries(TYPES).map(([name, type]) => [type, name]));

/** A class that Connect does not know. */
class Uuid {
  readonly javaClassName = 'java.util.UUID';
  constructor(readonly text: string) {}
  toString(): string {
    return this.text;
  }
}

/** A struct that holds whatever the vector says; nothing is checked while it is made. */
class RawStruct extends Struct {
  constructor(schema: Schema, values: readonly unknown[]) {
    super(schema);
    (this.values as unknown[]).splice(0, values.length, ...values);
  }
}

/** Reads a schema. */
export function schemaFrom(json: Json | undefined): Schema | null {
  if (json === null || json === undefined) return null;
  const { type, optional, name, version, doc, parameters, items, keys, values, fields, default: defaultJson } = json as JsonObject;
  const shape = new ConnectSchema({
    type: TYPES[type as string] as SchemaType,
    optional: optional as boolean,
    name: (name ?? null) as string | null,
    version: (version ?? null) as number | null,
    doc: (doc ?? null) as string | null,
    parameters: parameters ? new Map(Object.entries(parameters as Record<string, string>)) : null,
    keySchema: schemaFrom(keys),
    valueSchema: schemaFrom(items ?? values),
    fields: ((fields ?? []) as JsonObject[]).map((field, index) => ({
      name: field.field as string,
      index,
      schema: schemaFrom(field) as Schema,
    })),
  });
  return defaultJson === undefined ? shape : new ConnectSchema({ ...shape, defaultValue: valueFrom(defaultJson, shape) });
}

function number(text: Json): number {
  return Number(text);
}

/** Reads a tagged value; the schema is that of the place, which structs take unless they bring their own. */
export function valueFrom(json: Json | undefined, schema: Schema | null): unknown {
  if (json === null || json === undefined) return null;
  const object = json as JsonObject;
  const tag = Object.keys(object).find(key => key !== 'schema') as string;
  const content = object[tag] as Json;
  switch (tag) {
    case 'boolean':
    case 'string':
      return content;
    case 'int8':
      return Int8.of(content as number);
    case 'int16':
      return Int16.of(content as number);
    case 'int32':
      return Int32.of(content as number);
    case 'int64':
      return BigInt(content as string);
    case 'float32':
      return Float32.of(number(content));
    case 'float64':
      return number(content);
    case 'bytes':
      return Buffer.from(content as string, 'base64');
    case 'bytebuffer':
      return new ByteBuffer(Buffer.from(content as string, 'base64'));
    case 'decimal': {
      const { unscaled, scale } = content as { unscaled: string; scale: number };
      return new BigDecimal(BigInt(unscaled), scale);
    }
    case 'biginteger':
      return new BigInteger(BigInt(content as string));
    case 'date':
      return dateOf(BigInt(content as string));
    case 'uuid':
      return new Uuid(content as string);
    case 'list':
      return (content as Json[]).map(element => valueFrom(element, schema?.valueSchema ?? null));
    case 'map':
      return new Map(
        (content as [Json, Json][]).map(([key, value]) => [
          valueFrom(key, schema?.keySchema ?? null),
          valueFrom(value, schema?.valueSchema ?? null),
        ]),
      );
    case 'struct':
      return structFrom(content as [string, Json][], object.schema === undefined ? schema : schemaFrom(object.schema));
    default:
      throw new Error(`Unknown tag ${tag}`);
  }
}

function structFrom(content: readonly [string, Json][], schema: Schema | null): StructValue {
  if (!schema) throw new Error('A struct without schema');
  return new RawStruct(
    schema,
    content.map(([name, value]) => valueFrom(value, schema.field(name)?.schema ?? null)),
  );
}

/** Writes a schema with its members in a fixed order, so that texts can be compared. */
export function schemaToJson(schema: Schema | null): Json {
  if (!schema) return null;
  const json: JsonObject = { type: TYPE_NAMES.get(schema.type) ?? '?' };
  if (schema.type === 'ARRAY') json.items = schemaToJson(schema.valueSchema);
  if (schema.type === 'MAP') Object.assign(json, { keys: schemaToJson(schema.keySchema), values: schemaToJson(schema.valueSchema) });
  if (schema.fields) json.fields = schema.fields.map(field => ({ ...(schemaToJson(field.schema) as JsonObject), field: field.name }));
  json.optional = schema.optional;
  if (schema.name !== null) json.name = schema.name;
  if (schema.version !== null) json.version = schema.version;
  if (schema.doc !== null) json.doc = schema.doc;
  if (schema.parameters) json.parameters = Object.fromEntries([...schema.parameters].sort());
  if (schema.defaultValue !== null) json.default = valueToJson(schema.defaultValue, schema);
  return json;
}

/** Writes a value with its tags; maps are sorted, since their order does not count. */
export function valueToJson(value: unknown, schema: Schema | null): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return { boolean: value };
  if (typeof value === 'string') return { string: value };
  if (typeof value === 'bigint') return { int64: String(value) };
  if (typeof value === 'number') return { float64: doubleText(value) };
  if (value instanceof Int8) return { int8: value.value };
  if (value instanceof Int16) return { int16: value.value };
  if (value instanceof Int32) return { int32: value.value };
  if (value instanceof Float32) return { float32: floatText(value.value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof ByteBuffer) return { bytebuffer: value.remaining().toString('base64') };
  if (value instanceof BigDecimal) return { decimal: { unscaled: String(value.unscaled), scale: value.scale } };
  if (value instanceof BigInteger) return { biginteger: String(value.value) };
  if (value instanceof Date) return { date: String(epochMillis(value)) };
  return containerToJson(value, schema);
}

function containerToJson(value: unknown, schema: Schema | null): Json {
  if (Array.isArray(value)) return { list: value.map(element => valueToJson(element, schema?.valueSchema ?? null)) };
  if (value instanceof Map) {
    const pairs = Array.from(value, ([key, element]): Json[] => [
      valueToJson(key, schema?.keySchema ?? null),
      valueToJson(element, schema?.valueSchema ?? null),
    ]);
    return { map: pairs.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) };
  }
  if (value instanceof StructValue) {
    const struct = (value.schema.fields ?? []).map((field): Json[] => [field.name, valueToJson(value.values[field.index], field.schema)]);
    return schemasEqual(value.schema, schema) ? { struct } : { struct, schema: schemaToJson(value.schema) };
  }
  return { uuid: String(value) };
}

/** Reads `{"schema":S,"value":V}`. */
export function dataFrom(json: Json): { schema: Schema | null; value: unknown } {
  const { schema: schemaJson, value } = json as JsonObject;
  const schema = schemaFrom(schemaJson);
  return { schema, value: valueFrom(value, schema) };
}

/** Writes `{"schema":S,"value":V}`, in the form that texts of equal data are equal. */
export function dataToJson(schema: Schema | null, value: unknown): Json {
  return { schema: schemaToJson(schema), value: valueToJson(value, schema) };
}

/** Reads a record of transformations and predicates; what the vectors leave out of a source record is the same in all. */
export function recordFrom(json: Json): SourceRecord | SinkRecord {
  const { kind, topic, partition, key, value, timestamp, headers, offset, timestampType } = json as JsonObject;
  const keyData = dataFrom(key as Json);
  const valueData = dataFrom(value as Json);
  const common = {
    topic: topic as string,
    keySchema: keyData.schema,
    key: keyData.value,
    valueSchema: valueData.schema,
    value: valueData.value,
    timestamp: timestamp === null ? null : Number(timestamp),
    headers: (headers as JsonObject[]).map(header => ({ key: header.key as string, ...dataFrom(header) })),
  };
  if (kind === 'source') {
    return { ...common, kafkaPartition: partition as number | null, sourcePartition: { table: 't1' }, sourceOffset: { pos: 7 } };
  }
  return {
    ...common,
    kafkaPartition: partition as number,
    kafkaOffset: Number(offset),
    timestampType: timestampType as TimestampType,
    originalTopic: common.topic,
    originalKafkaPartition: partition as number,
    originalKafkaOffset: Number(offset),
  };
}

/** Writes a record, in the form that texts of equal records are equal. */
export function recordToJson(record: SourceRecord | SinkRecord): Json {
  const isSink = 'kafkaOffset' in record;
  return {
    kind: isSink ? 'sink' : 'source',
    topic: record.topic,
    partition: record.kafkaPartition,
    key: dataToJson(record.keySchema, record.key),
    value: dataToJson(record.valueSchema, record.value),
    timestamp: record.timestamp === null ? null : String(record.timestamp),
    headers: record.headers.map(({ key, schema, value }) => ({ key, ...(dataToJson(schema, value) as JsonObject) })),
    ...(isSink
      ? { offset: String(record.kafkaOffset), timestampType: record.timestampType, original: originalOf(record) }
      : { source: [record.sourcePartition?.table as string, record.sourceOffset?.pos as number] }),
  };
}

function originalOf(record: SinkRecord): Json {
  return [record.originalTopic, record.originalKafkaPartition, record.originalKafkaOffset];
}
