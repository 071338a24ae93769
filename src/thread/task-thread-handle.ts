/** The main thread's side of a task thread: starts it, talks to it, and clears away what it leaves behind, however it ends. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectError, fromEnvelope, javaStackTrace, toEnvelope } from '../errors';
import type { LogEntry, LogLevel } from '../log';
import { closeGate, lockGate } from './gate';
import type { MainToTask, NativeClient, TaskId, TaskSpec, TaskToMain } from './messages';
import { formatTaskId, SHARED } from './messages';
import { type SpareThread, startSpareThread } from './spare-thread';
import type { ClientKeeper, TaskHandle, TaskListener } from './task-handle';

/** A task spec less what this file adds. */
export type TaskAssignment = Omit<TaskSpec, 'libraryPath' | 'wakePipe' | 'shared' | 'logLevels'>;

/** A thread that is in native code is not terminated; no such call takes longer than 100 ms. */
const GATE_LOOK_MS = 2;
const CLOSE_LIMIT_MS = 5000;

/** Starts task threads; the first takes the spare one, if there is one, so that it does not wait for its code. */
export class TaskThreads {
  private readonly leaving = new Set<Promise<void>>();
  private readonly running = new Set<TaskThreadHandle>();

  constructor(
    private readonly keeper: ClientKeeper,
    private readonly logLevels: () => TaskSpec['logLevels'],
    private readonly log: (entry: LogEntry) => void,
    private spare: SpareThread | null = null,
  ) {}

  /** Runs a task in a thread of its own. */
  start(assignment: TaskAssignment, listener: TaskListener): TaskHandle {
    const worker = this.spare ?? startSpareThread();
    this.spare = null;
    const spec: TaskSpec = {
      ...assignment,
      libraryPath: this.keeper.libraryPath,
      wakePipe: this.keeper.makeWakePipe(),
      shared: lockedSlots(),
      logLevels: this.logLevels(),
    };
    const handle = new TaskThreadHandle(worker, spec, listener, this.keeper, this.log);
    this.running.add(handle);
    const gone = handle.gone.finally(() => {
      this.running.delete(handle);
      this.leaving.delete(gone);
    });
    this.leaving.add(gone);
    return handle;
  }

  /** Changes a level in every running task; tasks that start later get all levels with their spec. */
  setLogLevel(logger: string, level: LogLevel): void {
    for (const handle of this.running) handle.setLogLevel(logger, level);
  }

  /** Waits until every thread has exited and its client is freed. @returns false when some had not after `CLOSE_LIMIT_MS` */
  async close(): Promise<boolean> {
    const { spare } = this;
    this.spare = null;
    // Not terminated, since it may be loading native code: it ends by itself when it is told to.
    const spareGone = spare ? new Promise<void>(resolve => spare.once('exit', () => resolve())) : Promise.resolve();
    spare?.postMessage({ type: 'stop' } satisfies MainToTask);
    return allWithin(CLOSE_LIMIT_MS, [...this.leaving, spareGone]);
  }
}

class TaskThreadHandle implements TaskHandle {
  readonly id: TaskId;
  /** Resolves when the thread has exited and its last offsets are safe. */
  private readonly ended: Promise<void>;
  /** Resolves when all it had is freed, too. */
  readonly gone: Promise<void>;
  private readonly clients: NativeClient[] = [];
  private readonly queues: number[] = [];
  private failed = false;
  private stoppedInOrder = false;
  private wasCutOff = false;
  private saving: Promise<void> = Promise.resolve();
  /** Those who wait for reports of offsets, in the order in which they asked. */
  private readonly waiting: (() => void)[] = [];
  private exited = false;

  constructor(
    private readonly worker: SpareThread,
    private readonly spec: TaskSpec,
    private readonly listener: TaskListener,
    private readonly keeper: ClientKeeper,
    private readonly log: (entry: LogEntry) => void,
  ) {
    this.id = spec.id;
    this.ended = new Promise(resolve => worker.once('exit', code => resolve(this.afterExit(code))));
    this.gone = this.ended.then(() => this.clearAway());
    worker.on('message', (message: TaskToMain) => this.receive(message));
    worker.on('error', error => this.fail(error));
    this.send({ type: 'start', spec });
  }

  setLogLevel(logger: string, level: LogLevel): void {
    this.send({ type: 'log-level', logger, level });
  }

  private send(message: MainToTask): void {
    if (!this.exited) this.worker.postMessage(message);
  }

