/** String tokens of JSON as Jackson reads them. */
import { isUtf8 } from 'node:buffer';
import { ConnectError } from '../../errors';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ESCAPED: Readonly<Record<number, string>> = {
  34: '"',
  47: '/',
  92: '\\',
  98: '\b',
  102: '\f',
  110: '\n',
  114: '\r',
  116: '\t',
};

function broken(what: string, position: number): ConnectError {
  return new ConnectError('SerializationException', `${what} at byte ${position}`);
}

function continuation(bytes: Buffer, position: number): number {
  const byte = bytes[position] ?? 0;
  if ((byte & 0xc0) !== 0x80) throw broken('Invalid UTF-8 continuation byte', position);
  return byte & 0x3f;
}

/** Decodes bytes that are not proper UTF-8: Jackson minds the form of sequences but lets overlong ones and surrogates pass. */
function decodeLeniently(all: Buffer, start: number, end: number): string {
  const bytes = all.subarray(0, end);
  const units: string[] = [];
  for (let i = start; i < end; ) {
    const byte = bytes[i] ?? 0;
    if (byte < 0x80) {
      units.push(String.fromCharCode(byte));
      i += 1;
    } else if ((byte & 0xe0) === 0xc0) {
      units.push(String.fromCharCode(((byte & 0x1f) << 6) | continuation(bytes, i + 1)));
      i += 2;
    } else if ((byte & 0xf0) === 0xe0) {
      units.push(String.fromCharCode(((byte & 0x0f) << 12) | (continuation(bytes, i + 1) << 6) | continuation(bytes, i + 2)));
      i += 3;
    } else if ((byte & 0xf8) === 0xf0) {
      const tail = (continuation(bytes, i + 1) << 12) | (continuation(bytes, i + 2) << 6) | continuation(bytes, i + 3);
      const point = (((byte & 7) << 18) | tail) - 0x10000;
      units.push(String.fromCharCode(0xd800 | (point >> 10), 0xdc00 | (point & 0x3ff)));
      i += 4;
    } else throw broken('Invalid UTF-8 start byte', i);
  }
  return units.join('');
}

function decodeRun(bytes: Buffer, start: number, end: number, ascii: boolean): string {
  if (ascii) return bytes.toString('latin1', start, end);
  const run = bytes.subarray(start, end);
  return isUtf8(run) ? run.toString() : decodeLeniently(bytes, start, end);
}

interface KnownName {
  readonly bytes: Buffer;
  readonly text: string;
}

/** True for ASCII that stands for itself within a string. */
const isPlain = (byte: number): boolean => byte >= 0x20 && byte < 0x80 && byte !== QUOTE && byte !== BACKSLASH;

function startsWith(bytes: Buffer, start: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return false;
  return true;
}

function hexDigits(bytes: Buffer, position: number): number {
  const text = bytes.toString('latin1', position, position + 4);
  if (!/^[0-9a-fA-F]{4}$/.test(text)) throw broken('Invalid \\u escape', position);
  return Number.parseInt(text, 16);
}

/** Names of members up to this length are kept, as documents have them again and again. */
const MAX_NAME_BYTES = 32;
const NAME_SLOTS = 256;

/** Reads one string token after another; `end` says where the last one ended. */
export class JsonStringReader {
  private readonly names: (KnownName | undefined)[] = new Array(NAME_SLOTS).fill(undefined);
  /** The byte after the closing quote. */
  end = 0;

  /** The same as `read`, for names of members: one that was read before costs no decoding. @throws SerializationException as `read` */
  readName(bytes: Buffer, start: number): string {
    let sum = 0;
    let at = start;
    // a quote ends it; whatever needs a second look is not a name to remember
    for (; isPlain(bytes[at] ?? 0); at++) sum = (sum * 31 + (bytes[at] as number)) | 0;
    const length = at - start;
    if (bytes[at] !== QUOTE || length > MAX_NAME_BYTES) return this.read(bytes, start);
    const slot = (sum ^ (sum >>> 8)) & (NAME_SLOTS - 1);
    const known = this.names[slot];
    if (known !== undefined && known.bytes.length === length && startsWith(bytes, start, known.bytes)) {
      this.end = at + 1;
      return known.text;
    }
    const text = this.read(bytes, start);
    this.names[slot] = { bytes: Buffer.from(bytes.subarray(start, at)), text };
    return text;
  }

  /**
   * The string whose first byte after the opening quote is at `start`.
   * @throws SerializationException for what JSON does not allow
   */
  read(bytes: Buffer, start: number): string {
    let text = '';
    let runStart = start;
    let seen = 0;
    for (let i = start; i < bytes.length; ) {
      const byte = bytes[i] as number;
      if (byte === QUOTE) {
        this.end = i + 1;
        const run = decodeRun(bytes, runStart, i, seen < 0x80);
        return text === '' ? run : text + run;
      }
      if (byte === BACKSLASH) {
        text += decodeRun(bytes, runStart, i, seen < 0x80) + this.readEscape(bytes, i + 1);
        i = this.end;
        runStart = i;
        seen = 0;
      } else if (byte < 0x20) throw broken('Illegal unquoted control character', i);
      else {
        seen |= byte;
        i++;
      }
    }
    throw broken('Unexpected end of string', bytes.length);
  }

  private readEscape(bytes: Buffer, position: number): string {
    const byte = bytes[position] ?? 0;
    if (byte === 0x75) {
      this.end = position + 5;
      return String.fromCharCode(hexDigits(bytes, position + 1));
    }
    const char = ESCAPED[byte];
    if (char === undefined) throw broken('Unrecognized character escape', position);
    this.end = position + 1;
    return char;
  }
}
