/** Batches for MySQL and MariaDB: one statement for all rows that fit a packet. */
import type { BatchWriter, BindValue, WritePlan } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { namesOf, type PlanNames, paramsInOrder, whereClause } from '../database/statements';
import type { IdentifierRules } from '../database/table-id';
import { TextBuffer } from '../database/values/text-buffer';
import { mySqlLiteral } from './mysql-literal';

/** Properties of the server. */
export interface MySqlServer {
  /** True if it supports `INSERT ... VALUES ... AS n ON DUPLICATE KEY UPDATE c = n.c` (MySQL 8.0.19), which replaces `VALUES(c)`. */
  readonly rowAlias: boolean;
  /** `max_allowed_packet`, in bytes. */
  readonly maxPacketBytes: number;
}

/** Sends statements. @returns the number of rows found or changed */
export interface RunMySql {
  /** As it is. */
  text(sql: string): Promise<number>;
  /** Prepared. */
  prepared(sql: string, params: readonly BindValue[]): Promise<number>;
}

const QUOTE = 0x27;
const COMMA = 0x2c;
const OPENING = 0x28;
const CLOSING = 0x29;

export class MySqlBatchWriter implements BatchWriter {
  private readonly names: PlanNames;
  private readonly text = new TextBuffer();
  /** The most bytes of rows in a statement; the rest of the statement must fit too. */
  private readonly maxBytes: number;

  constructor(
    identifiers: IdentifierRules,
    private readonly plan: WritePlan,
    private readonly server: MySqlServer,
    private readonly run: RunMySql,
  ) {
    this.names = namesOf({ identifiers }, plan);
    this.maxBytes = server.maxPacketBytes * 0.75;
  }

  async write(rows: readonly (readonly BindValue[])[]): Promise<number> {
    if (this.plan.mode === 'update') return this.update(rows);
    const { text } = this;
    let changed = 0;
    text.clear();
    for (const row of rows) {
      const start = text.used;
      this.addRow(row);
      this.checkSize(text.used - start);
      if (text.used > this.maxBytes && start > 0) changed += await this.send(start);
    }
    return text.used === 0 ? changed : changed + (await this.send(text.used));
  }

  /** Sends the rows in the text up to `end`. */
  private send(end: number): Promise<number> {
    return this.run.text(batchSql(this.plan, this.names, this.text.takeUntil(end), this.server));
  }

  /** One statement per row: a join with a list of values would compare keys as texts or doubles. */
  private async update(rows: readonly (readonly BindValue[])[]): Promise<number> {
    const sql = updateSql(this.names);
    let changed = 0;
    for (const row of rows) changed += await this.run.prepared(sql, paramsInOrder(this.plan, row));
    return changed;
  }

  /** Adds a row and a comma. */
  private addRow(row: readonly BindValue[]): void {
    const { text } = this;
    const isBare = row.length === 1 && this.plan.mode === 'delete';
    if (!isBare) text.addByte(OPENING);
    for (let i = 0; i < row.length; i++) {
      if (i > 0) text.addByte(COMMA);
      this.add(row[i] ?? null);
    }
    if (!isBare) text.addByte(CLOSING);
    text.addByte(COMMA);
  }

  private add(value: BindValue): void {
    const { text } = this;
    const isText = typeof value === 'string';
    if (isText && text.addQuoted(value, QUOTE)) return;
    const literal = mySqlLiteral(value);
    if (isText || !text.addPlain(literal)) text.add(literal);
  }

  /** @throws DatabaseError (`data`) for a row that alone is too large */
  private checkSize(bytes: number): void {
    const { maxPacketBytes } = this.server;
    if (bytes <= maxPacketBytes) return;
    throw new DatabaseError('data', `A row of ${bytes} bytes is larger than max_allowed_packet (${maxPacketBytes})`, '08S01');
  }
}

const updateSql = ({ table, keys, others }: PlanNames): string =>
  `UPDATE ${table} SET ${others.map(name => `${name} = ?`).join(', ')}${whereClause(keys.map(name => `${name} = ?`).join(' AND '))}`;

/** The statement for a list of literal rows; updates have another one. */
export function batchSql(
  { mode }: WritePlan,
  { table, keys, others, all }: PlanNames,
  /** The literal rows, separated by commas. */
  list: string,
  { rowAlias }: MySqlServer,
): string {
  if (mode === 'delete') return `DELETE FROM ${table} WHERE ${keys.length === 1 ? keys[0] : `(${keys.join(', ')})`} IN (${list})`;
  const insert = `INSERT INTO ${table} (${all.join(', ')}) VALUES ${list}`;
  if (mode === 'insert') return insert;
  const [first = ''] = keys;
  const newValue = (name: string): string => (rowAlias ? `n.${name}` : `VALUES(${name})`);
  // Without other columns the row is not changed.
  const sets = others.length === 0 ? `${first} = ${table}.${first}` : others.map(name => `${name} = ${newValue(name)}`).join(', ');
  return `${insert}${rowAlias ? ' AS n' : ''} ON DUPLICATE KEY UPDATE ${sets}`;
}
