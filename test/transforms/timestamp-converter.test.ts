import { Int32 } from '../../src/data/java/boxed';
import { ConnectSchema, INT64_SCHEMA, OPTIONAL_INT64_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { schemasEqual } from '../../src/data/schema/equality';
import { DATE_SCHEMA, TIMESTAMP_SCHEMA, timestampBuilder } from '../../src/data/schema/logical';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { sourceRecord } from '../../src/testing/data/sample-records';
import { timestampConverterPlugins } from '../../src/transforms/timestamp-converter';
import { configured } from '../helpers/fakes/configured';

const convert = (settings: Record<string, string>) => configured(timestampConverterPlugins, '$Value', settings);
const SCHEMA = SchemaBuilder.struct().field('ts', TIMESTAMP_SCHEMA).field('s', STRING_SCHEMA).build();
const structRecord = (ms: number) => sourceRecord({ valueSchema: SCHEMA, value: new Struct(SCHEMA).put('ts', new Date(ms)).put('s', 'x') });

test('The schema is made once for each that comes in, and other fields keep theirs', () => {
  const transformation = convert({ 'target.type': 'unix', field: 'ts' });
  const results = [1, 2].map(ms => transformation.apply(structRecord(ms)));
  expect(results.map(({ value }) => (value as Struct).values)).toEqual([
    [1n, 'x'],
    [2n, 'x'],
  ]);
  expect(results[0]?.valueSchema).toBe(results[1]?.valueSchema);
  const expected = SchemaBuilder.struct().field('ts', INT64_SCHEMA).field('s', STRING_SCHEMA).build();
  expect(schemasEqual(results[0]?.valueSchema ?? null, expected)).toBe(true);
});

test('The default of a field does not outlive the conversion, but stands in for null until then', () => {
  const withDefault = timestampBuilder().optional().defaultValue(new Date(5)).build();
  const schema = SchemaBuilder.struct().field('ts', withDefault).build();
  const record = sourceRecord({ valueSchema: schema, value: new Struct(schema) });
  const answer = (replace: string) => {
    const { valueSchema, value } = convert({ 'target.type': 'unix', field: 'ts', 'replace.null.with.default': replace }).apply(record);
    return [schemasEqual(valueSchema?.field('ts')?.schema ?? null, OPTIONAL_INT64_SCHEMA), (value as Struct).values];
  };
  expect(answer('true')).toEqual([true, [5n]]);
  expect(answer('false')).toEqual([true, [null]]);
});

test('The default of the whole struct is converted too', () => {
  const schema = new ConnectSchema({ ...SCHEMA, optional: true, defaultValue: structRecord(7).value });
  const { valueSchema, value } = convert({ 'target.type': 'unix', field: 'ts' }).apply(sourceRecord({ valueSchema: schema }));
  expect(value).toBeNull();
  const converted = valueSchema?.defaultValue;
  expect(converted instanceof Struct && converted.values).toEqual([7n, 'x']);
});

test.each([
  ['seconds', 2n ** 63n - 1n, 2n ** 63n - 1n],
  ['seconds', -(2n ** 62n), -(2n ** 63n)],
  ['nanoseconds', -1_999_999n, -1n],
  ['microseconds', -1n, 0n],
])('Unix %s: %d is %d milliseconds: cut off towards zero, stopped at the ends of a long', (precision, given, ms) => {
  const toTimestamp = convert({ 'target.type': 'Timestamp', 'unix.precision': precision }).apply(sourceRecord({ value: given }));
  const back = convert({ 'target.type': 'unix' }).apply(sourceRecord({ value: toTimestamp.value }));
  expect(back.value).toBe(ms);
});

test.each([
  ['a Date schema', DATE_SCHEMA, 5n, 'Expected Date to be a java.util.Date, but found class java.lang.Long'],
  ['an INT64 schema', INT64_SCHEMA, Int32.of(5), 'Expected Unix timestamp to be a Long, but found class java.lang.Integer'],
  ['a STRING schema', STRING_SCHEMA, Buffer.of(1), 'Expected string timestamp to be a String, but found class [B'],
])('%s with another value is a DataException', (_, valueSchema, value, message) => {
  expect(() => convert({ 'target.type': 'Timestamp' }).apply(sourceRecord({ valueSchema, value }))).toThrow(message);
});

test('A field of data that is no struct is refused, null under a schema without fields too', () => {
  const transformation = convert({ 'target.type': 'unix', field: 'ts' });
  expect(() => transformation.apply(sourceRecord({ valueSchema: OPTIONAL_INT64_SCHEMA }))).toThrow('Cannot list fields on non-struct type');
});

test('A text that does not fit names the text and the pattern', () => {
  const transformation = convert({ 'target.type': 'unix', format: 'yyyy' });
  expect(() => transformation.apply(sourceRecord({ value: 'x' }))).toThrow(
    'Could not parse timestamp: value (x) does not match pattern (yyyy)',
  );
});
