/** Where a task begins with a stored position: proven by the mark of the file, looked for in its folder, or said to be lost. */
import fs from 'node:fs';
import { TempDir } from '../../../helpers/temp-dir';
import { SourceRun } from '../source/source-run';

const { writeFileSync: write, appendFileSync: append, renameSync: rename, rmSync: remove } = fs;
let dir: TempDir;
let file: string;
let run: SourceRun;
let shiftMs = 0;

beforeEach(() => {
  dir = new TempDir('beginning');
  file = dir.file('app.log');
  shiftMs = 0;
  const now = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + shiftMs);
});
afterEach(() => {
  run.stop();
  dir.remove();
  jest.restoreAllMocks();
});

/** Reads all of the file in a first life. @returns position and mark of its last line */
async function firstLife(content: string): Promise<{ stored: { position: bigint }; mark: string }> {
  write(file, content);
  run = new SourceRun({ file });
  await run.drain();
  const { lastMark = '' } = run;
  run.stop();
  return { stored: { position: BigInt(content.length) }, mark: lastMark };
}

/** What a second life reads, over rotations too. */
async function secondLife(from: { stored: { position: bigint }; mark?: string }): Promise<string[]> {
  run = new SourceRun({ file, ...from });
  const texts = await run.texts();
  shiftMs += 3000;
  return [...texts, ...(await run.texts())];
}

const lines = (word: string, count = 100): string => Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('');
const expectClean = (): void => {
  expect([...run.logged('WARN'), ...run.logged('ERROR')]).toEqual([]);
  expect(run.unread).toEqual([]);
};

test('the same file goes on at its position', async () => {
  const from = await firstLife(lines('old'));
  append(file, 'more\n');
  expect(await secondLife(from)).toEqual(['more']);
  expectClean();
});

test.each(['app.log.1', 'app.log-20261130', 'app.log.2026-11-30T10:00:00', 'app-20261130.log', 'app.1.log', 'app.log.old'])(
  'a file that was renamed is read to its end first, whatever its name; then the one that is %s now, and the new one',
  async last => {
    const from = await firstLife(lines('old'));
    append(file, 'rest\n');
    rename(file, dir.file('moved away'));
    write(file, 'between\n');
    rename(file, dir.file(last));
    write(file, 'new\n');
    expect(await secondLife(from)).toEqual(['rest', 'between', 'new']);
    expectClean();
  },
);

test.each([
  ['app-7.log', 'app-8.log'],
  ['archived_994', 'archived_993'],
  ['app.20261130T235959Z.log', 'app.20261201T000000Z.log'],
])('the name that the old file has now, %s, tells what the ones between are called', async (first, second) => {
  const from = await firstLife(lines('old'));
  append(file, 'rest\n');
  rename(file, dir.file(first));
  write(file, 'between\n');
  rename(file, dir.file(second));
  write(dir.file('another-7.txt'), 'not of it\n');
  write(file, 'new\n');
  expect(await secondLife(from)).toEqual(['rest', 'between', 'new']);
  expectClean();
});

test('a link that goes from file to file: none is left out', async () => {
  fs.symlinkSync(dir.file('seg-9'), file);
  const from = await firstLife(lines('old'));
  append(file, 'rest\n');
  for (const n of [10, 11, 12]) {
    write(dir.file(`seg-${n}`), `in ${n}\n`);
    remove(file);
    fs.symlinkSync(dir.file(`seg-${n}`), file);
  }
  expect(await secondLife(from)).toEqual(['rest', 'in 10', 'in 11', 'in 12']);
  expectClean();
});

test('many rotations in one tick of the clock keep their order', async () => {
  const from = await firstLife(lines('old'));
  for (let i = 0; i < 12; i++) {
    append(file, `end ${i}\n`);
    for (let n = 12; n > 0; n--) if (fs.existsSync(`${file}.${n}`)) rename(`${file}.${n}`, `${file}.${n + 1}`);
    rename(file, `${file}.1`);
    write(file, `begin ${i + 1}\n`);
  }
  const expected = Array.from({ length: 12 }, (_, i) => [...(i > 0 ? [`begin ${i}`] : []), `end ${i}`]).flat();
  expect(await secondLife(from)).toEqual([...expected, 'begin 12']);
  expectClean();
});

