/**
 * What happens to a record that fails: retries, the log, dead letters, tolerance, counting; all decided in this one place (settings
 * `errors.*` of a connector; org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator).
 */

import { NotReady } from '../api/not-ready';
import type { ErrorSettings } from '../config/tasks/error-settings';
import { asSentence, ConnectError, isRetriable, toError } from '../errors';
import type { Logger } from '../log';
import { Cells } from '../metrics/cells';
import type { TaskCounting } from '../metrics/counting';
import { describeFailed, placeOf, type RecordFailure } from './failed-record';
import { RetryPolicy } from './retry-policy';

/** What became of a record. Only `interrupted` is not an answer: it must come again, and nothing after it may be committed. */
export type Outcome = 'kept' | 'dropped' | 'failed' | 'interrupted';

/** A report that was taken. */
export interface Report {
  /** Resolves when it is safe; rejects if it never will be. */
  readonly delivered: Promise<void>;
}

/** Keeps failed records somewhere: a dead letter queue. */
export interface FailureReporter {
  /**
   * Takes a failed record; it may wait for room.
   * @returns null if the wait was interrupted
   * @throws ConnectException when no report can be made any more
   */
  report(failure: RecordFailure, signal: AbortSignal): Promise<Report | null>;
}

/** The one place that decides; each task has its own. */
export class ErrorHandler {
  /** Records left out so far without a dead letter. */
  skipped = 0;
  /** Records left out whose dead letters are safe. */
  deadLettered = 0;
  /** Records left out whose dead letters are not safe yet, or never will be. */
  reporting = 0;
  private reporter: FailureReporter | null = null;
  private interruption = new AbortController();
  private stopping = false;

  /** @param policy times of the retries, if not those of the settings @param metrics where failures are counted */
  constructor(
    private readonly taskId: string,
    private readonly settings: ErrorSettings,
    private readonly logger: Logger,
    private readonly policy = new RetryPolicy(settings.retryTimeoutMs, settings.retryMaxDelayMs),
    private readonly metrics: TaskCounting = { cells: new Cells(), changed: () => {} },
  ) {}

  /** From now on failed records go there too. */
  reportTo(reporter: FailureReporter): void {
    this.reporter = reporter;
  }

  /**
   * Answers an operation that has failed: makes it again while that may help, then reports the record and leaves it out.
   * @param again the operation; false drops the record
   * @throws ConnectException `Tolerance exceeded in error handler` when errors are not tolerated
   */
  async handle(failure: RecordFailure, again: () => boolean): Promise<Outcome> {
    const { signal } = this.interruption;
    const { policy } = this;
    const deadlineMs = policy.deadlineMs();
    let { error } = failure;
    while (error instanceof NotReady) {
      const unready = await whyNotReady(error, signal);
      if (signal.aborted) return 'interrupted';
      try {
        if (unready !== null) throw unready;
        return again() ? 'kept' : 'dropped';
      } catch (thrown) {
        error = thrown;
      }
    }
    this.countFailure();
    for (let attempts = 1; isRetriable(error) && policy.clock.nowMs() < deadlineMs; attempts++) {
      if (!signal.aborted) await policy.clock.wait(policy.delayMs(attempts, deadlineMs), signal);
      if (signal.aborted) return 'interrupted';
      this.metrics.cells.add('retries');
      try {
        return again() ? 'kept' : 'dropped';
      } catch (thrown) {
        error = thrown;
        this.countFailure();
      }
    }
    const final = { ...failure, error };
    this.countError();
    const report = await this.report(final, signal);
    if (!report) return 'interrupted';
    this.decide(final);
    this.count(report);
    return 'failed';
  }

  /**
   * Answers a failure that nobody can make good, from a place that cannot wait. The report goes its own way.
   * @throws ConnectException as `handle`
   */
  skipOrThrow(failure: RecordFailure): void {
    this.countFailure();
    this.countError();
    this.log(failure);
    // Whoever keeps reports knows of this one from now on, and says when it has failed. Nothing interrupts it: the record has its answer.
    const report = this.reporter && this.countLetter(this.reporter.report(failure, UNINTERRUPTED));
    this.decide(failure);
    this.count(report ? { delivered: report.then(taken => taken?.delivered) } : NOTHING_TO_WAIT_FOR);
  }

