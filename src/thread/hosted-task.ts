/** The main thread's side of one task: sends and receives its messages, and frees what it leaves behind, however it ends. */
import fs from 'node:fs';
import { fromEnvelope, toEnvelope } from '../errors';
import { getLogger, type LogEntry, logTrace, taskContext } from '../log';
import { endsWithin } from '../waiting';
import type { MainToTask, NativeClient, TaskId, TaskSpec, TaskToMain } from './messages';
import { formatTaskId } from './messages';
import type { ClientKeeper, TaskHandle, TaskListener } from './task-handle';

/** Logs what main thread and task tell each other of the task's life. */
const life = getLogger('org.apache.kafka.connect.runtime.WorkerTask');

/** A task spec less what this file adds. */
export type TaskAssignment = Omit<TaskSpec, 'libraryPath' | 'wakePipe' | 'pipeTaken'>;

/** What a task needs of the thread it runs in. */
export interface HostingThread {
  send(message: MainToTask): void;
  /** The task has ended, in order or with its thread. */
  onEnded(): void;
  /** The task should have stopped by now and has not. */
  onOverdue(): void;
}

export class HostedTask implements TaskHandle {
  readonly id: TaskId;
  readonly spec: TaskSpec;
  /** Resolves when all native resources of the task are freed. */
  readonly gone: Promise<void>;
  /** Resolves when the task has ended and its last offsets are safe. */
  private readonly ended: Promise<void>;
  private end: () => void = () => {};
  private clients: NativeClient[] = [];
  private queues: number[] = [];
  /** Clients that were given up while the task goes on. */
  private freeing: Promise<unknown> = Promise.resolve();
  private failed = false;
  private stoppedInOrder = false;
  private hasEnded = false;
  private saving: Promise<void> = Promise.resolve();
  /** Called one by one when offsets of the task are saved, in the order of the requests. */
  private readonly waiting: (() => void)[] = [];

  constructor(
    assignment: TaskAssignment,
    private readonly listener: TaskListener,
    private readonly keeper: ClientKeeper,
    private readonly log: (entry: LogEntry) => void,
    private readonly thread: HostingThread,
  ) {
    this.id = assignment.id;
    this.spec = {
      ...assignment,
      libraryPath: keeper.libraryPath,
      wakePipe: keeper.makeWakePipe(),
      pipeTaken: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    };
    const over = new Promise<void>(resolve => {
      this.end = resolve;
    });
    this.ended = over.then(() => this.saving);
    this.gone = this.ended.then(() => this.clearAway());
  }

  /** Handles a message of the task. */
  receive(message: TaskToMain): void {
    const { listener } = this;
    if (message.type !== 'progress') life.debug(() => `Task ${formatTaskId(this.id)} says ${message.type}${detailOf(message)}`);
    switch (message.type) {
      case 'client-created':
        this.clients.push(message.client);
        break;
      case 'queue-created':
        this.queues.push(message.address);
        break;
      case 'client-given-up':
        this.freeEarly(message.client, message.queues);
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
      case 'plugins':
        listener.onPlugins(message.plugins);
        break;
      case 'progress':
        listener.onProgress(message.report);
        break;
      case 'drained':
        listener.onDrained(message.drained);
        break;
      case 'stopped':
        this.stoppedInOrder = true;
        this.finish();
        break;
      default:
        message satisfies never;
    }
  }

  private freeEarly(client: NativeClient, queues: readonly number[]): void {
    this.clients = this.clients.filter(({ address }) => address !== client.address);
    this.queues = this.queues.filter(queue => !queues.includes(queue));
    this.freeing = Promise.all([this.freeing, this.keeper.free(queues, [client])]);
  }

  /** The task has failed; the first reason counts. */
  fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    this.listener.onFailed(error);
  }

  /** The thread has exited, and the task with it. */
  threadGone(): void {
    this.finish();
  }

  private finish(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.end();
    this.thread.onEnded();
  }

  private send(message: MainToTask): void {
    if (this.hasEnded) return;
    life.debug(() => `Task ${formatTaskId(this.id)} is told ${message.type}`);
    this.thread.send(message);
  }

  /** Saves one after the other, so that older offsets never overwrite newer ones. */
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
      context: taskContext(this.id, 'offsets'),
      message: `WorkerSourceTask{id=${formatTaskId(this.id)}} ${text}`,
      ...(error === undefined ? {} : { trace: logTrace(error) }),
    });
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
    if (this.hasEnded || this.spec.kind !== 'source') return;
    const saved = new Promise<void>(resolve => {
      this.waiting.push(resolve);
    });
    this.send({ type: 'commit-offsets' });
    if (!(await endsWithin(timeoutMs, Promise.race([saved, this.ended]), { ref: false }))) {
      this.logCommitFailure(`Failed to commit offsets: the task did not answer within ${timeoutMs} ms; the next interval tries again.`);
    }
  }

  async stop(deadlineMs: number): Promise<boolean> {
    this.send({ type: 'stop', deadlineMs });
    const leftMs = deadlineMs - Date.now();
    const inTime = this.hasEnded || (leftMs > 0 && (await endsWithin(leftMs, this.ended)));
    if (!this.hasEnded) this.thread.onOverdue();
    return inTime && this.stoppedInOrder;
  }

  /** Frees the client, then closes the write end of the pipe, to which librdkafka writes; the read end went with the task. */
  private async clearAway(): Promise<void> {
    const { pipeTaken, wakePipe } = this.spec;
    if (Atomics.load(pipeTaken, 0) === 0) closeQuietly(wakePipe.readFd);
    await Promise.all([this.freeing, this.keeper.free(this.queues, this.clients)]);
    closeQuietly(wakePipe.writeFd);
  }
}

function closeQuietly(fd: number): void {
  try {
    fs.closeSync(fd);
  } catch {
    // Already closed by its owner.
  }
}

function detailOf(message: TaskToMain): string {
  if (message.type === 'state') return ` ${message.state}`;
  return message.type === 'offsets' ? `: ${message.entries.length} to keep, ${message.pending} records pending` : '';
}
