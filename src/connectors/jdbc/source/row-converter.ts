/** Rows as Structs: schema and readers of a query's columns, made once for each query. */
import type { Field, Schema } from '../../../data/schema';
import { SchemaBuilder } from '../../../data/schema-builder';
import { Struct } from '../../../data/struct';
import { ConnectError, toError } from '../../../errors';
import type { Column } from '../database/column';
import type { MappingOptions } from '../database/column-mapping';
import type { RawRow } from '../database/connection';
import type { Dialect } from '../database/dialect';

/** One field: where its value stands in a row, and how it is read. */
interface FieldReader {
  readonly field: Field;
  readonly position: number;
  readonly read: (raw: unknown) => unknown;
}

export class RowConverter {
  readonly schema: Schema;
  /** Columns that no type of Connect fits; they are left out. */
  readonly dropped: readonly string[];
  private readonly readers: readonly FieldReader[];

  /**
   * @param name name of the schema; null for a query, which has none
   * @param isWanted which columns become fields
   */
  constructor(
    dialect: Dialect,
    columns: readonly Column[],
    name: string | null,
    options: MappingOptions,
    isWanted: (column: Column) => boolean = () => true,
  ) {
    const builder = SchemaBuilder.struct();
    if (name !== null) builder.name(name);
    const dropped: string[] = [];
    const wanted = columns.flatMap((column, position) => {
      if (!isWanted(column)) return [];
      const mapping = dialect.mapColumn(column, options);
      if (mapping === null) {
        dropped.push(`${column.name} (${column.typeName})`);
        return [];
      }
      builder.field(column.name, mapping.schema);
      return [{ name: column.name, position, read: mapping.read }];
    });
    const schema = builder.build();
    this.readers = wanted.map(({ name, ...reader }) => ({ field: schema.field(name) as Field, ...reader }));
    this.schema = schema;
    this.dropped = dropped;
  }

  /** @throws DataException that names the column, for a value that its field cannot hold */
  convert(row: RawRow): Struct {
    const struct = new Struct(this.schema);
    let at = 0;
    try {
      for (; at < this.readers.length; at++) {
        const { field, position, read } = this.readers[at] as FieldReader;
        const raw = row[position];
        if (raw !== null && raw !== undefined) struct.put(field, read(raw));
      }
    } catch (error) {
      throw new ConnectError('DataException', `Column ${this.readers[at]?.field.name}: ${toError(error).message}`, error);
    }
    return struct;
  }
}
