/** The task of FileStreamSink: a batch of texts becomes one write. */
import fs from 'node:fs';
import type { Props } from '../../api/connector';
import type { SinkTask } from '../../api/sink';
import { javaText } from '../../data/java-text';
import { NULL_TEXT, PackedTexts } from '../../data/packed-texts';
import type { SinkRecord } from '../../data/record';
import { ConnectError } from '../../errors';
import { FILE_SINK_CONFIG } from './file-sink-config';

const LF = 10;
const NULL_LINE = Buffer.from('null');
const STDOUT_FD = 1;
/** How long to wait when standard output's pipe is full. */
const PIPE_FULL_WAIT_MS = 5;

/** Errors of a full disk or quota: they pass when somebody makes room. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

export class FileStreamSinkTask implements SinkTask {
  private fd = STDOUT_FD;
  private file = '';
  private texts = new PackedTexts(16, 1 << 12);
  private out = Buffer.allocUnsafeSlow(1 << 16);

  start(props: Props): void {
    this.file = FILE_SINK_CONFIG.parse(props).getStringOrNull('file') ?? '';
    if (!this.file) return;
    try {
      this.fd = fs.openSync(this.file, 'a');
    } catch (error) {
      throw new ConnectError('ConnectException', `Couldn't find or create file '${this.file}' for FileStreamSinkTask`, error);
    }
  }

  put(records: readonly SinkRecord[]): Promise<void> {
    this.texts.clear();
    for (const record of records) this.texts.append(record.value === null ? null : Buffer.from(javaText(record.value)));
    return this.putTexts(this.texts);
  }

  async putTexts(texts: PackedTexts): Promise<void> {
    if (texts.count > 0) await this.write(this.layOut(texts));
  }

  /** One line a text, in a buffer of this task. */
  private layOut(texts: PackedTexts): Buffer {
    let needed = 0;
    for (let i = 0; i < texts.count; i++) needed += Math.max(NULL_LINE.length, texts.lengths[i] as number) + 1;
    if (this.out.length < needed) this.out = Buffer.allocUnsafeSlow(Math.max(needed, this.out.length * 2));
    const { out } = this;
    let used = 0;
    for (let i = 0; i < texts.count; i++) {
      const start = texts.starts[i] as number;
      const length = texts.lengths[i] as number;
      used += length === NULL_TEXT ? NULL_LINE.copy(out, used) : texts.bytes.copy(out, used, start, start + length);
      out[used++] = LF;
    }
    return out.subarray(0, used);
  }

  private async write(lines: Buffer): Promise<void> {
    const sizeBefore = this.file ? fs.fstatSync(this.fd).size : 0;
    let written = 0;
    while (written < lines.length) {
      try {
        written += fs.writeSync(this.fd, lines, written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EAGAIN') await new Promise(resolve => setTimeout(resolve, PIPE_FULL_WAIT_MS));
        else throw this.writeError(error as NodeJS.ErrnoException, sizeBefore, written);
      }
    }
  }

  /** A full disk is waited for: the part that was written is taken back, so that the retry leaves no torn or doubled line. */
  private writeError(error: NodeJS.ErrnoException, sizeBefore: number, written: number): ConnectError {
    const message = `Could not write to file '${this.file || 'standard output'}': ${error.message}`;
    if (!this.file || !NO_ROOM.has(error.code ?? '')) return new ConnectError('ConnectException', message, error);
    if (fs.fstatSync(this.fd).size !== sizeBefore + written) {
      return new ConnectError('ConnectException', `${message}; others write to it too, so the part that was written stays`, error);
    }
    fs.ftruncateSync(this.fd, sizeBefore);
    return new ConnectError('RetriableException', `${message}. Waiting for room; nothing is lost.`, error);
  }

  flush(): void {}

  stop(): void {
    if (this.file && this.fd !== STDOUT_FD) fs.closeSync(this.fd);
    this.fd = STDOUT_FD;
  }
}
