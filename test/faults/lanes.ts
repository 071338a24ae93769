/** Runs the faults of a suite side by side: most of their time is waiting. */
import { Arena } from './arena/arena';
import type { Fault, Mode, Scale } from './fault';
import { holds, type Row } from './report';

/** A fault to run, in one mode. */
export interface Job {
  readonly fault: Fault;
  readonly mode: Mode;
}

export interface LaneOptions {
  readonly lanes: number;
  readonly scale: Scale;
  /** Called when a fault begins, and when it is over. */
  readonly onBegin?: (job: Job) => void;
  readonly onEnd?: (job: Job, row: Row) => void;
}

/**
 * Runs jobs in lanes, each with an arena of its own, in which it runs one after the other. Those that have to be alone come last; not
 * so in the short form, which never has the machine for itself.
 * A fault that fails does not reject, it makes a row with an error. @returns the rows in the order of the jobs
 */
export async function runInLanes(jobs: readonly Job[], options: LaneOptions): Promise<Row[]> {
  const rows = new Map<Job, Row>();
  const isAlone = ({ fault }: Job): boolean => fault.alone === true && options.scale !== 'short';
  const together = jobs.filter(job => !isAlone(job));
  const alone = jobs.filter(isAlone);
  const record = (job: Job, row: Row): void => void rows.set(job, row);
  await Promise.all(Array.from({ length: Math.min(options.lanes, together.length) }, () => runLane(together, options, record)));
  await runLane(alone, options, record);
  return jobs.flatMap(job => rows.get(job) ?? []);
}

/** Takes jobs from the queue until it is empty. */
async function runLane(queue: Job[], options: LaneOptions, record: (job: Job, row: Row) => void): Promise<void> {
  let arena = new Arena();
  try {
    for (let job = queue.shift(); job; job = queue.shift()) {
      options.onBegin?.(job);
      const row = await runFault(job, options.scale, arena);
      record(job, row);
      options.onEnd?.(job, row);
      if (holds(row)) continue;
      // It may have left its broker dead or frozen.
      await arena.stop();
      arena = new Arena();
    }
  } finally {
    await arena.stop();
  }
}

async function runFault({ fault, mode }: Job, scale: Scale, arena: Arena): Promise<Row> {
  const began = performance.now();
  const outcome = await fault.run({ mode, scale, arena }).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  return { fault, mode, outcome, seconds: (performance.now() - began) / 1000 };
}
