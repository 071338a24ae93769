import { readFileSync, writeFileSync } from 'node:fs';
import promises, { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredOffset } from '../../../../src/api/connector';
import { convertJavaPositions } from '../../../../src/connectors/file/positions/position-units';
import { advance, locateUnits } from '../../../../src/connectors/file/positions/utf16-units';
import { inRepository } from '../../../helpers/paths';
import { collectLog, makeFolder } from '../../../offsets/helpers';

const vectors = JSON.parse(readFileSync(inRepository('test/fixtures/vectors/offsets/utf16-units.json'), 'utf8')) as [string, number][];
const storedAt = (filename: string, position: number): StoredOffset => ({
  partition: { filename },
  offset: { position: BigInt(position) },
});

let file: string;
let log: string[];
beforeEach(() => {
  file = join(makeFolder(), 'in.txt');
  log = collectLog();
});

test('units are counted as JDK 17 decodes, well-formed or not', () => {
  for (const [hex, units] of vectors) {
    const bytes = Buffer.from(hex, 'hex');
    expect([hex, advance(bytes, Number.POSITIVE_INFINITY, true)]).toEqual([hex, { bytes: bytes.length, units }]);
  }
});

test('chunks may end anywhere: counting in pieces gives the same', async () => {
  const text = `${'a'.repeat(262_140)}äöü€😀\n`.repeat(3);
  for (const shift of [0, 1, 2, 3, 4]) {
    writeFileSync(file, 'x'.repeat(shift) + text);
    const handle = await open(file);
    for (const units of [262_141 + shift, 262_144 + shift, 262_147 + shift, shift + text.length]) {
      const bytes = Buffer.byteLength(('x'.repeat(shift) + text).slice(0, units));
      expect(await locateUnits(handle, units)).toEqual({ bytes, units });
    }
    expect(await locateUnits(handle, text.length + 99)).toEqual({ bytes: shift + Buffer.byteLength(text), units: shift + text.length });
    await handle.close();
  }
});

async function convert(content: string | Buffer, position: number, afterOwn = false): Promise<number> {
  writeFileSync(file, content);
  const [changed] = await convertJavaPositions([storedAt(file, position)], afterOwn);
  return changed ? Number(changed.position) : position;
}

/** Content, Java's number, the byte position, and whether a warning is due. */
const CASES: [string, string, number, number, boolean][] = [
  ['ASCII: the same number', 'one\ntwo\n', 4, 4, false],
  ['ASCII, at the end', 'one\ntwo\n', 8, 8, false],
  ['nothing read yet', 'äöü\n', 0, 0, false],
  ['letters of two bytes', 'äöü\nzwei\n', 4, 7, false],
  ['at the end of the file', 'äöü\nzwei\n', 9, 12, false],
  ['surrogate pairs count two', '😀\nx\n', 3, 5, false],
  ['lone \\r ends a line', 'äöü\rzwei\r', 4, 7, false],
  ['\\r\\n ends a line, its middle does not', 'äöü\r\nzwei\r\n', 5, 8, false],
  ['a byte order mark is one unit', '\ufeffa\nb\n', 3, 5, false],
  ['beyond the end of the file: stays', 'ä\n', 100, 100, true],
  ['within a line of ASCII: the line start before', 'one\ntwo\n', 6, 4, true],
  ['within a surrogate pair', 'a\n😀\n', 3, 2, true],
  ['a restarted worker: first line start that it can be', 'ääää\nb\nc\nd\n', 10, 11, true],
  ['both readings begin a line: characters', 'é\né\né\né\n', 6, 9, false],
  ['only the number as bytes begins a line', 'ä\nb\n', 3, 3, true],
  ['more units than the file has, but not more bytes', 'ääää\nb\n', 8, 9, true],
];

test.each(CASES)('%s', async (_name, content, java, bytes, warns) => {
  expect(await convert(content, java)).toBe(bytes);
  expect(log.some(line => line.startsWith('WARN'))).toBe(warns);
  if (warns) expect(log.join()).toContain(file);
});

test('where this program was before, a number in doubt gives the earliest place, and a warning', async () => {
  expect(await convert('äöü\nzwei\ndrei\n', 9, true)).toBe(12);
  expect(await convert('é\né\né\né\n', 6, true)).toBe(6);
  expect(await convert('ASCII\n', 6, true)).toBe(6);
  expect(log.filter(line => line.startsWith('WARN')).length).toBe(2);
});

test('our own numbers survive the loss of the hashes: every line start stays', async () => {
  const lines = ['ä', 'bb', '', 'ööö', 'c\r', '€uro', '😀😀', 'x'].join('\n').concat('\n');
  for (let at = 0, bytes = 0; at < lines.length; at++) {
    bytes = Buffer.byteLength(lines.slice(0, at + 1));
    if (lines[at] === '\n') expect([bytes, await convert(lines, bytes, true)]).toEqual([bytes, bytes]);
  }
});

const LEFT_ALONE: [partition: StoredOffset['partition'], offset: StoredOffset['offset']][] = [
  [{ filename: null }, { position: 5n }],
  [{ filename: '' }, { position: 5n }],
  [{ filename: '/dev/null' }, { position: 5n }],
  [{ filename: '/' }, { position: 5n }],
  [{ filename: '/no/such/file' }, { position: 5n }],
  [{ filename: 'x', more: 1n }, { position: 5n }],
  [{}, { position: 5n }],
  [{ filename: 'x' }, {}],
  [{ filename: 'x' }, { position: '5' }],
  [{ filename: 'x' }, { position: -5n }],
  [{ filename: 'x' }, { position: 5.5 }],
  [{ filename: 'x' }, { position: 99999999999999999999n }],
  [{ filename: 'x' }, { position: 5n, line: 1n }],
];
test.each(LEFT_ALONE)('%p %p is left alone', async (partition, offset) => {
  expect(await convertJavaPositions([{ partition, offset }], false)).toEqual([null]);
});

test('a file whose disk fails keeps its number, with a warning, and the others are converted all the same', async () => {
  writeFileSync(file, 'äöü\nzwei\n');
  const failing = await open(file);
  jest.spyOn(failing, 'read').mockRejectedValue(Object.assign(new Error('i/o error'), { code: 'EIO' }));
  jest.spyOn(promises, 'open').mockResolvedValueOnce(failing);
  expect(await convertJavaPositions([storedAt(file, 4), storedAt(file, 4)], false)).toEqual([null, { position: 7n }]);
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([expect.stringContaining('the file cannot be read (EIO)')]);
});
