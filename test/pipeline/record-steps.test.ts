import { ConnectError } from '../../src/errors';
import { CELL_OF, Cells } from '../../src/metrics/cells';
import { ErrorHandler, type FailureReporter, type Report } from '../../src/pipeline/error-handler';
import type { RecordFailure } from '../../src/pipeline/failed-record';
import { RecordSteps } from '../../src/pipeline/record-steps';
import { type Clock, RetryPolicy } from '../../src/pipeline/retry-policy';
import { fakeLogger } from '../helpers/fakes/fake-logger';
import { readErrorSettings } from '../helpers/fakes/settings';

const RETRIABLE = new ConnectError('RetriableException', 'not yet');
const FATAL = new ConnectError('DataException', 'never');

interface Draft {
  calls: string[];
}

/**
 * A way of three steps, of which the second throws what `errors` lists, one after the other; time passes in waits only.
 * @param props settings of the connector
 */
function setUp(errors: readonly Error[], props: Readonly<Record<string, string>> = {}, onWait?: (handler: ErrorHandler) => void) {
  const waits: number[] = [];
  let now = 0;
  const clock: Clock = {
    nowMs: () => now,
    wait: async ms => {
      waits.push(ms);
      now += ms;
      onWait?.(handler);
    },
  };
  const settings = readErrorSettings(props);
  const policy = new RetryPolicy(settings.retryTimeoutMs, settings.retryMaxDelayMs, clock);
  const logger = fakeLogger();
  const cells = new Cells();
  const handler = new ErrorHandler('c-0', settings, logger, policy, { cells, changed: () => {} });
  const left = [...errors];
  const step = (name: string, fail: () => void = () => {}) => ({
    stage: 'TRANSFORMATION' as const,
    className: `test.${name}`,
    run: (draft: Draft) => {
      draft.calls.push(name);
      fail();
      return true;
    },
  });
  const failing = step('b', () => {
    const error = left.shift();
    if (error) throw error;
  });
  const steps = new RecordSteps<Draft>([step('a'), failing, step('c')], handler, () => ({ type: 'text', text: 'it' }));
  const draft: Draft = { calls: [] };
  return { run: () => steps.run(draft), draft, waits, handler, cells, logger };
}

const FOR_EVER = { 'errors.retry.timeout': '-1' };

describe('a step that fails', () => {
  test('is no matter of promises as long as nothing does', () => {
    expect(setUp([]).run()).toBe('kept');
  });

  test('with a RetriableException is made again, it alone, and the record goes on behind it', async () => {
    const { run, draft, waits, handler, cells } = setUp([RETRIABLE, RETRIABLE, RETRIABLE], FOR_EVER);
    expect(await run()).toBe('kept');
    expect(draft.calls.join('')).toBe('abbbbc');
    expect([waits, cells.values[CELL_OF.retries], handler.skipped]).toEqual([[300, 600, 1200], 3, 0]);
  });

  test('without a timeout is not made again, retriable or not', async () => {
    const { run, waits } = setUp([RETRIABLE]);
    await expect(run()).rejects.toThrow(expect.objectContaining({ message: 'Tolerance exceeded in error handler', cause: RETRIABLE }));
    expect(waits).toEqual([]);
  });

  test('is given up at the deadline, after a last try there', async () => {
    const { run, draft, waits } = setUp(Array(9).fill(RETRIABLE), { 'errors.retry.timeout': '1000', 'errors.tolerance': 'all' });
    expect(await run()).toBe('failed');
    expect([waits, draft.calls.join('')]).toEqual([[300, 600, 100], 'abbbb']);
  });

  test('with another error is not made again, also behind a retriable one', async () => {
    const { run, draft, handler } = setUp([RETRIABLE, FATAL], { ...FOR_EVER, 'errors.tolerance': 'all' });
    expect(await run()).toBe('failed');
    expect([draft.calls.join(''), handler.skipped]).toEqual(['abb', 1]);
  });

  test('is left without an answer when the task stops, and so is each that fails afterwards', async () => {
    const { run, handler, waits } = setUp(Array(9).fill(RETRIABLE), { ...FOR_EVER, 'errors.tolerance': 'all' }, h => h.stop());
    expect(await run()).toBe('interrupted');
    expect(await run()).toBe('interrupted');
    expect([waits, handler.skipped]).toEqual([[300], 0]);
  });

  test('may be interrupted once and tried again later', async () => {
    let interruptions = 0;
    const { run } = setUp([RETRIABLE, RETRIABLE], FOR_EVER, handler => {
      if (interruptions++ === 0) handler.interrupt();
    });
    expect([await run(), await run()]).toEqual(['interrupted', 'kept']);
  });
});

/** Takes reports, which become safe when the test says so. */
class FakeReporter implements FailureReporter {
  readonly taken: RecordFailure[] = [];
  settle: { resolve: () => void; reject: (error: Error) => void } = { resolve: () => {}, reject: () => {} };
  answer: 'take' | 'interrupt' | 'throw' = 'take';

  async report(failure: RecordFailure): Promise<Report | null> {
    if (this.answer === 'throw') throw FATAL;
    if (this.answer === 'interrupt') return null;
    this.taken.push(failure);
    const delivered = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    return { delivered };
  }
}

describe('a report', () => {
  const failure: RecordFailure = { stage: 'TASK_PUT', className: 'T', error: FATAL, original: () => ({ type: 'text', text: 'it' }) };

  test.each(['none', 'all'])('is made with tolerance %s, once, with the last error', async tolerance => {
    const { run, handler } = setUp([RETRIABLE, FATAL], { ...FOR_EVER, 'errors.tolerance': tolerance });
    const reporter = new FakeReporter();
    handler.reportTo(reporter);
    const outcome = await Promise.resolve(run()).catch(() => 'rejected');
    expect(outcome).toBe(tolerance === 'all' ? 'failed' : 'rejected');
    expect(reporter.taken).toEqual([expect.objectContaining({ stage: 'TRANSFORMATION', className: 'test.b', error: FATAL })]);
  });

  test('that is interrupted leaves the record without an answer; one that cannot be made fails the task', async () => {
    const { run, handler } = setUp([FATAL, FATAL], { 'errors.tolerance': 'all' });
    const reporter = new FakeReporter();
    handler.reportTo(reporter);
    reporter.answer = 'interrupt';
    expect(await run()).toBe('interrupted');
    reporter.answer = 'throw';
    await expect(run()).rejects.toBe(FATAL);
    expect(handler.skipped).toBe(0);
  });

  test('of an errant record is answered when it is safe, not before, or with its failure', async () => {
    const { handler } = setUp([], { 'errors.tolerance': 'all' });
    const reporter = new FakeReporter();
    handler.reportTo(reporter);
    let safe = false;
    const answer = handler.reportErrant(failure).then(() => {
      safe = true;
    });
    await new Promise(resolve => setImmediate(resolve));
    expect(safe).toBe(false);
    reporter.settle.resolve();
    await answer;
    const lost = handler.reportErrant(failure);
    await new Promise(resolve => setImmediate(resolve));
    reporter.settle.reject(RETRIABLE);
    await expect(lost).rejects.toBe(RETRIABLE);
  });

  test('of an errant record that is not tolerated is made and refused', async () => {
    const { handler } = setUp([]);
    const reporter = new FakeReporter();
    handler.reportTo(reporter);
    await expect(handler.reportErrant(failure)).rejects.toThrow('Tolerance exceeded in error handler');
    expect(reporter.taken).toEqual([failure]);
  });
});
