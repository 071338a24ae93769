/** Masks of values: the empty value of the class, or the user's text or number (org.apache.kafka.connect.transforms.MaskField). */
import { BigDecimal, BigInteger } from '../data/java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../data/java/boxed';
import { javaClassOf } from '../data/java/java-class';
import { parseBigInteger } from '../data/java/number-text';
import { ConnectError } from '../errors';

/** Masks a value that is not null. @throws DataException for a value that cannot be masked like this */
export type ValueMask = (value: unknown) => unknown;

/** Values by Java class. */
type MasksByClass = ReadonlyMap<string, unknown>;

/** The masks by class, except those of containers, which are created for each value. */
const EMPTY_VALUES: MasksByClass = new Map<string, unknown>([
  ['java.lang.Boolean', false],
  ['java.lang.Byte', Int8.of(0)],
  ['java.lang.Short', Int16.of(0)],
  ['java.lang.Integer', Int32.of(0)],
  ['java.lang.Long', 0n],
  ['java.lang.Float', Float32.of(0)],
  ['java.lang.Double', 0],
  ['java.math.BigInteger', new BigInteger(0n)],
  ['java.math.BigDecimal', new BigDecimal(0n, 0)],
  ['java.lang.String', ''],
]);

/** Masks with the empty value of the class. */
export const maskWithEmptyValue: ValueMask = value => {
  if (Array.isArray(value)) return [];
  if (value instanceof Map) return new Map();
  if (value instanceof Date) return new Date(0);
  const empty = EMPTY_VALUES.get(javaClassOf(value));
  if (empty !== undefined) return empty;
  throw new ConnectError('DataException', `Cannot mask value of type: class ${javaClassOf(value)}`);
};

/** Masks with a text, or its number. The text is parsed here, once. */
export function maskWith(replacement: string): ValueMask {
  const masks = replacementsByClass(replacement);
  return value => {
    const javaClass = javaClassOf(value);
    const mask = masks.get(javaClass);
    if (mask === undefined)
      throw new ConnectError('DataException', `Cannot mask value of type class ${javaClass} with custom replacement.`);
    if (mask !== null) return mask;
    const kind = javaClass.startsWith('java.math.') ? 'number' : 'a number';
    throw new ConnectError('DataException', `Unable to convert ${replacement} (class java.lang.String) to ${kind}`);
  };
}

/** The replacement by class; null if it is not a number of that class. Numbers are narrowed as by Java's casts. */
function replacementsByClass(replacement: string): MasksByClass {
  const integer = parseBigInteger(replacement);
  const decimal = parseDecimal(replacement);
  const long = decimal?.toLong() ?? null;
  const double = decimal?.toDouble() ?? null;
  const low = long === null ? null : Number(BigInt.asIntN(32, long));
  return new Map<string, unknown>([
    ['java.lang.Byte', low === null ? null : Int8.of(low)],
    ['java.lang.Short', low === null ? null : Int16.of(low)],
    ['java.lang.Integer', low === null ? null : Int32.of(low)],
    ['java.lang.Long', long],
    ['java.lang.Float', double === null ? null : Float32.of(double)],
    ['java.lang.Double', double],
    ['java.lang.String', replacement],
    ['java.math.BigDecimal', decimal],
    ['java.math.BigInteger', integer === null ? null : new BigInteger(integer)],
  ]);
}

function parseDecimal(text: string): BigDecimal | null {
  try {
    return BigDecimal.parse(text);
  } catch {
    return null;
  }
}
