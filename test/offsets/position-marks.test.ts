import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileOffsetStore } from '../../src/offsets/file-offset-store';
import { PositionMarks } from '../../src/offsets/position-marks';
import type { OffsetEntry } from '../../src/thread/messages';
import { collectLog, makeFolder, noLock } from './helpers';

let folder: string;
let file: string;
let path: string;
beforeEach(() => {
  folder = makeFolder();
  file = join(folder, 'lines');
  path = join(folder, 'offsets');
});

const entry = (position: number, name = file): OffsetEntry => [`["c",{"filename":"${name}"}]`, `{"position":${position}}`];
const lines = (word: string, count = 100): string => Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('');

/** Saves a position in one life of a store; what a task is given in the next one. */
async function afterRestart(position: number, meanwhile: () => void): Promise<{ given: OffsetEntry[]; log: string[] }> {
  const store = await FileOffsetStore.open(path, noLock);
  await store.save([entry(position)]);
  await store.close();
  meanwhile();
  const log = collectLog();
  const again = await FileOffsetStore.open(path, noLock);
  const given = await again.offsetsForTask('c');
  expect(again.offsetsOf('c')).toEqual([entry(position)]);
  await again.close();
  return { given, log: log.filter(line => line.startsWith('WARN')) };
}

test.each([
  ['that has grown', 500, () => appendFileSync(file, lines('more'))],
  ['that is gone', 500, () => unlinkSync(file)],
  ['that is shorter than the position, which the task sees for itself', 500, () => truncateSync(file, 100)],
  [
    'whose writer was somewhere behind the position when it was truncated, so that zeros are before it',
    500,
    () => {
      truncateSync(file, 0);
      truncateSync(file, 600);
    },
  ],
  ['that was replaced by one with the same KiB before the position', 1500, () => writeFileSync(file, `x${lines('old', 1000).slice(1)}`)],
  [
    'that was rewritten, whose marks are lost',
    500,
    () => {
      writeFileSync(file, lines('new'));
      unlinkSync(`${path}.marks`);
    },
  ],
  [
    'that was rewritten, whose marks are damaged',
    500,
    () => {
      writeFileSync(file, lines('new'));
      writeFileSync(`${path}.marks`, '{"x":[[1,');
    },
  ],
])('a file %s goes on at its position, without a word', async (_, position, meanwhile) => {
  writeFileSync(file, lines('old', 1000));
  expect(await afterRestart(position, meanwhile)).toEqual({ given: [entry(position)], log: [] });
});

test.each([
  ['rewritten with the same length', 600, lines('new')],
  ['rewritten and longer', 300, lines('new', 1000)],
  ['changed by one byte just before the position', 400, `${lines('old').slice(0, 399)}X${lines('old').slice(400)}`],
  ['replaced by one whose first KiB differs, near the beginning', 5, lines('new')],
])('a file %s is read from 0, with a warning', async (_, position, content) => {
  writeFileSync(file, lines('old'));
  const { given, log } = await afterRestart(position, () => writeFileSync(file, content));
  expect(given).toEqual([entry(0)]);
  expect(log).toEqual([expect.stringContaining(`File ${file} was rewritten or replaced while nobody read it`)]);
});

test('the offset file holds nothing of marks: it is what Java writes', async () => {
  writeFileSync(file, lines('old'));
  const store = await FileOffsetStore.open(path, noLock);
  await store.save([entry(10)]);
  await store.close();
  expect(existsSync(`${path}.marks`)).toBe(true);
  expect(readFileSync(path, 'latin1')).toContain('{"position":10}');
  expect(readFileSync(path, 'latin1')).not.toMatch(/hash|mark/);
});

test('the generation before still has its mark', async () => {
  writeFileSync(file, lines('old'));
  const marks = await PositionMarks.load(`${path}.marks`);
  await marks.note([entry(100)]);
  await marks.note([entry(200)]);
  writeFileSync(file, lines('new'));
  const loaded = await PositionMarks.load(`${path}.marks`);
  expect(await loaded.check([entry(100)])).toEqual([entry(0)]);
  expect(await loaded.check([entry(200)])).toEqual([entry(0)]);
  expect(await loaded.check([entry(150)])).toEqual([entry(150)]);
});

test('a key that another program spelled otherwise is the same key', async () => {
  writeFileSync(file, lines('old'));
  const marks = await PositionMarks.load(`${path}.marks`);
  await marks.note([entry(100)]);
  writeFileSync(file, lines('new'));
  const [key, value] = entry(100);
  expect(await marks.check([[key.replace(',', ', '), value]])).toEqual([[expect.any(String), '{"position":0}']]);
});

test('a FIFO, a folder and offsets of other connectors are left alone', async () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const entries: OffsetEntry[] = [entry(10, fifo), entry(10, folder), ['["c",{"table":"t"}]', '{"id":7}'], ['["c",{"x":1}]', null]];
  const marks = await PositionMarks.load(`${path}.marks`);
  await marks.note(entries);
  expect(await marks.check(entries)).toEqual(entries);
});
