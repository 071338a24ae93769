/** Schemas as the JSON objects that envelopes carry, and back. */

import { LruCache } from '../../data/lru-cache';
import type { Schema, SchemaType } from '../../data/schema/schema';
import { SchemaBuilder } from '../../data/schema/schema-builder';
import { ConnectError } from '../../errors';
import type { JsonDecoder } from './json-decoder';
import { quote } from './json-output';
import { isIntegral, type JsonObject, type JsonValue } from './json-value';
import type { JsonWriter } from './json-writer';

const JSON_NAME: Readonly<Record<SchemaType, string>> = {
  BOOLEAN: 'boolean',
  INT8: 'int8',
  INT16: 'int16',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT32: 'float',
  FLOAT64: 'double',
  BYTES: 'bytes',
  STRING: 'string',
  ARRAY: 'array',
  MAP: 'map',
  STRUCT: 'struct',
};
const TYPE_OF_NAME: ReadonlyMap<string, SchemaType> = new Map(Object.entries(JSON_NAME).map(([type, name]) => [name, type as SchemaType]));

function refuse(message: string): ConnectError {
  return new ConnectError('DataException', message);
}

/** Writes schemas; remembers the texts of those used last. */
export class JsonSchemaWriter {
  private readonly texts: LruCache<Schema, string>;
  private readonly heads: LruCache<Schema, Buffer>;
  private lastSchema: Schema | null = null;
  private lastHead = headWith('null');

  constructor(
    private readonly writer: JsonWriter,
    cacheSize: number,
  ) {
    this.texts = new LruCache(cacheSize);
    this.heads = new LruCache(cacheSize);
  }

  /**
   * What stands before the payload in an envelope with this schema, `null` for none.
   * @throws DataException if its default has no JSON form
   */
  envelopeHead(schema: Schema | null): Buffer {
    if (schema !== this.lastSchema) {
      this.lastHead = this.findHead(schema);
      this.lastSchema = schema;
    }
    return this.lastHead;
  }

  private findHead(schema: Schema | null): Buffer {
    if (!schema) return headWith('null');
    let head = this.heads.get(schema);
    if (!head) {
      head = headWith(this.lookUp(schema));
      this.heads.put(schema, head);
    }
    return head;
  }

  private lookUp(schema: Schema | null): string {
    if (!schema) return 'null';
    const known = this.texts.get(schema);
    if (known !== undefined) return known;
    const text = `{${this.members(schema).join(',')}}`;
    this.texts.put(schema, text);
    return text;
  }

  private members(schema: Schema): string[] {
    const members = [`"type":"${JSON_NAME[schema.type]}"`, ...this.elementMembers(schema), `"optional":${schema.optional}`];
    if (schema.name !== null) members.push(`"name":${quote(schema.name)}`);
    if (schema.version !== null) members.push(`"version":${schema.version}`);
    if (schema.doc !== null) members.push(`"doc":${quote(schema.doc)}`);
    if (schema.parameters) {
      members.push(`"parameters":{${Array.from(schema.parameters, ([key, value]) => `${quote(key)}:${quote(value)}`).join(',')}}`);
    }
    if (schema.defaultValue !== null) members.push(`"default":${this.writer.textOf(schema, schema.defaultValue)}`);
    return members;
  }

  private elementMembers(schema: Schema): string[] {
    if (schema.type === 'ARRAY') return [`"items":${this.lookUp(schema.valueSchema)}`];
    if (schema.type === 'MAP') return [`"keys":${this.lookUp(schema.keySchema)}`, `"values":${this.lookUp(schema.valueSchema)}`];
    if (!schema.fields) return [];
    const fields = schema.fields.map(field => `${this.lookUp(field.schema).slice(0, -1)},"field":${quote(field.name)}}`);
    return [`"fields":[${fields.join(',')}]`];
  }
}

function headWith(schemaText: string): Buffer {
  return Buffer.from(`{"schema":${schemaText},"payload":`);
}

/** Reads the schema that a JSON value describes; null for null. @throws DataException, SchemaBuilderException for what is none */
export function readSchema(json: JsonValue, decoder: JsonDecoder): Schema | null {
  if (json === null) return null;
  const object: JsonObject = json instanceof Map ? json : new Map();
  const typeName = object.get('type');
  if (typeof typeName !== 'string') throw refuse("Schema must contain 'type' field");
  const builder = builderFor(typeName, object, decoder);
  applyAttributes(builder, object);
  const defaultJson = object.get('default');
  if (defaultJson !== undefined) builder.defaultValue(decoder.decode(builder.build(), defaultJson));
  return builder.build();
}

function builderFor(typeName: string, object: JsonObject, decoder: JsonDecoder): SchemaBuilder {
  const type = TYPE_OF_NAME.get(typeName);
  if (type === undefined) throw refuse(`Unknown schema type: ${typeName}`);
  if (type === 'ARRAY') return arrayBuilder(object, decoder);
  if (type === 'MAP') return mapBuilder(object, decoder);
  return type === 'STRUCT' ? structBuilder(object, decoder) : new SchemaBuilder(type);
}

function arrayBuilder(object: JsonObject, decoder: JsonDecoder): SchemaBuilder {
  const items = object.get('items') ?? null;
  if (items === null) throw refuse('Array schema did not specify the element type');
  return SchemaBuilder.array(readSchema(items, decoder));
}

function mapBuilder(object: JsonObject, decoder: JsonDecoder): SchemaBuilder {
  const keys = object.get('keys');
  if (keys === undefined) throw refuse('Map schema did not specify the key type');
  const values = object.get('values');
  if (values === undefined) throw refuse('Map schema did not specify the value type');
  return SchemaBuilder.map(readSchema(keys, decoder), readSchema(values, decoder));
}

function structBuilder(object: JsonObject, decoder: JsonDecoder): SchemaBuilder {
  const fields = object.get('fields');
  if (!Array.isArray(fields)) throw refuse('Struct schema\'s "fields" argument is not an array.');
  const builder = SchemaBuilder.struct();
  for (const field of fields) {
    const name = field instanceof Map ? field.get('field') : undefined;
    if (typeof name !== 'string') throw refuse("Struct schema's field name not specified properly");
    builder.field(name, readSchema(field, decoder));
  }
  return builder;
}

/** Sets the attributes that have the right kind; others are ignored, as in Java. */
function applyAttributes(builder: SchemaBuilder, object: JsonObject): void {
  if (object.get('optional') === true) builder.optional();
  else builder.required();
  const name = object.get('name');
  if (typeof name === 'string') builder.name(name);
  const version = object.get('version') ?? null;
  if (isIntegral(version)) builder.version(Number(BigInt.asIntN(32, BigInt(version))));
  const doc = object.get('doc');
  if (typeof doc === 'string') builder.doc(doc);
  const parameters = object.get('parameters');
  if (!(parameters instanceof Map)) return;
  for (const [key, value] of parameters) {
    if (typeof value !== 'string') throw refuse('Schema parameters must have string values.');
    builder.parameter(key, value);
  }
}
