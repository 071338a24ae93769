import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a command printed, and how it ended. */
export interface Result extends Exit {
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A running process that collects its output and does not outlive ours, not even when we are killed. */
export class Child {
  readonly process: ChildProcess;
  readonly exited: Promise<Exit>;
  exit: Exit | undefined;
  #stdout: Buffer[] = [];
  #stderr: Buffer[] = [];
  #all: Buffer[] = [];

  /** Starts the command at once; stdin is open when `options.stdio` does not say otherwise. */
  constructor(command: string, args: readonly string[], options: SpawnOptions = {}) {
    const [file, ...rest] = tiedToUs(command, args);
    this.process = spawn(file, rest, { stdio: 'pipe', ...options });
    this.process.stdout?.on('data', (chunk: Buffer) => this.#collect(this.#stdout, chunk));
    this.process.stderr?.on('data', (chunk: Buffer) => this.#collect(this.#stderr, chunk));
    this.process.stdin?.on('error', () => {}); // it may end before it has read all
    this.exited = new Promise((resolve, reject) => {
      this.process.once('error', reject);
      this.process.once('close', (code, signal) => {
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
    this.exited.catch(() => {}); // seen by those who wait for it
  }

  #collect(stream: Buffer[], chunk: Buffer): void {
    stream.push(chunk);
    this.#all.push(chunk);
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`not started: ${this.process.spawnargs.join(' ')}`);
    return this.process.pid;
  }

  get alive(): boolean {
    return this.exit === undefined && this.process.pid !== undefined;
  }

  get stdout(): string {
    return Buffer.concat(this.#stdout).toString();
  }

  /** As it was printed, for those to whom the bytes matter. */
  get stdoutBytes(): Buffer {
    return Buffer.concat(this.#stdout);
  }

  get stderr(): string {
    return Buffer.concat(this.#stderr).toString();
  }

  /** Both streams in the order they arrived. */
  get output(): string {
    return Buffer.concat(this.#all).toString();
  }

  /** Sends a signal; nothing happens when the process has ended. */
  signal(signal: NodeJS.Signals): void {
    if (this.alive) this.process.kill(signal);
  }

  /** Ends it by SIGTERM, after `graceMs` by SIGKILL, and waits until it is gone. */
  async stop(graceMs = 15_000): Promise<Exit> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), graceMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends it by SIGKILL and waits until it is gone. */
  async kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exited;
  }
}

const SETPRIV = '/usr/bin/setpriv';

/** The command, to be killed by the kernel when our process ends; as it is where that cannot be had. */
function tiedToUs(command: string, args: readonly string[]): [string, ...string[]] {
  return existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--', command, ...args] : [command, ...args];
}

/** Runs a command to its end, feeding `input`; throws after `timeoutMs`, not for its exit code. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { input = '', timeoutMs = 30_000, ...options }: { input?: string | Uint8Array; timeoutMs?: number } & SpawnOptions = {},
): Promise<Result> {
  const child = new Child(command, args, options);
  child.process.stdin?.end(input);
  let overdue = false;
  const timer = setTimeout(() => {
    overdue = true;
    child.signal('SIGKILL');
  }, timeoutMs);
  try {
    const exit = await child.exited;
    if (overdue) throw new Error(`took longer than ${timeoutMs} ms: ${command} ${args.join(' ')}\n${child.stderr}`);
    return { ...exit, stdout: child.stdoutBytes, stderr: child.stderr };
  } finally {
    clearTimeout(timer);
  }
}
