/**
 * Loaded into a worker before anything else (`NODE_OPTIONS=--require`): makes its file system fail or its process die at a step of
 * the save of offsets, its clock jump, or its threads stand still. What to do stands in the environment variable `FAULT_PLAN`, see fault-plan.ts.
 */
import fs from 'node:fs';
import fsPromises, { type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import type { FaultPlan } from './fault-plan';

const plan = JSON.parse(process.env.FAULT_PLAN ?? '{}') as FaultPlan;

/** A call that changes something, or a read of the handle that changes it. */
type Call = (...args: unknown[]) => Promise<unknown>;

/** Called before a step; what it returns takes the place of the step. */
type BeforeStep = (step: string, args: readonly unknown[], handle: FileHandle | null) => Promise<unknown> | undefined;

/** Has `before` see each step of Node's file calls on paths that begin with `prefix`, and on handles of such files. */
function watchFiles(prefix: string, before: BeforeStep): void {
  const folder = dirname(prefix);
  const short = (path: unknown): string => (path === prefix ? 'offsets' : path === folder ? 'folder' : String(path).slice(prefix.length));
  const wrap = (
    target: Record<string, Call>,
    name: string,
    isMeant: (args: unknown[]) => boolean,
    what: (args: unknown[]) => string,
  ): void => {
    const original = target[name] as Call;
    target[name] = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      if (!isMeant(args)) return original.apply(this, args);
      const replaced = before(
        `${name} ${what(args)}`,
        args,
        name === 'writeFile' && typeof args[0] !== 'string' ? (this as FileHandle) : null,
      );
      const result = await (replaced ?? original.apply(this, args));
      if (name === 'open') watchHandle(result as Record<string, Call>, short(args[0]));
      return result;
    };
  };
  const watchHandle = (handle: Record<string, Call>, file: string): void => {
    for (const name of ['writeFile', 'sync', 'truncate', 'write'])
      wrap(
        handle,
        name,
        () => true,
        () => file,
      );
  };
  const isMeant = ([path]: unknown[]): boolean => path === folder || (String(path).startsWith(prefix) && path !== `${prefix}.lock`);
  for (const name of ['open', 'writeFile', 'rename', 'link', 'unlink', 'copyFile'])
    wrap(fsPromises as unknown as Record<string, Call>, name, isMeant, args => short(args[0]));
}

/** Kills the process before a step of a save, or in the middle of a write; tells the steps of that save in a file. */
function killAtStep({ prefix, save, step, stepsFile }: Extract<FaultPlan, { kind: 'kill-at-step' }>): void {
  let [saves, steps] = [0, 0];
  watchFiles(prefix, (name, args, handle) => {
    // A save begins with the marks of its positions; the probe at the start has none.
    if (name === 'writeFile .marks.tmp') {
      saves++;
      steps = 0;
    }
    if (saves !== save) return undefined;
    fs.appendFileSync(stepsFile, `${name}\n`);
    if (++steps === step) process.kill(process.pid, 'SIGKILL');
    if (steps === -step && Buffer.isBuffer(args[0]) && handle) return tear(handle, args[0]);
    return undefined;
  });
}

/** Half of the bytes are written, then the process dies. */
async function tear(handle: FileHandle, bytes: Buffer): Promise<void> {
  await handle.write(bytes.subarray(0, bytes.length / 2));
  process.kill(process.pid, 'SIGKILL');
}

/** While a switch file is there, every step on the offset file and those beside it fails with a code. */
function failWhile({ prefix, code, switchFile }: Extract<FaultPlan, { kind: 'fail-while' }>): void {
  watchFiles(prefix, step => {
    if (!fs.existsSync(switchFile)) return undefined;
    return Promise.reject(Object.assign(new Error(`${code}: simulated at ${step}`), { code }));
  });
}

/** Adds the milliseconds that stand in a file to what the clock says, in this thread; looks again several times a second. */
function shiftClock({ shiftFile }: Extract<FaultPlan, { kind: 'shift-clock' }>): void {
  const RealDate = Date;
  let shiftMs = 0;
  const look = (): void => {
    if (fs.existsSync(shiftFile)) shiftMs = Number(fs.readFileSync(shiftFile, 'utf8'));
  };
  look();
  setInterval(look, 100).unref();
  const now = (): number => RealDate.now() + shiftMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args: unknown[]) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** Blocks this thread once, when a file is there. */
function stall({ switchFile, ms }: Extract<FaultPlan, { kind: 'stall' }>): void {
  const timer = setInterval(() => {
    if (!fs.existsSync(switchFile)) return;
    clearInterval(timer);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  }, 50).unref();
}

if (plan.kind === 'stall') stall(plan);
if (plan.kind === 'shift-clock') shiftClock(plan);
// The offsets are saved on the main thread.
if (plan.kind === 'kill-at-step' && isMainThread) killAtStep(plan);
if (plan.kind === 'fail-while' && isMainThread) failWhile(plan);
