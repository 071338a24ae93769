import { chmodSync } from 'node:fs';
import { Child, type Result, runCommand } from '../../helpers/processes/child';
import { ourBinary, workerFileText } from '../../helpers/processes/worker-process';
import { freePort } from '../../helpers/servers/free-port';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

let dir: TempDir;

beforeEach(() => {
  dir = new TempDir('daemon');
});

afterEach(() => dir.remove());

/** A worker that waits for a broker for ever. */
async function waitingWorker(): Promise<string> {
  return dir.write('worker.properties', workerFileText(dir, `127.0.0.1:${await freePort()}`, 0));
}

const daemon = (file: string, env: NodeJS.ProcessEnv = {}): Promise<Result> =>
  runCommand(ourBinary, ['-daemon', file], { cwd: dir.path, env: { ...process.env, ...env } });

test.each([
  ['SIGKILL', 137],
  ['SIGABRT', 134],
] as const)('a worker that %s ends before it has started: exit %i, and the last line says so', async (signal, code) => {
  const child = new Child(ourBinary, ['-daemon', await waitingWorker()], { cwd: dir.path });
  const pid = (): number => Number(/pid (\d+)/.exec(child.stdout)?.[1]);
  await waitFor('the pid', () => pid() > 0);
  process.kill(pid(), signal);
  expect((await child.exited).code).toBe(code);
  expect(child.stderr).toMatch(new RegExp(`connect-standalone: -daemon: ${signal} has ended the worker before it had started\\n$`));
});

describe('what cannot be started is one line, exit 3, and no pid', () => {
  /** As after an update that has taken the running Node away. */
  const otherNode = (file: string): NodeJS.ProcessEnv => ({
    NODE_OPTIONS: `--require ${dir.write('other.js', `process.execPath = ${JSON.stringify(file)};`)}`,
  });

  const said = (result: Result): unknown => [result.code, result.stdout.toString(), result.stderr.split('\n').length];

  test('no such executable', async () => {
    const result = await daemon(await waitingWorker(), otherNode(dir.file('node')));
    expect(said(result)).toEqual([3, '', 2]);
    expect(result.stderr).toMatch(/^connect-standalone: -daemon: the worker cannot be started: spawn \S*\/node ENOENT\n$/);
  });

  test('one that may not be run', async () => {
    const file = dir.write('node', '#!/bin/sh\n');
    chmodSync(file, 0o600);
    const result = await daemon(await waitingWorker(), otherNode(file));
    expect(said(result)).toEqual([3, '', 2]);
    expect(result.stderr).toMatch(/spawn \S*\/node EACCES\n$/);
  });

  test('an output that cannot be written', async () => {
    const result = await daemon(await waitingWorker(), { LOG_DIR: dir.write('taken', '') });
    expect(said(result)).toEqual([3, '', 2]);
    expect(result.stderr).toMatch(/its output cannot go to \S*\/taken\/connectStandalone\.out \(ENOTDIR.*Set LOG_DIR to a folder/);
  });

  test('an output in a folder that cannot be made', async () => {
    const result = await daemon(await waitingWorker(), { LOG_DIR: '/proc/logs/of/ours' });
    expect(said(result)).toEqual([3, '', 2]);
    expect(result.stderr).toMatch(/its output cannot go to \/proc\/logs\S* \(ENOENT.*Set LOG_DIR to a folder/);
  });
});

test('of a short output the first line is shown too', async () => {
  const result = await daemon(dir.file('none.properties'), { NODE_OPTIONS: '--no-warnings' });
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(/INFO Kafka Connect worker initializing|INFO connect-standalone/);
});
