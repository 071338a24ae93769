/** Keeps a client whose broker is away from filling the log: a line similar to one of the last minute is counted, not written. */
import type { Logger } from '../../log';
import { type BrokersOf, ConnectionTrouble } from './connection-trouble';

const EVERY_MS = 60_000;
/** The most different lines that are remembered. */
const MAX_LINES = 200;

interface Seen {
  readonly sinceMs: number;
  repeats: number;
}

/** Filters a client's lines before they reach a logger. Lines that differ only in numbers (ports, times, counts) count as the same. */
export class RepeatFilter {
  /** What the lines say about failed connections. */
  readonly connections: ConnectionTrouble;
  private readonly seen = new Map<string, Seen>();

  constructor(
    private readonly logger: Pick<Logger, 'warn' | 'info' | 'debug'>,
    private readonly nowMs: () => number = Date.now,
    brokers: BrokersOf | null = null,
  ) {
    this.connections = new ConnectionTrouble(brokers);
  }

  warn(line: string): void {
    const text = this.pass(line);
    if (text !== undefined) this.logger.warn(text);
  }

  info(line: string): void {
    const text = this.pass(line);
    if (text !== undefined) this.logger.info(text);
  }

  /** Not filtered, since a user who turns DEBUG on wants everything. */
  debug(line: string | (() => string)): void {
    this.logger.debug(line);
  }

  /** @returns what to write, or undefined for nothing */
  private pass(line: string): string | undefined {
    const key = line.replace(/, \d+ identical error\(s\) suppressed/, '').replace(/\d+/g, '#');
    const now = this.nowMs();
    const known = this.seen.get(key);
    if (known && now - known.sinceMs < EVERY_MS) {
      known.repeats++;
      return undefined;
    }
    if (!known && this.seen.size >= MAX_LINES) this.seen.clear();
    this.seen.set(key, { sinceMs: now, repeats: 0 });
    return known && known.repeats > 0 ? `${line} (${known.repeats} more like it in the last minutes)` : line;
  }
}
