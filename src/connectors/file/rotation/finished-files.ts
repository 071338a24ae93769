/** Files that were read to their end and have lost their name: kept open for a while, since somebody may still write to them. */
import type { OpenFile } from '../shared/open-file';

const MOST = 4;

interface Finished {
  readonly file: OpenFile;
  readonly position: number;
}

export class FinishedFiles {
  private readonly kept: Finished[] = [];

  /** @param onUnread somebody has written more to one of them after it was finished */
  constructor(
    private readonly path: string,
    private readonly onUnread: (message: string, bytes: number) => void,
  ) {}

  /** Keeps a file that was read up to a position; its offsets can be marked meanwhile. */
  add(file: OpenFile, position: number): void {
    this.kept.push({ file, position });
    if (this.kept.length > MOST) this.letGo(this.kept.shift());
  }

  private letGo(finished: Finished | undefined): void {
    if (!finished) return;
    const { file, position } = finished;
    try {
      const bytes = file.isRegular ? file.state().size - position : 0;
      if (bytes > 0)
        this.onUnread(
          `A file that had the name ${this.path} was written to after it was finished at position ${position}: ${bytes} bytes of it`,
          bytes,
        );
    } catch {
      // It cannot be looked at any more, and nothing says that there is more.
    }
    file.close();
  }

  close(): void {
    for (const finished of this.kept.splice(0)) this.letGo(finished);
  }
}
