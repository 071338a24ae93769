import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { TempDir } from '../../../helpers/temp-dir';
import { SourceRun } from './source-run';

const { writeFileSync: write, appendFileSync: append, renameSync: rename, rmSync: remove } = fs;
let dir: TempDir;
let file: string;
let run: SourceRun;
let shiftMs = 0;

beforeEach(() => {
  dir = new TempDir('named-file');
  file = dir.file('log');
  shiftMs = 0;
  const now = Date.now;
  jest.spyOn(Date, 'now').mockImplementation(() => now() + shiftMs);
});
afterEach(() => {
  run.stop();
  dir.remove();
  jest.restoreAllMocks();
});

/** A task that has read what the file holds now. */
async function reading(content: string | null): Promise<SourceRun> {
  if (content !== null) write(file, content);
  run = new SourceRun({ file });
  await run.drain();
  return run;
}

/** Lets the clock jump over the time for which a rotated file must have been quiet. */
function quietPasses(): void {
  shiftMs += 3000;
}

/** What `drain` brings, before and after the quiet time of a rotation. */
async function textsAfterRotation(): Promise<string[]> {
  const before = await run.texts();
  quietPasses();
  return [...before, ...(await run.texts())];
}

describe('a file that is missing', () => {
  test("is waited for with Java's warning, once", async () => {
    await reading(null);
    append(file, 'first\n');
    expect(await run.texts()).toEqual(['first']);
    expect(run.logged('WARN')).toEqual([`WARN Couldn't find file ${file} for FileStreamSourceTask, sleeping to wait for it to be created`]);
  });

  test('with its folder comes with its folder', async () => {
    file = dir.file('a/b/log');
    await reading(null);
    dir.write('a/b/log', 'first\n');
    expect(await run.texts()).toEqual(['first']);
  });

  test('after having been read (deleted): what its writer still writes is read, then the new one from its start', async () => {
    await reading('1\n');
    const writer = fs.openSync(file, 'a');
    remove(file);
    fs.writeSync(writer, 'late\n');
    fs.closeSync(writer);
    expect(await run.texts()).toEqual(['late']);
    write(file, 'new\n');
    expect(await textsAfterRotation()).toEqual(['new']);
  });
});

test('a file that comes and is rotated before anybody looks is read before the one that has the name then', async () => {
  write(`${file}.9`, 'older\n');
  await sleep(30);
  await reading(null);
  await sleep(30);
  for (const text of ['first', 'second']) {
    write(file, `${text}\n`);
    if (fs.existsSync(`${file}.1`)) rename(`${file}.1`, `${file}.2`);
    rename(file, `${file}.1`);
  }
  write(file, 'third\n');
  expect(await textsAfterRotation()).toEqual(['first', 'second', 'third']);
});

