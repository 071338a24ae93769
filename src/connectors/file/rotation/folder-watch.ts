/** Hears at once when a name in a folder gets another file, where the system can tell; who has none looks once a second all the same. */
import fs from 'node:fs';
import { basename, dirname } from 'node:path';

export class FolderWatch {
  private watcher: fs.FSWatcher | null = null;
  private refused = false;

  /** @param onRenamed the name may mean another file, or none; called from the event loop */
  constructor(
    private readonly path: string,
    private readonly onRenamed: () => void,
  ) {}

  /** Begins to watch, unless it does already. Never throws. */
  start(): void {
    if (this.watcher || this.refused) return;
    const name = basename(this.path);
    try {
      const watcher = fs.watch(dirname(this.path), { persistent: false }, (event, changed) => {
        if (event === 'rename' && (changed === null || changed === name)) this.onRenamed();
      });
      watcher.on('error', () => this.stop());
      this.watcher = watcher;
    } catch (error) {
      // A folder may come later; a system without watches will have none.
      this.refused = (error as NodeJS.ErrnoException).code !== 'ENOENT';
    }
  }

  stop(): void {
    this.watcher?.close();
    this.watcher = null;
  }
}
