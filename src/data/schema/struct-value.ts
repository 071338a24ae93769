import type { Schema } from './schema';

/**
 * What a Struct is to those that only look at it (texts, equality, validation). It stands apart from `Struct` so that these need
 * not import what imports them.
 */
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
