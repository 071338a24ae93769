/** Says so when a source waits for its broker: after 10 s without an acknowledgement, then after twice the time, and so on. */
import type { Logger } from '../log';

const FIRST_MS = 10_000;
const MAX_MS = 300_000;

/** What the watch looks at. */
export interface StallView {
  /** Records handed to the producer and not acknowledged. */
  inFlight(): number;
  /** Topics written to. */
  topics(): Iterable<string>;
  /** May take 100 ms. */
  topicState(topic: string): 'exists' | 'unknown' | undefined;
}

export class StallWatch {
  private sinceMs: number;
  private waitMs = FIRST_MS;

  constructor(
    private readonly view: StallView,
    private readonly logger: Pick<Logger, 'warn' | 'info'>,
    private readonly nowMs: () => number = Date.now,
  ) {
    this.sinceMs = nowMs();
  }

  /** Something was acknowledged, or nothing was waiting. */
  moved(): void {
    if (this.waitMs > FIRST_MS) this.logger.info('The broker acknowledges records again.');
    this.sinceMs = this.nowMs();
    this.waitMs = FIRST_MS;
  }

  /** Looks whether it is time to say something. Cheap; to be called often. */
  look(): void {
    const waited = this.nowMs() - this.sinceMs;
    if (waited < this.waitMs) return;
    const count = this.view.inFlight();
    if (count === 0) {
      this.moved();
      return;
    }
    this.waitMs = Math.min(waited * 2, waited + MAX_MS);
    this.logger.warn(`${count} records have waited ${Math.round(waited / 1000)} s for an acknowledgement: ${this.reason()}.`);
  }

  private reason(): string {
    const states = [...this.view.topics()].map(topic => ({ topic, state: this.view.topicState(topic) }));
    const unknown = states.filter(({ state }) => state === 'unknown').map(({ topic }) => topic);
    if (unknown.length > 0)
      return `there is no topic ${unknown.join(', ')}, and the brokers do not create it; create it and the task goes on`;
    if (states.some(({ state }) => state === undefined)) return 'no broker answers; the task goes on when one does';
    return 'the brokers answer, but acknowledge nothing';
  }
}
