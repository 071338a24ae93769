/** Standard input as the source of a task. Descriptor 0 itself stays open, so that a restarted task finds it again. */
import fs from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import tty from 'node:tty';
import { ConnectError } from '../../../errors';
import { ByteStream } from '../shared/byte-stream';
import { streamOf, streamOfPath } from '../shared/file-descriptor-stream';
import { type ByteSource, END, type ReadResult } from './byte-source';

const STDIN_FD = 0;
const LOOK_AGAIN_MS = 1000;
const FINAL_END: ReadResult = { kind: 'end', final: true };

/** Opens standard input, whatever it is. @throws ConnectException when it is closed or a directory */
export function openStandardInput(): ByteSource {
  try {
    const stat = fs.fstatSync(STDIN_FD);
    if (stat.isDirectory()) throw new Error('it is a directory');
    if (stat.isFile()) return new RedirectedFile();
    return new PipedInput(new ByteStream(openStream(stat)));
  } catch (error) {
    throw new ConnectError(
      'ConnectException',
      `Could not read standard input: ${(error as Error).message}. Set 'file' to read a file.`,
      error,
    );
  }
}

/** A stream on a descriptor of its own: destroying it, or the end of the thread, must not close descriptor 0. */
function openStream(stat: fs.Stats): Readable {
  if (tty.isatty(STDIN_FD)) return new tty.ReadStream(STDIN_FD);
  if (stat.isFIFO()) return streamOfPath('/dev/stdin', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
  if (stat.isSocket()) return streamOf(STDIN_FD);
  return fs.createReadStream('', { fd: STDIN_FD, autoClose: false });
}

/** A pipe, socket or terminal: its end is final. */
class PipedInput implements ByteSource {
  readonly canRewind = false;
  readonly offsetAt = null;
  exhausted = false;

  constructor(private readonly stream: ByteStream) {}

  read(into: Buffer): ReadResult {
    const count = this.stream.read(into);
    if (count > 0) return { kind: 'bytes', count };
    const { failure } = this.stream;
    if (failure) throw new ConnectError('ConnectException', `Could not read standard input: ${failure.message}`, failure);
    this.exhausted = this.stream.ended;
    return this.exhausted ? FINAL_END : END;
  }

  wait(signal: AbortSignal): Promise<void> {
    return this.stream.wait(signal);
  }

  halt(): void {
    this.stream.halt();
  }

  close(): void {
    this.stream.close();
  }
}

/** A file that the shell has opened (`< file`): read on from where the shell left it, also when it grows. */
class RedirectedFile implements ByteSource {
  /** The descriptor is the shell's, and so is its place. */
  readonly canRewind = false;
  readonly offsetAt = null;
  exhausted = false;
  private halted = false;

  read(into: Buffer): ReadResult {
    if (this.halted) return END;
    try {
      const count = fs.readSync(STDIN_FD, into, 0, into.length, null);
      this.exhausted = count === 0;
      return count > 0 ? { kind: 'bytes', count } : END;
    } catch (error) {
      throw new ConnectError('ConnectException', `Could not read standard input: ${(error as Error).message}`, error);
    }
  }

  async wait(signal: AbortSignal): Promise<void> {
    await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {});
  }

  halt(): void {
    this.halted = true;
  }

  close(): void {}
}
