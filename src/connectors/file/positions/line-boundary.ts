/** Places in a file where a line begins: after `\n`, after a `\r` that no `\n` follows, at 0 and at the end. */
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 16;
const LF = 0x0a;
const CR = 0x0d;

/** True if a line can begin at this byte position. */
export async function isLineStart(file: FileHandle, position: number): Promise<boolean> {
  if (position === 0) return true;
  return (await firstLineStart(file, position, position)) === position;
}

/** The first line start within `from` and `to` (inclusive), or null. */
export async function firstLineStart(file: FileHandle, from: number, to: number): Promise<number | null> {
  if (from === 0) return 0;
  for (let start = from; start <= to; start += CHUNK_BYTES) {
    const window = await readAround(file, start, Math.min(to - start + 1, CHUNK_BYTES));
    for (let i = 0; i < window.count; i++) if (window.isStart(i)) return start + i;
  }
  return null;
}

/** The last line start before a position; 0 if there is none. */
export async function lastLineStartBefore(file: FileHandle, position: number): Promise<number> {
  for (let end = position; end > 1; end -= CHUNK_BYTES) {
    const start = Math.max(1, end - CHUNK_BYTES);
    const window = await readAround(file, start, end - start);
    for (let i = window.count - 1; i >= 0; i--) if (window.isStart(i)) return start + i;
  }
  return 0;
}

interface Window {
  /** Positions to look at, from the asked one on; those past the end of the file are left out. */
  readonly count: number;
  isStart(index: number): boolean;
}

/** Reads what is needed to judge `count` positions from `start` on, which is at least 1: also the byte before. */
async function readAround(file: FileHandle, start: number, count: number): Promise<Window> {
  const bytes = Buffer.alloc(count + 1);
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, start - 1 + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  const end = length < bytes.length ? length : undefined;
  return {
    count: end === undefined ? count : end,
    // bytes[index] is the one before the position, bytes[index + 1] the one at it.
    isStart: index => index + 1 === end || bytes[index] === LF || (bytes[index] === CR && bytes[index + 1] !== LF),
  };
}
