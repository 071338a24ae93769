/** What the bulk forms of a converter must do: the same as the single ones, only for many at once. */
import {
  BOOLEAN_SCHEMA,
  ByteColumn,
  type Column,
  type Converter,
  FLOAT64_SCHEMA,
  INT64_SCHEMA,
  javaText,
  OPTIONAL_STRING_SCHEMA,
  RowColumn,
  recordsOf,
  type SchemaAndValue,
  SchemaBuilder,
  valueBatch,
} from '../api';
import { type Check, check, demand, errorText, isDataException, shortened, withSeeds } from './check';
import { pick, type Random, randomBytes, randomText } from './data/random';
import { mutated, randomData } from './data/random-data';
import { textOf } from './data/text-of';

const TOPIC = 'test';
const ENTRIES = 6;
/** Limits: more than any of the columns here holds, or a few entries. */
const LIMITS_BYTES = [1 << 24, 60];

/** The checks of the bulk forms that a converter has. @param data what it writes, at random */
export function bulkChecks(create: () => Converter, data: (random: Random) => SchemaAndValue): Check[] {
  const { encode, decode } = create();
  return [
    ...(encode ? [check('encode writes what fromConnectData writes', () => checkEncode(create(), data))] : []),
    ...(decode ? [check('decode gives the texts of what toConnectData reads', () => checkDecode(create(), data))] : []),
  ];
}

function checkEncode(converter: Converter, data: (random: Random) => SchemaAndValue): void {
  withSeeds(random => {
    for (const column of columnsOf(random, data)) compareEncoded(converter, column, random);
  });
}

/** A column of each kind, all of `ENTRIES` entries. */
function columnsOf(random: Random, data: (random: Random) => SchemaAndValue): Column[] {
  const entries = Array.from({ length: ENTRIES }, () => (random(4) === 0 ? randomData(random) : data(random)));
  const bytes = Array.from({ length: ENTRIES }, () => (random(4) === 0 ? null : randomBytes(random)));
  const texts = Array.from({ length: ENTRIES }, () => Buffer.from(randomText(random)));
  return [
    { kind: 'none' },
    { kind: 'bytes', bytes: columnOf(bytes) },
    { kind: 'text', texts: columnOf(texts) },
    { kind: 'rows', rows: randomRows(random) },
    { kind: 'values', schemas: entries.map(({ schema }) => schema), values: entries.map(({ value }) => value) },
  ];
}

function columnOf(each: readonly (Buffer | null)[]): ByteColumn {
  const column = new ByteColumn(each.length, 16);
  for (const bytes of each) column.append(bytes);
  return column;
}

const ROW = SchemaBuilder.struct()
  .field('id', INT64_SCHEMA)
  .field('name', OPTIONAL_STRING_SCHEMA)
  .field('amount', FLOAT64_SCHEMA)
  .field('paid', BOOLEAN_SCHEMA)
  .build();

function randomRows(random: Random): RowColumn {
  const rows = new RowColumn(ROW);
  for (; rows.count < ENTRIES; rows.count++)
    rows.cells.push(random(2 ** 32), random(3) === 0 ? null : randomText(random), random(2 ** 20) / 64, random(2) === 0);
  return rows;
}

function compareEncoded(converter: Converter, column: Column, random: Random): void {
  const from = random(ENTRIES);
  const recordAt = recordsOf(valueBatch(TOPIC, column, ENTRIES, {}, () => null));
  const single = (i: number): Buffer | null => {
    const { valueSchema, value } = recordAt(i);
    return converter.fromConnectData(TOPIC, valueSchema, value);
  };
  const before = random(2) === 0 ? [] : [randomBytes(random)];
  const out = columnOf(before);
  const maxBytes = pick(random, LIMITS_BYTES);
  let done = 0;
  try {
    done = converter.encode?.(TOPIC, column, from, ENTRIES - from, out, maxBytes) ?? 0;
  } catch (error) {
    demand(isDataException(error), `encode refuses a column of ${column.kind} with ${errorText(error)}, not with a DataException`);
    demand(out.count === before.length, `encode has thrown, and appended ${out.count - before.length} entries`);
    demand(textOf(tried(() => single(from))) === 'undefined', `encode refuses an entry that fromConnectData takes: ${errorText(error)}`);
    return;
  }
  const wanted = [...before, ...Array.from({ length: done }, (_, i) => single(from + i))];
  const beforeLast = wanted.slice(0, -1).reduce((total, bytes) => total + (bytes?.length ?? 0), 0);
  demand(done === 0 || beforeLast < maxBytes, `encode has appended ${done} entries of a column of ${column.kind} beyond ${maxBytes} bytes`);
  demandEntries(out, wanted, `encode of a column of ${column.kind} from entry ${from} on, which says that it did ${done},`);
}

const tried = (step: () => unknown): unknown => {
  try {
    return step();
  } catch {
    return undefined;
  }
};

function demandEntries(out: ByteColumn, wanted: readonly (Buffer | null)[], what: string): void {
  const found = Array.from({ length: out.count }, (_, i) => out.at(i));
  demand(textOf(found) === textOf(wanted), `${what} leaves ${shortened(textOf(found))}, not ${shortened(textOf(wanted))}`);
}

/** Half of a character of two units, alone, which no UTF-8 can say. */
const LONE_SURROGATE = /\p{Surrogate}/u;

function checkDecode(converter: Converter, data: (random: Random) => SchemaAndValue): void {
  withSeeds(random => {
    const payloads = Array.from({ length: ENTRIES }, () => {
      const { schema, value } = data(random);
      const written = converter.fromConnectData(TOPIC, schema, value);
      return pick(random, [written, written, written && mutated(random, written), randomBytes(random), null]);
    });
    const from = random(ENTRIES);
    const before = random(2) === 0 ? [] : [randomBytes(random)];
    const out = columnOf(before);
    const done = converter.decode?.(TOPIC, columnOf(payloads), from, ENTRIES - from, out) ?? 0;
    const texts = payloads.slice(from, from + done).map(payload => {
      const { value } = converter.toConnectData(TOPIC, payload);
      return value === null ? null : javaText(value);
    });
    if (texts.some(text => text !== null && LONE_SURROGATE.test(text))) return;
    const wanted = [...before, ...texts.map(text => (text === null ? null : Buffer.from(text)))];
    demandEntries(out, wanted, `decode from payload ${from} on, which says that it did ${done},`);
  });
}
