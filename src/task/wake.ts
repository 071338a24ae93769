/** How a task thread sleeps: until librdkafka writes to the wake pipe, somebody calls `notify`, or time is up. */
import net from 'node:net';

export class Wake {
  private readonly socket: net.Socket;
  private resolve: (() => void) | null = null;
  private notified = false;

  /**
   * @param readFd read end of the pipe; closed with this object
   * @param onWake called for every wake-up by librdkafka
   */
  constructor(readFd: number, onWake: () => void) {
    this.socket = new net.Socket({ fd: readFd, readable: true, writable: false });
    this.socket.on('data', () => {
      onWake();
      this.notify();
    });
    this.socket.on('error', () => {});
  }

  /** Ends the present wait, or the next one at once. */
  notify(): void {
    this.notified = true;
    this.resolve?.();
  }

  /** Sleeps. Something notified since the last wait counts. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.notified) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, timeoutMs);
        this.resolve = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.resolve = null;
    }
    this.notified = false;
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Lets the event loop take a turn: messages from the main thread, wake-ups, timers. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
