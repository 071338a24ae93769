/** Big-endian primitives of Java's object streams. */

/** Reads values in order; each read says what it is for, so that an error can name what is missing and where. */
export class ByteReader {
  position = 0;

  /**
   * @param data the whole stream
   * @param failure creates the error for a text
   */
  constructor(
    private readonly data: Buffer,
    private readonly failure: (what: string) => Error,
  ) {}

  /** The next bytes, as a view. */
  take(length: number, what: string): Buffer {
    const end = this.position + length;
    if (end > this.data.length) {
      throw this.failure(`it ends at byte ${this.data.length}, within ${what} (needs ${length} bytes from byte ${this.position} on)`);
    }
    const bytes = this.data.subarray(this.position, end);
    this.position = end;
    return bytes;
  }

  skip(length: number, what: string): void {
    this.take(length, what);
  }

  byte(what: string): number {
    return this.take(1, what).readUInt8();
  }

  uint16(what: string): number {
    return this.take(2, what).readUInt16BE();
  }

  uint32(what: string): number {
    return this.take(4, what).readUInt32BE();
  }

  int32(what: string): number {
    return this.take(4, what).readInt32BE();
  }

  /** A text with its length before it. Names of classes and fields are ASCII, where modified UTF-8 is plain UTF-8. */
  utf(what: string): string {
    return this.take(this.uint16(what), what).toString('utf8');
  }

  /** Reads a byte that must have this value. */
  expect(value: number, what: string): void {
    const at = this.position;
    const found = this.byte(what);
    if (found !== value) throw this.failure(`byte ${at} is 0x${found.toString(16)} where ${what} should be (0x${value.toString(16)})`);
  }
}

/** Collects bytes; methods can be chained. */
export class ByteWriter {
  private readonly parts: Buffer[] = [];

  bytes(value: Buffer): this {
    this.parts.push(value);
    return this;
  }

  byte(value: number): this {
    return this.bytes(Buffer.from([value]));
  }

  uint16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeUInt16BE(value);
    return this.bytes(part);
  }

  uint32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32BE(value);
    return this.bytes(part);
  }

  float32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeFloatBE(value);
    return this.bytes(part);
  }

  /** An ASCII text with its length before it. */
  utf(value: string): this {
    return this.uint16(value.length).bytes(Buffer.from(value, 'latin1'));
  }

  /** Everything written. */
  take(): Buffer {
    return Buffer.concat(this.parts);
  }
}
