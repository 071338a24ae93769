/** Waiting for a file to change: a watcher where the system has one, and a look once a second where it has not. */
import type { FSWatcher } from 'chokidar';

const LOOK_AGAIN_MS = 1000;

/**
 * Resolves `wait` when a file may have changed. Only a file that exists is watched: for a missing one the watcher would read its
 * whole folder at every change there, which costs more than a look once a second. It starts with the first wait, so that start-up
 * does not pay for it.
 */
export class FileChange {
  private watcher: FSWatcher | null = null;
  private following = false;
  private changed = false;
  private wake: (() => void) | null = null;

  constructor(private readonly path: string) {}

  /** The path now names a file worth watching; called again when it names another one. */
  follow(): void {
    this.unfollow();
    this.following = true;
  }

  /** There is nothing to watch. */
  unfollow(): void {
    this.following = false;
    void this.watcher?.close();
    this.watcher = null;
  }

  /** Something has happened that a wait should hear of. */
  touched(): void {
    this.changed = true;
    this.wake?.();
  }

  /** Waits until the file was touched, a second has passed or the signal is aborted. */
  async wait(signal: AbortSignal): Promise<void> {
    if (this.following && !this.watcher) this.watch();
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

  private watch(): void {
    const { watch } = require('chokidar') as typeof import('chokidar');
    const watcher = watch(this.path, { ignoreInitial: true, depth: 0, atomic: false });
    watcher
      .on('change', () => this.touched())
      // It would go over to the folder now; `follow` starts anew when the name has a file again.
      .on('unlink', () => {
        this.touched();
        if (this.watcher === watcher) this.unfollow();
      })
      // Without inotify (network file systems, no watches left) the look once a second still sees every change.
      .on('error', () => {});
    this.watcher = watcher;
  }

  close(): void {
    this.unfollow();
    this.wake?.();
  }
}
