/** Watches which tables there are, on the connector's side (io.aiven.connect.jdbc.source.TableMonitorThread). */
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { sameTable, type TableId, unquotedName } from '../database/table-id';

/** What the monitor needs of its connector. */
export interface TableMonitorOptions {
  readonly connect: () => Promise<Connection>;
  /** Lists the tables that are to be copied. */
  readonly list: (connection: Connection) => Promise<readonly TableId[]>;
  readonly intervalMs: number;
  /** Wait before the next attempt while no list could be had. */
  readonly backoffMs: number;
  /** The list is there for the first time after a start without one, or it has changed. */
  readonly onChange: () => void;
  /** Nothing that time would heal. */
  readonly onFailure: (error: Error) => void;
  readonly logger: Logger;
}

/** Lists tables again and again; a database that is away is asked again, what is under way goes on meanwhile. */
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
    this.firstList = this.look();
    this.loop = this.firstList.then(() => this.watch());
  }

  /** The tables, or null when there is no list yet after the wait. */
  async current(waitMs: number): Promise<readonly TableId[] | null> {
    const limit = AbortSignal.any([AbortSignal.timeout(waitMs), this.stopping.signal]);
    const overdue = new Promise<void>(resolve => limit.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.firstList, overdue]);
    this.asked = true;
    return this.tables;
  }

  /** Ends the watch; a call to the database under way is cut off. */
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
      if (!this.stopping.signal.aborted) await this.look();
    }
  }

  private async look(): Promise<void> {
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
    // Before the first question there is nobody to tell.
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
