/** Reads a topic of a mock cluster as it grows, since that cluster forgets what is old; kcat ends when all brokers it knows are away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../../helpers/processes/child';

const SETTINGS = ['isolation.level=read_committed', 'reconnect.backoff.max.ms=200', 'check.crcs=true'].flatMap(setting => ['-X', setting]);
const RESTART_AFTER_MS = 200;

export class TopicFollower {
  /** Values in the order of their offsets. */
  readonly values: string[] = [];
  private reader: Child;
  private readonly following: Promise<void>;
  private stopped = false;
  /** How much of the output of this reader is in `values`. */
  private taken = 0;

  constructor(
    private readonly bootstrap: string,
    private readonly topic: string,
  ) {
    this.reader = this.startReader();
    this.following = this.follow();
    this.following.catch(() => {}); // It is told when the follower is stopped.
  }

  private startReader(): Child {
    this.taken = 0;
    const from = ['-o', String(this.values.length), '-q', '-u', '-f', '%o %s\\n'];
    return new Child('kcat', ['-b', this.bootstrap, '-C', '-t', this.topic, ...from, ...SETTINGS]);
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      await this.reader.exited;
      this.take();
      await sleep(RESTART_AFTER_MS);
      if (!this.stopped) this.reader = this.startReader();
    }
  }

  /** Takes over what was read. @throws Error if the reader has left out some, which is not the fault of the source */
  take(): readonly string[] {
    const { stdout } = this.reader;
    const end = stdout.lastIndexOf('\n') + 1;
    const texts = stdout.slice(this.taken, end).split('\n').slice(0, -1);
    this.taken = end;
    for (const text of texts) {
      const [offset = '', ...line] = text.split(' ');
      if (Number(offset) !== this.values.length)
        throw new Error(`the reader has seen nothing of the offsets from ${this.values.length} to ${offset}`);
      this.values.push(line.join(' '));
    }
    return this.values;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.reader.kill();
    await this.following;
  }
}
