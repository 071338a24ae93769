/** java.nio.ByteBuffer: the second form of BYTES. */
export class ByteBuffer {
  /**
   * @param array the backing bytes; not copied
   * @param position first byte that counts
   * @param limit end of the bytes that count
   */
  constructor(
    readonly array: Buffer,
    readonly position = 0,
    readonly limit = array.length,
  ) {}

  /** The bytes from position to limit, as a view. */
  remaining(): Buffer {
    return this.array.subarray(this.position, this.limit);
  }

  toString(): string {
    return `java.nio.HeapByteBuffer[pos=${this.position} lim=${this.limit} cap=${this.array.length}]`;
  }
}
