import { changeRecord } from '../../../src/data/record/change-record';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../../../src/data/record/record';
import { INT64_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';

const COMMON: ConnectRecord = {
  topic: 't',
  kafkaPartition: 1,
  keySchema: STRING_SCHEMA,
  key: 'k',
  valueSchema: INT64_SCHEMA,
  value: 5n,
  timestamp: 0,
  headers: [{ key: 'h', schema: null, value: 1 }],
};
const SOURCE: SourceRecord = { ...COMMON, sourcePartition: { file: 'f' }, sourceOffset: { position: 1 } };
const SINK: SinkRecord = {
  ...COMMON,
  kafkaPartition: 1,
  kafkaOffset: 7,
  timestampType: 'LogAppendTime',
  originalTopic: 'o',
  originalKafkaPartition: 2,
  originalKafkaOffset: 8,
};

/** What each member may become; null above all, which must not be taken for "left out". */
const CHANGES: readonly Partial<ConnectRecord>[] = [
  {},
  { topic: 'other' },
  { kafkaPartition: null },
  { keySchema: null, key: null },
  { valueSchema: null, value: null },
  { timestamp: null },
  { headers: [] },
  { value: 0, timestamp: 9 },
];

describe.each([
  ['source', SOURCE],
  ['sink', SINK],
] as const)('a changed %s record', (_kind, record) => {
  test.each(CHANGES)('has %j and everything else as before; the old one is untouched', changes => {
    const before = { ...record };
    const changed = changeRecord<ConnectRecord>(record, changes);
    expect(changed).toStrictEqual({ ...record, ...changes });
    expect(changed).not.toBe(record);
    expect(record).toStrictEqual(before);
  });
});
