/** How a task thread sleeps: until librdkafka writes to the wake pipe, somebody calls `notify`, or time is up. */
import net from 'node:net';

export class Wake {
  private readonly socket: net.Socket;
  private readonly sleepers = new Set<() => void>();
  private notified = false;
  /** Called for every wake-up by librdkafka. */
  onWake: () => void = () => {};

  /** @param readFd read end of the pipe; closed with this object */
  constructor(readFd: number) {
    this.socket = new net.Socket({ fd: readFd, readable: true, writable: false });
    this.socket.on('data', () => {
      this.onWake();
      this.notify();
    });
    this.socket.on('error', () => {});
  }

  /** Ends the waits under way; where there is none, the next one ends at once. */
  notify(): void {
    this.notified = this.sleepers.size === 0;
    for (const wakeUp of this.sleepers) wakeUp();
  }

  /** Sleeps. Something notified since the last wait counts. */
  async wait(timeoutMs: number): Promise<void> {
    if (this.notified) {
      this.notified = false;
      return;
    }
    await new Promise<void>(resolve => {
      const wakeUp = (): void => {
        clearTimeout(timer);
        this.sleepers.delete(wakeUp);
        resolve();
      };
      const timer = setTimeout(wakeUp, timeoutMs);
      this.sleepers.add(wakeUp);
    });
  }

  close(): void {
    this.onWake = () => {};
    this.socket.destroy();
  }
}

/** Lets the event loop take a turn: messages from the main thread, wake-ups, timers. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
