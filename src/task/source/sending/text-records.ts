/** Texts of a source as records, where something wants records. */
import type { TextBatch } from '../../../api/source';
import type { Header, SourceRecord } from '../../../data/record/record';
import { STRING_SCHEMA } from '../../../data/schema/connect-schema';

const NO_HEADERS: readonly Header[] = [];

/** The records of a batch of texts, each made when it is asked for. */
export function recordsOf({ topic, texts, sourcePartition, positions, offsetAt }: TextBatch): (i: number) => SourceRecord {
  const timestamp = Date.now();
  return i => ({
    topic,
    kafkaPartition: null,
    keySchema: null,
    key: null,
    valueSchema: STRING_SCHEMA,
    value: texts.textAt(i),
    timestamp,
    headers: NO_HEADERS,
    sourcePartition,
    sourceOffset: offsetAt(positions[i] as number),
  });
}
