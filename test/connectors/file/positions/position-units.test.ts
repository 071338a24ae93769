import { readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { convertJavaPositions, JAVA_POSITIONS } from '../../../../src/connectors/file/positions/position-units';
import { advance, locateUnits } from '../../../../src/connectors/file/positions/utf16-units';
import { writeHashMap } from '../../../../src/java/serialization/java-hash-map';
import { FileOffsetStore } from '../../../../src/offsets/file-offset-store';
import type { OffsetEntry } from '../../../../src/thread/messages';
import { inRepository } from '../../../helpers/paths';
import { collectLog, makeFolder, noLock } from '../../../offsets/helpers';

const vectors = JSON.parse(readFileSync(inRepository('test/fixtures/vectors/offsets/utf16-units.json'), 'utf8')) as [string, number][];
const entryOf = (file: string, position: number | string): OffsetEntry => [
  JSON.stringify(['c', { filename: file }]),
  `{"position":${position}}`,
];

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
  const [changed] = await convertJavaPositions([entryOf(file, position)], afterOwn);
  return changed === undefined ? position : (JSON.parse(String(changed[1])) as { position: number }).position;
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

const LEFT_ALONE: [key: string, value: string | null][] = [
  ['["c",{"filename":null}]', '{"position":5}'],
  ['["c",{"filename":"/dev/null"}]', '{"position":5}'],
  ['["c",{"filename":"/"}]', '{"position":5}'],
  ['["c",{"filename":"/no/such/file"}]', '{"position":5}'],
  ['["c",{"filename":"x","more":1}]', '{"position":5}'],
  ['["c",{"filename":"x"}]', '{"position":"5"}'],
  ['["c",{"filename":"x"}]', '{"position":-5}'],
  ['["c",{"filename":"x"}]', '{"position":5.5}'],
  ['["c",{"filename":"x"}]', '{"position":99999999999999999999}'],
  ['["c",{"filename":"x"}]', '{"position":5,"line":1}'],
  ['["c",{"filename":"x"}]', '[5]'],
  ['["c",{"filename":"x"}]', 'no json'],
  ['["c",{"filename":"x"}]', null],
  ['no json', '{"position":5}'],
];
test.each(LEFT_ALONE)('%s %s is left alone', async (key, value) => {
  expect(await convertJavaPositions([[key, value]], false)).toEqual([]);
});

test('the store converts what Java wrote, once, and never what it wrote itself', async () => {
  const path = join(makeFolder(), 'offsets');
  writeFileSync(file, 'äöü\nzwei\ndrei\n');
  const asJava = ([key, value]: OffsetEntry): Buffer => writeHashMap([[Buffer.from(key), Buffer.from(String(value))]]);
  const position = async (): Promise<string | null> => {
    const store = await FileOffsetStore.open(path, { foreign: JAVA_POSITIONS, takeLock: noLock });
    await store.close();
    return store.offset('c', JSON.stringify({ filename: file }));
  };
  writeFileSync(path, asJava(entryOf(file, 4)));
  expect(await position()).toBe('{"position":7}');
  expect(await position()).toBe('{"position":7}');
  expect(log.filter(line => line.includes('another program')).length).toBe(1);
  // A Java worker goes on from here, in between, and counts characters again.
  writeFileSync(path, asJava(entryOf(file, 9)));
  expect(await position()).toBe('{"position":12}');
});
