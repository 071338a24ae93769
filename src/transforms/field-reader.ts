/** How a transformation reads the fields of a struct: with their defaults or without (KIP-1040). */
import type { ConfigKey, ParsedConfig } from '../api/config-def';
import type { Field, Schema } from '../data/schema/schema';
import type { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';

/** The setting that decides this. */
export const REPLACE_NULL_WITH_DEFAULT: ConfigKey = {
  name: 'replace.null.with.default',
  type: 'BOOLEAN',
  defaultValue: true,
  importance: 'MEDIUM',
  doc:
    'Whether to replace fields that have a default value and that are null to the default value. ' +
    'When set to true, the default value is used, otherwise null is used.',
};

/** Reads a field of the struct's own schema. */
export type FieldReader = (struct: Struct, field: Field) => unknown;

/** Reads a field, or its default where it is null. */
export const readWithDefault: FieldReader = (struct, field) => struct.get(field);

const readAsIs: FieldReader = (struct, field) => struct.getWithoutDefault(field.name);

/** The reader that the settings ask for. */
export function fieldReader(config: ParsedConfig): FieldReader {
  return config.getBoolean(REPLACE_NULL_WITH_DEFAULT.name) ? readWithDefault : readAsIs;
}

/** The fields of a schema. @throws DataException unless it is of a STRUCT */
export function fieldsOf(schema: Schema): readonly Field[] {
  if (schema.fields) return schema.fields;
  throw new ConnectError('DataException', 'Cannot list fields on non-struct type');
}
