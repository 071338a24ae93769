/** UTF-8 as Java writes and reads it. */
import { isUtf8 } from 'node:buffer';

const LONE_SURROGATE = /\p{Surrogate}/u;
const LONE_SURROGATES = /\p{Surrogate}/gu;
/** A surrogate written as three bytes, or the beginning of one: Java replaces it as a whole, the Encoding Standard byte by byte. */
const ENCODED_SURROGATES = /\xed[\xa0-\xbf][\x80-\xbf]?/g;

/** True if a text has a lone surrogate, which UTF-8 cannot encode. */
export function hasLoneSurrogate(text: string): boolean {
  return LONE_SURROGATE.test(text);
}

/** The bytes of a text; a lone surrogate becomes `?` (Java's encoder), not U+FFFD (Node's). */
export function encodeUtf8(text: string): Buffer {
  return Buffer.from(hasLoneSurrogate(text) ? text.replace(LONE_SURROGATES, '?') : text);
}

/** The text of bytes as `new String(bytes, UTF_8)` reads them: what is not UTF-8 becomes U+FFFD, a byte order mark stays. */
export function decodeUtf8(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  const replaced = bytes.toString('latin1').replace(ENCODED_SURROGATES, '\xef\xbf\xbd');
  return Buffer.from(replaced, 'latin1').toString();
}
