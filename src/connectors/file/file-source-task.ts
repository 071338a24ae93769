/** The task of FileStreamSource: bytes of the file become lines become a batch of texts, all in one buffer. */
import { isUtf8 } from 'node:buffer';
import type { Props } from '../../api/connector';
import type { SourceTask, SourceTaskContext, TextBatch } from '../../api/source';
import { PackedTexts } from '../../data/packed-texts';
import type { SourceOffset, SourcePartition } from '../../data/record';
import { ConnectError } from '../../errors';
import { getLogger, type Logger } from '../../log';
import { type ByteSource, NamedFile, StandardInput } from './byte-sources';
import { FILE_SOURCE_CONFIG } from './file-source-config';
import { LineBuffer, type OverlongLine } from './line-buffer';

/** Bytes read at once: enough for a few thousand lines, small enough for the processor's cache. */
const CHUNK_BYTES = 1 << 18;

export class FileStreamSourceTask implements SourceTask {
  private context: SourceTaskContext | null = null;
  private logger: Logger = getLogger('org.apache.kafka.connect.file.FileStreamSourceTask');
  private source: ByteSource | null = null;
  private lines = new LineBuffer(0, CHUNK_BYTES, CHUNK_BYTES);
  private texts = new PackedTexts(1, 0);
  private repaired = new PackedTexts(1, 0);
  private positions = new Float64Array(0);
  private batchSize = 0;
  private topic = '';
  private partition: SourcePartition = {};
  private offsetAt: (position: number) => SourceOffset = position => ({ position: BigInt(position) });
  private invalidUtf8Reported = false;
  private overlong = 0;

  start(props: Props, context: SourceTaskContext): void {
    this.context = context;
    this.logger = this.logger.withContext(`[${props.name}|task-${context.taskId.slice(context.taskId.lastIndexOf('-') + 1)}] `);
    const config = FILE_SOURCE_CONFIG.parse(props);
    const file = config.getStringOrNull('file');
    this.topic = config.getString('topic') ?? '';
    this.batchSize = Math.max(1, config.getInt('batch.size'));
    this.texts = new PackedTexts(this.batchSize, 0);
    this.repaired = new PackedTexts(this.batchSize, 0);
    this.positions = new Float64Array(this.batchSize);
    if (file) {
      this.partition = { filename: file };
      this.source = new NamedFile(file, this.logger);
      this.lines = new LineBuffer(this.storedPosition(), CHUNK_BYTES, context.maxRequestSizeBytes);
    } else {
      this.partition = { filename: null };
      this.offsetAt = () => ({ position: null });
      this.source = new StandardInput();
      this.lines = new LineBuffer(0, CHUNK_BYTES, context.maxRequestSizeBytes);
    }
  }

  private storedPosition(): number {
    const offset = this.context?.offsetStorageReader.offset(this.partition);
    const position = offset?.position;
    if (position === undefined || position === null) return 0;
    if (typeof position !== 'bigint') throw new ConnectError('ConnectException', 'Offset position is the incorrect type');
    return Number(position);
  }

  async poll(): Promise<TextBatch | null> {
    const { source, context } = this;
    if (!source || !context) return null;
    const buffered = this.takeLines();
    if (buffered) return buffered;
    const result = source.read(this.lines.free(), this.lines.position);
    if (result.kind === 'bytes') {
      this.lines.appended(result.count);
      return this.takeLines();
    }
    if (result.kind === 'restart') {
      if (!this.lines.empty) this.logger.warn(`The unfinished line before position ${this.lines.position} has no end and is left out.`);
      this.lines.reset(result.position);
      return null;
    }
    await source.wait(context.signal());
    return null;
  }

  /** Complete lines in the buffer as a batch, or null if there is none. */
  private takeLines(): TextBatch | null {
    this.texts.clear();
    this.texts.bytes = this.lines.bytes;
    for (;;) {
      const overlong = this.lines.takeLines(this.texts, this.positions, this.batchSize);
      if (!overlong) break;
      this.reportOverlong(overlong);
    }
    const { count } = this.texts;
    if (count === 0) return null;
    return {
      kind: 'texts',
      topic: this.topic,
      texts: this.validUtf8(),
      sourcePartition: this.partition,
      positions: this.positions,
      offsetAt: this.offsetAt,
    };
  }

  /**
   * A line above `max.request.size`: fails the task, or is skipped and counted where errors are tolerated. It is reported once,
   * as soon as it is known to be too long.
   */
  private reportOverlong(line: OverlongLine): void {
    const first = this.overlong === 0;
    this.overlong = line.complete ? 0 : line.lengthBytes;
    const limit = this.context?.maxRequestSizeBytes;
    const length = line.complete ? `${line.lengthBytes}` : `at least ${line.lengthBytes}`;
    if (!first) {
      this.logger.warn(`The line that was skipped at position ${line.position} is ${line.lengthBytes} bytes long.`);
      return;
    }
    this.context?.skipOrThrow(
      new ConnectError(
        'RecordTooLargeException',
        `The line at position ${line.position} of ${String(this.partition.filename ?? 'standard input')} is ${length} bytes long, more than ${limit}, ` +
          'which is the value of the max.request.size configuration. Raise producer.override.max.request.size, or set errors.tolerance=all to skip such lines.',
      ),
    );
  }

  /** The texts as they are, or with U+FFFD for what is not UTF-8, as Java's decoder does. */
  private validUtf8(): PackedTexts {
    const { texts } = this;
    const last = texts.count - 1;
    const from = texts.starts[0] ?? 0;
    const to = (texts.starts[last] ?? 0) + (texts.lengths[last] ?? 0);
    if (isUtf8(texts.bytes.subarray(from, to))) return texts;
    if (!this.invalidUtf8Reported) {
      this.invalidUtf8Reported = true;
      this.logger.warn(
        `A line before position ${this.positions[last]} is not UTF-8; bytes that are not text become U+FFFD, as in the Java worker.`,
      );
    }
    this.repaired.clear();
    for (let i = 0; i < texts.count; i++) {
      const line = texts.at(i);
      this.repaired.append(line && !isUtf8(line) ? Buffer.from(line.toString('utf8')) : line);
    }
    return this.repaired;
  }

  drained(): boolean {
    return this.source?.exhausted ?? true;
  }

  stop(): void {
    this.source?.close();
  }
}
