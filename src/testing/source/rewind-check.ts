/** The check on which delivery hangs: a task that is started again goes on with the record after the one whose offset was stored. */
import type { SourcePlace } from '../../api';
import { demand, demandSame } from '../check';
import type { SourceBench } from './source-bench';
import type { SeenRecord } from './source-run';

/** Offsets that are tried: those of the first records, and of the last ones. */
const TRIED_AT_EACH_END = 4;

export async function checkRewind({ source, startRun }: SourceBench): Promise<void> {
  const first = await startRun();
  await first.readTo(source.records);
  await first.stop();
  const { seen } = first;
  const stored = seen.flatMap(({ record }, i) => (record.sourceOffset ? [i] : []));
  demand(stored.length > 0, 'no record has a source offset, so nothing can go on from one');
  const tried = stored.filter((_, nth) => nth < TRIED_AT_EACH_END || nth >= stored.length - TRIED_AT_EACH_END);
  // Of what has no end, the last records that were read have none after them.
  for (const index of source.endless ? tried.slice(0, 2) : tried) {
    const run = await startRun({ stored: placesUpTo(seen, index) });
    const wanted = recordsAfter(seen, index);
    await run.readTo(wanted.length);
    if (!source.endless) await run.readRest();
    const found = source.endless ? run.seen.slice(0, wanted.length) : run.seen;
    demandSame(byPartition(found), byPartition(wanted), `records after the offset of record ${index}`);
    await run.stop();
  }
}

const placesUpTo = (seen: readonly SeenRecord[], index: number): SourcePlace[] =>
  seen
    .slice(0, index + 1)
    .flatMap(({ record: { sourcePartition, sourceOffset } }) =>
      sourcePartition && sourceOffset ? [{ partition: sourcePartition, offset: sourceOffset }] : [],
    );

/** Those that come again: of each source partition all after its last stored offset. */
function recordsAfter(seen: readonly SeenRecord[], index: number): SeenRecord[] {
  const lastStored = new Map<string, number>();
  seen.slice(0, index + 1).forEach(({ partition, record }, i) => {
    if (record.sourceOffset) lastStored.set(partition, i);
  });
  return seen.filter(({ partition }, i) => i > (lastStored.get(partition) ?? -1));
}

/** Order counts within a source partition only. */
function byPartition(seen: readonly SeenRecord[]): Map<string, readonly string[]> {
  const texts = new Map<string, string[]>();
  for (const { partition, text } of seen) texts.set(partition, [...(texts.get(partition) ?? []), text]);
  return new Map([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
