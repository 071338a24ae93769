/** A program that writes numbered lines at a steady rate into a log which something else rotates. */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a rotation names the old file, and what the new one begins with. */
export interface RotationStyle {
  readonly naming: 'chain' | 'dateext';
  /** Bytes that every file begins with. */
  readonly head?: string;
  /** The program writes nothing but this many lines into each file; else at its rate. */
  readonly linesPerFile?: number;
}

const EVERY_MS = 10;

export class RotatingLog {
  /** Lines in the order in which they were written. */
  readonly written: string[] = [];
  private rotations = 0;
  private fd: number;

  constructor(
    readonly file: string,
    private readonly style: RotationStyle,
    private readonly linesPerSecond = 2000,
  ) {
    this.fd = this.open();
  }

  private open(): number {
    const fd = fs.openSync(this.file, 'a');
    const { head, linesPerFile = 0 } = this.style;
    if (head) {
      fs.writeSync(fd, head);
      this.written.push(...head.split('\n').slice(0, -1));
    }
    this.fd = fd;
    this.write(linesPerFile);
    return fd;
  }

  /** Writes the next lines. */
  write(count: number): void {
    if (count === 0) return;
    const lines = Array.from({ length: count }, (_, i) => `line ${this.written.length + i} of file ${this.rotations}`);
    fs.writeSync(this.fd, lines.map(line => `${line}\n`).join(''));
    this.written.push(...lines);
  }

  /** Renames as logrotate does, makes the new file, and has the program open it; the program writes a last line into the old one. */
  rotate(): void {
    if (this.style.naming === 'chain') {
      for (let i = this.rotations; i > 0; i--) fs.renameSync(`${this.file}.${i}`, `${this.file}.${i + 1}`);
      fs.renameSync(this.file, `${this.file}.1`);
    } else {
      fs.renameSync(this.file, `${this.file}-${20_261_130 + this.rotations}`);
    }
    if (this.style.linesPerFile === undefined) this.write(1);
    fs.closeSync(this.fd);
    this.rotations++;
    this.open();
  }

  /** Writes for so long, and rotates meanwhile. @param between is called after each rotation */
  async run(rotations: number, everyMs: number, between: (rotation: number) => Promise<void> | void = () => {}): Promise<void> {
    const beganMs = performance.now();
    let [rotated, lines] = [0, 0];
    while (rotated < rotations) {
      const passedMs = performance.now() - beganMs;
      if (this.style.linesPerFile === undefined) {
        const due = Math.floor((passedMs * this.linesPerSecond) / 1000) - lines;
        this.write(due);
        lines += due;
      }
      if (passedMs >= (rotated + 1) * everyMs) {
        this.rotate();
        await between(rotated++);
      }
      await sleep(EVERY_MS);
    }
  }

  /** Names of the files that there are. */
  get files(): string[] {
    return fs.readdirSync(path.dirname(this.file)).filter(name => name.startsWith(path.basename(this.file)));
  }

  close(): void {
    fs.closeSync(this.fd);
  }
}
