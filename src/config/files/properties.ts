/** Java's Properties.load: the file format of worker and connector settings. */

import { Pair, parseLines } from 'dot-properties';
import { ConnectError, toError } from '../../errors';
import { readGivenFile, readNamedFile } from '../../named-files';
import { lineCounter, type Setting, textsOf } from './setting';

/**
 * Reads a properties file as Java does: ISO-8859-1 bytes, `\uXXXX` escapes, the last of two equal keys wins.
 * @returns the settings in order of first appearance
 * @throws IOException if the file cannot be read, IllegalArgumentException for a malformed `\u`; both name the file
 */
export function loadProperties(path: string): Record<string, string> {
  return parseProperties(readBytes(path).toString('latin1'), path);
}

/** Called with a setting that has a malformed `\u`. */
export type MalformedListener = (setting: Setting, error: ConnectError) => void;

/** As `loadProperties`, with the line of each setting, for a file of the command line, which may be a pipe: waits for its writers. */
export async function loadGivenSettings(path: string, onMalformed?: MalformedListener): Promise<Setting[]> {
  return parseSettings((await readGivenBytes(path)).toString('latin1'), path, onMalformed);
}

/** Reads a regular file; an error names it and says why. @throws IOException */
export function readBytes(path: string): Buffer {
  try {
    return refuseWideText(readNamedFile(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The same for a file of the command line, which may be a pipe. @throws IOException */
export async function readGivenBytes(path: string): Promise<Buffer> {
  try {
    return refuseWideText(await readGivenFile(path), path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): ConnectError {
  if (error instanceof ConnectError) return error;
  return new ConnectError('IOException', `${path === '' ? "''" : path} (${toError(error).message})`);
}

/** Windows editors and PowerShell's `>` write UTF-16, in which every other byte would be read as NUL. */
function refuseWideText(bytes: Buffer, path: string): Buffer {
  const mark = bytes.toString('hex', 0, 2);
  const beginning = bytes.subarray(0, 64);
  const isWide =
    mark === 'fffe' || mark === 'feff' || (beginning.length >= 4 && beginning.filter(byte => byte === 0).length >= beginning.length / 3);
  if (!isWide) return bytes;
  throw new ConnectError(
    'IOException',
    `${path} is written in UTF-16. Save it as UTF-8, or as ISO-8859-1 with \\uXXXX for all other characters`,
  );
}

/** UTF-8's byte order mark, read as ISO-8859-1 or as what it is. Java takes it for a part of the first key, which is then not found. */
const BYTE_ORDER_MARK = /^(?:\u00ef\u00bb\u00bf|\ufeff)/;

/** A line with nothing but a continuation: Java takes the next line for a fresh one, but our parser takes it for the rest of a key. */
const LEADING_CONTINUATIONS = /(?<=^|(?:^|[^\\])(?:\\\\)*\n)(?:[ \t\f]*\\\n)+(?!$)/g;

/**
 * Parses the text of a properties file.
 * @throws IllegalArgumentException `Malformed \uxxxx encoding.` (Java's text, and the file if there is one)
 */
export function parseProperties(text: string, file?: string): Record<string, string> {
  return textsOf(parseSettings(text, file));
}

/**
 * The settings in order of first appearance, each with its line.
 * @param onMalformed takes a setting with a malformed `\u`, which is left out
 * @throws IllegalArgumentException as `parseProperties`, without `onMalformed`
 */
export function parseSettings(text: string, file?: string, onMalformed?: MalformedListener): Setting[] {
  const source = text
    .replace(BYTE_ORDER_MARK, '')
    .replace(/\r\n?/g, '\n')
    .replace(LEADING_CONTINUATIONS, lines => lines.replace(/[^\n]/g, ''));
  const lineAt = lineCounter(source);
  const settings = new Map<string, Setting>();
  for (const pair of parseLines(source, true)) {
    if (!(pair instanceof Pair)) continue;
    const [from, end] = [pair.range?.[0] ?? 0, pair.range?.[3]];
    const line = lineAt(from);
    const setting: Setting = { key: pair.key, text: pair.value, origin: { by: 'file', file: file ?? '', line } };
    if (!hasMalformedEscape(source.slice(from, end))) {
      settings.set(setting.key, setting);
      continue;
    }
    const where = file === undefined ? '' : ` (in ${file}), line ${line}`;
    const error = new ConnectError('IllegalArgumentException', `Malformed \\uxxxx encoding.${where}`);
    if (!onMalformed) throw error;
    onMalformed(setting, error);
  }
  return [...settings.values()];
}

/** The parser reads a malformed `\u` as the letter u; Java refuses it. */
function hasMalformedEscape(source: string): boolean {
  return [...source.matchAll(/\\(u[0-9a-fA-F]{4}|[\s\S])/g)].some(([found]) => found === '\\u');
}
