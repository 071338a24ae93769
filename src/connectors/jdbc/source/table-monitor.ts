/** Watches the list of tables, for the connector (io.aiven.connect.jdbc.source.TableMonitorThread). */
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { sameTable, type TableId, unquotedName } from '../database/table-id';

/** Options of the monitor. */
export interface TableMonitorOptions {
  readonly connect: () => Promise<Connection>;
  /** Lists the tables that are to be copied. */
  readonly list: (connection: Connection) => Promise<readonly TableId[]>;
  readonly intervalMs: number;
  /** Wait before the next attempt while there is no list. */
  readonly backoffMs: number;
  /** Called when the list has changed, or is available for the first time after a start without one. */
  readonly onChange: () => void;
  /** Called for a permanent error. */
  readonly onFailure: (error: Error) => void;
  readonly logger: Logger;
}

/** Lists the tables periodically. While the database is away it tries again, and running tasks go on. */
export class TableMonitor {
  private tables: readonly TableId[] | null = null;
  private readonly stopping = new AbortController();
  private connection: Connection | null = null;
  private firstList: Promise<void> | null = null;
  private loop: Promise<void> | null = null;
  private asked = false;

  constructor(private readonly options: TableMonitorOptions) {}

  /** Begins to watch; does not wait. */
  start(): void {
    this.firstList = this.list();
    this.loop = this.firstList.then(() => this.watch());
  }

  /** The tables, or null if there is still no list after the wait. */
  async current(waitMs: number): Promise<readonly TableId[] | null> {
    const limit = AbortSignal.any([AbortSignal.timeout(waitMs), this.stopping.signal]);
    const overdue = new Promise<void>(resolve => limit.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.firstList, overdue]);
    this.asked = true;
    return this.tables;
  }

  /** Stops; a running call to the database is aborted. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.connection?.close();
    await this.loop;
  }

  private async watch(): Promise<void> {
    const { intervalMs, backoffMs } = this.options;
    while (!this.stopping.signal.aborted) {
      await sleep(this.tables === null ? Math.min(backoffMs, intervalMs) : intervalMs, undefined, { signal: this.stopping.signal }).catch(
        () => {},
      );
      if (!this.stopping.signal.aborted) await this.list();
    }
  }

  private async list(): Promise<void> {
    try {
      this.connection ??= await this.options.connect();
      const found = await this.options.list(this.connection);
      this.take(found);
    } catch (error) {
      await this.lost(toError(error));
    }
  }

  private take(found: readonly TableId[]): void {
    const before = this.tables;
    this.tables = found;
    const changed =
      before === null || before.length !== found.length || !found.every(table => before.some(other => sameTable(table, other)));
    // Before the first call of `current`, nobody needs to be told.
    if (!changed || !this.asked) return;
    this.options.logger.info(describeChange(before ?? [], found));
    this.options.onChange();
  }

  private async lost(error: Error): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const broken = this.connection;
    this.connection = null;
    await broken?.close();
    if (error instanceof DatabaseError) this.options.logger.warn(`Cannot list the tables now: ${error.message}`);
    else this.options.onFailure(error);
  }
}

function describeChange(before: readonly TableId[], now: readonly TableId[]): string {
  const without = (tables: readonly TableId[], others: readonly TableId[]): string =>
    tables
      .filter(table => !others.some(other => sameTable(table, other)))
      .map(unquotedName)
      .join(', ') || 'none';
  const all = now.map(unquotedName).join(', ') || 'none';
  return `The tables to read have changed. New: ${without(now, before)}; gone: ${without(before, now)}; all: ${all}`;
}
