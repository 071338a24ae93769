/** A Connect worker as a process, ours or the original: everything a user can see of it. */

import { inRepository } from '../paths';
import { freePort } from '../servers/free-port';
import { TempDir } from '../temp-dir';
import { type WaitOptions, waitFor } from '../wait-for';
import { Child, type Exit } from './child';
import { cpuMs, peakRssKiB, rssKiB } from './process-tree';

/** Flat settings, as in a properties file. */
export type Settings = Readonly<Record<string, string | number | boolean>>;

/** How to start a worker. */
export interface WorkerOptions {
  readonly bootstrap: string;
  /** Settings of the worker file over our own: String converters, a free port, an offset file in the worker's folder. */
  readonly worker?: Settings;
  /** One file each, in this order; they must hold `name`. */
  readonly connectors?: readonly Settings[];
  readonly env?: Readonly<Record<string, string>>;
  /** Folder of the files and of the process; kept by the caller if given, so that a worker can be started on it again. */
  readonly dir?: TempDir;
  /** What the returned promise waits for: `health` (the default), or only that the process `started`. */
  readonly until?: 'health' | 'started';
  readonly startTimeoutMs?: number;
  /** The command that takes the file names; our own binary by default. */
  readonly command?: readonly [string, ...string[]];
}

/** An answer of the REST interface. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; undefined when it is not JSON. */
  readonly json: unknown;
}

/** Path of the command under test. */
export const ourBinary = inRepository('bin/connect-standalone');

/** String converters for key and value, for those who build a worker file by themselves. */
export const STRING_CONVERTERS = {
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
} as const;

/** A properties file of these settings. */
export function propertiesText(settings: Settings): string {
  return Object.entries(settings)
    .map(([key, value]) => `${escapeText(key).replace(/[=:]/g, '\\$&')}=${escapeText(String(value))}\n`)
    .join('');
}

function escapeText(text: string): string {
  return text
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/^[ #!]/, '\\$&')
    .replace(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The file of a worker that needs nothing else: String converters, and its offsets in the folder.
 * @param port of REST; 0 for a free one that nobody asks for
 */
export function workerFileText(dir: TempDir, bootstrap: string, port: number, settings: Settings = {}): string {
  const own = {
    'bootstrap.servers': bootstrap,
    listeners: `http://127.0.0.1:${port}`,
    'offset.storage.file.filename': dir.file('offsets'),
    ...STRING_CONVERTERS,
  };
  return propertiesText({ ...own, ...settings });
}

/** Starts a worker; the promise waits for `/health` to answer 200 unless told otherwise, and rejects when the worker ends before. */
export async function startWorker(options: WorkerOptions): Promise<WorkerProcess> {
  const dir = options.dir ?? new TempDir('worker');
  const port = await freePort();
  const files = [
    dir.write('worker.properties', workerFileText(dir, options.bootstrap, port, { 'offset.flush.interval.ms': 1000, ...options.worker })),
    ...(options.connectors ?? []).map((connector, i) => dir.write(`connector-${i}.properties`, propertiesText(connector))),
  ];
  const [command, ...args] = options.command ?? [ourBinary];
  const child = new Child(command, [...args, ...files], { cwd: dir.path, env: { ...process.env, ...options.env } });
  child.process.stdin?.end();
  const worker = new WorkerProcess(child, dir, port);
  if (options.until !== 'started') await worker.waitHealthy({ timeoutMs: options.startTimeoutMs ?? 60_000 });
  return worker;
}

/** A started worker. Stop it in `afterEach`, or it ends with the test process. */
export class WorkerProcess {
  readonly url: string;

  constructor(
    readonly child: Child,
    readonly dir: TempDir,
    readonly port: number,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  get pid(): number {
    return this.child.pid;
  }

  /** Both streams of the process in the order they arrived. */
  get output(): string {
    return this.child.output;
  }

  /** Resident memory of the process and its children now, and at their peaks. */
  get rssKiB(): number {
    return rssKiB(this.pid);
  }

  get peakRssKiB(): number {
    return peakRssKiB(this.pid);
  }

  /** CPU time used so far. */
  get cpuMs(): number {
    return cpuMs(this.pid);
  }

  /** Sends a request; an object as body becomes JSON. */
  async rest(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    const response = await fetch(this.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parseJson(text) };
  }

  async get(path: string): Promise<RestAnswer> {
    return this.rest('GET', path);
  }

  /** Creates a connector over REST; throws unless the answer is 201. */
  async create(config: Settings): Promise<void> {
    const answer = await this.rest('POST', '/connectors', { name: config.name, config });
    if (answer.status !== 201) throw new Error(`POST /connectors: ${answer.status} ${answer.text}`);
  }

  /** Waits for 200 of `/health`; throws at once when the worker ends. */
  async waitHealthy(wait: WaitOptions = {}): Promise<void> {
    await this.#waitAlive('the worker to be healthy', async () => (await this.get('/health')).status === 200, { everyMs: 20, ...wait });
  }

  /** Waits until the output holds a text or matches a pattern. */
  async waitLog(text: string | RegExp, wait: WaitOptions = {}): Promise<void> {
    const found = (): boolean => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    await this.#waitAlive(`${text} in the log`, found, wait);
  }

  /** Waits until the connector and, where given, all its tasks (at least one) have these states. */
  async waitState(connector: string, state: string, taskState = state, wait: WaitOptions = {}): Promise<void> {
    await this.#waitAlive(
      `${connector} to be ${state}, its tasks ${taskState}`,
      async () => {
        const { status, text, json } = await this.get(`/connectors/${encodeURIComponent(connector)}/status`);
        if (status !== 200) throw new Error(`status of ${connector}: ${status} ${text}`);
        const seen = json as { connector: { state: string }; tasks: { state: string }[] };
        if (seen.connector.state !== state) throw new Error(text);
        if (seen.tasks.length === 0 || seen.tasks.some(task => task.state !== taskState)) throw new Error(text);
        return true;
      },
      wait,
    );
  }

  /** Waits until the process has ended by itself. */
  async waitExit(timeoutMs = 30_000): Promise<Exit> {
    await waitFor('the worker to end', () => !this.child.alive, { timeoutMs }).catch(error => {
      throw new Error(`${error.message}\n${this.#tail()}`);
    });
    return this.child.exited;
  }

  /** SIGTERM, then SIGKILL after `graceMs`; resolves when the process is gone. */
  async stop(graceMs?: number): Promise<Exit> {
    return this.child.stop(graceMs);
  }

  /** SIGKILL; resolves when the process is gone. */
  async kill9(): Promise<Exit> {
    return this.child.kill();
  }

  async #waitAlive(what: string, check: () => Promise<boolean> | boolean, wait: WaitOptions): Promise<void> {
    const look = async (): Promise<'seen' | 'ended' | false> => {
      const { alive } = this.child; // read before looking, since the last words of a process count
      try {
        if (await check()) return 'seen';
      } catch (error) {
        if (alive) throw error;
      }
      return alive ? false : 'ended';
    };
    const outcome = await waitFor(what, look, wait).catch((error: Error) => error.message);
    if (outcome === 'seen') return;
    const exit = JSON.stringify(this.child.exit);
    throw new Error(`${outcome === 'ended' ? `the worker ended ${exit} while waiting for ${what}` : outcome}\n${this.#tail()}`);
  }

  #tail(): string {
    return `--- end of the worker's output\n${this.output.slice(-4000)}`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
