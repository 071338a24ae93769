/** What every sink task must do. */
import { ConnectError, isRetriable, type SinkRecord } from '../../api';
import { type Check, check, demand, demandSame, errorOf, errorText } from '../check';
import { textOf } from '../data/text-of';
import { settingsChecks } from '../settings-checks';
import { numberedRecord, onTarget, type SinkBench, type SinkTaskSubject } from './sink-bench';
import { demandWithin, type SinkRun } from './sink-run';

/** The checks of a sink task; each makes a target and tasks of its own. */
export function sinkTaskChecks(subject: SinkTaskSubject): Check[] {
  const { plugin, badSettings = {}, writesOnce = false, canFail = false } = subject;
  const on = (name: string, run: (bench: SinkBench) => Promise<void>): Check => check(name, () => onTarget(subject, run));
  return [
    ...settingsChecks({
      method: 'start',
      config: () => plugin.createConnector().config(),
      use: run => onTarget(subject, ({ target, createRun }) => run(target.props, props => startAndStop(createRun(props)))),
      badSettings,
      takesMore: true,
    }),
    on('stop may come after a start that failed, and before the first put', checkStop),
    on('put of an empty list writes nothing', checkEmpty),
    on('what was put is at the target once its offsets may be committed', checkWritten),
    on('a commit before the first put commits nothing', checkEarlyCommit),
    on('offsets to commit are those that were put, or smaller ones', checkOffsets),
    on('a new task goes on where the one before has stopped', checkNewTask),
    on('partitions are taken away and come back', checkRebalance),
    on(`records that come again are ${writesOnce ? 'written once' : 'no error'}`, bench => checkRepeated(writesOnce, bench)),
    on('records without value, key or schema are written, reported or refused in words', checkStrange),
    on('records are not changed', checkUnchanged),
    ...(plugin.createTask().putBatch ? [on('putBatch writes what put writes', checkColumns)] : []),
    ...(canFail ? [on('what cannot be written is an error, and is written once the target is mended', checkFailure)] : []),
  ];
}

async function startAndStop(run: SinkRun): Promise<void> {
  try {
    await run.start();
  } finally {
    await errorOf(() => run.stop());
  }
}

async function checkStop({ createRun }: SinkBench): Promise<void> {
  const failing = createRun({});
  await errorOf(() => failing.start());
  const started = createRun();
  await started.start();
  for (const run of [failing, started]) {
    const error = await errorOf(() => run.stop());
    demand(error === undefined, `stop has failed: ${errorText(error)}`);
  }
}

async function checkEmpty({ openRun, records, sorted }: SinkBench): Promise<void> {
  const run = await openRun();
  await run.put([]);
  await run.put(records(0, 2));
  await run.put([]);
  await run.commit();
  demandSame(await sorted(), [0, 1], 'what is written after two records between empty lists');
}

async function checkWritten({ openRun, records, sorted, partitions, target }: SinkBench): Promise<void> {
  const run = await openRun();
  for (let n = 0; n < 6; n += 3) {
    await run.put(records(n, n + 3));
    await run.commit();
    demandSame(await sorted(), numbers(n + 3), 'what is written when offsets may be committed');
  }
  const inOrder = (await target.written()).filter(n => n % 2 === 0);
  demandSame(inOrder, [0, 2, 4], `what is written of partition ${partitions[0].partition}, in its order`);
  await run.close(partitions);
}

async function checkEarlyCommit({ openRun, records, sorted }: SinkBench): Promise<void> {
  const run = await openRun();
  const { committed } = await run.commit();
  demandSame(committed, [], 'offsets committed before the first put');
  await run.put(records(0, 2));
  await run.commit();
  demandSame(await sorted(), [0, 1], 'what is written after an early commit');
}

async function checkOffsets({ openRun, records }: SinkBench): Promise<void> {
  const run = await openRun();
  for (let n = 0; n < 4; n++) {
    await run.put(records(n, n + 1));
    const { committed, offered } = await run.commit();
    demandWithin(committed, offered);
  }
}

