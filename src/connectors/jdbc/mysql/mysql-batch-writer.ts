/** Batches for MySQL and MariaDB: prepared statements of many rows, of a few fixed sizes. */

import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { rowBytes } from '../database/row-buffer';
import { chunkSizes, namesOf, type PlanNames, paramsInOrder, whereClause } from '../database/statements';
import type { IdentifierRules } from '../database/table-id';

const MAX_ROWS = 1024;
/** What a prepared statement may have at most. */
const MAX_PLACEHOLDERS = 65_535;

/** What the server is like. */
export interface MySqlServer {
  /** Knows `INSERT ... VALUES ... AS n ON DUPLICATE KEY UPDATE c = n.c` (MySQL 8.0.19), where `VALUES(c)` is going away. */
  readonly rowAlias: boolean;
  /** `max_allowed_packet`, in bytes. */
  readonly maxPacketBytes: number;
}

/** Sends a statement, prepared. @returns rows that were found or changed */
export type RunMySql = (sql: string, params: readonly BindValue[]) => Promise<number>;

export class MySqlBatchWriter implements BatchWriter {
  private readonly names: PlanNames;
  private readonly statements = new Map<number, string>();

  constructor(
    identifiers: IdentifierRules,
    private readonly plan: WritePlan,
    private readonly server: MySqlServer,
    private readonly run: RunMySql,
  ) {
    this.names = namesOf({ identifiers }, plan);
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    let changed = 0;
    let at = 0;
    for (const size of this.sizesFor(rows)) {
      const chunk = rows.slice(at, at + size);
      at += size;
      changed += await this.run(
        this.statement(size),
        chunk.flatMap(row => paramsInOrder(this.plan, row)),
      );
    }
    return changed;
  }

  /** UPDATE has one row each: a join with a list of values would compare keys as texts or doubles. */
  private sizesFor(rows: readonly (readonly BindValue[])[]): number[] {
    if (this.plan.mode === 'update') return rows.map(() => 1);
    const columns = Math.max(1, this.names.all.length);
    const byPlaceholders = 2 ** Math.floor(Math.log2(Math.max(1, MAX_PLACEHOLDERS / columns)));
    const largest = Math.min(MAX_ROWS, byPlaceholders);
    return chunkSizes(rows.length, largest).length === 0 ? [] : this.withinPacket(rows, largest);
  }

  /** Halves chunks until each fits a packet. @throws DatabaseError (`data`) for a row that is too big by itself */
  private withinPacket(rows: readonly (readonly BindValue[])[], largest: number): number[] {
    // half of it, as texts may take more bytes than they have characters, and the statement itself takes some
    const limit = this.server.maxPacketBytes / 4;
    const bytes = rows.map(rowBytes);
    const sizes: number[] = [];
    for (let at = 0; at < rows.length; at += sizes.at(-1) ?? 1) {
      let [size = 1] = chunkSizes(rows.length - at, largest);
      const sum = (count: number): number => bytes.slice(at, at + count).reduce((total, each) => total + each, 0);
      while (size > 1 && sum(size) > limit) size /= 2;
      if (size === 1 && (bytes[at] ?? 0) > this.server.maxPacketBytes) {
        throw new DatabaseError(
          'data',
          `A row of ${bytes[at]} bytes is larger than max_allowed_packet (${this.server.maxPacketBytes})`,
          '08S01',
        );
      }
      sizes.push(size);
    }
    return sizes;
  }

  private statement(rows: number): string {
    const known = this.statements.get(rows) ?? batchSql(this.plan, this.names, rows, this.server);
    this.statements.set(rows, known);
    return known;
  }
}

/** The statement for so many rows. */
export function batchSql({ mode }: WritePlan, { table, keys, others, all }: PlanNames, rows: number, { rowAlias }: MySqlServer): string {
  const row = `(${all.map(() => '?').join(',')})`;
  const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES ${Array.from({ length: rows }, () => row).join(',')}`;
  switch (mode) {
    case 'insert':
      return insert;
    case 'upsert': {
      const [first = ''] = keys;
      const newValue = (name: string): string => (rowAlias ? `n.${name}` : `VALUES(${name})`);
      // without other columns the row stays as it is
      const sets = others.length === 0 ? `${first} = ${table}.${first}` : others.map(name => `${name} = ${newValue(name)}`).join(', ');
      return `${insert}${rowAlias ? ' AS n' : ''} ON DUPLICATE KEY UPDATE ${sets}`;
    }
    case 'update':
      return `UPDATE ${table} SET ${others.map(name => `${name} = ?`).join(', ')}${whereClause(keys.map(name => `${name} = ?`).join(' AND '))}`;
    case 'delete': {
      const found = keys.length === 1 ? keys[0] : `(${keys.join(', ')})`;
      const key = keys.length === 1 ? '?' : row;
      return `DELETE FROM ${table} WHERE ${found} IN (${Array.from({ length: rows }, () => key).join(',')})`;
    }
  }
}
