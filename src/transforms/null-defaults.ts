/** Fields that are null although they have a default: what transformations make of them (KIP-1040). */
import type { ConfigKey } from '../api/config-def';
import type { Field } from '../data/schema';
import type { Struct } from '../data/struct';

/** The setting; most transformations have it. */
export const REPLACE_NULL_WITH_DEFAULT: ConfigKey = {
  name: 'replace.null.with.default',
  type: 'BOOLEAN',
  defaultValue: true,
  importance: 'MEDIUM',
  doc: 'Whether to replace fields that have a default value and that are null to the default value. When set to true, the default value is used, otherwise null is used.',
};

/** Reads a field of a struct; the field must be one of the struct's own schema. */
export type ReadField = (struct: Struct, field: Field) => unknown;

/** @param replaceNullWithDefault whether a null is read as the field's default */
export function fieldReader(replaceNullWithDefault: boolean): ReadField {
  return replaceNullWithDefault ? (struct, field) => struct.get(field) : (struct, field) => struct.values[field.index] ?? null;
}
