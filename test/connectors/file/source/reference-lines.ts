/** What FileStreamSource is to make of bytes, written as simply as can be: the measure for the real thing. */

/** A line and the position after its terminator. */
export interface ReferenceLine {
  /** Content without terminator, each byte as one character. */
  readonly text: string;
  readonly position: number;
}

/** Lines that end with LF, CRLF or CR; a CR at the very end waits for what follows, text without terminator is withheld. */
export function referenceLines(bytes: Buffer, from = 0): ReferenceLine[] {
  const lines: ReferenceLine[] = [];
  const terminated = /([^\r\n]*)(\r\n|\n|\r(?!$))/g;
  let position = from;
  for (const [whole, text = ''] of bytes.toString('latin1', from).matchAll(terminated)) {
    position += whole.length;
    lines.push({ text, position });
  }
  return lines;
}
