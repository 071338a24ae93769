/**
 * Writes log lines to standard output, through winston. winston takes 60 ms to load, so lines wait in memory until the start leaves time
 * for it; they are printed at the latest when the process ends.
 */
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { LineOutput } from './line-output';
import { type LogEntry, layoutLine, setLogSink } from './log';

const STDOUT_FD = 1;
/** A start that takes longer than this shows its log at once: it may be waiting for a broker that does not answer. */
const SILENCE_MS = 400;

export class LogWriter {
  private waiting: LogEntry[] = [];
  private started: Promise<void> | null = null;
  private write: ((line: string) => void) | null = null;
  private readonly output = new LineOutput(STDOUT_FD);

  /** Makes this writer the sink of this thread's log. */
  install(): void {
    setLogSink(this.sink);
    process.on('exit', () => this.flushNow());
    setTimeout(() => void this.start(), SILENCE_MS).unref();
  }

  /** Takes an entry, from this thread or another. */
  readonly sink = (entry: LogEntry): void => {
    if (this.write) this.write(layoutLine(entry));
    else this.waiting.push(entry);
  };

  /** Loads winston and prints what has waited; may be called again. */
  start(): Promise<void> {
    this.started ??= this.load();
    return this.started;
  }

  /** Prints what has waited. @returns false if not all was written in time, because standard output is blocked */
  async end(limitMs: number): Promise<boolean> {
    await this.start();
    return this.output.settle(limitMs);
  }

  private async load(): Promise<void> {
    const { createLogger, format, transports } = require('winston') as typeof import('winston');
    const logger = createLogger({
      level: 'info',
      format: format.printf(info => String(info.message)),
      // The level was checked where the line was logged; here every line is written.
      transports: [new transports.Stream({ stream: this.stream() })],
    });
    this.write = line => {
      logger.info(line);
    };
    for (const entry of this.waiting.splice(0)) this.write(layoutLine(entry));
  }

  /** Accepts everything at once, so that lines queue only in the output, which is bounded. */
  private stream(): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.output.add(chunk);
        done();
      },
    });
  }

  private flushNow(): void {
    const text = this.waiting
      .splice(0)
      .map(entry => `${layoutLine(entry)}\n`)
      .join('');
    if (text === '') return;
    try {
      fs.writeSync(STDOUT_FD, text);
    } catch {
      // Nobody reads the output any more.
    }
  }
}
