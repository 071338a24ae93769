import { scryptSync } from 'node:crypto';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { type LogEntry, setLogSink } from '../../../src/log';
import { UsersFile } from '../../../src/rest/auth/users-file';
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
  expect(lines[0]).toContain('The users stay as they were');
});

test('one that cannot be used at the start is refused', () => {
  expect(() => new UsersFile(dir.file('none'))).toThrow('rest.auth.basic.file: the file cannot be read');
});

describe('with hashes beside passwords in clear', () => {
  const SALT = Buffer.from('salt');
  const hashed = (password: string, N: number): string =>
    ['scrypt', N, 8, 1, SALT.toString('base64'), scryptSync(password, SALT, 32, { N, maxmem: 2 ** 28 }).toString('base64')].join('$');
  const text = `clear=one\nlight=${hashed('two', 4096)}\nheavy=${hashed('three', 32_768)}\n`;

  test('each right login comes in, each wrong one does not', async () => {
    const { users } = open(text);
    for (const pair of ['clear:one', 'light:two', 'heavy:three']) expect(await users.knows(pair)).toBe(true);
    for (const pair of ['clear:two', 'light:one', 'heavy:', 'nobody:one', 'nobody:', ':', 'x']) expect(await users.knows(pair)).toBe(false);
  });

  test('a wrong password takes the same for every name, known or not', async () => {
    const { users } = open(text);
    const costs = new Map<string, number>();
    // the least of several, in time of the process: what others do at the same time counts little
    for (let round = 0; round < 5; round++) {
      for (const name of ['clear', 'light', 'heavy', 'nobody']) {
        const begin = process.cpuUsage();
        await users.knows(`${name}:wrong${round}`);
        const { user, system } = process.cpuUsage(begin);
        costs.set(name, Math.min(costs.get(name) ?? Number.POSITIVE_INFINITY, user + system));
      }
    }
    const all = [...costs.values()];
    // without it the light ones take an eighth, those in clear a hundredth
    expect(Math.max(...all) / Math.min(...all)).toBeLessThan(2.5);
  });

  test('of 400 logins at once most are told to come later, and who is known waits for nobody', async () => {
    const { users } = open(text);
    await users.knows('light:two');
    const flood = Array.from({ length: 400 }, (_, i) => users.knows(`eve:${i}`).catch((error: { status: number }) => error.status));
    expect(await users.knows('light:two')).toBe(true);
    const outcomes = await Promise.all(flood);
    expect(outcomes.filter(outcome => outcome === 429)).toHaveLength(350);
    expect(outcomes.filter(outcome => outcome === false)).toHaveLength(50);
    expect(await users.knows('heavy:three')).toBe(true);
  }, 60_000);
});

test.each([
  [0o644, 'ann=one\n', 1],
  [0o640, 'ann=one\n', 1],
  [0o600, 'ann=one\n', 0],
  [0o644, `ann=scrypt$2$1$1$${'c2FsdA=='}$${'aGFzaA=='}\n`, 0],
])('mode %o and %j: %i warnings', (mode, content, warnings) => {
  const { file, users } = open(content);
  chmodSync(file, mode);
  const text = `${file} of rest.auth.basic.file holds passwords in clear, and other users of this machine can read it: chmod 600, or put hashes`;
  expect(users.warnings().filter(line => line.startsWith(text))).toHaveLength(warnings);
});
