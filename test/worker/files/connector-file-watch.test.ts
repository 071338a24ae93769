import { closeSync, mkdirSync, openSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectorFile, loadConnectorFile } from '../../../src/config/files/connector-file';
import { ConnectError } from '../../../src/errors';
import { setLogSink } from '../../../src/log';
import { ConnectorFileWatch } from '../../../src/worker/files/connector-file-watch';
import { FolderWatches } from '../../../src/worker/files/folder-watches';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

/** Longer than a look, a debounce and another look take. */
const LONG_MS = 450;
const TIMES = { checkAgainMs: 100, settledMs: 80 };
/** Until the watchers are up, so that it is theirs to tell. */
const BEGIN_MS = 120;

let dir: TempDir;
let watches: ConnectorFileWatch[];
let folders: FolderWatches;
let lines: string[];
beforeEach(() => {
  dir = new TempDir('watch');
  watches = [];
  folders = new FolderWatches();
  lines = [];
  setLogSink(({ level, message }) => lines.push(`${level} ${message}`));
});
afterEach(async () => {
  await Promise.all([folders.close(), ...watches.map(watch => watch.close())]);
  setLogSink(() => {});
  dir.remove();
});

const text = (x: string, name = 'c'): string => `name=${name}\nconnector.class=FileStreamSource\nx=${x}\n`;

/** Watches a file that holds x=1 as it was applied. @returns the values of x that were applied since */
function watch(file: string, refuse: (x: string) => ConnectError | null = () => null, times = TIMES): string[] {
  const applied: string[] = [];
  const apply = async (next: ConnectorFile): Promise<void> => {
    const x = next.config.x ?? '';
    const error = refuse(x);
    if (error?.code !== 'BadRequestException') applied.push(x);
    if (error) throw error;
  };
  const one = new ConnectorFileWatch(file, loadConnectorFile(file), apply, folders, times);
  watches.push(one);
  one.start();
  return applied;
}

const seen = (applied: readonly string[], x: string): Promise<unknown> => waitFor(`x=${x} to be applied`, () => applied.at(-1) === x);

test('a change is applied though another file of the folder is written to all the time', async () => {
  const file = dir.write('c.properties', text('1'));
  const applied = watch(file);
  const busy = setInterval(() => writeFileSync(dir.file('busy'), String(Math.random())), 10);
  try {
    await sleep(BEGIN_MS);
    writeFileSync(file, text('2'));
    await seen(applied, '2');
  } finally {
    clearInterval(busy);
  }
});

describe('a change is applied once', () => {
  test.each<[string, (file: string) => void]>([
    ['written in one go', file => writeFileSync(file, text('2'))],
    [
      'truncated, then written',
      file => {
        const handle = openSync(file, 'w');
        writeSync(handle, text('2'));
        closeSync(handle);
      },
    ],
    [
      'renamed over',
      file => {
        writeFileSync(`${file}.new`, text('2'));
        renameSync(`${file}.new`, file);
      },
    ],
    [
      'moved away and written anew, as editors with backups do',
      file => {
        renameSync(file, `${file}~`);
        writeFileSync(file, text('2'));
      },
    ],
    [
      'turned into JSON',
      file => writeFileSync(file, JSON.stringify({ name: 'c', config: { 'connector.class': 'FileStreamSource', x: '2' } })),
    ],
  ])('%s', async (_how, change) => {
    const file = dir.write('c.properties', text('1'));
    const applied = watch(file);
    await sleep(BEGIN_MS);
    change(file);
    await seen(applied, '2');
    await sleep(LONG_MS);
    expect(applied).toEqual(['2']);
  });

  test('written piece by piece: never in between', async () => {
    const file = dir.write('c.properties', text('1'));
    // A busy machine may stretch the pauses between the pieces.
    const applied = watch(file, undefined, { ...TIMES, settledMs: 2000 });
    await sleep(BEGIN_MS);
    const handle = openSync(file, 'w');
    for (const piece of text('22').match(/[\s\S]{1,12}/g) ?? []) {
      writeSync(handle, piece);
      await sleep(15);
    }
    closeSync(handle);
    await seen(applied, '22');
    expect(applied).toEqual(['22']);
    expect(lines.filter(line => line.startsWith('ERROR'))).toEqual([]);
  });

  test('symbolic links swapped two folders away, as Kubernetes does', async () => {
    dir.write('..v1/c.properties', text('1'));
    symlinkSync('..v1', dir.file('..data'));
    symlinkSync('..data/c.properties', dir.file('c.properties'));
    const applied = watch(dir.file('c.properties'));
    for (const version of ['2', '3']) {
      await sleep(BEGIN_MS);
      dir.write(`..v${version}/c.properties`, text(version));
      symlinkSync(`..v${version}`, dir.file('..data_tmp'));
      renameSync(dir.file('..data_tmp'), dir.file('..data'));
      rmSync(dir.file(`..v${Number(version) - 1}`), { recursive: true });
      await seen(applied, version);
    }
    expect(applied).toEqual(['2', '3']);
  });

  test('made before the watching began', async () => {
    const file = dir.write('c.properties', text('1'));
    const before = loadConnectorFile(file);
    writeFileSync(file, text('2'));
    const applied: string[] = [];
    const one = new ConnectorFileWatch(file, before, async next => void applied.push(next.config.x ?? ''), folders, TIMES);
    watches.push(one);
    one.start();
    await seen(applied, '2');
  });
});

