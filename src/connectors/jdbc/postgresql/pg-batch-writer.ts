/** Batches for PostgreSQL: one parameter a column (`unnest`), so one plan serves batches of any size. */
import type { Column } from '../database/column';
import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { namesOf, whereClause } from '../database/statements';
import type { IdentifierRules } from '../database/table-id';
import { columnLiteral } from './pg-array';

/** Sends a statement, prepared under a name of its own. @returns rows that were changed */
export type RunPrepared = (sql: string, params: readonly (string | null)[]) => Promise<number>;

export class PgBatchWriter implements BatchWriter {
  private readonly sql: string;
  private readonly columns: number;

  constructor(
    identifiers: IdentifierRules,
    plan: WritePlan,
    private readonly run: RunPrepared,
  ) {
    this.sql = batchSql(identifiers, plan);
    this.columns = plan.keys.length + plan.others.length;
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    if (rows.length === 0) return 0;
    const params = Array.from({ length: this.columns }, (_, i) => columnLiteral(rows, i));
    return this.run(this.sql, params);
  }
}

/** The statement of a plan; for a row without any column, `DEFAULT VALUES` would need one statement each, which the sink refuses before. */
export function batchSql(identifiers: IdentifierRules, plan: WritePlan): string {
  const names = namesOf({ identifiers }, plan);
  const columns = [...plan.keys, ...plan.others];
  // unnest would take arrays of arrays apart to their last element
  const arrays = columns.map((column, i) => `$${i + 1}::${column.arrayText ? 'text' : (column.castType ?? 'text')}[]`).join(', ');
  const rows = `unnest(${arrays}) AS n(${names.all.join(', ')})`;
  const value = (column: Column, name = ''): string => (column.arrayText ? `n.${name}::${column.castType}` : `n.${name}`);
  const selected = columns.some(column => column.arrayText) ? columns.map((column, i) => value(column, names.all[i])).join(', ') : '*';
  const insert = `INSERT INTO ${names.table} (${names.all.join(', ')}) SELECT ${selected} FROM ${rows}`;
  const found = names.keys.map(name => `t.${name} = n.${name}`).join(' AND ');
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
