/** Links that somebody has put where this program makes its files: nothing behind them is written, read, locked or given away. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { SinkJournal } from '../src/connectors/file/sink/sink-journal';
import { ConnectError } from '../src/errors';
import { ConnectorStateFile } from '../src/herder/kept/connector-state-file';
import { FileOffsetStore } from '../src/offsets/file-offset-store';
import { workerUuid } from '../src/offsets/worker-uuid';
import { createAnewSync, openOwn } from '../src/own-files';
import { TempDir } from './helpers/temp-dir';
import { noLock } from './offsets/helpers';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const SECRET = 'root:secret\n';
let dir: TempDir;
let target: string;

beforeEach(() => {
  dir = new TempDir('own-files');
  target = dir.write('elsewhere/target', SECRET);
  fs.chmodSync(target, 0o600);
  fs.mkdirSync(dir.file('theirs'));
  // A folder of another user, whom we serve as root.
  if (isRoot) fs.chownSync(dir.file('theirs'), NOBODY, NOBODY);
});
afterEach(() => dir.remove());

const inside = (name: string): string => path.join(dir.file('theirs'), name);

function plant(name: string): void {
  fs.symlinkSync(target, inside(name));
  if (isRoot) fs.lchownSync(inside(name), NOBODY, NOBODY);
}

function expectUntouched(): void {
  const stat = fs.statSync(target);
  expect(fs.readFileSync(target, 'utf8')).toBe(SECRET);
  expect([stat.uid, stat.mode & 0o777, stat.nlink]).toEqual([process.getuid?.(), 0o600, 1]);
}

/** All there is to do with an offset file, twice, so that there is a generation before. */
async function useOffsets(): Promise<void> {
  const store = await FileOffsetStore.open(inside('offsets'), { takeLock: noLock });
  for (const n of [1, 2]) await store.save([['["c",{"filename":"/f"}]', `{"position":${n}}`, `mark ${n}`]]);
  await workerUuid(inside('offsets'), null);
  await store.close();
}

test.each(['next', 'marks.tmp', 'sha256.tmp', 'previous.tmp', 'worker-uuid.tmp', 'marks', 'previous'])(
  'offsets.%s is a link: what is behind it stays as it is, and the offsets are saved',
  async name => {
    plant(`offsets.${name}`);
    await useOffsets();
    expectUntouched();
    expect(fs.lstatSync(inside('offsets')).isFile()).toBe(true);
    expect(fs.readFileSync(inside('offsets'), 'latin1')).toContain('{"position":2}');
  },
);

test.each(['sha256', 'worker-uuid'])('offsets.%s is a link: refused, with no word of what is behind it', async name => {
  plant(`offsets.${name}`);
  fs.writeFileSync(inside('offsets'), '');
  const failure = await useOffsets().then(
    () => null,
    (error: Error) => error.message,
  );
  expect(failure).toMatch(/offsets\.(sha256|worker-uuid).*symbolic links/);
  expect(failure).not.toContain('secret');
  expectUntouched();
});

test('a lock that is a link is not taken, and what is behind it stays', async () => {
  plant('offsets.lock');
  await expect(openOwn(inside('offsets.lock'), 0o666)).rejects.toMatchObject({ code: 'ELOOP' });
  expectUntouched();
});

(isRoot ? test : test.skip)('the offset file itself is a link of another user: refused', async () => {
  plant('offsets');
  await expect(FileOffsetStore.open(inside('offsets'), { takeLock: noLock })).rejects.toThrow(
    /symbolic link of another user \(uid 65534\)/,
  );
  await expect(ConnectorStateFile.open(inside('offsets'))).rejects.toBeInstanceOf(ConnectError);
  expectUntouched();
});

test('a pipe in the place of our files is told, and not waited for', async () => {
  const fifo = inside('fifo');
  execFileSync('mkfifo', [fifo]);
  await expect(ConnectorStateFile.open(fifo)).rejects.toThrow('it is not a regular file');
  await expect(FileOffsetStore.open(fifo, { takeLock: noLock })).rejects.toThrow('it is not a regular file');
});

test('the offset file is a link of our own: followed', async () => {
  fs.symlinkSync(dir.file('elsewhere/offsets'), inside('offsets'));
  await useOffsets();
  expect(fs.readFileSync(dir.file('elsewhere/offsets'), 'latin1')).toContain('{"position":2}');
});

(isRoot ? test : test.skip)('the owner of the offset file is kept in our folder, and not in that of another user', async () => {
  for (const [folder, owner] of [
    ['elsewhere', NOBODY],
    ['theirs', 0],
  ] as const) {
    const file = path.join(dir.file(folder), 'offsets');
    for (const life of [1, 2]) {
      const store = await FileOffsetStore.open(file, { takeLock: noLock });
      await store.save([['["c",{"n":1}]', `{"life":${life}}`]]);
      await store.close();
      if (life === 1) fs.chownSync(file, NOBODY, NOBODY);
    }
    expect(fs.statSync(file).uid).toBe(owner);
  }
});

test('the journal of a sink: links are not followed', () => {
  const file = dir.write('theirs/out', 'line\n');
  plant('out.journal.tmp');
  const journal = new SinkJournal(inside('out.journal'), 'c');
  const fd = fs.openSync(file, 'r+');
  journal.save(fd, 5, []);
  journal.close();
  expect(fs.lstatSync(inside('out.journal')).isFile()).toBe(true);
  fs.rmSync(inside('out.journal'));
  plant('out.journal');
  expect(() => new SinkJournal(inside('out.journal'), 'c')).toThrow(ConnectError);
  fs.closeSync(fd);
  expectUntouched();
});

test('what comes between the removal and the making of a file is no way around', () => {
  const remove = jest.spyOn(fs, 'rmSync').mockImplementation(() => {});
  plant('f');
  expect(() => createAnewSync(inside('f'), 0o600)).toThrow(/EEXIST/);
  remove.mockRestore();
  expectUntouched();
});
