/** Rows in plain form must come out as their Structs do, byte by byte. */
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { ByteColumn } from '../../../src/data/batch/byte-column';
import { type PlainValue, RowColumn } from '../../../src/data/batch/row-column';
import { Int32 } from '../../../src/data/java/boxed';
import { dateBuilder, decimalBuilder, timeBuilder, timestampBuilder } from '../../../src/data/schema/logical';
import type { Schema } from '../../../src/data/schema/schema';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';

const converterOf = (settings: Record<string, string> = {}): JsonConverter => {
  const converter = new JsonConverter();
  converter.configure(settings, 'value');
  return converter;
};

function rowsOf(fields: readonly Schema[], values: readonly (readonly (PlainValue | null)[])[]): RowColumn {
  const builder = SchemaBuilder.struct().name('t');
  fields.forEach((schema, i) => {
    builder.field(`f"${i}`, schema);
  });
  const rows = new RowColumn(builder.build());
  rows.cells.push(...values.flat());
  rows.count = values.length;
  return rows;
}

const textsOf = (texts: ByteColumn): (string | null)[] => Array.from({ length: texts.count }, (_, i) => texts.textAt(i));

function inBulk(converter: JsonConverter, rows: RowColumn, maxBytes = 1 << 20): (string | null)[] {
  const out = new ByteColumn(1, 16);
  converter.encode('t', { kind: 'rows', rows }, 0, rows.count, out, maxBytes);
  return textsOf(out);
}

function oneByOne(converter: JsonConverter, rows: RowColumn): (string | null)[] {
  const out = new ByteColumn(1, 16);
  for (let i = 0; i < rows.count; i++) out.append(converter.fromConnectData('t', rows.schema, rows.structAt(i)));
  return textsOf(out);
}

const WHOLE = [0, -0, 1, -1, 9, 10, 127, -128, 99_999_999, 100_000_000, -100_000_001, 1_704_067_201_234, 2 ** 47, -(2 ** 47)];
const LONGS: PlainValue[] = [...WHOLE, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 2n ** 63n - 1n, -(2n ** 63n)];
const UNSCALED: PlainValue[] = [...LONGS, 255, 256, -129, 32_767, 32_768, 10n ** 40n, -(10n ** 40n)];
const DOUBLES = [0, -0, 1, 1.5, 0.001, 0.0001, 1e7, 9_999_999.5, 1 / 7, 5e-324, 1e23, Number.NaN, Number.POSITIVE_INFINITY];

const KINDS: readonly [string, SchemaBuilder, readonly PlainValue[]][] = [
  ['INT8', new SchemaBuilder('INT8'), [0, -128, 127]],
  ['INT16', new SchemaBuilder('INT16'), [0, -32_768, 32_767]],
  ['INT32', new SchemaBuilder('INT32'), [0, -2_147_483_648, 2_147_483_647]],
  ['INT64', new SchemaBuilder('INT64'), LONGS],
  ['FLOAT32', new SchemaBuilder('FLOAT32'), DOUBLES.map(Math.fround)],
  ['FLOAT64', new SchemaBuilder('FLOAT64'), DOUBLES],
  ['BOOLEAN', new SchemaBuilder('BOOLEAN'), [true, false]],
  ['STRING', new SchemaBuilder('STRING'), ['', 'plain', 'é"\\\n\u2028\u{1f600}', `long ${'x'.repeat(100)}\t`, '\ud800']],
  ['BYTES', new SchemaBuilder('BYTES'), [Buffer.alloc(0), Buffer.from([0, 255]), Buffer.alloc(100, 7)]],
  ['Decimal', decimalBuilder(2), UNSCALED],
  ['Decimal of a negative scale', decimalBuilder(-3), UNSCALED],
  ['Date', dateBuilder(), [0, -719_162, 19_723]],
  ['Time', timeBuilder(), [0, 86_399_999, 86_400_000]],
  ['Timestamp', timestampBuilder(), WHOLE],
];

const SETTINGS: readonly Record<string, string>[] = [{}, { 'schemas.enable': 'false' }, { 'decimal.format': 'numeric' }];

describe.each(SETTINGS)('with %j', settings => {
  test.each(KINDS)('%s', (_, builder, values) => {
    const schema = builder.optional().build();
    const rows = rowsOf(
      [schema, schema],
      [...values, null].map(value => [value, values[0] as PlainValue]),
    );
    const expected = oneByOne(converterOf(settings), rows);
    expect(expected).toHaveLength(values.length + 1);
    expect(inBulk(converterOf(settings), rows)).toEqual(expected);
  });
});

test('schemas that alternate are told apart', () => {
  const converter = converterOf();
  const [a, b] = ['INT32', 'INT64'].map(type => rowsOf([new SchemaBuilder(type as 'INT32').build()], [[1], [2]])) as [RowColumn, RowColumn];
  for (const rows of [a, b, a]) expect(inBulk(converter, rows)).toEqual(oneByOne(converter, rows));
});

test('rows end where the batch is full; the first comes whatever its size', () => {
  const rows = rowsOf([new SchemaBuilder('STRING').build()], [['x'.repeat(5000)], ['y'], ['z']]);
  expect(inBulk(converterOf({ 'schemas.enable': 'false' }), rows, 10)).toEqual([`{"f\\"0":"${'x'.repeat(5000)}"}`]);
});

test('a row that is refused as a record is left to the caller, and those before it are there', () => {
  const required = new SchemaBuilder('INT32').build();
  const afterNull = rowsOf([required], [[1], [null], [3]]);
  expect(inBulk(converterOf({ 'schemas.enable': 'false' }), afterNull)).toEqual(['{"f\\"0":1}']);
  expect(() => oneByOne(converterOf(), afterNull)).toThrow('null value for field that is required');
  const late = rowsOf([timeBuilder().build()], [[-1]]);
  expect(inBulk(converterOf(), late)).toEqual([]);
  expect(() => oneByOne(converterOf(), late)).toThrow('Kafka Connect Time type');
});

test.each<[string, SchemaBuilder]>([
  ['a default', new SchemaBuilder('INT32').optional().defaultValue(Int32.of(7))],
  ['an element type', SchemaBuilder.array(new SchemaBuilder('INT32').build()).optional()],
])('fields with %s are for records', (_, builder) => {
  const rows = rowsOf([builder.build()], [[null]]);
  expect(inBulk(converterOf(), rows)).toEqual([]);
  expect(oneByOne(converterOf(), rows)).toHaveLength(1);
});
