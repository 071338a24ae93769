/** Watches folders for changes of any kind, each folder once, however many listeners it has. */
import type { FSWatcher } from 'chokidar';

export class FolderWatches {
  private readonly watchers = new Map<string, { readonly watcher: FSWatcher; readonly listeners: Set<() => void> }>();

  /** Calls the listener, often more than once, when something in the folder has changed, subfolders excepted. */
  add(folder: string, listener: () => void): void {
    const known = this.watchers.get(folder);
    if (known) known.listeners.add(listener);
    else this.watch(folder, new Set([listener]));
  }

  async close(): Promise<void> {
    await Promise.all([...this.watchers.values()].map(({ watcher }) => watcher.close()));
  }

  private watch(folder: string, listeners: Set<() => void>): void {
    const { watch } = require('chokidar') as typeof import('chokidar');
    const tell = (): void => {
      for (const listener of listeners) listener();
    };
    const watcher = watch(folder, { ignoreInitial: true, depth: 0, followSymlinks: false });
    // Without inotify (network file systems, no watches left) there are no events; listeners also check by themselves.
    watcher
      .on('all', tell)
      .on('raw', tell)
      .on('error', () => {});
    this.watchers.set(folder, { watcher, listeners });
  }
}
