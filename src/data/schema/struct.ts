import { ConnectError } from '../../errors';
import { ByteBuffer } from '../java/byte-buffer';
import { javaText } from '../java/java-text';
import type { Field, Schema, SchemaType } from './schema';
import { StructValue } from './struct-value';
import { validateValue } from './validate-value';

/** A value of a STRUCT schema (org.apache.kafka.connect.data.Struct). Fields are set while it is built and not changed later. */
export class Struct extends StructValue {
  private readonly slots: unknown[];

  /**
   * @param slots a value for each field, checked by the caller and owned by the struct from now on; absent: all fields are unset
   * @throws DataException unless the schema is of a STRUCT
   */
  constructor(schema: Schema, slots: unknown[] = unsetSlots(schema)) {
    super(schema, slots);
    this.slots = slots;
  }

  /** Sets a field. @throws DataException if there is no such field or the value does not fit */
  put(field: string | Field, value: unknown): this {
    const target = typeof field === 'string' ? this.lookUp(field) : this.own(field);
    validateValue(target.name, target.schema, value);
    this.slots[target.index] = value ?? null;
    return this;
  }

  /** A field's value, or its default where it is unset. @throws DataException if there is no such field */
  get(field: string | Field): unknown {
    const target = typeof field === 'string' ? this.lookUp(field) : this.own(field);
    return this.slots[target.index] ?? target.schema.defaultValue;
  }

  /** A field's value, null where it is unset. @throws DataException if there is no such field */
  getWithoutDefault(fieldName: string): unknown {
    return this.slots[this.lookUp(fieldName).index] ?? null;
  }

  /**
   * A field's value without default, if the field is of this type (Java's getInt32 and so on). Bytes are returned as a Buffer; for a
   * ByteBuffer that is its whole array, whatever its position.
   * @throws DataException otherwise
   */
  getTyped(fieldName: string, type: SchemaType): unknown {
    const field = this.lookUp(fieldName);
    if (field.schema.type !== type) throw new ConnectError('DataException', `Field '${fieldName}' is not of type ${type}`);
    const value = this.slots[field.index] ?? null;
    return value instanceof ByteBuffer ? value.array : value;
  }

  validate(): void {
    for (const { name, index, schema } of this.schema.fields ?? []) {
      const value = this.slots[index] ?? null;
      if (value !== null || (!schema.optional && schema.defaultValue === null)) validateValue(name, schema, value);
    }
  }

  override toString(): string {
    return javaText(this);
  }

  private lookUp(fieldName: string): Field {
    const field = this.schema.field(fieldName);
    if (!field) throw new ConnectError('DataException', `${fieldName} is not a valid field name`);
    return field;
  }

  /** A field by its index, which Java does not compare with the schema either. */
  private own(field: Field): Field {
    if (field.index < this.slots.length) return field;
    const message = `Index ${field.index} out of bounds for length ${this.slots.length}`;
    throw new ConnectError('ArrayIndexOutOfBoundsException', message);
  }
}

function unsetSlots(schema: Schema): unknown[] {
  if (!schema.fields) throw new ConnectError('DataException', `Not a struct schema: ${String(schema)}`);
  // Exactly this size: a growing array would have room for 17.
  const slots = new Array<unknown>(schema.fields.length);
  for (let i = 0; i < slots.length; i++) slots[i] = null;
  return slots;
}
