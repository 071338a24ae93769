/**
 * Many byte strings in one buffer: the column of a batch. Line-oriented plugins and converters hand over batches in this form where no
 * transformation needs records, so that a line costs no object between the file and the topic.
 */

/** Length that stands for null in `ByteColumn`. */
export const NULL_TEXT = -1;
/** The most bytes that a UTF-16 unit takes in UTF-8. */
export const MAX_UTF8_BYTES = 3;

/**
 * A growable run of byte strings: text `i` is `bytes[starts[i] .. starts[i] + lengths[i])`, or null where the length is
 * `NULL_TEXT`. Ranges may lie anywhere in `bytes`, in any order. The maker owns all of it and may reuse it for the next batch.
 */
export class ByteColumn {
  bytes: Buffer;
  starts: Uint32Array;
  lengths: Int32Array;
  count = 0;
  /** Bytes of `bytes` in use, for makers that append. */
  used = 0;
  /** What belongs to this column, while it shows another one. */
  private own: Pick<ByteColumn, 'bytes' | 'starts' | 'lengths'> | null = null;

  /**
   * @param maxCount how many texts it holds at most; grows on demand through `reserve`
   * @param capacityBytes first size of the buffer
   */
  constructor(maxCount: number, capacityBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(capacityBytes);
    this.starts = new Uint32Array(maxCount);
    this.lengths = new Int32Array(maxCount);
  }

  /** Forgets the texts, keeps the memory. */
  clear(): void {
    this.count = 0;
    this.used = 0;
    if (this.own === null) return;
    this.bytes = this.own.bytes;
    this.starts = this.own.starts;
    this.lengths = this.own.lengths;
    this.own = null;
  }

  /**
   * Shows texts `from .. from + count` of another column, without a copy, until `clear`. Only for a column that is empty; nothing may be
   * appended to it meanwhile, and the other one must be left alone.
   */
  borrow(other: ByteColumn, from: number, count: number): void {
    const { bytes, starts, lengths } = this;
    this.own ??= { bytes, starts, lengths };
    this.bytes = other.bytes;
    this.starts = other.starts.subarray(from, from + count);
    this.lengths = other.lengths.subarray(from, from + count);
    this.count = count;
    this.used = this.sizeOf(0, count);
  }

  /** Makes room for this many more texts and bytes; `bytes` may be another buffer afterwards. */
  reserve(moreTexts: number, moreBytes: number): void {
    if (this.count + moreTexts > this.starts.length) {
      const size = Math.max(this.starts.length * 2, this.count + moreTexts);
      const starts = new Uint32Array(size);
      starts.set(this.starts);
      const lengths = new Int32Array(size);
      lengths.set(this.lengths);
      this.starts = starts;
      this.lengths = lengths;
    }
    if (this.used + moreBytes > this.bytes.length) {
      const bytes = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + moreBytes));
      this.bytes.copy(bytes, 0, 0, this.used);
      this.bytes = bytes;
    }
  }

  /** Appends a copy of a text, or null. */
  append(text: Uint8Array | null): void {
    this.reserve(1, text?.length ?? 0);
    this.starts[this.count] = this.used;
    this.lengths[this.count++] = text?.length ?? NULL_TEXT;
    if (!text) return;
    this.bytes.set(text, this.used);
    this.used += text.length;
  }

  /** Appends a text that is well-formed, as UTF-8. */
  appendText(text: string): void {
    this.reserve(1, text.length * MAX_UTF8_BYTES);
    this.addWritten(this.used + this.bytes.write(text, this.used));
  }

  /** Counts what was written after `used`, up to a place in `bytes`, as one more text. */
  addWritten(end: number): void {
    this.reserve(1, 0);
    this.starts[this.count] = this.used;
    this.lengths[this.count++] = end - this.used;
    this.used = end;
  }

  /** Bytes of texts `from .. from + count`. */
  sizeOf(from: number, count: number): number {
    let total = 0;
    for (let i = from; i < from + count; i++) total += Math.max(0, this.lengths[i] as number);
    return total;
  }

  /** Text `i` as a string, or null. The bytes must be proper UTF-8. */
  textAt(i: number): string | null {
    const start = this.starts[i] ?? 0;
    const length = this.lengths[i] ?? NULL_TEXT;
    return length === NULL_TEXT ? null : this.bytes.toString('utf8', start, start + length);
  }

  /** Text `i` as a view into the buffer, or null. */
  at(i: number): Buffer | null {
    const start = this.starts[i] ?? 0;
    const length = this.lengths[i] ?? NULL_TEXT;
    return length === NULL_TEXT ? null : this.bytes.subarray(start, start + length);
  }
}
