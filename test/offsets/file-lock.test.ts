import { type ChildProcess, spawn } from 'node:child_process';
import { linkSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './helpers';

const HOLDER = join(__dirname, 'lock-holder.js');
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that tries to take the lock. */
async function tryLock(path: string): Promise<{ child: ChildProcess; says: string }> {
  const child = spawn(process.execPath, [HOLDER, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const says = await new Promise<string>(resolve => child.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
  return { child, says };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise(resolve => child.on('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

test('a second worker is told file and pid; after kill -9 the lock is free at once', async () => {
  const path = join(makeFolder(), 'offsets');
  const first = await tryLock(path);
  expect(first.says).toBe('locked');
  const second = await tryLock(path);
  expect(second.says).toContain(
    `org.apache.kafka.connect.errors.ConnectException: Offset file ${path} is in use by another worker (pid ${first.child.pid})`,
  );
  await kill(first.child);
  expect((await tryLock(path)).says).toBe('locked');
});

test('a lock file that someone left, with whatever in it, is no lock', async () => {
  const path = join(makeFolder(), 'offsets');
  writeFileSync(`${path}.lock`, '1\nrubbish that is longer than a pid\n');
  expect((await tryLock(path)).says).toBe('locked');
  expect((await tryLock(path)).says).toMatch(/\(pid [0-9]+\)/);
});

test('another file under the name of the lock, by a hard link, is not written over', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder, 'target'), 'root:secret\n');
  linkSync(join(folder, 'target'), join(folder, 'offsets.lock'));
  expect((await tryLock(join(folder, 'offsets'))).says).toMatch(/Cannot lock offset file .*hard link.*offsets\.lock/);
  expect(readFileSync(join(folder, 'target'), 'latin1')).toBe('root:secret\n');
});

test('a folder that is not there is named', async () => {
  expect((await tryLock('/no/such/folder/offsets')).says).toMatch(
    /Cannot lock offset file \/no\/such\/folder\/offsets: no such file or folder/,
  );
});
