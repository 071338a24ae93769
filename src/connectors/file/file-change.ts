/** Waiting for a file to change: a watcher where the system has one, and a look once a second where it has not. */
import type { FSWatcher } from 'chokidar';

const LOOK_AGAIN_MS = 1000;

/** Resolves `wait` when a file may have changed. The watcher starts with the first wait, so that start-up does not pay for it. */
export class FileChange {
  private watcher: FSWatcher | null = null;
  private starting = false;
  private changed = false;
  private closed = false;
  private wake: (() => void) | null = null;

  constructor(private readonly path: string) {}

  /** Waits until the file was touched, a second has passed or the signal is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.watcher && !this.starting) void this.watch();
    if (!this.changed && !signal.aborted) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, LOOK_AGAIN_MS);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
        signal.addEventListener('abort', this.wake, { once: true });
      });
    }
    if (this.wake) signal.removeEventListener('abort', this.wake);
    this.wake = null;
    this.changed = false;
  }

  private async watch(): Promise<void> {
    this.starting = true;
    try {
      const { watch } = await import('chokidar');
      if (this.closed) return;
      const watcher = watch(this.path, { ignoreInitial: true });
      const touched = (): void => {
        this.changed = true;
        this.wake?.();
      };
      // Without inotify (network file systems, no watches left) the look once a second still sees every change.
      watcher
        .on('add', touched)
        .on('change', touched)
        .on('unlink', touched)
        .on('error', () => {});
      this.watcher = watcher;
    } catch {
      this.starting = false;
    }
  }

  close(): void {
    this.closed = true;
    void this.watcher?.close();
    this.watcher = null;
  }
}
