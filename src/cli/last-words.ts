/** What keeps the worker from starting, as the last line on standard error: the log may be long, or go elsewhere. */
import fs from 'node:fs';
import { isatty } from 'node:tty';
import { visibleText } from '../visible-text';

const STDERR_FD = 2;
const RED = '\x1b[31m';
const PLAIN = '\x1b[39m';

/** Writes one line, red on a terminal unless NO_COLOR (no-color.org) is set or the terminal is `dumb`. Never throws. */
export function sayLast(text: string): void {
  const line = `connect-standalone: ${visibleText(inOneLine(text))}`;
  try {
    fs.writeSync(STDERR_FD, isColored() ? `${RED}${line}${PLAIN}\n` : `${line}\n`);
  } catch {
    // Nobody reads it; the exit code says enough.
  }
}

function inOneLine(text: string): string {
  const lines = text.split('\n').map(line => line.trim());
  return lines.filter(line => line !== '').join(' ');
}

function isColored(): boolean {
  const { NO_COLOR, TERM } = process.env;
  return isatty(STDERR_FD) && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
}
