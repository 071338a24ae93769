import fs from 'node:fs';
import { TempDir } from '../../../helpers/temp-dir';
import { referenceLines } from './reference-lines';
import { type SeenLine, SourceRun, type SourceRunOptions } from './source-run';

const dir = new TempDir('file-source');
const file = dir.file('input');
let run: SourceRun | null = null;

afterEach(() => {
  run?.stop();
  run = null;
});
afterAll(() => dir.remove());

/** Starts a task on a file with this content. */
function reading(content: string | Uint8Array, options: Partial<SourceRunOptions> = {}): SourceRun {
  dir.write('input', content);
  run?.stop();
  run = new SourceRun({ file, ...options });
  return run;
}

const expectedOf = (bytes: Buffer, from = 0): SeenLine[] =>
  referenceLines(bytes, from).map(({ text, position }) => [Buffer.from(text, 'latin1').toString(), position]);

test("the positions of Java's own test, with partial writes and all three line ends", async () => {
  const source = reading('partial line');
  expect(await source.drain()).toEqual([]);
  fs.appendFileSync(file, ' finished\n');
  expect(await source.drain()).toEqual([['partial line finished', 22]]);
  fs.appendFileSync(file, 'line1\rline2\r\nline3\nline4\n\r');
  expect(await source.drain()).toEqual([
    ['line1', 28],
    ['line2', 35],
    ['line3', 41],
    ['line4', 47],
  ]);
  fs.appendFileSync(file, 'subsequent text');
  expect(await source.drain()).toEqual([['', 48]]);
});

describe('text that is not ASCII', () => {
  const bytes = Buffer.from('é\r\nπ€\n😀😀\r\u{10ffff}é\n\n\0nul\0\n\ufeffbom\nend\n');

  test('resumes exactly from the position of each line', async () => {
    const all = await reading(bytes).drain();
    expect(all).toEqual(expectedOf(bytes));
    for (const [, position] of all) {
      expect(await reading(bytes, { stored: { position: BigInt(position) } }).drain()).toEqual(all.filter(line => line[1] > position));
      expect(run?.logged('WARN')).toEqual([]);
    }
  });

  test('comes whole when the writer stops at any byte', async () => {
    for (let cut = 1; cut < bytes.length; cut++) {
      const source = reading(bytes.subarray(0, cut));
      await source.poll();
      fs.appendFileSync(file, bytes.subarray(cut));
      await source.drain();
      expect(source.lines).toEqual(expectedOf(bytes));
    }
  });

  test('that is not UTF-8 becomes U+FFFD as in Java, positions still count bytes, and that is said once', async () => {
    const bad = Buffer.from('ok\na\xff\xfeb\n\xc3\n\xed\xa0\x80\nfine \xc3\xa9\n', 'latin1');
    const source = reading(bad);
    expect(await source.drain()).toEqual([
      ['ok', 3],
      ['a\ufffd\ufffdb', 8],
      ['\ufffd', 10],
      ['\ufffd', 14],
      ['fine é', 22],
    ]);
    expect(source.logged('UTF-8')).toEqual([expect.stringContaining(`before position 8 of ${file}`)]);
  });
});

describe('batch.size', () => {
  test.each([
    ['1', 1, [1, 1, 1, 1, 1]],
    ['2: lines 3 and 4 do not wait for new data, as they do in Java', 2, [2, 2, 1]],
    ['0 and below, which Java treats as 1', -5, [1, 1, 1, 1, 1]],
    ['the largest', 2147483647, [5]],
  ])('%s', async (_, batchSize, batches) => {
    const source = reading('1\n2\r\n3\r4\n5\n', { batchSize });
    expect(await source.texts()).toEqual(['1', '2', '3', '4', '5']);
    expect(source.batches).toEqual(batches);
  });
});

test('empty lines are records, an empty file has none', async () => {
  expect(await reading('').texts()).toEqual([]);
  expect(await reading('\n\n\r\n').texts()).toEqual(['', '', '']);
});

