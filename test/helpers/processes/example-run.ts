/** Runs files of examples as a user does: in a folder of their own, with the broker, paths and ports of the test put in. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { inRepository, repositoryRoot } from '../paths';
import { freePort } from '../servers/free-port';
import type { TempDir } from '../temp-dir';
import { Child, type Exit, runCommand } from './child';
import { ourBinary, WorkerProcess } from './worker-process';

/** New values by key; every key must stand in one of the files. */
export type Changes = Readonly<Record<string, string | number>>;

/** Copies the properties files of an example, other files as they are, folders not at all. @throws Error for a change that meets no line */
export function copyExample(name: string, dir: TempDir, changes: Changes): void {
  const entries = readdirSync(inRepository('examples', name), { withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => entry.name);
  const texts = new Map(files.map(file => [file, readFileSync(inRepository('examples', name, file))] as const));
  writeChanged(dir, texts, changes);
}

/** Does what `npm install && npm run build` does in the folder of a plugin, without a registry. @throws Error with what the compiler says */
export async function buildPlugin(dir: TempDir): Promise<void> {
  mkdirSync(dir.file('node_modules'));
  symlinkSync(repositoryRoot, dir.file('node_modules/connect-standalone'));
  symlinkSync(inRepository('node_modules/@types'), dir.file('node_modules/@types'));
  const { code, stdout } = await runCommand(process.execPath, [inRepository('node_modules/typescript/bin/tsc')], {
    cwd: dir.path,
    timeoutMs: 60_000,
  });
  if (code !== 0) throw new Error(stdout.toString());
}

/** Writes files with some settings changed. */
export function writeChanged(dir: TempDir, files: ReadonlyMap<string, Buffer | string>, changes: Changes): void {
  const unmet = new Set(Object.keys(changes));
  for (const [file, content] of files) {
    if (!file.endsWith('.properties')) {
      dir.write(file, content);
      continue;
    }
    const lines = content.toString('latin1').split('\n');
    const changed = lines.map(line => {
      const key = line.startsWith('#') ? '' : (line.split('=')[0] ?? '');
      if (!(key in changes)) return line;
      unmet.delete(key);
      return `${key}=${changes[key]}`;
    });
    dir.write(file, Buffer.from(changed.join('\n'), 'latin1'));
  }
  if (unmet.size > 0) throw new Error(`no file has the keys ${[...unmet].join(', ')}`);
}

/** A worker on files of the folder, and in it. */
export function runIn(
  dir: TempDir,
  args: readonly string[],
  port: number,
  command: readonly [string, ...string[]] = [ourBinary],
): WorkerProcess {
  const [program, ...rest] = command;
  return new WorkerProcess(new Child(program, [...rest, ...args], { cwd: dir.path }), dir, port);
}

/** A free port and what makes a worker listen on it. */
export async function listenChange(): Promise<{ port: number; change: Changes }> {
  const port = await freePort();
  return { port, change: { listeners: `http://127.0.0.1:${port}` } };
}

/** Runs to the end by itself. */
export async function runToEnd(dir: TempDir, args: readonly string[]): Promise<Exit & { output: string }> {
  const worker = runIn(dir, args, 0);
  worker.child.process.stdin?.end();
  const exit = await worker.waitExit();
  return { ...exit, output: worker.output };
}
