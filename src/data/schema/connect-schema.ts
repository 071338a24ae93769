import type { Field, Schema, SchemaType } from './schema';

/** Members of a schema; what is left out is null, or false for `optional`. */
export type SchemaParts = Pick<Schema, 'type'> & Partial<Omit<Schema, 'field' | 'type'>>;

/** The immutable schema (org.apache.kafka.connect.data.ConnectSchema). Created by a SchemaBuilder, which does all checks. */
export class ConnectSchema implements Schema {
  readonly type: SchemaType;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  readonly name: string | null;
  readonly version: number | null;
  readonly doc: string | null;
  readonly parameters: ReadonlyMap<string, string> | null;
  readonly fields: readonly Field[] | null;
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
  private readonly fieldsByName: ReadonlyMap<string, Field>;

  constructor(parts: SchemaParts) {
    this.type = parts.type;
    this.optional = parts.optional ?? false;
    this.defaultValue = parts.defaultValue ?? null;
    this.name = parts.name ?? null;
    this.version = parts.version ?? null;
    this.doc = parts.doc ?? null;
    this.parameters = parts.parameters ?? null;
    this.fields = parts.type === 'STRUCT' ? (parts.fields ?? []) : null;
    this.keySchema = parts.keySchema ?? null;
    this.valueSchema = parts.valueSchema ?? null;
    this.fieldsByName = new Map((this.fields ?? []).map(field => [field.name, field]));
  }

  field(name: string): Field | null {
    return this.fieldsByName.get(name) ?? null;
  }

  toString(): string {
    return `Schema{${this.name === null ? '' : `${this.name}:`}${this.type}}`;
  }
}

function required(type: SchemaType): Schema {
  return new ConnectSchema({ type });
}

function optional(type: SchemaType): Schema {
  return new ConnectSchema({ type, optional: true });
}

export const INT8_SCHEMA = required('INT8');
export const INT16_SCHEMA = required('INT16');
export const INT32_SCHEMA = required('INT32');
export const INT64_SCHEMA = required('INT64');
export const FLOAT32_SCHEMA = required('FLOAT32');
export const FLOAT64_SCHEMA = required('FLOAT64');
export const BOOLEAN_SCHEMA = required('BOOLEAN');
export const STRING_SCHEMA = required('STRING');
export const BYTES_SCHEMA = required('BYTES');
export const OPTIONAL_INT8_SCHEMA = optional('INT8');
export const OPTIONAL_INT16_SCHEMA = optional('INT16');
export const OPTIONAL_INT32_SCHEMA = optional('INT32');
export const OPTIONAL_INT64_SCHEMA = optional('INT64');
export const OPTIONAL_FLOAT32_SCHEMA = optional('FLOAT32');
export const OPTIONAL_FLOAT64_SCHEMA = optional('FLOAT64');
export const OPTIONAL_BOOLEAN_SCHEMA = optional('BOOLEAN');
export const OPTIONAL_STRING_SCHEMA = optional('STRING');
export const OPTIONAL_BYTES_SCHEMA = optional('BYTES');
