/** Says so when a source waits for its broker: after 10 s without an acknowledgement, then after twice the time, and so on. */
import { javaText } from '../../data/java/java-text';
import type { TopicState } from '../../kafka/clients/record-outlet';
import type { Logger } from '../../log';
import type { OldestRecord } from './submitted-records';

const FIRST_MS = 10_000;
const MAX_MS = 300_000;
const MAX_PARTITIONS_NAMED = 10;

/** What the watch looks at. */
export interface StallView {
  /** Records handed to the producer and not acknowledged. */
  inFlight(): number;
  /** The record that has waited longest, if any does. */
  oldest(): OldestRecord | null;
  /** Topics written to. */
  topics(): Iterable<string>;
  /** What the brokers say of a topic: null if they do not know it, undefined if they do not answer. May take 100 ms. */
  topicState(topic: string): TopicState | null | undefined;
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
    this.logger.warn(`${count} records have waited ${seconds(waited)} for an acknowledgement${this.oldest()}: ${this.reason()}.`);
  }

  /**
   * The Kafka partition of a record without an acknowledgement only the client knows; where there is one, or one without leader, it is
   * that.
   */
  private oldest(): string {
    const oldest = this.view.oldest();
    if (!oldest) return '';
    const { topic, partition, sinceMs } = oldest;
    const state = topic === undefined ? undefined : this.view.topicState(topic);
    const kafka = topic === undefined ? '' : `, of ${describeTarget(topic, state)},`;
    return `, the oldest${kafka} for ${seconds(this.nowMs() - sinceMs)}, read from ${javaText(new Map(Object.entries(partition)))}`;
  }

  private reason(): string {
    const states = [...this.view.topics()].map(topic => ({ topic, state: this.view.topicState(topic) }));
    const unknown = states.filter(({ state }) => state === null).map(({ topic }) => topic);
    if (unknown.length > 0)
      return `there is no topic ${unknown.join(', ')}, and the brokers do not create it; create it and the task goes on`;
    if (states.some(({ state }) => state === undefined)) return 'no broker answers; the task goes on when one does';
    const leaderless = states.filter(({ state }) => (state?.leaderless.length ?? 0) > 0);
    if (leaderless.length > 0) {
      const named = leaderless.map(({ topic, state }) => `${topic} ${state?.leaderless.slice(0, MAX_PARTITIONS_NAMED).join(', ')}`);
      return `no broker leads ${named.join('; ')}; the task goes on when one does`;
    }
    return 'the brokers answer, but acknowledge nothing';
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function describeTarget(topic: string, state: TopicState | null | undefined): string {
  if (!state) return `topic ${topic}`;
  return state.partitions === 1 ? `topic ${topic} partition 0` : `one of the ${state.partitions} partitions of topic ${topic}`;
}
