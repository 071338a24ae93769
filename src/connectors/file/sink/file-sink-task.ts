/** The task of FileStreamSink: a batch of texts becomes one write. */
import fs from 'node:fs';
import type { Props } from '../../../api/connector';
import {
  type ConsumedTexts,
  keyOfPartition,
  type PartitionOffset,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '../../../api/sink';
import { ByteColumn, NULL_TEXT } from '../../../data/batch/byte-column';
import { javaText } from '../../../data/java/java-text';
import type { SinkRecord } from '../../../data/record/record';
import { encodeUtf8 } from '../../../data/utf8';
import { ConnectError } from '../../../errors';
import { getLogger } from '../../../log';
import { hintForNew } from '../shared/path-hints';
import { ExactlyOnceWriter, forgetJournal } from './exactly-once-writer';
import { exactlyOnceFile, FILE_SINK_CONFIG } from './file-sink-config';
import { LineWriter } from './line-writer';

const LF = 10;
const NULL_LINE = Buffer.from('null');

export class FileStreamSinkTask implements SinkTask {
  private writer: LineWriter | ExactlyOnceWriter | null = null;
  private context: SinkTaskContext | null = null;
  private texts = new ByteColumn(16, 1 << 12);
  private out = Buffer.allocUnsafeSlow(1 << 12);

  start(props: Props, context: SinkTaskContext): void {
    const logger = getLogger('org.apache.kafka.connect.file.FileStreamSinkTask', context.logger.context);
    const config = FILE_SINK_CONFIG.parse(props);
    const file = config.getStringOrNull('file') ?? '';
    const { name = '' } = props;
    const once = exactlyOnceFile(config) !== null;
    this.context = context;
    const hint = file && !fs.existsSync(file) ? hintForNew(file) : '';
    if (hint !== '') logger.warn(`${hint} A file of this name is created now.`);
    if (!once && file) forgetJournal(file, name, logger);
    this.writer = once ? new ExactlyOnceWriter(file, name, logger) : new LineWriter(file, logger);
  }

  open(partitions: readonly TopicPartition[]): void {
    this.goOnFromFile(partitions);
  }

  /** With exactly once, the offsets of what the file holds are taken, whatever the consumer group has committed. */
  private goOnFromFile(partitions: readonly TopicPartition[]): void {
    if (!(this.writer instanceof ExactlyOnceWriter)) return;
    for (const partition of partitions) {
      const offset = this.writer.offsetOf(partition);
      if (offset !== undefined) this.context?.offset(partition, offset);
    }
  }

  put(records: readonly SinkRecord[]): Promise<void> {
    this.texts.clear();
    for (const record of records) this.texts.append(record.value === null ? null : encodeUtf8(javaText(record.value)));
    return this.putBatch({ count: records.length, value: this.texts });
  }

  async putBatch({ count, value }: ConsumedTexts): Promise<void> {
    if (count > 0) await this.writer?.write(this.layOut(value));
  }

  /** One line a text, in a buffer of this task. */
  private layOut(texts: ByteColumn): Buffer {
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

  /** All that was put is in the file; with exactly once the offsets are so too before the group gets them. */
  preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]> {
    return this.writer instanceof ExactlyOnceWriter ? this.commitOnce(this.writer, offsets) : offsets;
  }

  private async commitOnce(writer: ExactlyOnceWriter, offsets: readonly PartitionOffset[]): Promise<readonly PartitionOffset[]> {
    try {
      await writer.commit(offsets);
    } catch (error) {
      this.rollBack(this.context?.assignment() ?? []);
      throw error;
    }
    return offsets;
  }

  /** Partitions that were lost come again from the last consistent point; so does all that was written to the file since. */
  close(partitions: readonly TopicPartition[]): void {
    const { writer } = this;
    if (!(writer instanceof ExactlyOnceWriter) || !writer.isAhead) return;
    const closed = new Set(partitions.map(keyOfPartition));
    const kept = (this.context?.assignment() ?? []).filter(partition => !closed.has(keyOfPartition(partition)));
    const fresh = kept.find(partition => writer.offsetOf(partition) === undefined);
    if (fresh)
      throw new ConnectError(
        'ConnectException',
        `What was read of ${fresh.topic}-${fresh.partition} could not be committed; restart the task`,
      );
    this.rollBack(kept);
  }

  /** @param kept partitions that this task still has */
  private rollBack(kept: readonly TopicPartition[]): void {
    const { writer } = this;
    if (!(writer instanceof ExactlyOnceWriter)) return;
    writer.rollBack();
    this.goOnFromFile(kept);
  }

  stop(): void {
    this.writer?.close();
    this.writer = null;
  }
}
