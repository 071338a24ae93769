/**
 * The life of a source task on its thread, as a row of runs: each has a task instance and a client of its own. When a client breaks in
 * a way that may pass, the next run goes on behind the last record that was acknowledged; the task stays RUNNING.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceTask } from '../../api/source';
import { asSentence, ConnectError, toEnvelope } from '../../errors';
import { canHeal, healingBackoff, remedyFor } from '../shared/producer-healing';
import type { TaskHost, TaskLoop } from '../shared/task-host';
import { AtLeastOnce } from './at-least-once';
import { finishRun, runSource } from './run-source';
import { commitOffsets, offsetsSaved } from './source-reports';
import { SourceRun } from './source-run';
import { SourceServices } from './source-services';

// Most tasks have neither.
const deadLettersModule = (): typeof import('../dead-letters/source-dead-letters') => require('../dead-letters/source-dead-letters');
const exactlyOnceModule = (): typeof import('./exactly-once/exactly-once') => require('./exactly-once/exactly-once');

export class SourceLoop implements TaskLoop {
  private readonly services: SourceServices;
  private readonly backoff = healingBackoff();
  /** Null before the first run, and while the task waits for the next one. */
  private current: SourceRun | null = null;

  /** @throws ConfigException, KafkaException when converters or transformations cannot be made */
  constructor(
    private readonly createTask: () => SourceTask,
    private readonly host: TaskHost,
  ) {
    this.services = new SourceServices(host);
  }

  /** Runs until `stop` or an error. Never throws: a failure is posted, and the task is stopped in order all the same. */
  async run(): Promise<void> {
    const { services } = this;
    try {
      await this.openDeadLetters();
      let broken = await this.runOnce();
      while (broken && !services.stopping) {
        await this.waitForNext(broken);
        if (!services.stopping) broken = await this.runOnce();
      }
    } catch (error) {
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    }
    services.letters?.release();
    services.chain.close();
    await services.progress.close();
  }

  /** @throws ConnectException if the settings ask for dead letters, and there can be none */
  private async openDeadLetters(): Promise<void> {
    const { host, services } = this;
    const settings = host.spec.settings.sourceDeadLetters;
    if (!settings) return;
    const { letters, reporter } = await deadLettersModule().createSourceDeadLetters(host, settings, services.stopSignal);
    services.letters = letters;
    host.errors.reportTo(reporter);
  }

  /** @returns what has broken the client, if the task may go on with another one; null at the end */
  private async runOnce(): Promise<ConnectError | null> {
    const { services } = this;
    const { exactlyOnce, progress } = services;
    const run = new SourceRun(services, this.createTask(), it =>
      exactlyOnce ? new (exactlyOnceModule().ExactlyOnce)(it, exactlyOnce) : new AtLeastOnce(it),
    );
    this.current = run;
    progress.begin(run);
    let broken: ConnectError | null = null;
    try {
      broken = await runSource(run);
      if (broken && !services.stopping && !this.mayGoOn(run, broken)) throw failureOf(broken);
    } catch (error) {
      broken = null;
      this.host.post({ type: 'failed', error: toEnvelope(error) });
    }
    await finishRun(run, broken !== null);
    if (run.hasDelivered) this.backoff.reset();
    if (broken) this.leave(run);
    return broken;
  }

  private leave(run: SourceRun): void {
    this.services.progress.leave(run);
    this.current = null;
  }

  private mayGoOn(run: SourceRun, broken: ConnectError): boolean {
    return run.canRewind && canHeal(broken, this.services.hasDelivered);
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

  pause(): void {
    this.services.paused = true;
    if (this.current) this.current.interruptPoll();
    else this.host.post({ type: 'state', state: 'PAUSED' });
  }

  resume(): void {
    this.services.paused = false;
    if (!this.current) this.host.post({ type: 'state', state: 'RUNNING' });
    this.host.wake.notify();
  }

  stop(deadlineMs: number | null): void {
    this.services.beginStop(deadlineMs);
    this.current?.interruptPoll();
  }

  commitOffsets(): void {
    if (this.current) commitOffsets(this.current);
    else this.host.post({ type: 'offsets', entries: [], acknowledged: 0, pending: 0, final: false });
  }

  async offsetsSaved(error: Error | null): Promise<void> {
    if (this.current) await offsetsSaved(this.current, error);
  }
}

/** What is said of a broken client that ends the task. */
function failureOf(broken: ConnectError): ConnectError {
  if (broken.code === 'ProducerFencedException') return broken;
  return new ConnectError('ConnectException', 'Unrecoverable exception from producer', broken);
}
