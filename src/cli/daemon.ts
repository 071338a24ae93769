/** `-daemon`: the same command in the background, as kafka-run-class.sh does it, but it waits until the worker has started. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Readable } from 'node:stream';

/** Names the descriptor by which a worker in the background says that it has started. */
const STARTED_FD = 'CONNECT_STANDALONE_STARTED_FD';
const FD = 3;
/** How much of the end of its output tells why a worker did not start. */
const SHOWN_BYTES = 2000;

/**
 * Starts this program again, cut loose from terminal and shell; prints its pid.
 * @param args the arguments without `-daemon`
 * @returns when the worker has started: 0; when it has ended before: its exit code, after the last lines of its output went to stderr
 * @throws Error if the output file cannot be written
 */
export async function startDaemon(args: readonly string[]): Promise<number> {
  const folder = process.env.LOG_DIR ?? 'logs';
  fs.mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'connectStandalone.out');
  // appended to, so that a rotation which truncates it (logrotate's copytruncate) leaves no hole
  const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;
  const output = fs.openSync(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o666);
  const program = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
    env: { ...process.env, [STARTED_FD]: String(FD) },
  });
  process.stdout.write(`connect-standalone runs in the background, pid ${child.pid}; its output goes to ${file}\n`);
  const started = new Promise<number>(resolve => (child.stdio[FD] as Readable).once('data', () => resolve(0)));
  const ended = new Promise<number>(resolve => child.once('exit', code => resolve(code ?? 1)));
  const code = await Promise.race([started, ended]);
  child.unref();
  if (code !== 0) process.stderr.write(`${lastLines(file)}\n`);
  return code;
}

/** Says to the `-daemon` that has started this process, if one has, that it may go. */
export function tellStarted(): void {
  const fd = Number(process.env[STARTED_FD]);
  delete process.env[STARTED_FD];
  if (fd !== FD) return;
  try {
    fs.writeSync(fd, 'started');
    fs.closeSync(fd);
  } catch {
    // nobody waits any more
  }
}

function lastLines(file: string): string {
  const text = fs.readFileSync(file, 'utf8').trimEnd();
  return text.slice(-SHOWN_BYTES).replace(/^[^\n]*\n/, '');
}