  private receive(message: TaskToMain): void {
    const { listener } = this;
    switch (message.type) {
      case 'ready':
        break;
      case 'client-created':
        this.clients.push(message.client);
        break;
      case 'queue-created':
        this.queues.push(message.address);
        break;
      case 'state':
        listener.onState(message.state);
        break;
      case 'failed':
        this.fail(fromEnvelope(message.error));
        break;
      case 'offsets':
        this.save(message);
        break;
      case 'topic-active':
        listener.onTopicActive(message.topic);
        break;
      case 'progress':
        listener.onProgress(message.records, message.bytes, message.skipped);
        break;
      case 'drained':
        listener.onDrained(message.drained);
        break;
      case 'log':
        this.log(message.entry);
        break;
      case 'stopped':
        this.stoppedInOrder = true;
        break;
      default:
        message satisfies never;
    }
  }

  /** One save after the other, so that an older report never overtakes a newer one. */
  private save({ entries, final }: Extract<TaskToMain, { type: 'offsets' }>): void {
    const done = final ? undefined : this.waiting.shift();
    this.saving = this.saving.then(async () => {
      try {
        if (entries.length > 0) await this.listener.saveOffsets(entries);
        this.send({ type: 'offsets-saved', error: null });
      } catch (error) {
        this.logCommitFailure(
          `Failed to commit offsets; ${final ? 'records will be sent again' : 'the next interval tries again'}.`,
          error,
        );
        this.send({ type: 'offsets-saved', error: toEnvelope(error) });
      }
      done?.();
    });
  }

  private logCommitFailure(text: string, error?: unknown): void {
    this.log({
      atMs: Date.now(),
      level: 'ERROR',
      logger: 'org.apache.kafka.connect.runtime.SourceTaskOffsetCommitter',
      context: `[${this.id.connector}|task-${this.id.task}|offsets] `,
      message: `WorkerSourceTask{id=${formatTaskId(this.id)}} ${text}${error === undefined ? '' : `\n${javaStackTrace(error).trimEnd()}`}`,
    });
  }

  private fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    this.listener.onFailed(error);
  }

  pause(): void {
    this.send({ type: 'pause' });
  }

  resume(): void {
    this.send({ type: 'resume' });
  }

  drain(): void {
    this.send({ type: 'drain' });
  }

  async commitOffsets(timeoutMs: number): Promise<void> {
    if (this.exited || this.spec.kind !== 'source') return;
    const answered = new Promise<'answered'>(resolve => {
      this.waiting.push(() => resolve('answered'));
    });
    this.send({ type: 'report-offsets' });
    const timer = new AbortController();
    const late = sleep(timeoutMs, 'late' as const, { ref: false, signal: timer.signal }).catch(() => 'answered' as const);
    const result = await Promise.race([answered, this.ended, late]);
    timer.abort();
    if (result === 'late') {
      this.logCommitFailure(`Failed to commit offsets: the task did not answer within ${timeoutMs} ms; the next interval tries again.`);
    }
  }

  async stop(deadlineAtMs: number): Promise<boolean> {
    this.send({ type: 'stop' });
    const waiting = new AbortController();
    const late = sleep(Math.max(0, deadlineAtMs - Date.now()), false, { signal: waiting.signal }).catch(() => false);
    const inTime = await Promise.race([this.ended.then(() => true), late]);
    waiting.abort();
    if (!inTime) void this.cutOff();
    return inTime && this.stoppedInOrder;
  }

  /** Ends a thread that does not end by itself; never inside native code, see gate.ts. */
  private async cutOff(): Promise<void> {
    const { shared } = this.spec;
    this.wasCutOff = true;
    while (!closeGate(shared, SHARED.gate)) {
      if (this.exited) return;
      await sleep(GATE_LOOK_MS);
    }
    await this.worker.terminate();
  }

  private async afterExit(code: number): Promise<void> {
    this.exited = true;
    if (!this.stoppedInOrder && !this.wasCutOff) {
      this.fail(new ConnectError('ConnectException', `The thread of task ${formatTaskId(this.id)} ended unexpectedly (exit code ${code})`));
    }
    await this.saving;
  }

  /** Frees the client, then closes the write end of the pipe, to which librdkafka writes; the read end went with the thread. */
  private async clearAway(): Promise<void> {
    if (Atomics.load(this.spec.shared, SHARED.pipeTaken) === 0) closeQuietly(this.spec.wakePipe.readFd);
    await this.keeper.free(this.queues, this.clients);
    closeQuietly(this.spec.wakePipe.writeFd);
  }
}

/** Shared memory of a thread that has not yet started. */
function lockedSlots(): Int32Array {
  const slots = new Int32Array(new SharedArrayBuffer(8));
  lockGate(slots, SHARED.gate);
  return slots;
}

/** Waits for promises, but not for ever. @returns false when the time was up first */
async function allWithin(timeoutMs: number, promises: Iterable<Promise<void>>): Promise<boolean> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, false, { signal: timer.signal }).catch(() => true);
  const inTime = await Promise.race([Promise.all(promises).then(() => true), late]);
  timer.abort();
  return inTime;
}

function closeQuietly(fd: number): void {
  try {
    fs.closeSync(fd);
  } catch {
    // Its owner has closed it already.
  }
}
