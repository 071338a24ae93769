/** Checks offsets that a user sets before they are stored, since a task could not start with an invalid one. */
import type { OffsetAlteration } from '../../../api/connector';
import { ConnectError } from '../../../errors';
import { positionOfOffset } from './source-offset';

const OFFSET_KEYS = ['timestamp_nanos', 'incrementing', 'incrementing_text', 'timestamp'];

/** The limit of JavaScript's dates, in the year 275760. */
const MAX_MS = 8_640_000_000_000_000n;
/** Java's values for PostgreSQL's infinity and -infinity. */
const INFINITIES = [9_223_372_036_825_200_000n, -9_223_372_036_832_400_000n];

/** @throws ConnectException for a partition or an offset that no task would write; a null offset removes the partition's offset */
export function checkOffsetAlteration({ partition, offset }: OffsetAlteration): void {
  if (partition === null) throw new ConnectError('ConnectException', 'Partition objects cannot be null');
  const keys = Object.keys(partition).sort().join();
  const isTable = (keys === 'table' || (keys === 'protocol,table' && partition.protocol === '1')) && typeof partition.table === 'string';
  if (!isTable && !(keys === 'query' && partition.query === 'query')) {
    throw new ConnectError(
      'ConnectException',
      `${JSON.stringify(partition)} is not a partition of this connector: {"protocol":"1","table":"NAME"}, {"table":"NAME"} or {"query":"query"}`,
    );
  }
  if (offset === null) return;
  const unknown = Object.keys(offset).filter(key => !OFFSET_KEYS.includes(key));
  if (unknown.length > 0) {
    throw new ConnectError(
      'ConnectException',
      `Offsets of this connector have the keys ${OFFSET_KEYS.join(', ')} only, not ${unknown.join()}`,
    );
  }
  const ms = offset.timestamp;
  if (typeof ms === 'bigint' && (ms < -MAX_MS || ms > MAX_MS) && !INFINITIES.includes(ms))
    throw new ConnectError(
      'ConnectException',
      `The offset timestamp ${ms} is not a time: it counts milliseconds since 1970, at most ${MAX_MS}`,
    );
  const { timestamp, incrementing } = positionOfOffset(offset);
  if (timestamp === null && incrementing === null) {
    throw new ConnectError('ConnectException', 'An offset needs timestamp or incrementing; null removes it');
  }
}
