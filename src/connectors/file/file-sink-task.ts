/** The task of FileStreamSink: a batch of texts becomes one write. */
import type { Props } from '../../api/connector';
import type { SinkTask, SinkTaskContext } from '../../api/sink';
import { javaText } from '../../data/java-text';
import { NULL_TEXT, PackedTexts } from '../../data/packed-texts';
import type { SinkRecord } from '../../data/record';
import { encodeUtf8 } from '../../data/utf8';
import { getLogger } from '../../log';
import { FILE_SINK_CONFIG } from './file-sink-config';
import { LineWriter } from './line-writer';

const LF = 10;
const NULL_LINE = Buffer.from('null');

export class FileStreamSinkTask implements SinkTask {
  private writer: LineWriter | null = null;
  private texts = new PackedTexts(16, 1 << 12);
  private out = Buffer.allocUnsafeSlow(1 << 12);

  start(props: Props, context: SinkTaskContext): void {
    const task = context.taskId.slice(context.taskId.lastIndexOf('-') + 1);
    const logger = getLogger('org.apache.kafka.connect.file.FileStreamSinkTask', `[${props.name}|task-${task}] `);
    this.writer = new LineWriter(FILE_SINK_CONFIG.parse(props).getStringOrNull('file') ?? '', logger);
  }

  put(records: readonly SinkRecord[]): Promise<void> {
    this.texts.clear();
    for (const record of records) this.texts.append(record.value === null ? null : encodeUtf8(javaText(record.value)));
    return this.putTexts(this.texts);
  }

  async putTexts(texts: PackedTexts): Promise<void> {
    if (texts.count > 0) await this.writer?.write(this.layOut(texts));
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

  flush(): void {}

  stop(): void {
    this.writer?.close();
    this.writer = null;
  }
}
