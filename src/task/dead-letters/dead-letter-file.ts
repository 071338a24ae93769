/** Dead letters as lines of a local file, each on the disk before it counts as delivered. */
import fs from 'node:fs';
import { ConnectError } from '../../errors';
import { openNamedToAppend } from '../../named-files';
import type { Report } from '../../pipeline/error-handler';
import type { DeadLetter } from './dead-letter';
import type { DeadLetters } from './dead-letters';

const SAFE: Report = { delivered: Promise.resolve() };

export class DeadLetterFile implements DeadLetters {
  readonly pending = 0;
  failure: ConnectError | null = null;
  private readonly fd: number;

  /** @throws ConnectException if the file cannot be opened */
  constructor(private readonly path: string) {
    try {
      this.fd = openNamedToAppend(path);
    } catch (error) {
      throw new ConnectError('ConnectException', `Could not open the file for dead letters ${path}`, error);
    }
  }

  async send({ value }: DeadLetter): Promise<Report> {
    if (this.failure) throw this.failure;
    try {
      // Unlike writeSync it goes on where the system has taken only a part.
      fs.writeFileSync(this.fd, Buffer.concat([value ?? Buffer.alloc(0), Buffer.from('\n')]));
      fs.fdatasyncSync(this.fd);
    } catch (error) {
      this.failure = new ConnectError('ConnectException', `Could not write a dead letter to ${this.path}`, error);
      throw this.failure;
    }
    return SAFE;
  }

  poll(): void {}

  async settle(): Promise<boolean> {
    return this.failure === null;
  }

  release(): void {
    fs.closeSync(this.fd);
  }
}
