/** Records for tests of transformations and predicates, and transformations to apply to them. */
import type { TransformationPlugin } from '../../../src/api/plugin';
import type { ConnectRecord, SinkRecord, SourceRecord } from '../../../src/data/record/record';

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

/** A transformation that keeps all records. */
interface Keeper {
  apply<R extends ConnectRecord>(record: R): R;
}

/** One transformation of those given, by the end of its class name, configured; a record that it drops is an error. */
export function configured(plugins: readonly TransformationPlugin[], name: string, settings: Readonly<Record<string, string>>): Keeper {
  const plugin = plugins.find(({ className }) => className.endsWith(name));
  if (!plugin) throw new Error(`No plugin ${name}`);
  const transformation = plugin.create();
  transformation.configure(settings);
  return {
    apply: record => {
      const result = transformation.apply(record);
      if (!result) throw new Error('The record is dropped');
      return result;
    },
  };
}
