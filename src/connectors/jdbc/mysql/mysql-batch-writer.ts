/** Batches for MySQL and MariaDB: one statement for all rows that fit a packet. */
import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { namesOf, type PlanNames, paramsInOrder, whereClause } from '../database/statements';
import type { IdentifierRules } from '../database/table-id';
import { mySqlLiteral } from './mysql-literal';

/** What the server is like. */
export interface MySqlServer {
  /** Knows `INSERT ... VALUES ... AS n ON DUPLICATE KEY UPDATE c = n.c` (MySQL 8.0.19), where `VALUES(c)` is going away. */
  readonly rowAlias: boolean;
  /** `max_allowed_packet`, in bytes. */
  readonly maxPacketBytes: number;
}

/** How statements are sent. @returns rows that were found or changed */
export interface RunMySql {
  /** As it is. */
  text(sql: string): Promise<number>;
  /** Prepared. */
  prepared(sql: string, params: readonly BindValue[]): Promise<number>;
}

export class MySqlBatchWriter implements BatchWriter {
  private readonly names: PlanNames;
  /** Most characters of the rows of a statement: each takes up to three bytes, and the rest of the statement has to fit too. */
  private readonly maxCharacters: number;

  constructor(
    identifiers: IdentifierRules,
    private readonly plan: WritePlan,
    private readonly server: MySqlServer,
    private readonly run: RunMySql,
  ) {
    this.names = namesOf({ identifiers }, plan);
    this.maxCharacters = server.maxPacketBytes / 4;
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    if (this.plan.mode === 'update') return this.update(rows);
    let changed = 0;
    let texts: string[] = [];
    let characters = 0;
    for (const row of rows) {
      const text = this.rowText(row);
      if (characters + text.length > this.maxCharacters) {
        changed += await this.send(texts);
        texts = [];
        characters = 0;
      }
      texts.push(text);
      characters += text.length;
    }
    return changed + (await this.send(texts));
  }

  private async send(texts: readonly string[]): Promise<number> {
    return texts.length === 0 ? 0 : this.run.text(batchSql(this.plan, this.names, texts, this.server));
  }

  /** One row each: a join with a list of values would compare keys as texts or doubles. */
  private async update(rows: readonly (readonly BindValue[])[]): Promise<number> {
    const sql = updateSql(this.names);
    let changed = 0;
    for (const row of rows) changed += await this.run.prepared(sql, paramsInOrder(this.plan, row));
    return changed;
  }

  /** @throws DatabaseError (`data`) for a row that is too big by itself */
  private rowText(row: readonly BindValue[]): string {
    let text = row.length === 1 && this.plan.mode === 'delete' ? '' : '(';
    const end = text === '' ? '' : ')';
    for (let i = 0; i < row.length; i++) text += (i === 0 ? '' : ',') + mySqlLiteral(row[i] ?? null);
    text += end;
    const { maxPacketBytes } = this.server;
    if (text.length > this.maxCharacters && Buffer.byteLength(text) > maxPacketBytes) {
      const message = `A row of ${Buffer.byteLength(text)} bytes is larger than max_allowed_packet (${maxPacketBytes})`;
      throw new DatabaseError('data', message, '08S01');
    }
    return text;
  }
}

const updateSql = ({ table, keys, others }: PlanNames): string =>
  `UPDATE ${table} SET ${others.map(name => `${name} = ?`).join(', ')}${whereClause(keys.map(name => `${name} = ?`).join(' AND '))}`;

/** The statement for rows that are written out; updates have one of their own. */
export function batchSql(
  { mode }: WritePlan,
  { table, keys, others, all }: PlanNames,
  rows: readonly string[],
  { rowAlias }: MySqlServer,
): string {
  const list = rows.join(',');
  if (mode === 'delete') return `DELETE FROM ${table} WHERE ${keys.length === 1 ? keys[0] : `(${keys.join(', ')})`} IN (${list})`;
  const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES ${list}`;
  if (mode === 'insert') return insert;
  const [first = ''] = keys;
  const newValue = (name: string): string => (rowAlias ? `n.${name}` : `VALUES(${name})`);
  // without other columns the row stays as it is
  const sets = others.length === 0 ? `${first} = ${table}.${first}` : others.map(name => `${name} = ${newValue(name)}`).join(', ');
  return `${insert}${rowAlias ? ' AS n' : ''} ON DUPLICATE KEY UPDATE ${sets}`;
}
