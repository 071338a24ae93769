import type { Schema } from './schema';

/** A Struct for code that only reads it (texts, equality, validation). Separate from `Struct` to avoid a circular import. */
export abstract class StructValue {
  /**
   * @param schema its STRUCT schema
   * @param values one for each field, in order; null where unset
   */
  constructor(
    readonly schema: Schema,
    readonly values: readonly unknown[],
  ) {}

  /** Checks all fields. @throws DataException */
  abstract validate(): void;
}
