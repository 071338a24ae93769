/** Java's character sets by the names that `converter.encoding` may hold. */
import { decodeUtf8, encodeUtf8 } from '../data/utf8';

/** How texts become bytes and back. What a character set cannot express is `?`, what bytes do not mean is U+FFFD, as in Java. */
export interface Charset {
  readonly name: string;
  encode(text: string): Buffer;
  decode(bytes: Buffer): string;
}

/** The default, and the only one for which texts need no conversion. */
export const UTF8: Charset = { name: 'UTF-8', encode: encodeUtf8, decode: decodeUtf8 };

function decodeWith(label: string, bytes: Buffer): string {
  return new TextDecoder(label, { ignoreBOM: true }).decode(bytes);
}

/** A charset of one byte a character, from the text that its 256 bytes decode to. */
function singleByte(name: string, table: string): Charset {
  const bytes = new Map(Array.from(table, (char, byte) => [char, byte]).filter(([char]) => char !== '\ufffd') as [string, number][]);
  return {
    name,
    encode: text => Buffer.from(Array.from(text, char => bytes.get(char) ?? 0x3f)),
    decode: input => Array.from(input, byte => table[byte] ?? '\ufffd').join(''),
  };
}

function allBytes(): Buffer {
  return Buffer.from(Array.from({ length: 256 }, (_, i) => i));
}

const LATIN1 = singleByte('ISO-8859-1', allBytes().toString('latin1'));
const ASCII = singleByte(
  'US-ASCII',
  allBytes()
    .toString('latin1')
    .replace(/[\u0080-\u00ff]/g, '\ufffd'),
);

function encodeUtf16(text: string, bigEndian: boolean): Buffer {
  const bytes = Buffer.from(text.replace(/\p{Surrogate}/gu, '\ufffd'), 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

/** An odd byte at the end, and halves of surrogate pairs, become U+FFFD. */
function decodeUtf16(bytes: Buffer, bigEndian: boolean): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  const text = (bigEndian ? even.swap16() : even).toString('utf16le').replace(/\p{Surrogate}/gu, '\ufffd');
  return bytes.length % 2 === 0 ? text : `${text}\ufffd`;
}

const UTF16BE: Charset = { name: 'UTF-16BE', encode: text => encodeUtf16(text, true), decode: bytes => decodeUtf16(bytes, true) };
const UTF16LE: Charset = { name: 'UTF-16LE', encode: text => encodeUtf16(text, false), decode: bytes => decodeUtf16(bytes, false) };

/** With a byte order mark: written in any case but for the empty text, heeded when reading, big-endian without. */
const UTF16: Charset = {
  name: 'UTF-16',
  encode: text => (text === '' ? Buffer.alloc(0) : encodeUtf16(`\ufeff${text}`, true)),
  decode: bytes => {
    const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0;
    if (mark === 0xfffe) return decodeUtf16(bytes.subarray(2), false);
    return decodeUtf16(mark === 0xfeff ? bytes.subarray(2) : bytes, true);
  },
};

const BY_NAME: ReadonlyMap<string, Charset> = new Map([
  ...['utf-8', 'utf8', 'unicode-1-1-utf-8'].map(name => [name, UTF8] as const),
  ...['utf-16', 'utf16', 'utf_16', 'unicode', 'unicodebig'].map(name => [name, UTF16] as const),
  ...['utf-16be', 'utf_16be', 'x-utf-16be', 'iso-10646-ucs-2', 'unicodebigunmarked'].map(name => [name, UTF16BE] as const),
  ...['utf-16le', 'utf_16le', 'x-utf-16le', 'unicodelittleunmarked'].map(name => [name, UTF16LE] as const),
  ...['iso-8859-1', 'iso8859-1', 'iso8859_1', 'iso_8859-1', 'iso_8859_1', '8859_1', 'latin1', 'l1', 'cp819', 'ibm819'].map(
    name => [name, LATIN1] as const,
  ),
  ...['us-ascii', 'ascii', 'ascii7', 'iso646-us', '646', 'us', 'cp367'].map(name => [name, ASCII] as const),
]);

/** Other charsets of one byte a character that both Java and the platform know. */
function platformCharset(name: string): Charset | null {
  const label = name.replace(/^cp(125\d)$/, 'windows-$1').replace(/^iso_?8859[-_](\d+)$/, 'iso-8859-$1');
  if (!/^(windows-125\d|iso-8859-\d+|koi8-[ru]|ibm866)$/.test(label)) return null;
  try {
    return singleByte(name, Array.from(allBytes(), byte => decodeWith(label, Buffer.of(byte))).join(''));
  } catch {
    return null;
  }
}

/** The charset with this Java name, in any case; null for one that is not known here. */
export function findCharset(name: string): Charset | null {
  const lower = name.toLowerCase();
  return BY_NAME.get(lower) ?? platformCharset(lower);
}
