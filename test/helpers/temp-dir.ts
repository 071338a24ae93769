import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A folder for one test, removed with all in it when the process ends at the latest. */
export class TempDir {
  readonly path: string;

  constructor(name = 'test') {
    this.path = fs.mkdtempSync(path.join(os.tmpdir(), `connect-${name}-`));
    removeAtExit(this);
  }

  /** A path in the folder. */
  file(name: string): string {
    return path.join(this.path, name);
  }

  /** Writes a file, making the folders of its name, and returns its path. @param mode rights of a new file */
  write(name: string, content: string | Uint8Array, mode = 0o666): string {
    const file = this.file(name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content, { mode });
    return file;
  }

  /** Appends to a file of the folder. */
  append(name: string, content: string | Uint8Array): void {
    fs.appendFileSync(this.file(name), content);
  }

  /** Bytes of a file, 0 while there is no such file. */
  size(name: string): number {
    return fs.statSync(this.file(name), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** The text of a file, or the empty text while there is no such file. */
  read(name: string): string {
    return fs.existsSync(this.file(name)) ? fs.readFileSync(this.file(name), 'utf8') : '';
  }

  /** Removes the folder; may be called again. */
  remove(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

const kept = new Set<TempDir>();

function removeAtExit(dir: TempDir): void {
  if (kept.size === 0) {
    process.on('exit', () => {
      for (const each of kept) each.remove();
    });
  }
  kept.add(dir);
}