describe('truncation', () => {
  test.each([
    ['to nothing', '', []],
    ['to something shorter', 'b\n', ['b']],
    ['and grown past the position before anybody looked', 'other\nlines\nmore\n', ['other', 'lines', 'more']],
    ['to other text of the same length', 'four4\nfive\n', ['four4', 'five']],
    ['to other text of the same length and one line more', 'four\nfive\nsix\n', ['four', 'five', 'six']],
  ])('%s: the file is read again from 0, with one warning', async (_, content, expected) => {
    await reading('one1\ntwo2\n');
    write(file, content);
    expect(await run.texts()).toEqual(expected);
    expect(run.logged('was truncated')).toHaveLength(1);
    append(file, 'next\n');
    expect(await run.texts()).toEqual(['next']);
  });

  test('under a writer that goes on where it was leaves a hole: nothing is read twice', async () => {
    await reading('one1\ntwo2\n');
    const writer = fs.openSync(file, 'r+');
    fs.ftruncateSync(writer, 0);
    fs.writeSync(writer, 'three\n', 10);
    fs.closeSync(writer);
    expect(await run.texts()).toEqual(['three']);
    expect(run.logged('WARN')).toEqual([]);
  });

  test('in the middle of reading, grown past the position at once: what is there now is read from 0', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}`);
    write(file, `${lines.join('\n')}\n`);
    run = new SourceRun({ file });
    await run.poll();
    write(file, `${lines.map(line => line.replace('line', 'LINE')).join('\n')}\n`);
    await run.drain();
    const texts = run.lines.map(([text]) => text);
    expect(run.logged('was truncated')).toHaveLength(1);
    expect(texts.slice(-100_000)).toEqual(lines.map(line => line.replace('line', 'LINE')));
    expect(texts.slice(0, -100_000)).toEqual(lines.slice(0, texts.length - 100_000));
  });

  test('to the beginning of the last KiB under a writer that goes on where it was: nothing is read twice', async () => {
    await reading(`${'a'.repeat(3000)}\n`);
    const writer = fs.openSync(file, 'r+');
    fs.ftruncateSync(writer, 2500);
    fs.writeSync(writer, 'more\n', 3001);
    fs.closeSync(writer);
    expect(await run.texts()).toEqual(['more']);
    expect(run.logged('WARN')).toEqual([]);
  });

  test('of a file read from a stored position, at its end: seen too', async () => {
    write(file, 'one1\ntwo2\n');
    run = new SourceRun({ file, stored: { position: 10n } });
    expect(await run.texts()).toEqual([]);
    write(file, 'four\nfive\nsix\n');
    expect(await run.texts()).toEqual(['four', 'five', 'six']);
  });

  test('inside an unfinished line says how much is gone', async () => {
    await reading('one\nunfinished');
    write(file, 'new\n');
    expect(await run.texts()).toEqual(['new']);
    expect(run.logged('The last 10 bytes before position 14')).toHaveLength(1);
  });
});

describe('rotation by renaming', () => {
  test('late lines of the old file come before those of the new one', async () => {
    await reading('1\n');
    const writer = fs.openSync(file, 'a');
    rename(file, `${file}.1`);
    write(file, 'new 1\n');
    expect(await run.texts()).toEqual([]);
    fs.writeSync(writer, 'late\n');
    fs.closeSync(writer);
    expect(await textsAfterRotation()).toEqual(['late', 'new 1']);
    append(file, 'new 2\n');
    expect(await run.drain()).toEqual([['new 2', 12]]);
    expect(run.logged('was replaced at position 7')).toHaveLength(1);
  });

  test('is no end while the old file is written to', async () => {
    await reading('1\n');
    rename(file, `${file}.1`);
    write(file, 'new\n');
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      quietPasses();
      const soon = new Date(Date.now());
      append(`${file}.1`, `late ${i}\n`);
      fs.utimesSync(`${file}.1`, soon, soon);
      seen.push(...(await run.texts()));
    }
    expect(seen).toEqual(['late 0', 'late 1', 'late 2']);
    expect(await textsAfterRotation()).toEqual(['new']);
  });

  test('fifty times in a row, faster than the old files are finished: every line comes, in order', async () => {
    await reading('0\n');
    for (let i = 1; i <= 50; i++) {
      append(file, `end of ${i - 1}\n`);
      rename(file, `${file}.${i}`);
      write(file, `${i}\n`);
      await run.poll();
      await run.poll();
    }
    const expected = ['0', ...Array.from({ length: 50 }, (_, i) => [`end of ${i}`, `${i + 1}`]).flat()];
    quietPasses();
    await run.drain();
    expect(run.lines.map(([text]) => text)).toEqual(expected);
  });

  test('with a last line that has no end: nobody will end it, so it comes as it is', async () => {
    await reading('1\nno end');
    rename(file, `${file}.1`);
    write(file, 'new\n');
    expect(await textsAfterRotation()).toEqual(['no end', 'new']);
  });

  test('while lagging behind loses no generation', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}`);
    write(file, `${lines.join('\n')}\n`);
    run = new SourceRun({ file, batchSize: 30_000 });
    await run.poll();
    for (const name of ['second', 'third']) {
      rename(file, `${file}.before-${name}`);
      write(file, `${name}\n`);
      shiftMs += 1100;
      while ((await run.poll()) === 0) {}
    }
    quietPasses();
    await run.drain();
    expect(run.lines.map(([text]) => text)).toEqual([...lines, 'second', 'third']);
  });
});

describe('what cannot be read', () => {
  test('a directory fails the task and says so', async () => {
    file = dir.path;
    await expect(reading(null)).rejects.toThrow(`${dir.path} is a directory`);
  });

  test('a path below a file fails the task with the reason', async () => {
    file = `${dir.write('plain', '')}/log`;
    await expect(reading(null)).rejects.toThrow(/Could not open file .*plain\/log at position 0: ENOTDIR.*restart the task/);
  });

  const failing = (call: 'openSync' | 'readvSync', code: string): jest.SpyInstance =>
    jest.spyOn(fs, call).mockImplementation(() => {
      throw Object.assign(new Error(`${code}: simulated`), { code });
    });

  test('no permission at the start fails the task', async () => {
    write(file, '1\n');
    const denied = failing('openSync', 'EACCES');
    await expect(reading(null)).rejects.toThrow(/EACCES.*Make it readable/);
    denied.mockRestore();
  });

  test.each([
    ['openSync', 'EMFILE'],
    ['readvSync', 'EIO'],
  ] as const)('%s: %s is waited for, told once, and nothing is lost', async (call, code) => {
    write(file, '1\n2\n');
    const broken = failing(call, code);
    await reading(null);
    for (let i = 0; i < 5; i++) await run.drain();
    expect(run.logged('WARN')).toEqual([expect.stringMatching(new RegExp(`${file} at position 0: ${code}.*nothing is skipped`))]);
    expect(run.task.drained()).toBe(false);
    broken.mockRestore();
    expect(await run.texts()).toEqual(['1', '2']);
    expect(run.logged('can be read again')).toHaveLength(1);
  });

  test('a file server that forgot the file (ESTALE): it is opened anew and goes on where it was', async () => {
    await reading('1\n');
    append(file, '2\n');
    const broken = failing('readvSync', 'ESTALE');
    await run.poll();
    broken.mockRestore();
    expect(await run.texts()).toEqual(['2']);
  });

  test('a new file that may not be read yet after a rotation is waited for', async () => {
    await reading('1\n');
    rename(file, `${file}.1`);
    write(file, 'new\n');
    const denied = failing('openSync', 'EACCES');
    await run.drain();
    append(`${file}.1`, 'late\n');
    expect(await run.texts()).toEqual(['late']);
    expect(run.logged('WARN')).toEqual([expect.stringContaining(`Could not open the new file ${file}: EACCES`)]);
    denied.mockRestore();
    expect(await textsAfterRotation()).toEqual(['new']);
  });
});

