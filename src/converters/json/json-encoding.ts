/** Which encoding a JSON document is in, told from its first bytes as RFC 4627 and Jackson do. */

type Decode = (bytes: Buffer) => string;

function decodeUtf16(bytes: Buffer, bigEndian: boolean): string {
  const even = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return (bigEndian ? even.swap16() : even).toString('utf16le');
}

function decodeUtf32(bytes: Buffer, bigEndian: boolean): string {
  const points: string[] = [];
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const point = bigEndian ? bytes.readUInt32BE(i) : bytes.readUInt32LE(i);
    points.push(point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point));
  }
  return points.join('');
}

function withoutMark(decode: (bytes: Buffer, bigEndian: boolean) => string, bigEndian: boolean): Decode {
  return bytes => decode(bytes, bigEndian).replace(/^\ufeff/, '');
}

const utf16be = withoutMark(decodeUtf16, true);
const utf16le = withoutMark(decodeUtf16, false);
const utf32be = withoutMark(decodeUtf32, true);
const utf32le = withoutMark(decodeUtf32, false);

/** How to decode a document that is not UTF-8; the places of zero bytes tell, since JSON begins with two ASCII characters. */
function wideDecoder(bytes: Buffer): Decode | undefined {
  const [a = 0, b = 0, c = 1, d = 1] = bytes;
  if (bytes.length >= 4) {
    if (a === 0 && b === 0 && (c === 0 || (c === 0xfe && d === 0xff))) return utf32be;
    if (b === 0 && c === 0 && d === 0) return utf32le;
    if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? utf32le : utf16le;
    if (a === 0xfe && b === 0xff) return utf16be;
  }
  if (a === 0 && b !== 0) return utf16be;
  return a !== 0 && b === 0 ? utf16le : undefined;
}

/** The document as UTF-8 without byte order mark; the same bytes where they are that already. */
export function asUtf8(bytes: Buffer): Buffer {
  const first = bytes[0];
  // the bytes with which UTF-8 documents usually begin, and a quick answer for them
  if ((first === 0x7b || first === 0x22 || first === 0x5b) && bytes.length > 1 && bytes[1] !== 0) return bytes;
  // Jackson looks for a mark in four bytes or more
  if (bytes.length >= 4 && first === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  const decode = bytes.length >= 2 ? wideDecoder(bytes) : undefined;
  return decode ? Buffer.from(decode(bytes)) : bytes;
}
