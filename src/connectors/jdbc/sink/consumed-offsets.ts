/**
 * Exactly-once: consumed offsets in a table of the same database as the rows, written in the same transaction. After a crash, either both
 * are there or neither.
 */
import { keyOfPartition, type TopicPartition } from '../../../api/sink';
import type { SinkRecord } from '../../../data/record/record';
import { SchemaBuilder } from '../../../data/schema/schema-builder';
import { ConnectError } from '../../../errors';
import type { BindValue, Connection, WritePlan } from '../database/connection';
import type { Dialect, NewColumn, StatementOptions } from '../database/dialect';
import type { TableId } from '../database/table-id';
import type { Column } from '../database/values/column';

const COLUMNS: readonly NewColumn[] = [
  { name: 'connector', schema: new SchemaBuilder('STRING').build(), primaryKey: true },
  { name: 'topic', schema: new SchemaBuilder('STRING').build(), primaryKey: true },
  { name: 'kafka_partition', schema: new SchemaBuilder('INT32').build(), primaryKey: true },
  { name: 'next_offset', schema: new SchemaBuilder('INT64').optional().build(), primaryKey: false },
  // Writing this column locks the row.
  { name: 'writer', schema: new SchemaBuilder('STRING').optional().build(), primaryKey: false },
];

const KEY_COLUMNS = 3;

/** The offsets of one connector. */
export class ConsumedOffsets {
  private table: TableId | null = null;
  private columns: readonly Column[] = [];

  constructor(
    private readonly dialect: Dialect,
    private readonly name: string,
    private readonly connector: string,
    /** Unique for each run of each task. */
    private readonly writer: string,
    private readonly options: StatementOptions,
  ) {}

  /** Creates the table if it is missing, outside a transaction. @throws DatabaseError, ConnectException for a table of another kind */
  async prepare(connection: Connection): Promise<void> {
    if (this.table) return;
    const id = this.dialect.parseTable(this.name);
    let found = await this.dialect.findTable(connection, id, ['TABLE']);
    if (found === null) {
      // Another task may create it first.
      const created = connection.query(this.dialect.createTable(id, COLUMNS, this.options));
      const failure = await created.then(
        () => null,
        (error: unknown) => error,
      );
      found = await this.dialect.findTable(connection, id, ['TABLE']);
      const other = found ?? (await this.dialect.findTable(connection, id, null));
      if (other !== null && found === null)
        throw new ConnectError('ConnectException', `offsets.table=${this.name} exists, but its type is ${other.type}, not a TABLE`);
      if (found === null) throw failure ?? new ConnectError('ConnectException', `The table ${this.name} cannot be found`);
    }
    const columns = await connection.columnsOfTable(found);
    this.columns = COLUMNS.map(({ name }) => {
      const column = columns.find(candidate => candidate.name.toLowerCase() === name);
      if (column) return column;
      throw new ConnectError('ConnectException', `The table ${this.name} of consumed offsets has no column ${name}`);
    });
    this.table = found;
  }

  /** The next offset of a partition, or null if nothing was consumed. */
  async read(connection: Connection, { topic, partition }: TopicPartition): Promise<number | null> {
    const { table, dialect, options } = this;
    if (table === null) return null;
    const name = (i: number): string => dialect.identifiers.name(this.columns[i]?.name ?? '', options.quoting);
    const conditions = [0, 1, 2].map(i => `${name(i)} = ${dialect.parameter(i + 1, this.columns[i] ?? null)}`);
    const sql = `SELECT ${name(KEY_COLUMNS)} FROM ${dialect.identifiers.table(table, options.quoting)} WHERE ${conditions.join(' AND ')}`;
    const [row] = await connection.query(sql, [this.connector, topic, partition]);
    const value = row?.[0] ?? null;
    return value === null ? null : Number(value);
  }

  /**
   * Locks the partitions for this transaction: another task that still believes it owns them waits, and then sees what this one has
   * written.
   */
  async lock(connection: Connection, partitions: readonly TopicPartition[]): Promise<void> {
    const rows = partitions.map(one => [...this.keyOf(one), this.writer]);
    await connection.createWriter(this.plan(KEY_COLUMNS + 1)).write(rows);
  }

  /** Writes the next offsets. */
  async store(connection: Connection, offsets: ReadonlyMap<string, number>, partitions: readonly TopicPartition[]): Promise<void> {
    const rows = partitions.map(one => [...this.keyOf(one), BigInt(offsets.get(keyOfPartition(one)) ?? 0)]);
    await connection.createWriter(this.plan(KEY_COLUMNS)).write(rows);
  }

  private keyOf({ topic, partition }: TopicPartition): BindValue[] {
    return [this.connector, topic, partition];
  }

  private plan(other: number): WritePlan {
    if (this.table === null) throw new ConnectError('IllegalStateException', 'The table of consumed offsets was not prepared');
    const others = this.columns.slice(other, other + 1);
    return { table: this.table, mode: 'upsert', keys: this.columns.slice(0, KEY_COLUMNS), others, quoting: this.options.quoting };
  }
}

/** Partitions of records, in a fixed order, so that two tasks never deadlock; as consumed, before transformations. */
export function partitionsOf(records: readonly SinkRecord[]): TopicPartition[] {
  const found = new Map<string, TopicPartition>();
  for (const record of records) {
    const partition = { topic: record.originalTopic, partition: record.originalKafkaPartition };
    found.set(keyOfPartition(partition), partition);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, partition]) => partition);
}

/** The offset after the last record of each partition. */
export function nextOffsets(records: readonly SinkRecord[]): Map<string, number> {
  const next = new Map<string, number>();
  for (const record of records) {
    const key = keyOfPartition({ topic: record.originalTopic, partition: record.originalKafkaPartition });
    next.set(key, Math.max(next.get(key) ?? 0, record.originalKafkaOffset + 1));
  }
  return next;
}
