/**
 * Batches for PostgreSQL: one parameter per column (`unnest`), so that one statement serves batches of any size; many new rows are sent by
 * COPY.
 */

import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { namesOf, whereClause } from '../database/statements';
import type { IdentifierRules, TableId } from '../database/table-id';
import type { Column } from '../database/values/column';
import { TextBuffer } from '../database/values/text-buffer';
import { columnLiteral } from './wire/pg-array';
import { PgCopyText } from './wire/pg-copy-text';

/** Sends rows. All methods return the number of changed rows. */
export interface RunPg {
  /** Runs a statement that is prepared under its own name. */
  prepared(sql: string, params: readonly (string | null)[]): Promise<number>;
  /** COPY FROM STDIN. */
  copy(sql: string, data: Buffer): Promise<number>;
  /** True if COPY into a table does the same as INSERT. */
  takesCopy(table: TableId): Promise<boolean>;
}

/** From this many rows on COPY is faster; below, parsing its statement for each batch costs more than it gains. */
const ROWS_FOR_COPY = 200;

export class PgBatchWriter implements BatchWriter {
  private readonly sql: string;
  private readonly columns: number;
  private readonly copySql: string;
  private readonly copyText = new PgCopyText();
  private readonly literal = new TextBuffer();
  /** Null until there are enough rows to find out. */
  private copies: boolean | null;

  constructor(
    identifiers: IdentifierRules,
    private readonly plan: WritePlan,
    private readonly run: RunPg,
  ) {
    const names = namesOf({ identifiers }, plan);
    this.copySql = `COPY ${names.table} (${names.all.join(', ')}) FROM STDIN`;
    this.sql = batchSql(identifiers, plan);
    const columns = [...plan.keys, ...plan.others];
    this.columns = columns.length;
    // COPY parses texts by the type of the column and cannot cast.
    this.copies = columns.some(column => column.valueType !== undefined) ? false : null;
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    if (rows.length === 0) return 0;
    if (await this.mayCopy(rows.length)) return this.run.copy(this.copySql, this.copyText.write(rows));
    const params = Array.from({ length: this.columns }, (_, i) => columnLiteral(rows, i, this.literal));
    return this.run.prepared(this.sql, params);
  }

  private async mayCopy(rows: number): Promise<boolean> {
    if (this.plan.mode !== 'insert' || rows < ROWS_FOR_COPY) return false;
    this.copies ??= await this.run.takesCopy(this.plan.table);
    return this.copies;
  }
}

/** The statement of a plan. A row without columns would need `DEFAULT VALUES`, one statement each; the sink refuses such rows before. */
export function batchSql(identifiers: IdentifierRules, plan: WritePlan): string {
  const names = namesOf({ identifiers }, plan);
  const columns = [...plan.keys, ...plan.others];
  // unnest would flatten arrays of arrays.
  const arrays = columns
    .map((column, i) => `$${i + 1}::${column.arrayText ? 'text' : (column.valueType ?? column.castType ?? 'text')}[]`)
    .join(', ');
  const rows = `unnest(${arrays}) AS n(${names.all.join(', ')})`;
  const value = (column: Column, name = ''): string =>
    column.arrayText ? `n.${name}::${column.valueType ?? column.castType}` : `n.${name}`;
  const selected = columns.some(column => column.arrayText) ? columns.map((column, i) => value(column, names.all[i])).join(', ') : '*';
  const insert = `INSERT INTO ${names.table} (${names.all.join(', ')}) SELECT ${selected} FROM ${rows}`;
  // A value that is not a text is compared with texts as the text that an insert would store.
  const key = (column: Column, name = ''): string =>
    column.valueType !== undefined && column.type === 'TEXT' ? `n.${name}::${column.castType}` : value(column, name);
  const found = plan.keys.map((column, i) => `t.${names.keys[i]} = ${key(column, names.keys[i])}`).join(' AND ');
  switch (plan.mode) {
    case 'insert':
      return insert;
    case 'upsert': {
      const sets = names.others.map(name => `${name} = EXCLUDED.${name}`);
      const action = sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`;
      return `${insert} ON CONFLICT (${names.keys.join(', ')}) DO ${action}`;
    }
    case 'update': {
      const sets = plan.others.map((column, i) => `${names.others[i]} = ${value(column, names.others[i])}`).join(', ');
      return `UPDATE ${names.table} AS t SET ${sets} FROM ${rows}${whereClause(found)}`;
    }
    case 'delete':
      return `DELETE FROM ${names.table} AS t USING ${rows} WHERE ${found}`;
  }
}
