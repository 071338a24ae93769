import { ByteColumn } from '../../../src/data/batch/byte-column';
import type { ConsumedBatch } from '../../../src/kafka/clients/record-inlet';

/** A batch for an inlet that a test fills. */
export function emptyBatch(): ConsumedBatch {
  return {
    count: 0,
    values: new ByteColumn(1, 0),
    offsets: new Float64Array(0),
    partitions: new Int32Array(0),
    keys: [],
    timestamps: new Float64Array(64),
    timestampTypes: [],
    headers: [],
  };
}
