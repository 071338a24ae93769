/** Decodes strings from a connection's bytes. */

/** Text that is known to be ASCII. */
export function readAscii(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}

/** UTF-8, with a fast path for ASCII, which most texts are. */
export function readUtf8(bytes: Buffer, start: number, end: number): string {
  for (let i = start; i < end; i++) if ((bytes[i] as number) >= 0x80) return bytes.toString('utf8', start, end);
  return bytes.toString('latin1', start, end);
}
