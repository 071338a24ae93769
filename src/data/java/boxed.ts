/**
 * Java's small number types. A JS number stands for Double and a bigint for Long, so the others need a class of their own:
 * schemaless data keeps the type of each number, and texts and errors show it.
 */

const CACHED_MIN = -128;
const CACHED_MAX = 1023;

/** A factory that shares one object for each frequent value. */
function cached<T>(create: (value: number) => T): (value: number) => T {
  const cache = Array.from({ length: CACHED_MAX - CACHED_MIN + 1 }, (_, i) => create(i + CACHED_MIN));
  return value => cache[value - CACHED_MIN] ?? create(value);
}

/** An immutable number. */
abstract class Boxed {
  constructor(readonly value: number) {}

  valueOf(): number {
    return this.value;
  }

  toString(): string {
    return String(this.value);
  }
}

/** java.lang.Byte. */
export class Int8 extends Boxed {
  declare private readonly int8: true;
  private static readonly shared = cached(value => new Int8(value));

  /** The value as a Byte; higher bits are dropped as by a Java cast. */
  static of(value: number): Int8 {
    return Int8.shared((value << 24) >> 24);
  }
}

/** java.lang.Short. */
export class Int16 extends Boxed {
  declare private readonly int16: true;
  private static readonly shared = cached(value => new Int16(value));

  /** The value as a Short; higher bits are dropped as by a Java cast. */
  static of(value: number): Int16 {
    return Int16.shared((value << 16) >> 16);
  }
}

/** java.lang.Integer. */
export class Int32 extends Boxed {
  declare private readonly int32: true;
  private static readonly shared = cached(value => new Int32(value));

  /** The value as an Integer; higher bits are dropped as by a Java cast. */
  static of(value: number): Int32 {
    return Int32.shared(value | 0);
  }
}

/** java.lang.Float: a number that has float precision. */
export class Float32 extends Boxed {
  declare private readonly float32: true;

  /** The nearest Float; beyond its range, an infinity. */
  static of(value: number): Float32 {
    return new Float32(Math.fround(value));
  }
}

/** Any of Java's numbers that are neither Long, Double nor big. */
export type BoxedNumber = Int8 | Int16 | Int32 | Float32;
