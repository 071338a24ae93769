/** The task of FileStreamSource: bytes of the file become lines become a batch of texts, all in one buffer. */
import { isUtf8 } from 'node:buffer';
import type { Props } from '../../../api/connector';
import type { SourcePlace, SourceTask, SourceTaskContext } from '../../../api/source';
import { ByteColumn } from '../../../data/batch/byte-column';
import { type RecordBatch, valueBatch } from '../../../data/batch/record-batch';
import type { SourceOffset, SourcePartition } from '../../../data/record/record';
import { decodeUtf8 } from '../../../data/utf8';
import { ConnectError } from '../../../errors';
import { getLogger, type Logger } from '../../../log';
import { parseMark } from '../shared/file-identity';
import type { ByteSource, ReadResult } from './byte-source';
import { FILE_SOURCE_CONFIG } from './file-source-config';
import { LineBuffer, type OverlongLine } from './line-buffer';
import { NamedFile } from './named-file';
import { openStandardInput } from './standard-input';

/** Bytes read at once: enough for a few thousand lines, small enough for the processor's cache. */
const CHUNK_BYTES = 1 << 18;
/** Most lines of a batch whatever `batch.size` says, since room for them is made beforehand. */
const MAX_BATCH = 1 << 16;

export class FileStreamSourceTask implements SourceTask {
  private context: SourceTaskContext | null = null;
  private logger: Logger = getLogger('org.apache.kafka.connect.file.FileStreamSourceTask');
  private source: ByteSource | null = null;
  private lines = new LineBuffer(0, CHUNK_BYTES, CHUNK_BYTES);
  private texts = new ByteColumn(1, 0);
  private readonly repaired = new ByteColumn(1, 0);
  private positions = new Float64Array(0);
  private batchSize = 0;
  private topic = '';
  private partition: SourcePartition = {};
  private offsetAt: (position: number) => SourceOffset = position => ({ position: BigInt(position) });
  /** `takePlace` is to give the place after what was handed over. */
  private placeDue = false;
  /** Nothing was stored, and nothing was handed over yet. */
  private beginsAnew = false;
  private invalidUtf8Reported = false;
  /** An overlong line is passing, and was reported. */
  private passing = false;
  /** Found after lines that go out first: what lies before a bad line is delivered even where that line fails the task. */
  private found: OverlongLine | null = null;

  start(props: Props, context: SourceTaskContext): void {
    this.context = context;
    this.logger = this.logger.withContext(context.logger.context);
    const config = FILE_SOURCE_CONFIG.parse(props);
    const file = config.getStringOrNull('file');
    this.topic = config.getString('topic') ?? '';
    this.batchSize = Math.min(MAX_BATCH, Math.max(1, config.getInt('batch.size')));
    this.texts = new ByteColumn(this.batchSize, 0);
    this.positions = new Float64Array(this.batchSize);
    if (file) {
      this.partition = { filename: file };
      const stored = this.storedPosition();
      this.beginsAnew = stored === null;
      this.placeDue = this.beginsAnew;
      const mark = parseMark(context.offsetStorageReader.mark(this.partition));
      this.source = new NamedFile(file, this.logger, mark, bytes => context.countUnread(bytes));
      this.lines = new LineBuffer(stored ?? 0, CHUNK_BYTES, context.maxRequestSizeBytes);
    } else {
      this.partition = { filename: null };
      this.offsetAt = () => ({ position: null });
      this.source = openStandardInput();
      this.lines = new LineBuffer(0, CHUNK_BYTES, context.maxRequestSizeBytes);
    }
  }

  /** Null where nothing is stored. */
  private storedPosition(): number | null {
    const offset = this.context?.offsetStorageReader.offset(this.partition);
    const position = offset?.position;
    if (position === undefined || position === null) return null;
    if (typeof position !== 'bigint') throw new ConnectError('ConnectException', 'Offset position is the incorrect type');
    if (position < 0n)
      this.logger.warn(`The stored position ${position} of file ${this.partition.filename} is negative; reading it from 0.`);
    // Above 2^53 it is past the end of any file, whatever it is exactly.
    return Math.min(Math.max(0, Number(position)), Number.MAX_SAFE_INTEGER);
  }

  async poll(): Promise<RecordBatch | null> {
    const { source, context } = this;
    if (!source || !context) return null;
    const buffered = this.takeLines();
    if (buffered) return buffered;
    const result = source.read(this.lines.free(), this.lines.position);
    if (result.kind === 'bytes') {
      this.lines.appended(result.count);
      this.offsetAt = source.offsetAt ?? this.offsetAt;
      // The place goes out before the first line: otherwise a kill could lose what came after that line.
      if (!this.beginsAnew || !source.canRewind) return this.takeLines();
      this.beginsAnew = false;
      return null;
    }
    if (result.kind === 'restart') return this.beginAgain(result);
    const rest = result.final ? this.takeRest() : null;
    if (!rest) await source.wait(context.signal());
    return rest;
  }

