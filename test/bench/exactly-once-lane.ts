/** What exactly-once costs a file source: the same file, with and without, one after the other in the same run. */

import type { Settings } from '../helpers/processes/worker-process';
import { dumpValues } from '../helpers/servers/kafka-io';
import { TempDir } from '../helpers/temp-dir';
import type { Bench, Lane } from './lanes';
import { type Run, sha256, watchGrowth } from './measure';
import { startSubject } from './subjects';

async function bringFile({ bootstrap, wire, inputs, freshTopic }: Bench, worker: Settings): Promise<Run> {
  const dir = new TempDir('bench');
  const topic = freshTopic();
  await wire.createTopic(topic);
  const job = { kind: 'source', format: 'string', file: inputs.string.file, topic } as const;
  const child = await startSubject('ours', bootstrap, dir, [job], worker);
  // Up to the last committed record; in between lie the marks of transactions, which count as offsets.
  const run = await watchGrowth(child, () => wire.endOffset(topic, true), inputs.lines);
  await child.stop();
  await dumpValues(bootstrap, topic, dir.file('dump'));
  const arrived = await sha256(dir.file('dump'));
  if (arrived !== inputs.string.sha256) throw new Error(`other bytes have arrived with ${JSON.stringify(worker)}`);
  await wire.deleteTopic(topic);
  dir.remove();
  return run;
}

let runs = 0;

export const EXACTLY_ONCE_LANE: Lane = {
  name: 'exactly-once',
  what: 'file to topic, string, at least once and exactly once by turns: first committed record in the topic until the last',
  subjects: ['ours'],
  higherIsBetter: ['at least once, records/s', 'exactly once, records/s', 'share %'],
  async run(bench) {
    const eos = { 'exactly.once.source.support': 'enabled' };
    const isEven = runs++ % 2 === 0;
    const first = await bringFile(bench, isEven ? {} : eos);
    const second = await bringFile(bench, isEven ? eos : {});
    const [plain, exact] = isEven ? [first, second] : [second, first];
    return {
      'at least once, records/s': plain.perSecond,
      'exactly once, records/s': exact.perSecond,
      'share %': (exact.perSecond / plain.perSecond) * 100,
      'exactly once, peak RSS MiB': exact.peakRssMiB,
    };
  },
};
