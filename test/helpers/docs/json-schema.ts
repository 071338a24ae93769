/** Checks values against the few words of OpenAPI 3.0's schemas that the REST interface uses. */
import type { Schema } from '../../../src/rest/openapi/schemas';

/** Named schemas that references point to. */
export type Schemas = Readonly<Record<string, Schema>>;

const KNOWN_WORDS = [
  '$ref',
  'type',
  'format',
  'description',
  'nullable',
  'enum',
  'minimum',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'oneOf',
];

/** What is wrong with a value, each with its place; empty if nothing. @throws Error for a schema this checker does not know */
export function schemaProblems(value: unknown, schema: Schema, schemas: Schemas, place = '$'): string[] {
  const unknown = Object.keys(schema).find(word => !KNOWN_WORDS.includes(word));
  if (unknown !== undefined) throw new Error(`unknown word in a schema: ${unknown}`);
  if (schema.$ref !== undefined) return schemaProblems(value, resolve(schema.$ref, schemas), schemas, place);
  if (value === null) return schema.nullable ? [] : [`${place} is null`];
  if (schema.oneOf) return oneOfProblems(value, schema.oneOf, schemas, place);
  if (schema.type !== undefined && !isOfType(value, schema.type)) return [`${place} is no ${schema.type}: ${JSON.stringify(value)}`];
  if (schema.enum && !schema.enum.includes(String(value))) return [`${place} is none of ${schema.enum.join(', ')}: ${String(value)}`];
  if (schema.minimum !== undefined && Number(value) < schema.minimum) return [`${place} is below ${schema.minimum}`];
  if (Array.isArray(value)) return value.flatMap((item, i) => schemaProblems(item, schema.items ?? {}, schemas, `${place}[${i}]`));
  return typeof value === 'object' ? objectProblems(value, schema, schemas, place) : [];
}

/** The schema that a reference names. @throws Error if there is none */
export function resolve(reference: string, schemas: Schemas): Schema {
  const schema = schemas[reference.replace('#/components/schemas/', '')];
  if (!schema) throw new Error(`no schema ${reference}`);
  return schema;
}

function oneOfProblems(value: unknown, choices: readonly Schema[], schemas: Schemas, place: string): string[] {
  const problems = choices.map(choice => schemaProblems(value, choice, schemas, place));
  return problems.some(list => list.length === 0) ? [] : problems.flat();
}

function objectProblems(value: object, schema: Schema, schemas: Schemas, place: string): string[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter(name => !Object.hasOwn(value, name)).map(name => `${place}.${name} is missing`);
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    if (own === false) return [`${place}.${name} is not foreseen`];
    return own === true || own === undefined ? [] : schemaProblems(member, own, schemas, `${place}.${name}`);
  });
  return [...missing, ...wrong];
}

function isOfType(value: unknown, type: NonNullable<Schema['type']>): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === type;
}
