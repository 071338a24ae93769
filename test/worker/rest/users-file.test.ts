import { renameSync, rmSync } from 'node:fs';
import { type LogEntry, setLogSink } from '../../../src/log';
import { UsersFile } from '../../../src/worker/rest/users-file';
import { TempDir } from '../../helpers/temp-dir';

let dir: TempDir;
let lines: string[];
beforeEach(() => {
  dir = new TempDir('users');
  lines = [];
  setLogSink(({ level, message }: LogEntry) => lines.push(`${level} ${message}`));
});
afterEach(() => {
  setLogSink(() => {});
  dir.remove();
});

const open = (text: string): { file: string; users: UsersFile } => {
  const file = dir.write('users.properties', text);
  return { file, users: new UsersFile(file, 0) };
};

test('who was added may come in, who was removed or has a new password may not, remembered or not', async () => {
  const { file, users } = open('ann=one\nbob=two\n');
  expect([await users.knows('ann:one'), await users.knows('bob:two'), await users.knows('eve:three')]).toEqual([true, true, false]);
  renameSync(dir.write('next', 'ann=new\neve=three\n'), file);
  expect([await users.knows('ann:one'), await users.knows('bob:two'), await users.knows('eve:three')]).toEqual([false, false, true]);
  expect(lines).toEqual([`INFO The users of the REST API were read again from ${file}`]);
});

test.each([
  ['is empty', (file: string) => renameSync(dir.write('next', ''), file), 'the file names no user'],
  ['has a user without password', (file: string) => renameSync(dir.write('next', 'ann='), file), 'the user ann has no password'],
  ['is gone', (file: string) => rmSync(file), 'the file cannot be read'],
])('a file that %s leaves the users as they were, and says why, once', async (_what, change, why) => {
  const { file, users } = open('ann=one\n');
  await users.knows('ann:one');
  change(file);
  expect([await users.knows('ann:one'), await users.knows('ann:two'), await users.knows('ann:one')]).toEqual([true, false, true]);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(`${file} for configuration rest.auth.basic.file: ${why}`);
  expect(lines[0]).toContain('The users of before stay');
});

test('one that cannot be used at the start is refused', () => {
  expect(() => new UsersFile(dir.file('none'))).toThrow('rest.auth.basic.file: the file cannot be read');
});
