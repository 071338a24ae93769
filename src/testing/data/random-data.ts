/** Random schemas with values that fit them, the same in every run. */
import {
  BigDecimal,
  dateBuilder,
  decimalBuilder,
  Float32,
  Int8,
  Int16,
  Int32,
  type Schema,
  type SchemaAndValue,
  SchemaBuilder,
  Struct,
  TIMESTAMP_SCHEMA,
  timeBuilder,
  timestampBuilder,
  timestampFromMillis,
} from '../../api';
import { bits, pick, type Random, randomBytes, randomText } from './random';

const MS_PER_DAY = 86_400_000;

/** A schema to be finished, and a value for it once it is. */
interface Draft {
  readonly builder: SchemaBuilder;
  readonly value: (schema: Schema) => unknown;
}

type Make = (random: Random) => Draft;

/** A draft whose value does not hang on details of the schema. */
function draft(builder: SchemaBuilder, value: unknown): Draft {
  return { builder, value: () => value };
}

function randomLong(random: Random): bigint {
  const edges = [0n, 1n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];
  return random(4) === 0 ? pick(random, edges) : (BigInt(bits(random)) << 32n) + BigInt(random(2 ** 32));
}

/** A finite double of any size, never -0, which JSON does not bring back. */
function randomDouble(random: Random): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setInt32(0, bits(random));
  view.setInt32(4, bits(random));
  const value = random(3) === 0 ? bits(random) / 1000 : view.getFloat64(0);
  return Number.isFinite(value) ? value + 0 : 0.1;
}

function randomFloat(random: Random): Float32 {
  const { value } = Float32.of(randomDouble(random));
  return Float32.of(Number.isFinite(value) ? value + 0 : 0.1);
}

function randomDecimal(random: Random): Draft {
  const scale = random(12) - 3;
  return draft(decimalBuilder(scale), new BigDecimal(randomLong(random) * randomLong(random), scale));
}

const PRIMITIVES: readonly Make[] = [
  random => draft(new SchemaBuilder('INT8'), Int8.of(bits(random))),
  random => draft(new SchemaBuilder('INT16'), Int16.of(bits(random))),
  random => draft(new SchemaBuilder('INT32'), Int32.of(bits(random))),
  random => draft(new SchemaBuilder('INT64'), randomLong(random)),
  random => draft(new SchemaBuilder('FLOAT32'), randomFloat(random)),
  random => draft(new SchemaBuilder('FLOAT64'), randomDouble(random)),
  random => draft(new SchemaBuilder('BOOLEAN'), random(2) === 0),
  random => draft(new SchemaBuilder('STRING'), randomText(random)),
  random => draft(new SchemaBuilder('BYTES'), randomBytes(random)),
  randomDecimal,
  random => draft(dateBuilder(), new Date((bits(random) >> 8) * MS_PER_DAY)),
  random => draft(timeBuilder(), new Date(random(MS_PER_DAY))),
  random => draft(timestampBuilder(), timestampFromMillis(TIMESTAMP_SCHEMA, randomLong(random))),
];

/** A builder of a primitive or logical type, and what makes a value once its schema is there. */
export function randomPrimitive(random: Random): { readonly builder: SchemaBuilder; readonly value: (schema: Schema) => unknown } {
  return pick(random, PRIMITIVES)(random);
}

/** Schema and value, at most this many containers deep. */
export function randomData(random: Random, depth = 3): SchemaAndValue & { schema: Schema } {
  const { builder, value } = depth === 0 || random(3) === 0 ? pick(random, PRIMITIVES)(random) : randomContainer(random, depth);
  const optional = random(3) === 0;
  if (optional) builder.optional();
  if (random(5) === 0) builder.doc(randomText(random));
  const schema = builder.build();
  return { schema, value: optional && random(3) === 0 ? null : value(schema) };
}

function randomContainer(random: Random, depth: number): Draft {
  if (random(2) === 0) return randomStruct(random, depth);
  const element = randomData(random, depth - 1);
  if (random(2) === 0)
    return draft(
      SchemaBuilder.array(element.schema),
      Array.from({ length: random(4) }, () => element.value),
    );
  const { builder, value } = pick(random, PRIMITIVES)(random);
  const keySchema = builder.build();
  return draft(SchemaBuilder.map(keySchema, element.schema), new Map([[value(keySchema), element.value]]));
}

function randomStruct(random: Random, depth: number): Draft {
  const fields = Array.from({ length: random(5) }, (_, i) => ({ name: `${i}${randomText(random)}`, ...randomData(random, depth - 1) }));
  const builder = SchemaBuilder.struct();
  for (const { name, schema } of fields) builder.field(name, schema);
  return {
    builder,
    value: schema => {
      const struct = new Struct(schema);
      for (const { name, value } of fields) struct.put(name, value);
      return struct;
    },
  };
}

/** Data without schema, of the kinds that JSON brings back as they were. */
export function randomPlainData(random: Random, depth = 3): unknown {
  const kinds = [
    () => null,
    () => random(2) === 0,
    () => randomLong(random),
    () => randomDouble(random),
    () => randomText(random),
    () => Array.from({ length: random(4) }, () => randomPlainData(random, depth - 1)),
    () => new Map(Array.from({ length: random(4) }, () => [randomText(random), randomPlainData(random, depth - 1)])),
  ];
  return pick(random, depth === 0 ? kinds.slice(0, 5) : kinds)();
}

/** The bytes with a few of them changed, left out, doubled, or cut off. */
export function mutated(random: Random, bytes: Buffer): Buffer {
  let result = Buffer.from(bytes);
  for (let changes = 1 + random(3); changes > 0; changes--) {
    const at = random(result.length + 1);
    const [head, tail] = [result.subarray(0, at), result.subarray(at)];
    result = pick(random, [
      () => Buffer.concat([head, Buffer.of(random(256)), tail.subarray(1)]),
      () => Buffer.concat([head, tail.subarray(random(4))]),
      () => Buffer.concat([head, result.subarray(at, at + random(20)), tail]),
      () => Buffer.concat([head, Buffer.from(pick(random, ['{', '[', '"', '}', ']', ',', ':', '\\u', '1e9', '-', 'null'])), tail]),
      () => Buffer.from(head),
    ])();
  }
  return result;
}
