/** Java's Properties.load: the file format of worker and connector settings. */

import { readFileSync } from 'node:fs';
import { Pair, parseLines } from 'dot-properties';
import { ConnectError, toError } from '../../errors';

/**
 * Reads a properties file as Java does: ISO-8859-1 bytes, `\uXXXX` escapes, the last of two equal keys wins.
 * @returns the settings in order of first appearance
 * @throws IOException if the file cannot be read, IllegalArgumentException for a malformed `\u`; both name the file
 */
export function loadProperties(path: string): Record<string, string> {
  return parseProperties(readBytes(path).toString('latin1'), path);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'No such file or directory',
  EISDIR: 'Is a directory',
  EACCES: 'Permission denied',
};

/** Reads a file; an error says which and why in words. */
export function readBytes(path: string): Buffer {
  try {
    return refuseWideText(readFileSync(path), path);
  } catch (error) {
    if (error instanceof ConnectError) throw error;
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? toError(error).message;
    throw new ConnectError('IOException', `${path === '' ? "''" : path} (${reason})`);
  }
}

/** Editors of Windows and `>` of PowerShell write UTF-16, of which every other sign would be a NUL. */
function refuseWideText(bytes: Buffer, path: string): Buffer {
  const mark = bytes.toString('hex', 0, 2);
  const beginning = bytes.subarray(0, 64);
  const isWide =
    mark === 'fffe' || mark === 'feff' || (beginning.length >= 4 && beginning.filter(byte => byte === 0).length >= beginning.length / 3);
  if (!isWide) return bytes;
  throw new ConnectError(
    'IOException',
    `${path} is written in UTF-16. Save it as UTF-8, or as ISO-8859-1 with \\uXXXX for all other signs`,
  );
}

/** UTF-8's mark of byte order, read as ISO-8859-1 or as what it is: to Java a part of the first key, which nobody finds then. */
const BYTE_ORDER_MARK = /^(?:\u00ef\u00bb\u00bf|\ufeff)/;

/** A line that holds nothing before its continuation: to Java the next line is a fresh one, to the parser a key begins. */
const LEADING_CONTINUATIONS = /(?<=^|(?:^|[^\\])(?:\\\\)*\n)(?:[ \t\f]*\\\n)+(?!$)/g;

/**
 * Parses the text of a properties file.
 * @param origin the file, for the message of an error
 * @throws IllegalArgumentException `Malformed \uxxxx encoding.` (Java's text, then the file if there is one)
 */
export function parseProperties(text: string, origin?: string): Record<string, string> {
  const source = text.replace(BYTE_ORDER_MARK, '').replace(/\r\n?/g, '\n').replace(LEADING_CONTINUATIONS, '');
  const pairs = new Map<string, string>();
  for (const line of parseLines(source, true)) {
    if (!(line instanceof Pair)) continue;
    if (hasMalformedEscape(source.slice(line.range?.[0], line.range?.[3]))) {
      throw new ConnectError('IllegalArgumentException', `Malformed \\uxxxx encoding.${origin === undefined ? '' : ` (in ${origin})`}`);
    }
    pairs.set(line.key, line.value);
  }
  return Object.fromEntries(pairs);
}

/** The parser reads a bad `\u` as the letter u; Java refuses it. */
function hasMalformedEscape(source: string): boolean {
  return [...source.matchAll(/\\(u[0-9a-fA-F]{4}|[\s\S])/g)].some(([found]) => found === '\\u');
}
