import { ConnectError, toError } from '../../errors';
import { ConnectSchema } from './connect-schema';
import type { Field, Schema, SchemaType } from './schema';
import { validateValue } from './validate-value';

function refuse(message: string, cause?: unknown): ConnectError {
  return new ConnectError('SchemaBuilderException', message, cause);
}

/**
 * Builds schemas (org.apache.kafka.connect.data.SchemaBuilder): each attribute can be set once, `optional` and `required` exclude
 * each other, the default must fit. All methods throw SchemaBuilderException with Java's text.
 */
export class SchemaBuilder {
  private isOptional: boolean | null = null;
  private default: unknown = null;
  private schemaName: string | null = null;
  private schemaVersion: number | null = null;
  private schemaDoc: string | null = null;
  private schemaParameters: Map<string, string> | null = null;
  private readonly fields = new Map<string, Field>();

  /** For a type without element schemas; use `array` and `map` for the others. */
  constructor(
    readonly type: SchemaType,
    private readonly keySchema: Schema | null = null,
    private readonly valueSchema: Schema | null = null,
  ) {}

  static struct(): SchemaBuilder {
    return new SchemaBuilder('STRUCT');
  }

  static array(valueSchema: Schema | null): SchemaBuilder {
    if (!valueSchema) throw refuse('valueSchema cannot be null.');
    return new SchemaBuilder('ARRAY', null, valueSchema);
  }

  static map(keySchema: Schema | null, valueSchema: Schema | null): SchemaBuilder {
    if (!keySchema) throw refuse('keySchema cannot be null.');
    if (!valueSchema) throw refuse('valueSchema cannot be null.');
    return new SchemaBuilder('MAP', keySchema, valueSchema);
  }

  optional(): this {
    this.isOptional = this.once('optional', this.isOptional, true);
    return this;
  }

  required(): this {
    this.isOptional = this.once('optional', this.isOptional, false);
    return this;
  }

  name(name: string): this {
    this.schemaName = this.once('name', this.schemaName, name);
    return this;
  }

  version(version: number): this {
    this.schemaVersion = this.once('version', this.schemaVersion, version);
    return this;
  }

  doc(doc: string): this {
    this.schemaDoc = this.once('doc', this.schemaDoc, doc);
    return this;
  }

  parameter(key: string, value: string): this {
    this.schemaParameters ??= new Map();
    this.schemaParameters.set(key, value);
    return this;
  }

  /** Adds parameters; an empty map leaves them unset. */
  parameters(parameters: ReadonlyMap<string, string>): this {
    for (const [key, value] of parameters) this.parameter(key, value);
    return this;
  }

  /** The default, which must fit what was set so far; a struct never does, since Java compares it with the unfinished schema. */
  defaultValue(value: unknown): this {
    this.once('default', this.default, value);
    try {
      if (this.type === 'STRUCT' && value !== null) throw new ConnectError('DataException', 'Struct schemas do not match.');
      validateValue(null, this.build(), value);
    } catch (error) {
      throw refuse('Invalid default value', toError(error));
    }
    this.default = value;
    return this;
  }

  /** Adds a member to a STRUCT, at the end. */
  field(name: string, schema: Schema | null): this {
    if (this.type !== 'STRUCT') throw refuse(`Cannot create fields on type ${this.type}`);
    if (name === '') throw refuse('fieldName cannot be null.');
    if (!schema) throw refuse(`fieldSchema for field ${name} cannot be null.`);
    if (this.fields.has(name)) throw refuse(`Cannot create field because of field name duplication ${name}`);
    this.fields.set(name, { name, index: this.fields.size, schema });
    return this;
  }

  build(): Schema {
    return new ConnectSchema({
      type: this.type,
      optional: this.isOptional ?? false,
      defaultValue: this.default,
      name: this.schemaName,
      version: this.schemaVersion,
      doc: this.schemaDoc,
      parameters: this.schemaParameters && new Map(this.schemaParameters),
      fields: [...this.fields.values()],
      keySchema: this.keySchema,
      valueSchema: this.valueSchema,
    });
  }

  private once<T>(attribute: string, current: T | null, value: T): T {
    if (current !== null && current !== value) throw refuse(`Invalid SchemaBuilder call: ${attribute} has already been set.`);
    return value;
  }
}
