/** Converts rows to plain form, with a schema and readers that are built once per query. */
import type { PlainValue, RowColumn } from '../../../data/batch/row-column';
import type { Schema } from '../../../data/schema/schema';
import { SchemaBuilder } from '../../../data/schema/schema-builder';
import { ConnectError, toError } from '../../../errors';
import type { RawRow } from '../database/connection';
import type { Dialect } from '../database/dialect';
import type { Column } from '../database/values/column';
import type { MappingOptions } from '../database/values/column-mapping';

/** One field: the index of its value in a row, and its reader. */
interface FieldReader {
  readonly name: string;
  readonly position: number;
  readonly read: (raw: unknown) => PlainValue | null;
}

export class RowConverter {
  readonly schema: Schema;
  /** Columns without a type in Connect, which are left out. */
  readonly dropped: readonly string[];
  /** Notes for the log about types that the columns leave open. */
  readonly notes: readonly string[];
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
    const notes: string[] = [];
    this.readers = columns.flatMap((column, position) => {
      if (!isWanted(column)) return [];
      const mapping = dialect.mapColumn(column, options);
      if (mapping === null) {
        dropped.push(`${column.name} (${column.typeName})`);
        return [];
      }
      if (mapping.note !== undefined) notes.push(mapping.note);
      builder.field(column.name, mapping.schema);
      return [{ name: column.name, position, read: mapping.read }];
    });
    this.schema = builder.build();
    this.dropped = dropped;
    this.notes = notes;
  }

  /**
   * Appends a row, which counts only once it is complete.
   * @throws DataException that names the column, for a value that its field cannot hold
   */
  append(row: RawRow, rows: RowColumn): void {
    const { readers } = this;
    const first = rows.count * readers.length;
    let at = 0;
    try {
      for (; at < readers.length; at++) {
        const { position, read } = readers[at] as FieldReader;
        const raw = row[position];
        rows.cells[first + at] = raw === null || raw === undefined ? null : read(raw);
      }
    } catch (error) {
      throw new ConnectError('DataException', `Column ${readers[at]?.name}: ${toError(error).message}`, error);
    }
    rows.count++;
  }
}
