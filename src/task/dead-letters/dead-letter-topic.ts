/**
 * Writes dead letters to a topic, on the thread of their task, and knows which of them are acknowledged. When the producer breaks in a
 * way that may pass, the letters without an answer go again with another one: none is lost, some may come twice.
 */
import { NO_TIMESTAMP, PARTITION_UNASSIGNED } from '../../data/batch/record-batch';
import { asSentence, ConnectError } from '../../errors';
import type { DeliveryListener, RecordOutlet, Rejection } from '../../kafka/clients/record-outlet';
import { WireBatch } from '../../kafka/producer/wire-batch';
import type { Logger } from '../../log';
import type { Report } from '../../pipeline/error-handler';
import { canHeal, healingBackoff, remedyFor } from '../shared/producer-healing';
import type { Wake } from '../shared/wake';
import type { DeadLetter } from './dead-letter';
import type { DeadLetters } from './dead-letters';

/** Wait for room, or for answers, at most this long before looking again; normally a delivery ends the wait. */
const LOOK_MS = 100;
/** Slots are signed integers of 32 bits. */
const MAX_SLOT = 0x7fffffff;

/** A letter that was handed over and has no answer yet. */
interface Unanswered {
  readonly letter: DeadLetter;
  resolve(): void;
  reject(error: Error): void;
}

type LetterProducer = Pick<RecordOutlet, 'room' | 'send' | 'poll' | 'release' | 'giveUp'>;

export class DeadLetterTopic implements DeadLetters, DeliveryListener {
  pending = 0;
  failure: ConnectError | null = null;
  private readonly batch = new WireBatch();
  private readonly rejections: Rejection[] = [];
  /** By slot, in the order in which they were handed over. */
  private readonly unanswered = new Map<number, Unanswered>();
  /** Slots of letters that the producer before had, still to be handed to this one. */
  private again: number[] = [];
  private nextSlot = 0;
  /** Null while the next one is waited for. */
  private producer: LetterProducer | null;
  private broken: ConnectError | null = null;
  private hasDelivered = false;
  private readonly backoff = healingBackoff();
  private renewal: NodeJS.Timeout | undefined;

  /**
   * @param createProducer makes the first producer, and one for each that has broken; whoever is given one owns it
   * @throws what createProducer throws
   */
  constructor(
    private readonly topic: string,
    private readonly createProducer: () => LetterProducer,
    private readonly wake: Pick<Wake, 'wait' | 'notify'>,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {
    this.producer = createProducer();
  }

  async send(letter: DeadLetter, signal: AbortSignal): Promise<Report | null> {
    this.pending++;
    try {
      for (let report = this.trySend(letter); ; report = this.trySend(letter)) {
        if (report) return report;
        if (signal.aborted) {
          this.pending--;
          return null;
        }
        await this.wake.wait(LOOK_MS);
        if (!this.failure) this.poll();
      }
    } catch (error) {
      throw this.fail(error);
    }
  }

  /** @returns null if there is no room, or no producer */
  private trySend(letter: DeadLetter): Report | null {
    if (this.failure) throw this.failure;
    const slot = this.nextSlot;
    if (this.again.length > 0 || !this.handOver(letter, slot)) return null;
    this.nextSlot = slot === MAX_SLOT ? 0 : slot + 1;
    const delivered = new Promise<void>((resolve, reject) => this.unanswered.set(slot, { letter, resolve, reject }));
    // Not everybody waits for an answer; `failure` has it all the same.
    delivered.catch(() => {});
    return { delivered };
  }

  /** @returns false if there is no room, or no producer @throws ConnectError for a letter that is refused for good */
  private handOver(letter: DeadLetter, slot: number): boolean {
    const { producer, batch, rejections } = this;
    if (!producer) return false;
    this.pack(letter, slot);
    if (producer.room(batch.sizeOf(0, 1)) <= 0) return false;
    try {
      if (producer.send(batch, 0, 1, rejections) === 0) return false;
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      this.replaceProducer(error);
      return false;
    }
    const [refused] = rejections.splice(0);
    if (refused) throw refused.error;
    return true;
  }

  private pack({ key, value, headers, timestamp }: DeadLetter, slot: number): void {
    const { batch } = this;
    batch.clear();
    batch.begin();
    for (const header of headers) batch.appendHeader(header.key, header.value);
    batch.keys.append(key);
    batch.values.append(value);
    batch.add(this.topic, PARTITION_UNASSIGNED, timestamp < 0 ? NO_TIMESTAMP : timestamp, slot);
  }

  poll(): void {
    this.producer?.poll(this);
    // Not before its events are read: it is freed at once.
    if (this.broken) this.replaceProducer(this.broken);
    this.sendAgain();
  }

  private sendAgain(): void {
    try {
      for (let slot = this.again[0]; slot !== undefined; slot = this.again[0]) {
        const waiting = this.unanswered.get(slot);
        if (waiting && !this.handOver(waiting.letter, slot)) return;
        this.again.shift();
      }
    } catch (error) {
      this.failAll(error);
    }
  }

  /** Another producer has to do what this one cannot, after a while; or none can, and the task is to fail. */
  private replaceProducer(error: ConnectError): void {
    this.broken = null;
    if (this.failure || !canHeal(error, this.hasDelivered)) {
      this.failAll(error);
      return;
    }
    const waitMs = this.backoff.nextMs();
    this.again = [...this.unanswered.keys()];
    this.logger.warn(
      `The producer of dead letters has failed: ${asSentence(error.message)} What was not acknowledged (${this.again.length} letters) goes to topic ` +
        `${this.topic} again in ${waitMs / 1000} s, with a new producer. ${remedyFor(error)}`,
    );
    this.producer?.giveUp();
    this.producer = null;
    this.renewal = setTimeout(() => this.renew(), waitMs);
  }

  private renew(): void {
    try {
      this.producer = this.createProducer();
      this.sendAgain();
    } catch (error) {
      this.failAll(error);
    }
    this.wake.notify();
  }

  async settle(leftMs: () => number): Promise<boolean> {
    this.poll();
    while (this.pending > 0 && !this.failure && leftMs() > 0) {
      await this.wake.wait(Math.min(LOOK_MS, Math.max(1, leftMs())));
      this.poll();
    }
    return this.pending === 0 && !this.failure;
  }

  onDelivery(slot: number, error: ConnectError | undefined): void {
    const waiting = this.unanswered.get(slot);
    this.unanswered.delete(slot);
    if (error) {
      waiting?.reject(this.fail(error));
      return;
    }
    this.hasDelivered = true;
    this.backoff.reset();
    this.pending--;
    waiting?.resolve();
  }

  onFailure(error: ConnectError): void {
    this.broken ??= error;
  }

  private failAll(error: unknown): void {
    const failure = this.fail(error);
    for (const waiting of this.unanswered.values()) waiting.reject(failure);
    this.unanswered.clear();
    this.again = [];
  }

  private fail(error: unknown): ConnectError {
    this.failure ??= new ConnectError('ConnectException', `Could not produce message to dead letter queue. topic=${this.topic}`, error);
    return this.failure;
  }

  /** The client is freed with the task; a letter that still waits for room is given up. */
  release(): void {
    this.fail(new ConnectError('ConnectException', 'The task has ended'));
    clearTimeout(this.renewal);
    this.producer?.release();
  }
}
