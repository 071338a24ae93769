/** The records of a batch, whichever form it has: the one place of the kits that knows these forms. */
import { type SourceBatch, type SourceRecord, STRING_SCHEMA } from '../../api';

/** Records, each as the worker would make it. */
export function recordsOf(batch: SourceBatch): SourceRecord[] {
  if (!('kind' in batch)) return [...batch];
  const { topic, sourcePartition } = batch;
  const common = { topic, kafkaPartition: null, timestamp: null, headers: [], sourcePartition };
  if (batch.kind === 'texts') {
    const { texts, positions, offsetAt } = batch;
    return Array.from({ length: texts.count }, (_, i) => ({
      ...common,
      keySchema: null,
      key: null,
      valueSchema: STRING_SCHEMA,
      value: texts.textAt(i),
      sourceOffset: offsetAt(positions[i] ?? Number.NaN),
    }));
  }
  const { rows, keys, offsetAt } = batch;
  return Array.from({ length: rows.count }, (_, i) => ({
    ...common,
    keySchema: keys?.schema ?? null,
    key: keys?.structAt(i) ?? null,
    valueSchema: rows.schema,
    value: rows.structAt(i),
    sourceOffset: offsetAt(i),
  }));
}

/** What does not fit together in a batch, in words; none if all does. */
export function misfitsOf(batch: SourceBatch): string[] {
  if (!('kind' in batch)) return batch.flatMap((record, i) => (isRecord(record) ? [] : [`element ${i} is not a record`]));
  if (batch.kind === 'rows') {
    const { rows, keys } = batch;
    return [
      ...(rows.count > 0 ? [] : ['there are no rows']),
      ...(keys === null || keys.count === rows.count ? [] : [`there are ${keys.count} keys for ${rows.count} rows`]),
    ];
  }
  const { texts, positions } = batch;
  const places = [...positions.subarray(0, texts.count)];
  return [
    ...(texts.count > 0 ? [] : ['there are no texts']),
    ...(places.length === texts.count ? [] : [`there are ${places.length} positions for ${texts.count} texts`]),
    ...(places.every((position, i) => i === 0 || position >= (places[i - 1] ?? 0)) ? [] : ['positions do not ascend']),
  ];
}

const isRecord = (record: Partial<SourceRecord> | undefined): boolean =>
  typeof record?.topic === 'string' && Array.isArray(record.headers) && 'value' in record && 'sourceOffset' in record;
