/** File and offsets belong together, whenever the writer is killed; and what others have written is never touched. */
import fs from 'node:fs';
import type { PartitionOffset } from '../../../../src/api/sink';
import { alterJournal, ExactlyOnceWriter, forgetJournal, journalOf } from '../../../../src/connectors/file/sink/exactly-once-writer';
import { seeded } from '../../../../src/testing/data/random';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { TempDir } from '../../../helpers/temp-dir';

const PARTITION = { topic: 't', partition: 0 };
const LINE = 'a line of thirty-two characters\n';
const at = (offset: number): PartitionOffset[] => [{ ...PARTITION, offset }];
const lines = (from: number, count: number): Buffer => Buffer.from(Array.from({ length: count }, (_, i) => `${from + i} ${LINE}`).join(''));

let dir: TempDir;
let file: string;
const writers: ExactlyOnceWriter[] = [];
beforeEach(() => {
  dir = new TempDir('exactly-once');
  file = dir.file('out');
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const writer of writers.splice(0)) writer.close();
  dir.remove();
});

/** A writer; the one before it, if there is one, counts as killed: nothing of it is closed or finished. */
function open(connector = 'c', path = file): ExactlyOnceWriter {
  const writer = new ExactlyOnceWriter(path, connector, fakeLogger());
  writers.push(writer);
  return writer;
}

/** A file with a consistent point after ten lines, and twenty lines after it. */
async function ahead(): Promise<{ whole: Buffer; point: number }> {
  const writer = open();
  writer.write(lines(0, 10));
  await writer.commit(at(10));
  const point = fs.statSync(file).size;
  writer.write(lines(10, 1000));
  writer.write(lines(1010, 5));
  return { whole: fs.readFileSync(file), point };
}

const REFUSED = /Nothing was touched\. .*remove .*out\.journal/;

test('what was written since the last consistent point is taken back, and its offsets count', async () => {
  const { point } = await ahead();
  const next = open();
  expect([fs.readFileSync(file).equals(lines(0, 10)), fs.statSync(file).size]).toEqual([true, point]);
  expect([next.offsetOf(PARTITION), next.offsetOf({ topic: 't', partition: 1 })]).toEqual([10, undefined]);
});

test('a file with other lines before the first start keeps them', async () => {
  dir.write('out', 'others');
  open().write(lines(0, 3));
  expect(open().offsetOf(PARTITION)).toBeUndefined();
  expect(dir.read('out')).toBe('others\n');
});

test('a write that was cut short at a page of the file is taken back', async () => {
  const { whole, point } = await ahead();
  const journal = fs.readFileSync(journalOf(file));
  for (let size = point; size <= whole.length; size += 4096 - (size % 4096)) {
    fs.writeFileSync(file, whole.subarray(0, size));
    fs.writeFileSync(journalOf(file), journal);
    open();
    expect(fs.statSync(file).size).toBe(point);
  }
});

test.each<[string, (whole: Buffer, point: number) => Buffer]>([
  ['has more at its end', whole => Buffer.concat([whole, Buffer.from('others\n')])],
  ['was cut within a line', whole => whole.subarray(0, -3)],
  ['is shorter than the point', (whole, point) => whole.subarray(0, point - 1)],
  ['has another byte behind the point', (whole, point) => flipped(whole, point + 5000)],
  ['has another byte right before it', (whole, point) => flipped(whole, point - 5)],
  ['is empty', () => Buffer.alloc(0)],
])('a file that %s after the writer was killed is refused, and stays as it is', async (_, change) => {
  const { whole, point } = await ahead();
  const changed = change(whole, point);
  fs.writeFileSync(file, changed);
  expect(() => open()).toThrow(REFUSED);
  expect(() => open()).toThrow(REFUSED);
  expect(fs.readFileSync(file).equals(changed)).toBe(true);
});

function flipped(bytes: Buffer, position: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[position] = (copy[position] ?? 0) ^ 1;
  return copy;
}

test('nothing was ahead: what others have done meanwhile stays, and the offsets go on', async () => {
  const writer = open();
  writer.write(lines(0, 10));
  await writer.commit(at(10));
  writer.close();
  fs.appendFileSync(file, 'others\n');
  const next = open();
  next.write(lines(10, 1));
  await next.commit(at(11));
  expect(dir.read('out')).toBe(`${lines(0, 10)}others\n${lines(10, 1)}`);
  fs.rmSync(file);
  expect(open().offsetOf(PARTITION)).toBe(11);
  expect(dir.read('out')).toBe('');
});

test('a file that was renamed after the kill is brought back under its new name; a new one begins', async () => {
  // Other things in the folder are no hindrance.
  fs.symlinkSync('circle', dir.file('circle'));
  fs.symlinkSync('nowhere', dir.file('dangling'));
  const { point } = await ahead();
  fs.renameSync(file, dir.file('out.1'));
  expect(open().offsetOf(PARTITION)).toBe(10);
  expect([fs.statSync(dir.file('out.1')).size, dir.read('out')]).toEqual([point, '']);
});

