/** `-daemon`: the same command in the background, as kafka-run-class.sh does it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/**
 * Starts this program again, cut loose from terminal and shell, and returns.
 * @param args the arguments without `-daemon`
 * @throws Error if the output file cannot be written
 */
export function startDaemon(args: readonly string[]): void {
  const folder = process.env.LOG_DIR ?? 'logs';
  fs.mkdirSync(folder, { recursive: true });
  const output = fs.openSync(path.join(folder, 'connectStandalone.out'), 'w');
  const program = process.argv[1] ?? '';
  spawn(process.execPath, [...process.execArgv, program, ...args], { detached: true, stdio: ['ignore', output, output] }).unref();
}