test('CR at the end of the file waits for what follows; LF there belongs to it', async () => {
  const source = reading('a\r');
  expect(await source.drain()).toEqual([]);
  fs.appendFileSync(file, '\nb\n');
  expect(await source.drain()).toEqual([
    ['a', 3],
    ['b', 5],
  ]);
});

describe('a stored offset', () => {
  test('behind the end of the file: all of it is read again, with a warning', async () => {
    const source = reading('1\n2\n', { stored: { position: 100n } });
    expect(await source.drain()).toEqual([
      ['1', 2],
      ['2', 4],
    ]);
    expect(source.logged('ERROR')).toEqual([expect.stringContaining(`${file} was truncated: it was read up to position 100`)]);
    expect(source.unread).toEqual([null]);
  });

  test('of 2^63 - 1, which Java takes, is behind the end of every file', async () => {
    const source = reading('1\n', { stored: { position: 2n ** 63n - 1n } });
    expect(await source.drain()).toEqual([['1', 2]]);
    expect(source.logged('ERROR')).toEqual([expect.stringContaining('and it is 2 bytes long now')]);
  });

  test('inside a line goes on there, with a warning that says what to do', async () => {
    const source = reading('1234\n5\n', { stored: { position: 2n } });
    expect(await source.texts()).toEqual(['34', '5']);
    expect(source.logged('WARN')).toEqual([expect.stringContaining('Position 2 of file')]);
  });

  test('of another type fails as in Java', () => {
    expect(() => reading('1\n', { stored: { position: 'two' } })).toThrow('Offset position is the incorrect type');
  });

  test('below zero reads from the start, with a warning', async () => {
    expect(await reading('1\n', { stored: { position: -3n } }).texts()).toEqual(['1']);
    expect(run?.logged('WARN')).toHaveLength(1);
  });
});

describe('a line above max.request.size', () => {
  const limited = { maxRequestSizeBytes: 5 };

  test('fails the task with position and length, after all lines before it were given out', async () => {
    const source = reading('é\n12345\n123456\nx\n', limited);
    expect(await source.poll()).toBe(2);
    await expect(source.poll()).rejects.toMatchObject({
      code: 'RecordTooLargeException',
      message: expect.stringMatching(
        new RegExp(`^The line at position 9 of ${file} is 6 bytes long, more than 5, .*errors\\.tolerance=all`),
      ),
    });
    expect(source.lines).toEqual([
      ['é', 3],
      ['12345', 9],
    ]);
  });

  test('is skipped and counted with errors.tolerance=all, and the lines around it come', async () => {
    const source = reading('1\n123456\n\n1234567\n7654321\n2\n', { ...limited, tolerant: true });
    expect(await source.drain()).toEqual([
      ['1', 2],
      ['', 10],
      ['2', 28],
    ]);
    expect(source.skipped.map(message => /position (\d+) .* (\d+) bytes/.exec(message)?.slice(1))).toEqual([
      ['2', '6'],
      ['10', '7'],
      ['18', '7'],
    ]);
  });

  test('that grows bit by bit is counted once; after truncation the next one counts again', async () => {
    const source = reading('123456', { ...limited, tolerant: true });
    await source.drain();
    for (let i = 0; i < 5; i++) {
      fs.appendFileSync(file, 'more');
      await source.poll();
    }
    expect(source.skipped).toHaveLength(1);
    fs.writeFileSync(file, 'again too long');
    await source.drain();
    fs.appendFileSync(file, '\nok\n');
    expect(await source.texts()).toEqual(['ok']);
    expect(source.skipped).toHaveLength(2);
  });

  test('without end does not stay in memory', async () => {
    const source = reading('x'.repeat(1_000_000), { maxRequestSizeBytes: 1000, tolerant: true });
    do await source.poll();
    while (!source.task.drained());
    const before = process.memoryUsage().arrayBuffers;
    fs.appendFileSync(file, 'x'.repeat(20_000_000));
    do await source.poll();
    while (!source.task.drained());
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
    fs.appendFileSync(file, '\nnext\n');
    expect(await source.texts()).toEqual(['next']);
    expect(source.skipped).toHaveLength(1);
  });
});