  /** What was taken from a pipe, a socket or a terminal, which give nothing twice. */
  pollHeld(): RecordBatch | null {
    const { source, lines } = this;
    if (!source) return null;
    source.halt?.();
    for (;;) {
      const held = this.takeLines();
      if (held) return held;
      const result = source.read(lines.free(), lines.position);
      if (result.kind === 'bytes') {
        lines.appended(result.count);
        continue;
      }
      const rest = result.kind === 'end' && result.final ? this.takeRest() : null;
      if (!rest && lines.unfinishedBytes > 0)
        this.logger.warn(
          `${lines.unfinishedBytes} bytes of ${this.fileName} were read that are not a whole line yet: they are lost with this stop.`,
        );
      return rest;
    }
  }

  /** The bytes to come are those of another file, or of the same one from its start. */
  private beginAgain({ position, reason }: Extract<ReadResult, { kind: 'restart' }>): RecordBatch | null {
    if (reason === 'copied') {
      this.offsetAt = this.source?.offsetAt ?? this.offsetAt;
      return null;
    }
    const rest = reason === 'replaced' ? this.takeRest() : null;
    const lost = this.lines.unfinishedBytes;
    if (lost > 0)
      this.logger.warn(
        `The last ${lost} bytes before position ${this.lines.position} were not a whole line yet and are gone with the rest.`,
      );
    this.lines.reset(position);
    this.offsetAt = this.source?.offsetAt ?? this.offsetAt;
    this.placeDue = true;
    this.passing = false;
    return rest;
  }

  /** Where the task began without a stored offset, and where it goes on with another file. */
  takePlace(): SourcePlace | null {
    const { source, lines, partition } = this;
    if (!this.placeDue || !source?.offsetAt || !source.canRewind) return null;
    this.placeDue = false;
    return { partition, offset: source.offsetAt(lines.position - lines.unfinishedBytes) };
  }

  /** Complete lines in the buffer as a batch, or null if there is none. */
  private takeLines(): RecordBatch | null {
    this.texts.clear();
    this.texts.bytes = this.lines.bytes;
    for (;;) {
      if (this.found) this.reportOverlong(this.found);
      this.found = this.lines.takeLines(this.texts, this.positions, this.batchSize);
      if (!this.found || this.texts.count > 0) return this.batch();
    }
  }

  /** The last line of a stream that has ended, though nothing ends it: nobody can complete it any more. */
  private takeRest(): RecordBatch | null {
    this.texts.clear();
    this.texts.bytes = this.lines.bytes;
    const overlong = this.lines.takeRest(this.texts, this.positions);
    if (overlong) this.reportOverlong(overlong);
    return this.batch();
  }

  private batch(): RecordBatch | null {
    if (this.texts.count === 0) return null;
    const value = { kind: 'text', texts: this.validUtf8() } as const;
    return valueBatch(this.topic, value, value.texts.count, this.partition, this.offsetAt, {
      positions: this.positions,
      timestamps: 'now',
    });
  }

  private get fileName(): string {
    return String(this.partition.filename ?? 'standard input');
  }

  /**
   * A line above `max.request.size`: fails the task, or is skipped and counted where errors are tolerated. It is reported once,
   * as soon as it is known to be too long.
   */
  private reportOverlong({ position, lengthBytes, complete }: OverlongLine): void {
    this.found = null;
    const known = this.passing;
    this.passing = !complete;
    if (known) {
      this.logger.debug(`The line that was skipped at position ${position} of ${this.fileName} is ${lengthBytes} bytes long.`);
      return;
    }
    this.context?.skipOrThrow(
      new ConnectError(
        'RecordTooLargeException',
        `The line at position ${position} of ${this.fileName} is ${complete ? '' : 'at least '}${lengthBytes} bytes long, more than ` +
          `${this.context.maxRequestSizeBytes}, which is the value of the max.request.size configuration. ` +
          'Raise producer.override.max.request.size, or set errors.tolerance=all to skip such lines.',
      ),
    );
  }

  /** The texts as they are, or with U+FFFD for what is not UTF-8, as Java's decoder does. */
  private validUtf8(): ByteColumn {
    const { texts } = this;
    const last = texts.count - 1;
    const from = texts.starts[0] ?? 0;
    const to = (texts.starts[last] ?? 0) + (texts.lengths[last] ?? 0);
    if (isUtf8(texts.bytes.subarray(from, to))) return texts;
    this.repaired.clear();
    for (let i = 0; i < texts.count; i++) {
      const line = texts.at(i);
      const valid = !line || isUtf8(line);
      if (!valid) this.reportInvalid(this.positions[i] ?? 0);
      this.repaired.append(valid ? line : Buffer.from(decodeUtf8(line)));
    }
    return this.repaired;
  }

  private reportInvalid(position: number): void {
    if (this.invalidUtf8Reported) return;
    this.invalidUtf8Reported = true;
    this.logger.warn(
      `The line before position ${position} of ${this.fileName} is not UTF-8: bytes that are not text become U+FFFD, as in the Java worker. ` +
        'Further ones are not reported.',
    );
  }

  drained(): boolean {
    return this.source?.exhausted ?? true;
  }

  canRewind(): boolean {
    return this.source?.canRewind ?? true;
  }

  stop(): void {
    this.source?.close();
  }
}