test('files of others, compressed and older ones are not taken for rotated ones', async () => {
  write(dir.file('app.log.7'), 'older\n');
  const from = await firstLife(lines('old'));
  rename(file, `${file}.1`);
  for (const name of ['app.log.2.gz', 'app-2.log', 'app.log.err', 'app2.log', 'other.log.1', 'app.log.1.tmp'])
    write(dir.file(name), 'not of it\n');
  write(file, 'new\n');
  expect(await secondLife(from)).toEqual(['new']);
  expectClean();
});

test('equal heads: the position is that of the file that was read, not of the one that has the name', async () => {
  const from = await firstLife(lines('head', 500));
  append(file, 'rest\n');
  rename(file, `${file}.1`);
  write(file, `${lines('head', 500)}new\n`);
  expect(await secondLife(from)).toEqual(['rest', ...lines('head', 500).split('\n').slice(0, -1), 'new']);
  expectClean();
});

test('a new file with the inode of one that was deleted is another file', async () => {
  const from = await firstLife('one\n');
  remove(file);
  write(file, 'two\nthree\n');
  expect(await secondLife(from)).toEqual(['two', 'three']);
  expect(run.logged('ERROR')).toEqual([expect.stringMatching(/app\.log: it was replaced .*NOT DELIVERED; the number of bytes is unknown/)]);
  expect(run.unread).toEqual([null]);
});

test('a file that was copied to another disk, or put back from a copy, goes on at its position', async () => {
  const from = await firstLife(lines('old'));
  append(file, 'more\n');
  fs.copyFileSync(file, dir.file('copy'));
  remove(file);
  rename(dir.file('copy'), file);
  expect(await secondLife(from)).toEqual(['more']);
  expectClean();
});

test.each([
  ['rewritten with the same length', lines('new'), ['new 0', 'new 99']],
  ['rewritten and longer', lines('new', 1000), ['new 0', 'new 999']],
  ['changed by one byte just before the position', `${lines('old').slice(0, -2)}X\n`, ['old 0', 'old 9X']],
  ['truncated', 'short\n', ['short', 'short']],
])('a file that was %s is read from 0, with an error that counts', async (_, content, [first, last]) => {
  const from = await firstLife(lines('old'));
  write(file, content);
  const texts = await secondLife(from);
  expect([texts[0], texts.at(-1)]).toEqual([first, last]);
  expect(run.logged('ERROR')).toEqual([expect.stringMatching(/truncated, rewritten or replaced while nobody read it.*unknown/)]);
  expect(run.unread).toEqual([null]);
});

test('a hole before the position is that of a writer who went on where it was: all is there', async () => {
  const from = await firstLife(lines('old'));
  const { size } = fs.statSync(file);
  fs.truncateSync(file, 0);
  fs.truncateSync(file, size);
  append(file, 'more\n');
  expect(await secondLife(from)).toEqual(['more']);
  expect(run.logged('ERROR')).toEqual([]);
});

test('copytruncate while nobody reads: the rest comes from the first copy, then from those after it, then the file from 0', async () => {
  const from = await firstLife(lines('old'));
  for (const part of ['rest', 'between']) {
    append(file, `${part}\n`);
    if (fs.existsSync(`${file}.1`)) rename(`${file}.1`, `${file}.2`);
    fs.copyFileSync(file, `${file}.1`);
    fs.truncateSync(file, 0);
  }
  append(file, 'new\n');
  expect(await secondLife(from)).toEqual(['rest', 'between', 'new']);
  expectClean();
});

test('without a mark the file that has the name is believed, as in Java', async () => {
  const { stored } = await firstLife(lines('old'));
  write(dir.file('other'), `${lines('new', 200)}`);
  rename(dir.file('other'), file);
  expect((await secondLife({ stored })).at(-1)).toBe('new 199');
  expect(run.unread).toEqual([]);
});

test('a hash alone, which earlier versions kept, proves as much as it did', async () => {
  const { stored, mark } = await firstLife(lines('old'));
  append(file, 'more\n');
  const from = { stored, mark: mark.slice(0, 32) };
  expect(await secondLife(from)).toEqual(['more']);
  run.stop();
  write(file, lines('new'));
  expect((await secondLife(from))[0]).toBe('new 0');
});

test('a file that is gone with nothing in its place is waited for', async () => {
  const from = await firstLife('one\n');
  remove(file);
  expect(await secondLife(from)).toEqual([]);
  expect(run.logged('WARN')).toEqual([expect.stringContaining("Couldn't find file")]);
  write(file, 'two\n');
  expect(await run.texts()).toEqual(['two']);
  expect(run.unread).toEqual([null]);
});
