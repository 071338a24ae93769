/** A task's connection with its writers. */
import type { BatchWriter, Connection, WritePlan } from '../database/connection';
import type { RowGroup } from './table-batch';

export class OpenDatabase {
  private readonly writers = new Map<WritePlan, BatchWriter>();

  constructor(readonly connection: Connection) {}

  /** Writes groups in order. @param batchRows the most rows of one call @throws DatabaseError */
  async write(groups: readonly RowGroup[], batchRows: number): Promise<void> {
    for (const { plan, rows } of groups) {
      // A record with nothing but a key changes nothing.
      if (plan.write.mode === 'update' && plan.write.others.length === 0) continue;
      const writer = this.writerOf(plan.write);
      for (let at = 0; at < rows.length; at += batchRows) await writer.write(rows.slice(at, at + batchRows));
    }
  }

  private writerOf(plan: WritePlan): BatchWriter {
    const writer = this.writers.get(plan) ?? this.connection.createWriter(plan);
    this.writers.set(plan, writer);
    return writer;
  }

  /** Forgets writers whose tables may have changed. */
  forgetWriters(): void {
    this.writers.clear();
  }

  /** Rolls back a failed transaction; a lost connection has ended it already. */
  async rollback(): Promise<void> {
    await this.connection.rollback().catch(() => {});
  }
}