describe('a FIFO', () => {
  test('is read while writers come and go, and does not block without one', async () => {
    execFileSync('mkfifo', [file]);
    await reading(null);
    expect(run.lines).toEqual([]);
    execFileSync('sh', ['-c', `printf 'a\\nb' > ${file}`]);
    expect(await run.texts()).toEqual(['a']);
    execFileSync('sh', ['-c', `printf 'c\\n' > ${file}`]);
    expect(await run.texts()).toEqual(['bc']);
  });

  test('is read once, unlike a file: a task that has begun cannot begin anew', async () => {
    await reading('a\n');
    expect(run.task.canRewind()).toBe(true);
    run.stop();
    remove(file);
    execFileSync('mkfifo', [file]);
    await reading(null);
    expect(run.task.canRewind()).toBe(false);
  });
});

describe('files that come and go faster than they are read', () => {
  const descriptors = (): number => fs.readdirSync('/proc/self/fd').length;

  /** Rotates while the task polls nothing; each file lives long enough for the system to tell of it. */
  async function rotateUnread(times: number, afterwards: (i: number) => void = () => {}): Promise<void> {
    for (let i = 1; i <= times; i++) {
      rename(file, `${file}.${i + 10_000}`);
      write(file, `${i}\n`);
      await sleep(8);
      afterwards(i);
    }
  }

  const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

  test('are held as soon as they have the name, also while the task does nothing, and are read though they are deleted', async () => {
    await reading('0\n');
    await rotateUnread(20, i => remove(`${file}.${i + 10_000}`));
    expect(await textsAfterRotation()).toEqual(numbers(1, 20));
    expect(run.unread).toEqual([]);
    expect(run.logged('ERROR')).toEqual([]);
  });

  test('take a bounded number of descriptors, and the others are found when it is their turn', async () => {
    await reading('0\n');
    const before = descriptors();
    await rotateUnread(100);
    expect(descriptors() - before).toBeLessThan(70);
    expect(await textsAfterRotation()).toEqual(numbers(1, 100));
    expect(run.logged('ERROR')).toEqual([]);
  });

  test('and are deleted beyond that number: each is an error with its bytes, and is counted', async () => {
    await reading('0\n');
    await rotateUnread(70);
    for (let i = 68; i <= 70; i++) remove(`${file}.${i + 10_000}`);
    expect(await textsAfterRotation()).toEqual([...numbers(1, 66), '70']);
    expect(run.unread).toEqual([3, 3, 3]);
    expect(run.logged('ERROR')).toHaveLength(3);
    expect(run.logged('ERROR')[0]).toMatch(/was gone before it could be opened: at least 3 bytes of it were NOT DELIVERED/);
  });

  test('a file that is written to after it was finished is an error with the number of bytes', async () => {
    await reading('0\n');
    const writer = fs.openSync(file, 'a');
    rename(file, `${file}.1`);
    write(file, 'new\n');
    expect(await textsAfterRotation()).toEqual(['new']);
    fs.writeSync(writer, 'too late\n');
    fs.closeSync(writer);
    run.stop();
    expect(run.unread).toEqual([9]);
    expect(run.logged('ERROR')).toEqual([
      expect.stringMatching(/was written to after it was finished at position 2: 9 bytes of it were NOT DELIVERED/),
    ]);
  });
});

test('open descriptors do not become more over rotations and restarts', async () => {
  const count = (): number => fs.readdirSync('/proc/self/fd').length;
  await reading('1\n');
  const before = count();
  for (let i = 0; i < 5; i++) {
    rename(file, `${file}.${i}`);
    write(file, 'x\n');
    await textsAfterRotation();
    run.stop();
    await reading(null);
  }
  await sleep(50);
  expect(count()).toBeLessThanOrEqual(before + 1);
});
