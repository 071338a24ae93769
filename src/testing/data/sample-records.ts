/** Records of every kind, the same in every run: what may come to a transformation or predicate. */
import { type ConnectRecord, type Header, type SinkRecord, type SourceRecord, STRING_SCHEMA } from '../../api';
import { type Random, randomBytes, randomText, seeded } from './random';
import { randomData, randomPlainData } from './random-data';

/** A source record without key and value, but for the parts given. */
export function sourceRecord(parts: Partial<SourceRecord> = {}): SourceRecord {
  return {
    topic: 'orders',
    kafkaPartition: 2,
    keySchema: null,
    key: null,
    valueSchema: null,
    value: null,
    timestamp: 1_700_000_000_123,
    headers: [],
    sourcePartition: { table: 't1' },
    sourceOffset: { pos: 7 },
    ...parts,
  };
}

/** A sink record without key and value, but for the parts given. */
export function sinkRecord(parts: Partial<SinkRecord> = {}): SinkRecord {
  const { sourcePartition, sourceOffset, ...common } = sourceRecord();
  return {
    ...common,
    kafkaPartition: 0,
    kafkaOffset: 42,
    timestampType: 'CreateTime',
    originalTopic: 'orders',
    originalKafkaPartition: 0,
    originalKafkaOffset: 42,
    ...parts,
  };
}

/** Records of sources and sinks, all with key and value. */
export function* randomRecords(count: number): Generator<ConnectRecord> {
  for (let seed = 1; seed <= count; seed++) {
    const random = seeded(seed);
    const [key, value] = [present(random), present(random)];
    const parts = {
      keySchema: key.schema,
      key: key.value,
      valueSchema: value.schema,
      value: value.value,
      timestamp: random(4) === 0 ? null : random(2 ** 32),
      headers: Array.from({ length: random(3) }, () => randomHeader(random)),
    };
    yield seed % 2 === 0 ? sourceRecord(parts) : sinkRecord(parts);
  }
}

/** Data that is not null at the top. */
function present(random: Random): ReturnType<typeof randomData> | { schema: null; value: unknown } {
  for (;;) {
    const data = random(3) === 0 ? { schema: null, value: randomPlainData(random) } : randomData(random);
    if (data.value !== null) return data;
  }
}

const randomHeader = (random: Random): Header => ({
  key: random(2) === 0 ? 'header' : randomText(random),
  ...(random(2) === 0 ? { schema: STRING_SCHEMA, value: randomText(random) } : { schema: null, value: randomBytes(random) }),
});

/** Records in which something is missing: tombstones, keys without a value, values without a schema or time. */
export function emptyRecords(): ConnectRecord[] {
  const parts: Partial<ConnectRecord>[] = [
    {},
    { key: 'key' },
    { value: 'text' },
    { keySchema: STRING_SCHEMA, key: 'key', timestamp: null },
    { valueSchema: STRING_SCHEMA, value: 'text', timestamp: null },
    { value: new Map() },
    { value: new Map([['field', null]]) },
    { value: [] },
    { kafkaPartition: null, timestamp: null },
    { headers: [{ key: 'header', schema: null, value: null }] },
  ];
  return parts.flatMap(each => [sourceRecord(each), sinkRecord({ ...each, kafkaPartition: each.kafkaPartition ?? 0 })]);
}
