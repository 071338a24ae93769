/**
 * The life of a source task on its thread, as a row of attempts: each has a task instance and a client of its own. When a client breaks in
 * a way that may pass, the next attempt goes on behind the last record that was acknowledged; the task stays RUNNING.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceTask } from '../../api/source';
import { asSentence, ConnectError, toEnvelope } from '../../errors';
import type { OffsetEntry } from '../../thread/messages';
import type { TaskCounters } from '../../thread/task-counters';
import { createSourceDeadLetters } from '../dead-letters/source-dead-letters';
import { canHeal, healingBackoff, remedyFor } from '../shared/producer-healing';
import { ProgressReporter } from '../shared/progress-reporter';
import { TaskBalance } from '../shared/task-balance';
import type { TaskHost, TaskLoop } from '../shared/task-host';
import type { AttemptListener } from './attempt-listener';
import { SourceAttempt } from './source-attempt';
import type { AnsweredCounts } from './source-counts';
import { SourceServices } from './source-services';

export class SourceLoop implements TaskLoop, AttemptListener {
  private readonly services: SourceServices;
  private readonly progress: ProgressReporter;
  private readonly backoff = healingBackoff();
  /** Null before the first attempt, and while the task waits for the next one. */
  private attempt: SourceAttempt | null = null;
  /** Offsets to go on from: what was stored at the start, and what was acknowledged since. */
  private readonly offsets: Map<string, OffsetEntry>;
  private readonly balance: TaskBalance;
  /** Records and bytes of earlier attempts, and what became of them. */
  private earlier = { records: 0, bytes: 0 };
  private answered: AnsweredCounts = { read: 0, acknowledged: 0, filtered: 0 };
  private drained = false;

  /** @throws ConfigException, KafkaException when converters or transformations cannot be made */
  constructor(
    private readonly createTask: () => SourceTask,
    private readonly host: TaskHost,
  ) {
    this.services = new SourceServices(host);
    this.offsets = new Map(host.spec.storedOffsets.map(entry => [entry[0], entry]));
    this.progress = new ProgressReporter(() => {
      host.post({
        type: 'progress',
        records: this.earlier.records + (this.attempt?.moved.records ?? 0),
        bytes: this.earlier.bytes + (this.attempt?.moved.bytes ?? 0),
        counters: this.counters(),
      });
      this.balance.check();
    });
    this.balance = new TaskBalance(host.spec.id, host.logger, () => this.counters());
  }

  /** Runs until `stop` or an error. Never throws: a failure is posted, and the task is stopped in order all the same. */
  async run(): Promise<void> {
    try {
      const { letters, reporter } = (await createSourceDeadLetters(this.host, this.services.stopSignal)) ?? {};
      this.services.letters = letters ?? null;
      if (reporter) this.host.errors.reportTo(reporter);
      let broken = await this.runAttempt();
      while (broken && !this.services.stopping) {
        await this.waitForNext(broken);
        if (!this.services.stopping) broken = await this.runAttempt();
      }
    } catch (error) {
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    }
    this.services.letters?.release();
    this.services.chain.close();
    await this.balance.close();
    this.progress.flush();
  }

  private counters(): TaskCounters {
    const { read, acknowledged, filtered } = this.answered;
    const { deadLettered, skipped, reporting } = this.host.errors;
    const now = this.attempt?.counters() ?? { read: 0, acknowledged: 0, filtered: 0, deadLettered, skipped, pending: reporting };
    const counters = { ...now, read: read + now.read, acknowledged: acknowledged + now.acknowledged, filtered: filtered + now.filtered };
    const { unread } = this.services;
    return unread.bytes + unread.unknown > 0 ? { ...counters, unread: { ...unread } } : counters;
  }

  /** @returns what has broken the client, if the task may go on with another one; null at the end */
  private async runAttempt(): Promise<ConnectError | null> {
    const attempt = new SourceAttempt(this.createTask(), this.services, [...this.offsets.values()], this);
    this.attempt = attempt;
    let broken: ConnectError | null = null;
    try {
      broken = await attempt.run();
      if (broken && !this.services.stopping && !this.mayGoOn(attempt, broken)) throw failureOf(broken);
    } catch (error) {
      broken = null;
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    }
    await attempt.finish(broken !== null);
    if (broken) this.leave(attempt);
    return broken;
  }

  /** What the attempt has had no answer for, the next one will read again. */
  private leave(attempt: SourceAttempt): void {
    this.earlier = { records: this.earlier.records + attempt.moved.records, bytes: this.earlier.bytes + attempt.moved.bytes };
    const { read, acknowledged, filtered } = attempt.answered();
    const before = this.answered;
    this.answered = { read: before.read + read, acknowledged: before.acknowledged + acknowledged, filtered: before.filtered + filtered };
    this.attempt = null;
  }

  private mayGoOn(attempt: SourceAttempt, broken: ConnectError): boolean {
    return attempt.canRewind && canHeal(broken, this.services.hasDelivered);
  }

  private async waitForNext(broken: ConnectError): Promise<void> {
    this.services.topicCreation?.forgetAll();
    const waitMs = this.backoff.nextMs();
    this.host.logger.warn(
      `The producer has failed: ${asSentence(broken.message)} The task goes on after the last acknowledged record in ${waitMs / 1000} s, with a new ` +
        `producer. ${remedyFor(broken)}`,
    );
    await sleep(waitMs, undefined, { signal: this.services.stopSignal }).catch(() => {});
  }

  onAcknowledged(entries: readonly OffsetEntry[]): void {
    for (const entry of entries) this.offsets.set(entry[0], entry);
  }

  onCounted(): void {
    this.progress.changed();
  }

  onDelivered(): void {
    this.services.hasDelivered = true;
    this.backoff.reset();
  }

  onProgress(busy: boolean, drained: boolean): void {
    if (busy) this.progress.changed();
    if (!this.host.spec.draining || drained === this.drained) return;
    this.drained = drained;
    this.progress.flush();
    this.host.post({ type: 'drained', drained });
  }

  pause(): void {
    this.services.paused = true;
    if (this.attempt) this.attempt.interruptPoll();
    else this.host.post({ type: 'state', state: 'PAUSED' });
  }

  resume(): void {
    this.services.paused = false;
    if (!this.attempt) this.host.post({ type: 'state', state: 'RUNNING' });
    this.host.wake.notify();
  }

  stop(deadlineMs: number | null): void {
    this.services.beginStop(deadlineMs);
    this.attempt?.interruptPoll();
  }

  reportOffsets(): void {
    if (this.attempt) this.attempt.reports.report();
    else this.host.post({ type: 'offsets', entries: [], acknowledged: 0, pending: 0, final: false });
  }

  async offsetsSaved(error: Error | null): Promise<void> {
    await this.attempt?.reports.onSaved(error);
  }
}

/** What is said of a broken client that ends the task. */
function failureOf(broken: ConnectError): ConnectError {
  if (broken.code === 'ProducerFencedException') return broken;
  return new ConnectError('ConnectException', 'Unrecoverable exception from producer', broken);
}
