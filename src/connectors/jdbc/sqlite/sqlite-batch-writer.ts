/** Batches for SQLite: a prepared statement is run for each row; the caller's transaction makes them one write. */
import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { namesOf, paramsInOrder, whereClause } from '../database/statements';
import type { IdentifierRules } from '../database/table-id';

/** Runs a prepared statement for each row. @returns the number of changed rows */
type RunForRows = (rows: readonly (readonly BindValue[])[]) => number;

/** Prepares a statement. */
export type PrepareSqlite = (sql: string) => RunForRows;

export class SqliteBatchWriter implements BatchWriter {
  private readonly sql: string;
  private run: RunForRows | null = null;

  constructor(
    identifiers: IdentifierRules,
    private readonly plan: WritePlan,
    private readonly prepare: PrepareSqlite,
  ) {
    this.sql = rowSql(identifiers, plan);
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    this.run ??= this.prepare(this.sql);
    return this.run(this.plan.mode === 'update' ? rows.map(row => paramsInOrder(this.plan, row)) : rows);
  }
}

/** The statement for one row. */
export function rowSql(identifiers: IdentifierRules, plan: WritePlan): string {
  const { table, keys, others, all } = namesOf({ identifiers }, plan);
  const insert = `INSERT INTO ${table}(${all.join(',')}) VALUES(${all.map(() => '?').join(',')})`;
  const found = keys.map(name => `${name} = ?`).join(' AND ');
  switch (plan.mode) {
    case 'insert':
      return insert;
    case 'upsert': {
      const sets = others.map(name => `${name} = excluded.${name}`).join(', ');
      return `${insert} ON CONFLICT(${keys.join(',')}) DO ${sets === '' ? 'NOTHING' : `UPDATE SET ${sets}`}`;
    }
    case 'update':
      return `UPDATE ${table} SET ${others.map(name => `${name} = ?`).join(', ')}${whereClause(found)}`;
    case 'delete':
      return `DELETE FROM ${table} WHERE ${found}`;
  }
}