test('a file that is gone after the kill is refused, and not made', async () => {
  await ahead();
  fs.rmSync(file);
  expect(() => open()).toThrow(REFUSED);
  expect(fs.existsSync(file)).toBe(false);
});

test('a file that is renamed while it is written ends with a consistent point, and another begins there', async () => {
  const writer = open();
  writer.write(lines(0, 10));
  fs.renameSync(file, dir.file('out.1'));
  writer.write(lines(10, 10));
  await writer.commit(at(20));
  writer.write(lines(20, 10));
  expect([dir.read('out.1'), dir.read('out')]).toEqual([String(lines(0, 20)), String(lines(20, 10))]);
  open();
  expect([dir.read('out.1'), dir.read('out')]).toEqual([String(lines(0, 20)), '']);
});

test('another writer of the same file is noticed before anything is written or committed', async () => {
  const writer = open();
  writer.write(lines(0, 10));
  fs.appendFileSync(file, 'others\n');
  expect(() => writer.write(lines(10, 1))).toThrow(REFUSED);
  await expect(writer.commit(at(10))).rejects.toThrow(REFUSED);
  expect(() => writer.rollBack()).toThrow(REFUSED);
  expect(dir.read('out')).toBe(`${lines(0, 10)}others\n`);
});

test('going back takes away what is ahead', async () => {
  const writer = open();
  writer.write(lines(0, 10));
  await writer.commit(at(10));
  writer.write(lines(10, 10));
  writer.rollBack();
  expect([dir.read('out'), writer.isAhead]).toEqual([String(lines(0, 10)), false]);
  writer.write(lines(10, 1));
  expect(dir.read('out')).toBe(String(lines(0, 11)));
});

test('a full disk tears nothing, and is no riddle for the next start', async () => {
  const writer = open();
  writer.write(lines(0, 10));
  await writer.commit(at(10));
  const { writeSync } = fs;
  const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  let calls = 0;
  jest.spyOn(fs, 'writeSync').mockImplementation(((fd: number, data: Buffer, ...rest: never[]) => {
    // The intent goes through, of the lines the first half.
    if (calls++ === 0) return writeSync(fd, data, ...rest);
    if (calls === 2) return writeSync(fd, data, 0, data.length >> 1);
    throw full;
  }) as typeof fs.writeSync);
  expect(() => writer.write(lines(10, 5000))).toThrow('Waiting for room; nothing is lost.');
  jest.restoreAllMocks();
  expect(dir.read('out')).toBe(String(lines(0, 10)));
  writer.write(lines(10, 7));
  open();
  expect(dir.read('out')).toBe(String(lines(0, 10)));
});

test.each([
  ['no journal', '', 'is not the journal of a file sink'],
  ['no JSON', 'hello\n', 'is not the journal of a file sink'],
  ['another format', '{"format":"x"}\n', 'is not the journal of a file sink'],
])('%s under its name is refused', (_, text, message) => {
  dir.write('out.journal', text);
  expect(() => open()).toThrow(message);
  expect(dir.read('out.journal')).toBe(text);
});

test('a journal that does not count any more is removed, nothing else of that name', async () => {
  await ahead();
  forgetJournal(file, 'other', fakeLogger());
  expect(fs.existsSync(journalOf(file))).toBe(true);
  forgetJournal(file, 'c', fakeLogger());
  expect(fs.existsSync(journalOf(file))).toBe(false);
  for (const text of ['', 'mine\n', '{"format":"x"}']) {
    dir.write('out.journal', text);
    forgetJournal(file, 'c', fakeLogger());
    expect(dir.read('out.journal')).toBe(text);
  }
});

test('two connectors do not write one file', () => {
  open('one');
  expect(() => open('two')).toThrow('belongs to connector one: two connectors cannot write one file');
});

test('offsets that are changed by hand count at the next start, and what is ahead goes all the same', async () => {
  const { point } = await ahead();
  alterJournal(file, 'c', [
    { ...PARTITION, offset: 3 },
    { topic: 't', partition: 1, offset: 8 },
  ]);
  alterJournal(file, 'c', [{ topic: 't', partition: 1, offset: null }]);
  const next = open();
  expect([next.offsetOf(PARTITION), next.offsetOf({ topic: 't', partition: 1 }), fs.statSync(file).size]).toEqual([3, undefined, point]);
});

test('killed and started again at random, every record is there once and in order', async () => {
  const random = seeded(5);
  let next = 0;
  let writer = open();
  for (let step = 0; step < 400; step++) {
    const what = random(10);
    if (what < 6) {
      const count = random(300);
      writer.write(lines(next, count));
      next += count;
    } else if (what < 8) await writer.commit(at(next));
    else {
      if (what === 9) writer.rollBack();
      else writer = open();
      next = writer.offsetOf(PARTITION) ?? 0;
    }
  }
  await writer.commit(at(next));
  expect(next).toBeGreaterThan(1000);
  expect(dir.read('out') === String(lines(0, next))).toBe(true);
});
