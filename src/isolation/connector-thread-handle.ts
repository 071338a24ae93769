/** The main thread's side of connector threads: starts them, calls into them, and ends them even if they are blocked. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { ConnectError, fromEnvelope, toError } from '../errors';
import { type LogEntry, type LogLevel, noteLoggers } from '../log';
import type { PluginReport } from '../metrics/plugin-metrics';
import { endsWithin } from '../waiting';
import type {
  ConnectorCall,
  ConnectorCalls,
  ConnectorMethod,
  ConnectorThreadSpec,
  ConnectorToMain,
  MainToConnector,
} from './connector-messages';

const THREAD_FILE = path.join(__dirname, 'thread', 'connector-thread.js');

/** Events of a thread outside calls. Called on the main thread; must not throw. */
export interface ConnectorThreadListener {
  onReconfigure(): void;
  /** The instance has failed outside all calls, or its thread has ended by itself. */
  onRaised(error: Error): void;
  /** Metrics that the instance has registered. */
  onMetrics(report: PluginReport): void;
}

/** One connector thread. */
export interface ConnectorThread {
  /** @throws what the plugin threw; ConnectError if the thread ends before it replies */
  call<M extends ConnectorMethod>(method: M, ...args: ConnectorCalls[M]['args']): Promise<ConnectorCalls[M]['result']>;
  /** False once it has ended, for whatever reason. */
  readonly isAlive: boolean;
  /** Ends the thread, whatever it is doing; open calls fail. @returns when it is gone */
  end(): Promise<void>;
}

/** Starts connector threads and keeps track of them. */
export class ConnectorThreads {
  private readonly running = new Set<ConnectorThreadHandle>();

  constructor(
    private readonly logLevels: () => ReadonlyMap<string, LogLevel>,
    private readonly log: (entry: LogEntry) => void,
  ) {}

  /**
   * Starts a thread.
   * @param label what runs in it, for messages: `connector x`
   * @param pluginModules files that export the plugins it needs
   */
  start(label: string, pluginModules: readonly string[], listener: ConnectorThreadListener): ConnectorThread {
    const spec: ConnectorThreadSpec = { pluginModules, logLevels: this.logLevels() };
    const handle = new ConnectorThreadHandle(label, new Worker(THREAD_FILE, { workerData: spec }), listener, this.log);
    this.running.add(handle);
    void handle.gone.then(() => this.running.delete(handle));
    return handle;
  }

  /** Changes a level in every thread; those that start later begin with it. */
  setLogLevel(logger: string, level: LogLevel): void {
    for (const handle of this.running) handle.setLogLevel(logger, level);
  }

  /** Ends all threads. @returns false if one still runs after `limitMs`: it is in native code that does not return */
  async close(limitMs: number): Promise<boolean> {
    return endsWithin(limitMs, Promise.all([...this.running].map(handle => handle.end())));
  }
}

interface OpenCall {
  resolve(value: ConnectorCalls[ConnectorMethod]['result']): void;
  reject(error: Error): void;
}

class ConnectorThreadHandle implements ConnectorThread {
  /** Resolves when the thread has exited. */
  readonly gone: Promise<void>;
  private readonly open = new Map<number, OpenCall>();
  private nextId = 0;
  private ending = false;
  /** Why no call can succeed any more. */
  private lost: Error | null = null;

  constructor(
    private readonly label: string,
    private readonly worker: Worker,
    private readonly listener: ConnectorThreadListener,
    private readonly log: (entry: LogEntry) => void,
  ) {
    this.gone = new Promise(resolve => {
      worker.once('exit', code => {
        this.lose(new ConnectError('ConnectException', `The thread of ${label} ended unexpectedly (exit code ${code})`));
        resolve();
      });
    });
    worker.on('message', (message: ConnectorToMain) => this.receive(message));
    worker.on('error', error => this.lose(toError(error)));
  }

  call<M extends ConnectorMethod>(method: M, ...args: ConnectorCalls[M]['args']): Promise<ConnectorCalls[M]['result']> {
    if (this.lost) return Promise.reject(this.lost);
    const id = this.nextId++;
    const result = new Promise<ConnectorCalls[ConnectorMethod]['result']>((resolve, reject) => this.open.set(id, { resolve, reject }));
    this.send({ type: 'call', id, call: { method, args } as ConnectorCall });
    return result;
  }

  get isAlive(): boolean {
    return this.lost === null;
  }

  async end(): Promise<void> {
    this.ending = true;
    this.lose(new ConnectError('ConnectException', `The thread of ${this.label} was ended`));
    await this.worker.terminate();
  }

  setLogLevel(logger: string, level: LogLevel): void {
    this.send({ type: 'log-level', logger, level });
  }

  private send(message: MainToConnector): void {
    if (!this.lost) this.worker.postMessage(message);
  }

  private receive(message: ConnectorToMain): void {
    switch (message.type) {
      case 'result':
        this.take(message.id)?.resolve(message.value);
        break;
      case 'failure':
        this.take(message.id)?.reject(fromEnvelope(message.error));
        break;
      case 'reconfigure':
        if (!this.ending) this.listener.onReconfigure();
        break;
      case 'raised':
        if (!this.ending) this.listener.onRaised(fromEnvelope(message.error));
        break;
      case 'metrics':
        if (!this.ending) this.listener.onMetrics(message.report);
        break;
      case 'log':
        this.log(message.entry);
        break;
      case 'loggers':
        noteLoggers(message.names);
        break;
      default:
        message satisfies never;
    }
  }

  private take(id: number): OpenCall | undefined {
    const call = this.open.get(id);
    this.open.delete(id);
    return call;
  }

  /** The thread is gone: rejects the open calls; without any, tells the listener, unless the end was ordered. */
  private lose(error: Error): void {
    if (this.lost) return;
    this.lost = error;
    const calls = [...this.open.values()];
    this.open.clear();
    for (const call of calls) call.reject(error);
    if (calls.length === 0 && !this.ending) this.listener.onRaised(error);
  }
}
