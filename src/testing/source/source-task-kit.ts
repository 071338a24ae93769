/** What every source task must do. */
import { MAX_MARK_BYTES, OFFSET_MARK, type Props } from '../../api';
import { type Check, check, demand, demandSame, errorOf, errorText, isLate, shortened, within } from '../check';
import { textOf } from '../data/text-of';
import { settingsChecks } from '../settings-checks';
import { misfitsOf } from './batch-records';
import { checkRewind } from './rewind-check';
import { limitsOf, onBench, type SourceBench, type SourceTaskSubject, type TestSource } from './source-bench';
import { unstorableMembers } from './source-context';
import type { SourceRun } from './source-run';

/** The checks of a source task; each makes a source and tasks of its own. */
export function sourceTaskChecks(subject: SourceTaskSubject): Check[] {
  const { rewinds = true, plugin } = subject;
  const on = (name: string, run: (bench: SourceBench) => Promise<void>): Check => check(name, () => onBench(subject, run));
  return [
    ...startChecks(subject),
    on('stop may come after a start that failed, and before the first poll', checkStop),
    on('poll brings every record once, in batches whose parts fit together', checkBatches),
    on('source partitions and offsets can be stored', checkOffsets),
    on('poll comes back soon after its signal is aborted', async ({ source, startRun }) => {
      const run = await startRun();
      await run.readTo(source.endless ? 1 : source.records);
      await run.poll(IDLE_BEFORE_ABORT_MS);
    }),
    check('after polls that were aborted it goes on where it was', () => checkPauses(subject)),
    rewinds
      ? on('from the offset of any record a new task goes on with the record after it', checkRewind)
      : on('canRewind is false, and pollHeld brings what is held, and ends', bench => checkHeld(subject, bench)),
    on('records are not changed once they were handed over', checkHandedOver),
    on('commit and commitRecord may come at any time', checkCommits),
    on('what is added later comes too', checkAddition),
    ...(plugin.createTask().drained ? [on('drained says that all was read, and only then', checkDrained)] : []),
  ];
}

/** Long enough for a poll to begin its wait, in ms. */
const IDLE_BEFORE_ABORT_MS = 50;
const MAX_HELD_POLLS = 1000;
/** So many polls that bring nothing may pass until a task knows that it has read all. */
const MAX_IDLE_POLLS = 20;

function startChecks(subject: SourceTaskSubject): Check[] {
  const { plugin, badSettings = {}, away } = subject;
  return [
    ...settingsChecks({
      method: 'start',
      config: () => plugin.createConnector().config(),
      use: run => onBench(subject, ({ source, createRun }) => run(source.props, props => startAndStop(createRun({}, props)))),
      badSettings,
      takesMore: true,
    }),
    ...(away
      ? [check('a source that is away holds up neither start, poll nor stop', () => onBench(subject, bench => checkAway(away, bench)))]
      : []),
  ];
}

async function checkAway(away: Props, { createRun }: SourceBench): Promise<void> {
  const run = createRun({}, away);
  for (const step of [() => run.start(), () => run.poll(IDLE_BEFORE_ABORT_MS), () => run.stop()]) {
    const error = await errorOf(step);
    // An error is an answer too.
    demand(!isLate(error), errorText(error));
  }
}

async function startAndStop(run: SourceRun): Promise<void> {
  try {
    await run.start();
  } finally {
    await errorOf(() => run.stop());
  }
}

async function checkStop({ createRun, startRun }: SourceBench): Promise<void> {
  const failing = createRun({}, {});
  await errorOf(() => failing.start());
  for (const run of [failing, await startRun()]) {
    const error = await errorOf(() => run.stop());
    demand(error === undefined, `stop has failed: ${errorText(error)}`);
  }
}

