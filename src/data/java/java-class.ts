/** Names of the Java classes of our values, for messages. */

import { StructValue } from '../schema/struct-value';
import { BigDecimal, BigInteger } from './big-numbers';
import { Float32, Int8, Int16, Int32 } from './boxed';
import { ByteBuffer } from './byte-buffer';

const OBJECT_CLASSES: readonly (readonly [abstract new (...args: never[]) => object, string])[] = [
  [Int8, 'java.lang.Byte'],
  [Int16, 'java.lang.Short'],
  [Int32, 'java.lang.Integer'],
  [Float32, 'java.lang.Float'],
  [StructValue, 'org.apache.kafka.connect.data.Struct'],
  [Map, 'java.util.LinkedHashMap'],
  [Array, 'java.util.ArrayList'],
  [Uint8Array, '[B'],
  [BigDecimal, 'java.math.BigDecimal'],
  [BigInteger, 'java.math.BigInteger'],
  [Date, 'java.util.Date'],
  [ByteBuffer, 'java.nio.HeapByteBuffer'],
];

/** The Java class that an object of another class names itself. */
function ownClassName(value: object): string {
  if ('javaClassName' in value && typeof value.javaClassName === 'string') return value.javaClassName;
  return value.constructor?.name || 'java.lang.Object';
}

/** The Java class name of a value that is not null, e.g. `java.lang.Long` for a bigint, `[B` for bytes. */
export function javaClassOf(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'bigint':
      return 'java.lang.Long';
    case 'number':
      return 'java.lang.Double';
    case 'boolean':
      return 'java.lang.Boolean';
    case 'object': {
      if (value === null) return 'null';
      const known = OBJECT_CLASSES.find(([type]) => value instanceof type);
      return known ? known[1] : ownClassName(value);
    }
    default:
      return 'java.lang.Object';
  }
}
