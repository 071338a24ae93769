import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { TempDir } from '../helpers/temp-dir';

/** A file of lines. */
export interface Input {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The same records twice: as plain lines, and as what JsonConverter makes of them. */
export interface Inputs {
  readonly lines: number;
  readonly string: Input;
  readonly json: Input;
}

const LINE_BYTES = 95;
const LINES_A_WRITE = 10_000;
/** What JsonConverter with schemas puts around a text. */
const envelope = (line: string): string => `{"schema":{"type":"string","optional":false},"payload":${JSON.stringify(line)}}`;

/** Writes both files; the lines are numbered and have 95 bytes each, without what ends them. */
export function writeInputs(dir: TempDir, lines: number): Inputs {
  return {
    lines,
    string: writeLines(dir.file('lines.txt'), lines, line => line),
    json: writeLines(dir.file('lines.json'), lines, envelope),
  };
}

/** The line with a number: a time, a level and words, as a log has them. */
export function lineOf(number: number): string {
  const time = new Date(1_700_000_000_000 + number * 7).toISOString();
  return `${time} INFO request ${String(number).padStart(9, '0')} "GET /items" took ${number % 997} ms`.padEnd(LINE_BYTES, '.');
}

/** Writes the numbered lines in a form of their own, one after the other. */
export function writeLines(file: string, lines: number, form: (line: string) => string): Input {
  const fd = openSync(file, 'w');
  const hash = createHash('sha256');
  let bytes = 0;
  for (let from = 0; from < lines; from += LINES_A_WRITE) {
    const count = Math.min(LINES_A_WRITE, lines - from);
    const part = Buffer.from(Array.from({ length: count }, (_, i) => `${form(lineOf(from + i))}\n`).join(''));
    hash.update(part);
    bytes += writeSync(fd, part);
  }
  closeSync(fd);
  return { file, bytes, sha256: hash.digest('hex') };
}
