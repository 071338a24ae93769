/** `-daemon`: the same command in the background, as kafka-run-class.sh does it, but it waits until the worker has started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { toError } from '../errors';
import { SIGNALED } from '../thread/signal-watch';
import { FD, STARTED_FD } from './tell-started';

/** How much of the end of its output is shown when a worker did not start. */
const SHOWN_CHARS = 2000;

/** How `-daemon` ends. */
interface DaemonEnd {
  readonly code: number;
  /** What kept the worker from starting, if its output does not say so. */
  readonly why?: string;
}

/** The exit code if no process could be started; the same as for a worker that could not start. */
const NOT_STARTED = 3;

/**
 * Starts this program again, detached from terminal and shell, and prints its pid. Never rejects.
 * @param args the arguments without `-daemon`
 * @returns 0 once the worker has started; if it ended before, its exit code, or 128 plus the number of the signal, after the last lines of
 *   its output went to stderr; `NOT_STARTED` if no process could be started
 */
export async function startDaemon(args: readonly string[]): Promise<DaemonEnd> {
  const folder = process.env.LOG_DIR ?? 'logs';
  const file = path.join(folder, 'connectStandalone.out');
  try {
    return await started(args, openOutput(folder, file), file);
  } catch (error) {
    return { code: NOT_STARTED, why: `-daemon: the worker cannot be started: ${toError(error).message}` };
  }
}

/** @throws Error if the file cannot be written, with the remedy */
function openOutput(folder: string, file: string): number {
  try {
    makeFolder(folder);
    // Opened for appending, so that truncating it (logrotate's copytruncate) leaves no hole.
    const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND } = fs.constants;
    return fs.openSync(file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0o666);
  } catch (error) {
    throw new Error(`its output cannot go to ${file} (${toError(error).message}). Set LOG_DIR to a folder that can be written`);
  }
}

/** Creates a folder with its parents. Node's own `recursive` never returns where the parent exists but takes no folders (`/proc`). */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  fs.mkdirSync(folder);
}

/** @throws Error if there is no process: no such executable, none that may be run, too many processes */
async function started(args: readonly string[], output: number, file: string): Promise<DaemonEnd> {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args], {
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
    env: { ...process.env, [STARTED_FD]: String(FD) },
  });
  const spawned = once(child, 'spawn');
  // Registered before any wait, since a worker may end at once.
  const ended = new Promise<DaemonEnd>(resolve => child.once('exit', (code, signal) => resolve(endOf(code, signal))));
  await spawned;
  const serving = new Promise<DaemonEnd>(resolve => (child.stdio[FD] as Readable).once('data', () => resolve({ code: 0 })));
  process.stdout.write(`connect-standalone runs in the background, pid ${child.pid}; its output goes to ${file}\n`);
  const end = await Promise.race([serving, ended]);
  child.unref();
  if (end.code !== 0) process.stderr.write(lastLines(file));
  return end;
}

function endOf(code: number | null, signal: NodeJS.Signals | null): DaemonEnd {
  if (signal === null) return { code: code ?? NOT_STARTED };
  return { code: SIGNALED + os.constants.signals[signal], why: `-daemon: ${signal} has ended the worker before it had started` };
}

/** Whole lines, with a line end; empty if there are none. */
function lastLines(file: string): string {
  const text = fs.readFileSync(file, 'utf8').trimEnd();
  if (text === '') return '';
  return `${text.length <= SHOWN_CHARS ? text : text.slice(-SHOWN_CHARS).replace(/^[^\n]*\n/, '')}\n`;
}
