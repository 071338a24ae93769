/** Bytes that readers have stumbled over: too deep, too long, cut off, or no text at all. */

/** Deep enough for whoever calls itself once a level. */
const LEVELS = 20_000;
const LONG_BYTES = 1 << 16;

const NESTED = ['[', '{"a":', '{', '(', '<a>', '[[],', '{"schema":{"type":"array","items":', '\\', '"', '-', '1e', '\u0002'];

/** One after the other, since some are large. */
export function* hostileBytes(): Generator<Buffer> {
  yield Buffer.alloc(0);
  for (let byte = 0; byte < 256; byte++) yield Buffer.from([byte]);
  for (const byte of [0, 0x20, 0x2c, 0x30, 0x39, 0x7f, 0x80, 0xff]) yield Buffer.alloc(LONG_BYTES, byte);
  for (const part of NESTED) yield Buffer.from(part.repeat(LEVELS));
  // sizes and counts far beyond what follows
  for (const head of [
    [0x7f, 0xff, 0xff, 0xff],
    [0xff, 0xff, 0xff, 0xff, 0x0f],
    [0, 0, 0, 0, 1],
    [0xfe, 0xff],
    [0xef, 0xbb, 0xbf],
  ])
    yield Buffer.from([...head, ...Array.from({ length: 40 }, (_, i) => i)]);
  for (const text of ['1e999999999', '-', 'null', '{"schema":null,"payload":1}', '{"schema":{"type":"nope"},"payload":1}', '"\\ud800"'])
    yield Buffer.from(text);
}
