/**
 * Where log lines end up: on standard output, through winston. winston takes 60 ms to load, so lines wait in memory until
 * there is time for it; whatever happens before is printed at the latest when the process ends.
 */
import fs from 'node:fs';
import { Writable } from 'node:stream';
import { LineOutput } from './line-output';
import { type LogEntry, layoutLine, setLogSink } from './log';

const STDOUT_FD = 1;
/** A start that takes longer than this has something to say: a broker that does not answer, for example. */
const SILENCE_MS = 400;

export class LogWriter {
  private waiting: LogEntry[] = [];
  private started: Promise<void> | null = null;
  private write: ((line: string) => void) | null = null;
  private readonly output = new LineOutput(STDOUT_FD);

  /** Takes the log of this thread. */
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

  /** Prints what has waited. @returns false if it was not all written in time: standard output holds up whoever writes to it */
  async end(limitMs: number): Promise<boolean> {
    await this.start();
    return this.output.settle(limitMs);
  }

  private async load(): Promise<void> {
    const { createLogger, format, transports } = require('winston') as typeof import('winston');
    const logger = createLogger({
      level: 'info',
      format: format.printf(info => String(info.message)),
      // Levels were decided where the line was made; here every line is written.
      transports: [new transports.Stream({ stream: this.stream() })],
    });
    this.write = line => {
      logger.info(line);
    };
    for (const entry of this.waiting.splice(0)) this.write(layoutLine(entry));
  }

  /** Never full, so that nothing piles up on the way to the output, which has a bound. */
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
      // Nobody reads us any more.
    }
  }
}
