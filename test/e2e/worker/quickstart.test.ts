/** `npm start`: what it leaves behind, and what it says when there is nothing to move. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { inRepository } from '../../helpers/paths';
import { Child, type Result, runCommand } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const PROGRAM = inRepository('dist/src/cli/quickstart.js');
const INPUT = inRepository('examples/quickstart/input.txt');
const digest = (): string => createHash('sha256').update(fs.readFileSync(INPUT)).digest('hex');
let dir: TempDir;
let child: Child | undefined;

beforeEach(() => {
  dir = new TempDir('quickstart');
});
afterEach(async () => {
  await child?.kill();
  child = undefined;
  dir.remove();
});

const env = (): NodeJS.ProcessEnv => ({ ...process.env, TMPDIR: dir.path });
const run = (...args: string[]): Promise<Result> => runCommand(process.execPath, [PROGRAM, ...args], { env: env() });
const leftBehind = (): string[] => fs.readdirSync(dir.path).filter(name => name.startsWith('connect-standalone-'));

async function startMoving(): Promise<Child> {
  child = new Child(process.execPath, [PROGRAM], { env: env() });
  await waitFor('all 1,000 records to arrive', () => /topic -> file 1,000 records/.test(child?.output ?? ''), { timeoutMs: 20_000 });
  return child;
}

test.each([
  ['no-such-file', 'no-such-file (No such file or directory)\n'],
  ['.', '. (Is a directory)\n'],
])('%s: one line, and nothing stays', async (file, text) => {
  const result = await run(file);
  expect(result).toMatchObject({ code: 1, stderr: text });
  expect(result.stdout.toString()).toBe('');
  expect(leftBehind()).toEqual([]);
});

test('moves a copy of the example, which may be appended to; two signals are one stop, and the folder goes', async () => {
  const before = digest();
  const running = await startMoving();
  const [folder = ''] = leftBehind();
  fs.appendFileSync(dir.file(`${folder}/input.txt`), 'appended\n');
  await waitFor('the line to arrive', () => dir.read(`${folder}/output.txt`).endsWith('appended\n'));
  execFileSync('kill', ['-INT', String(running.pid)]);
  execFileSync('kill', ['-INT', String(running.pid)]);
  expect((await running.exited).code).toBe(0);
  expect(running.output).toContain('Next, with your own files');
  expect(leftBehind()).toEqual([]);
  expect(digest()).toBe(before);
});

test.each([
  ['SIGTERM', 0],
  ['SIGHUP', 0],
] as const)('%s: the folder goes', async (signal, code) => {
  const running = await startMoving();
  running.signal(signal);
  expect((await running.exited).code).toBe(code);
  expect(leftBehind()).toEqual([]);
});

test('a reader that has seen enough ends it, and the folder goes', async () => {
  child = new Child('bash', ['-c', `${process.execPath} ${PROGRAM} | head -1; echo "\${PIPESTATUS[0]}"`], { env: env() });
  await child.exited;
  expect(child.output).toMatch(/on an embedded broker[^\n]*\n0\n$/);
  expect(leftBehind()).toEqual([]);
});

test('--drain leaves nothing behind', async () => {
  expect((await run('--drain')).code).toBe(0);
  expect(leftBehind()).toEqual([]);
});