async function checkNewTask({ openRun, records, sorted, partitions }: SinkBench): Promise<void> {
  for (let n = 0; n < 6; n += 2) {
    const run = await openRun();
    await run.put(records(n, n + 2));
    await run.commit();
    await run.close(partitions);
    await run.stop();
  }
  demandSame(await sorted(), numbers(6), 'what three tasks have written, one after the other');
}

async function checkRebalance({ openRun, records, sorted, partitions: [first, second] }: SinkBench): Promise<void> {
  const run = await openRun();
  await run.put(records(0, 4));
  await run.commit();
  await run.close([second]);
  await run.put(records(4, 6).filter(({ kafkaPartition }) => kafkaPartition === first.partition));
  await run.commit();
  await run.open([second]);
  await run.put(records(4, 6).filter(({ kafkaPartition }) => kafkaPartition === second.partition));
  await run.commit();
  demandSame(await sorted(), numbers(6), 'what is written while a partition went and came back');
}

async function checkRepeated(writesOnce: boolean, { openRun, records, sorted, partitions }: SinkBench): Promise<void> {
  const before = await openRun();
  await before.put(records(0, 4));
  await before.commit();
  await before.close(partitions);
  await before.stop();
  const run = await openRun();
  await run.put(records(0, 4));
  await run.commit();
  await run.put(records(2, 6));
  await run.commit();
  const found = await sorted();
  demandSame(writesOnce ? found : [...new Set(found)], numbers(6), 'what is written of records that came again');
}

const NO_RECORD: Partial<SinkRecord> = { keySchema: null, key: null, valueSchema: null, value: null };

/** What any topic may hold, whatever the sink is made for. */
const STRANGE: readonly Partial<SinkRecord>[] = [
  NO_RECORD,
  { ...NO_RECORD, key: 'key' },
  { ...NO_RECORD, value: 'text' },
  { ...NO_RECORD, value: new Map([['name', 'value']]) },
  { ...NO_RECORD, value: Buffer.from([0, 255]) },
  { ...NO_RECORD, value: [null] },
  { ...NO_RECORD, timestamp: null, timestampType: 'NoTimestampType' },
];

async function checkStrange({ openRun, partitions: [{ topic }] }: SinkBench): Promise<void> {
  for (const [n, parts] of STRANGE.entries()) {
    for (const tolerant of [false, true]) {
      const run = await openRun(tolerant);
      const record = numberedRecord(topic, n * 2, parts);
      const error = await errorOf(() => run.put([record]).then(() => run.commit()));
      demand(error === undefined || error instanceof ConnectError, `${textOf(record)} is refused with ${errorText(error)}`);
      for (const reported of run.reported) demand(reported === record, 'a record was reported that was not put');
      await run.stop();
    }
  }
}

async function checkUnchanged({ openRun, records }: SinkBench): Promise<void> {
  const run = await openRun();
  const given = records(0, 4);
  const before = given.map(textOf);
  await run.put(given);
  await run.commit();
  given.forEach((record, i) => {
    demand(textOf(record) === before[i], `${before[i]} was put, and is ${textOf(record)} now`);
  });
}

async function checkColumns({ openRun, records, sorted }: SinkBench): Promise<void> {
  const run = await openRun();
  await run.putTexts(records(0, 3));
  await run.put(records(3, 5));
  await run.putTexts([]);
  await run.putTexts(records(5, 6));
  await run.commit();
  demandSame(await sorted(), numbers(6), 'what is written of records and columns in turn');
}

async function checkFailure({ openRun, records, sorted, target }: SinkBench): Promise<void> {
  let run = await openRun();
  await target.fail?.();
  const error = await errorOf(() => run.put(records(0, 3)).then(() => run.commit()));
  demand(error !== undefined, 'put and commit are content, though nothing can be written');
  await target.mend?.();
  if (!isRetriable(error)) {
    await errorOf(() => run.stop());
    run = await openRun();
  }
  await run.put(records(0, 3));
  await run.commit();
  demandSame([...new Set(await sorted())], numbers(3), 'what is written once the target is mended');
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