describe('nothing is applied', () => {
  test.each<[string, (file: string) => void]>([
    ['touched', file => writeFileSync(file, text('1'))],
    ['given a comment', file => writeFileSync(file, `# why\n${text('1')}`)],
    ['beside another file that changes', file => writeFileSync(`${file}.other`, text('2'))],
  ])('to a file that is %s', async (_what, change) => {
    const file = dir.write('c.properties', text('1'));
    const applied = watch(file);
    await sleep(BEGIN_MS);
    change(file);
    await sleep(LONG_MS);
    expect([applied, lines.filter(line => /WARN|ERROR/.test(line))]).toEqual([[], []]);
  });

  test.each([
    ['no settings', '', "is missing the mandatory 'name' configuration"],
    ['broken JSON', '{"name": "c", ', "is missing the mandatory 'name' configuration"],
    ['another name', text('2', 'd'), 'it names connector d now; a connector cannot be renamed'],
  ])('of a file with %s; one line says why, and the next good version counts', async (_what, bad, why) => {
    const file = dir.write('c.properties', text('1'));
    const applied = watch(file);
    await sleep(BEGIN_MS);
    writeFileSync(file, bad);
    await waitFor('the word', () => lines.some(line => line.includes(why)));
    await sleep(LONG_MS);
    expect(lines.filter(line => line.startsWith('ERROR'))).toEqual([
      expect.stringContaining(`Connector file ${file} was not applied, connector c goes on as it is: `),
    ]);
    writeFileSync(file, text('3'));
    await seen(applied, '3');
    expect(applied).toEqual(['3']);
  });

  test('that the worker refuses; going back to what runs is no change', async () => {
    const file = dir.write('c.properties', text('1'));
    const applied = watch(file, x => (x === 'bad' ? new ConnectError('BadRequestException', 'x is bad') : null));
    await sleep(BEGIN_MS);
    writeFileSync(file, text('bad'));
    await waitFor('the word', () => lines.some(line => line.includes('goes on as it is: x is bad')));
    writeFileSync(file, text('1'));
    await sleep(LONG_MS);
    expect(applied).toEqual([]);
    expect(lines.filter(line => line.startsWith('ERROR'))).toHaveLength(1);
  });
});

test('a file that is gone changes nothing, which is logged once; when it is back it counts', async () => {
  const file = dir.write('c.properties', text('1'));
  const applied = watch(file);
  await sleep(BEGIN_MS);
  unlinkSync(file);
  await waitFor('the word', () => lines.some(line => line === `WARN Connector file ${file} is gone; connector c goes on as it is`));
  await sleep(LONG_MS);
  expect([applied, lines.filter(line => line.startsWith('WARN')).length]).toEqual([[], 1]);
  writeFileSync(file, text('2'));
  await seen(applied, '2');
});

test('a connector that was changed but did not start has the new settings', async () => {
  const file = dir.write('c.properties', text('1'));
  const applied = watch(file, x => (x === '2' ? new ConnectError('ConnectException', 'no such database') : null));
  await sleep(BEGIN_MS);
  writeFileSync(file, text('2'));
  await waitFor('the word', () => lines.some(line => line.includes(', but did not start')));
  writeFileSync(file, text('1'));
  await seen(applied, '1');
  expect(applied).toEqual(['2', '1']);
});

test('many files in one folder', async () => {
  mkdirSync(dir.file('many'));
  const files = Array.from({ length: 30 }, (_, i) => dir.write(`many/${i}.properties`, text('1', `c${i}`)));
  const applied = files.map(file => watch(file));
  await sleep(BEGIN_MS);
  for (const [i, file] of files.entries()) writeFileSync(file, text('2', `c${i}`));
  await Promise.all(applied.map(one => seen(one, '2')));
  expect(applied).toEqual(files.map(() => ['2']));
});

test('after the end nothing is applied', async () => {
  const file = dir.write('c.properties', text('1'));
  const applied = watch(file);
  await sleep(BEGIN_MS);
  writeFileSync(file, text('2'));
  await watches[0]?.close();
  await sleep(LONG_MS);
  expect(applied).toEqual([]);
});