  /** Counts a record that is left out: as skipped, or by its dead letter. One that fails its task counts nowhere: it comes again. */
  private count(report: Report): void {
    this.metrics.cells.add('recordsSkippedByErrors');
    if (report === NOTHING_TO_WAIT_FOR) {
      this.skipped++;
      return;
    }
    this.reporting++;
    const onSafe = (): void => {
      this.reporting--;
      this.deadLettered++;
    };
    report.delivered.then(onSafe, () => {});
  }

  /**
   * Reports a record that a sink task could not write. @returns when the report is safe
   * @throws ConnectException as `handle`; the report is made all the same
   */
  async reportErrant(failure: RecordFailure): Promise<void> {
    this.countFailure();
    this.countError();
    // Nothing interrupts it: its record counts as put, so that nobody would report it again.
    const report = await this.report(failure, UNINTERRUPTED);
    if (this.settings.tolerance === 'none') throw toleranceExceeded(failure);
    this.metrics.cells.add('recordsSkippedByErrors');
    await report?.delivered;
  }

  /** True if failed records go somewhere. */
  get hasReporter(): boolean {
    return this.reporter !== null;
  }

  /** True if failures are logged, and if it is said which records they are. */
  get logs(): boolean {
    return this.settings.logEnabled;
  }

  get logsRecords(): boolean {
    return this.settings.logEnabled && this.settings.includeMessages;
  }

  /** True if an errant record fails the task. */
  get toleratesNone(): boolean {
    return this.settings.tolerance === 'none';
  }

  /** Ends the waits under way: their records are not answered. */
  interrupt(): void {
    this.interruption.abort();
    if (!this.stopping) this.interruption = new AbortController();
  }

  /** The task ends: nothing waits any more. */
  stop(): void {
    this.stopping = true;
    this.interrupt();
  }

  private async report(failure: RecordFailure, signal: AbortSignal): Promise<Report | null> {
    this.log(failure);
    return this.reporter ? this.countLetter(this.reporter.report(failure, signal)) : NOTHING_TO_WAIT_FOR;
  }

  /** An operation has failed, for the first time or again. */
  private countFailure(): void {
    this.metrics.cells.add('recordProcessingFailures');
    this.metrics.changed();
  }

  /** An operation has failed for good. */
  private countError(): void {
    this.metrics.cells.add('recordProcessingErrors');
    this.metrics.cells.set('lastErrorTimestamp', Date.now());
  }

  /** Counts a dead letter, and should it not be written that as well. */
  private countLetter(report: Promise<Report | null>): Promise<Report | null> {
    const { cells } = this.metrics;
    cells.add('dlqProduceRequests');
    report.then(taken => taken?.delivered).catch(() => cells.add('dlqProduceFailures'));
    return report;
  }

  /** As in Java a report comes before the tolerance: of a record that fails the task, too. */
  private decide(failure: RecordFailure): void {
    if (this.settings.tolerance === 'none') throw toleranceExceeded(failure);
    const { stage, error } = failure;
    if (this.skipped > 0 || this.settings.logEnabled || this.reporter) return;
    this.logger.warn(
      `A record was left out at stage ${stage}, since errors.tolerance=all: ${asSentence(toError(error).message)} ` +
        'Further ones are only counted; errors.log.enable=true logs each.',
    );
  }

  private log({ stage, className, error, original }: RecordFailure): void {
    if (!this.settings.logEnabled) return;
    this.metrics.cells.add('errorsLogged');
    const which = this.settings.includeMessages ? `, where ${describeFailed(original())}` : '';
    this.logger.error(`Error encountered in task ${this.taskId}. Executing stage '${stage}' with class '${className}'${which}.`, error);
  }
}

/** Waits until somebody is ready, or the wait is interrupted. @returns null, or the error that there is instead */
async function whyNotReady({ ready }: NotReady, signal: AbortSignal): Promise<Error | null> {
  let end = (): void => {};
  const interrupted = new Promise<void>(resolve => {
    end = resolve;
  });
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    await Promise.race([ready, interrupted]);
    return null;
  } catch (error) {
    return toError(error);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const NOTHING_TO_WAIT_FOR: Report = { delivered: Promise.resolve() };
const UNINTERRUPTED = new AbortController().signal;

/** Java's text, which people search for; below it, in the trace, where the record is. */
export function toleranceExceeded({ stage, error, original }: RecordFailure): ConnectError {
  const place = placeOf(original());
  const located =
    place === '' ? toError(error) : new ConnectError('ConnectException', `Failed at stage ${stage}: record {${place}}`, toError(error));
  return new ConnectError('ConnectException', 'Tolerance exceeded in error handler', located);
}