async function checkBatches({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun();
  await run.readTo(source.records);
  if (!source.endless) {
    await run.readRest();
    demandSame(run.seen.length, source.records, 'number of records');
  }
  demandSame(run.misfits, [], 'what does not fit');
}

async function checkOffsets({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun();
  await run.readTo(source.records);
  for (const { sourcePartition, sourceOffset } of run.seen.map(({ record }) => record)) {
    demand(sourceOffset === null || sourcePartition !== null, 'a record has a source offset, and no source partition for it');
    const bad = [...unstorableMembers(sourcePartition ?? {}), ...unstorableMembers(sourceOffset ?? {})];
    demand(bad.length === 0, `values that are not primitive cannot be stored: ${bad.join(', ')}`);
    const mark: unknown = sourceOffset && (sourceOffset as { readonly [OFFSET_MARK]?: unknown })[OFFSET_MARK];
    const isMark = mark === null || mark === undefined || (typeof mark === 'string' && Buffer.byteLength(mark) <= MAX_MARK_BYTES);
    demand(isMark, `the mark of a source offset is ${shortened(textOf(mark))}, not a text of at most ${MAX_MARK_BYTES} bytes`);
  }
}

async function checkPauses(subject: SourceTaskSubject): Promise<void> {
  const textsOf = (run: SourceRun, { records }: TestSource): string[] => run.seen.slice(0, records).map(({ text }) => text);
  const wanted = await onBench(subject, async ({ source, startRun }) => {
    const run = await startRun();
    await run.readTo(source.records);
    return textsOf(run, source);
  });
  await onBench(subject, async ({ source, startRun }) => {
    const run = await startRun();
    const endMs = Date.now() + limitsOf(subject).readMs;
    // A poll that is aborted at once, and one that has its time.
    for (let turn = 0; run.seen.length < source.records && Date.now() < endMs; turn++) await run.poll(turn % 2 === 0 ? 0 : 1000);
    demandSame(textsOf(run, source), wanted, 'records with pauses');
  });
}

async function checkHeld(subject: SourceTaskSubject, { startRun }: SourceBench): Promise<void> {
  const { task } = await startRun();
  demand(task.canRewind?.() === false, 'canRewind() is not false, though what was read cannot be read again');
  for (let polls = 0; ; polls++) {
    demand(polls < MAX_HELD_POLLS, `pollHeld has brought ${MAX_HELD_POLLS} batches and does not end`);
    const held = await within(limitsOf(subject).answerMs, 'pollHeld', task.pollHeld?.() ?? null);
    if (held === null) return;
    demandSame(misfitsOf(held), [], 'what does not fit');
  }
}

async function checkHandedOver({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun();
  await run.readTo(source.records);
  if (!source.endless) await run.readRest();
  for (const { record, whole } of run.seen) demand(textOf(record) === whole, `${whole} was handed over, and is ${textOf(record)} now`);
}

async function checkCommits({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun();
  await run.task.commit?.();
  await run.readTo(source.records);
  run.seen.forEach(({ record }, i) => {
    run.task.commitRecord?.(record, i % 2 === 0 ? { topic: record.topic, partition: 0, offset: i } : null);
  });
  await run.task.commit?.();
}

async function checkAddition({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun();
  await run.readTo(source.records);
  demand(source.endless || source.add !== undefined, 'the test source has no add(), which makes one more record');
  await source.add?.();
  await run.readTo(source.records + 1);
}

async function checkDrained({ source, startRun }: SourceBench): Promise<void> {
  const run = await startRun({ draining: true });
  const isDrained = (): boolean => run.task.drained?.() ?? false;
  if (source.endless) return;
  while (run.seen.length < source.records) {
    const said = isDrained();
    const before = run.seen.length;
    await run.poll(1000);
    demand(!said || run.seen.length === before, `drained() was true when there were still ${source.records - before} records to come`);
  }
  for (let polls = 0; !isDrained(); polls++) {
    demand(polls < MAX_IDLE_POLLS, 'drained() stays false, though all records have come');
    await run.poll(IDLE_BEFORE_ABORT_MS);
  }
}
