import { ByteColumn, type RecordBatch, type SourceRecord, STRING_SCHEMA, valueBatch } from '../../../src/api';
import { recordsIn } from '../../../src/testing';
import { sourceRecord } from '../../../src/testing/data/sample-records';
import { misfitsOf } from '../../../src/testing/source/batch-records';

function texts(...each: readonly (string | Buffer | null)[]): ByteColumn {
  const column = new ByteColumn(each.length, 16);
  for (const text of each) column.append(text === null ? null : Buffer.from(text as string));
  return column;
}

/** Two lines of a file. */
const lines = (more: Partial<RecordBatch> = {}): RecordBatch =>
  valueBatch('t', { kind: 'text', texts: texts('a', 'b') }, 2, { file: 'f' }, position => ({ position }), {
    positions: Float64Array.of(2, 4),
    ...more,
  });

test('records of columns are what the worker makes of them', () => {
  expect(recordsIn(lines())).toEqual(
    ['a', 'b'].map((value, i) =>
      sourceRecord({
        topic: 't',
        kafkaPartition: null,
        valueSchema: STRING_SCHEMA,
        value,
        timestamp: null,
        sourcePartition: { file: 'f' },
        sourceOffset: { position: 2 * i + 2 },
      }),
    ),
  );
  const records = [sourceRecord({ value: 1 })];
  expect(recordsIn(records)).toEqual(records);
});

test('nothing is said of what fits', () => {
  expect(misfitsOf(lines())).toEqual([]);
  expect(misfitsOf(lines({ timestamps: 'now', positions: null }))).toEqual([]);
  expect(misfitsOf([sourceRecord()])).toEqual([]);
});

const headers = (ends: number[], keys: string[], values: ByteColumn): Partial<RecordBatch> => ({
  headers: { ends: Int32Array.from(ends), keys, values: { kind: 'text', texts: values } },
});

test.each<[string, Partial<RecordBatch>]>([
  ['there are no records', { count: 0 }],
  ['there are 2 topics for 3 records', { count: 3, sources: lines().sources }],
  ['there are 1 partitions for 2 records', { partitions: new Int32Array(1) }],
  ['there are 1 timestamps for 2 records', { timestamps: new Float64Array(1) }],
  ['there are 1 positions for 2 records', { positions: new Float64Array(1) }],
  ['positions do not ascend', { positions: Float64Array.of(4, 2) }],
  ['there are 1 keys for 2 records', { key: { kind: 'bytes', bytes: texts('k') } }],
  ['there are 1 values for 2 records', { value: { kind: 'values', schemas: [null], values: [1, 2] } }],
  ['values are texts, but entry 1 is null or not UTF-8', { value: { kind: 'text', texts: texts('a', null) } }],
  ['values are texts, but entry 0 is null or not UTF-8', { value: { kind: 'text', texts: texts(Buffer.of(0xff), 'b') } }],
  ['there are ends of headers for 1 of 2 records', headers([1], ['h'], texts('v'))],
  ['ends of headers do not ascend', headers([2, 1], ['h', 'h'], texts('v', 'w'))],
  ['there are 1 keys for 2 headers', headers([1, 2], ['h'], texts('v', 'w'))],
  ['there are 1 values of headers for 2 records', headers([1, 2], ['h', 'h'], texts('v'))],
])('%s', (misfit, more) => {
  expect(misfitsOf(lines(more))).toContain(misfit);
});

test('what is no record is named', () => {
  expect(misfitsOf([sourceRecord(), { topic: 't' } as SourceRecord])).toEqual(['element 1 is not a record']);
});
