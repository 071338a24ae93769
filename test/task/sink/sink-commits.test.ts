import type { PartitionOffset, SinkTask } from '../../../src/api/sink';
import type { DeadLetters } from '../../../src/task/dead-letters/dead-letters';
import { StopDeadline } from '../../../src/task/shared/stop-deadline';
import type { TaskHost } from '../../../src/task/shared/task-host';
import { SinkCommits } from '../../../src/task/sink/sink-commits';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { fakeTaskMetrics } from '../../helpers/fakes/task-metrics';

const PARTITION = { topic: 't', partition: 0 };

/** Commits of a task that has delivered offsets 0 to 4, due at once; `letters` are those that are not safe. */
function setUp(letters: { pending: number; safe?: boolean }, answered = Promise.resolve()) {
  const committed: (readonly PartitionOffset[])[] = [];
  const flushed: string[] = [];
  const consumer = {
    assignment: () => [PARTITION],
    commit: async (offsets: readonly PartitionOffset[]) => {
      committed.push(offsets);
      await answered;
      return undefined;
    },
    serveCommits: () => {},
  };
  const logger = fakeLogger();
  const stopDeadline = new StopDeadline();
  const host = {
    flushIntervalMs: 60_000,
    flushTimeoutMs: 600_000,
    stopDeadline,
    logger,
    wake: { wait: async () => {} },
    metrics: fakeTaskMetrics(),
  };
  const task = { flush: () => void flushed.push('flush') };
  const commits = new SinkCommits(task as unknown as SinkTask, consumer, host as unknown as TaskHost, () => {});
  commits.letters = {
    get pending() {
      return letters.pending;
    },
    settle: async () => letters.safe ?? false,
  } as unknown as DeadLetters;
  commits.offsets.delivered(PARTITION, 0, 5);
  commits.dueMs = 0;
  return { commits, committed, flushed, logger, stopDeadline };
}

describe('a commit', () => {
  test('that is due waits for dead letters, has nothing more put meanwhile, and is made once they are safe', async () => {
    const letters = { pending: 2 };
    const { commits, committed, flushed } = setUp(letters);
    await commits.beginIfDue();
    expect([commits.waiting, committed, flushed]).toEqual([true, [], []]);
    expect(commits.dueInMs(Date.now(), true)).toBe(Number.POSITIVE_INFINITY);
    letters.pending = 0;
    expect(commits.waiting).toBe(false);
    await commits.beginIfDue();
    expect([committed, flushed]).toEqual([[[{ ...PARTITION, offset: 5 }]], ['flush']]);
  });

  test('from before a revocation does not count when its answer comes late', async () => {
    let answer = (): void => {};
    const answered = new Promise<void>(resolve => {
      answer = resolve;
    });
    const { commits, committed } = setUp({ pending: 0 }, answered);
    await commits.beginIfDue();
    expect(committed).toEqual([[{ ...PARTITION, offset: 5 }]]);
    commits.forget([PARTITION]);
    commits.offsets.delivered(PARTITION, 0, 2);
    answer();
    await new Promise(resolve => setImmediate(resolve));
    expect(commits.offsets.lastCommitted()).toEqual([{ ...PARTITION, offset: 0 }]);
  });

  test('that is not due has nobody wait for letters', () => {
    const { commits } = setUp({ pending: 2 });
    commits.dueMs = Date.now() + 10_000;
    expect(commits.waiting).toBe(false);
  });

  test('at a revocation is left out, and said, if the letters do not become safe in time', async () => {
    const lost = setUp({ pending: 1, safe: false });
    await lost.commits.commitNow();
    expect([lost.committed, lost.flushed]).toEqual([[], []]);
    expect(lost.logger.lines).toEqual([expect.stringContaining('WARN Dead letters were not acknowledged in time')]);
    const safe = setUp({ pending: 1, safe: true });
    await safe.commits.commitNow();
    expect(safe.committed).toHaveLength(1);
  });

  test('at a revocation is not waited for beyond the deadline of a stop that comes meanwhile', async () => {
    const { commits, logger, stopDeadline } = setUp({ pending: 0, safe: true }, new Promise(() => {}));
    const waited = commits.commitNow();
    stopDeadline.set(Date.now() + 20);
    await waited;
    expect(logger.lines).toEqual([
      expect.stringMatching(/^WARN Commit of offsets timed out after \d+ ms; these records will be delivered again/),
    ]);
  });
});
