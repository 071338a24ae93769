/** Writes dead letters to a topic, on the thread of their task, and knows which of them are acknowledged. */
import { ConnectError } from '../errors';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED, PackedRecords } from '../kafka/packed-records';
import type { DeliveryListener, KafkaProducer, Rejection } from '../kafka/producer';
import type { Report } from '../pipeline/error-handler';
import type { DeadLetter } from './dead-letter';
import type { DeadLetters } from './dead-letters';
import type { Wake } from './wake';

/** Wait for room, or for answers, at most this long before looking again; normally a delivery ends the wait. */
const LOOK_MS = 100;
/** Slots are signed integers of 32 bits. */
const MAX_SLOT = 0x7fffffff;

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

export class DeadLetterTopic implements DeadLetters, DeliveryListener {
  pending = 0;
  failure: ConnectError | null = null;
  private readonly packed = new PackedRecords();
  private readonly rejections: Rejection[] = [];
  private readonly waiters = new Map<number, Waiter>();
  private nextSlot = 0;

  constructor(
    private readonly topic: string,
    private readonly producer: Pick<KafkaProducer, 'room' | 'sendRecords' | 'poll' | 'release'>,
    private readonly wake: Pick<Wake, 'wait'>,
  ) {}

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

  /** @returns null if there is no room */
  private trySend(letter: DeadLetter): Report | null {
    if (this.failure) throw this.failure;
    const { packed, rejections } = this;
    const slot = this.pack(letter);
    if (this.producer.room(packed.bytesOf(0)) <= 0 || this.producer.sendRecords(packed, 0, 1, rejections) === 0) return null;
    const [refused] = rejections.splice(0);
    if (refused) throw refused.error;
    this.nextSlot = slot === MAX_SLOT ? 0 : slot + 1;
    const delivered = new Promise<void>((resolve, reject) => this.waiters.set(slot, { resolve, reject }));
    // Not everybody waits for an answer; `failure` has it all the same.
    delivered.catch(() => {});
    return { delivered };
  }

  private pack({ key, value, headers, timestamp }: DeadLetter): number {
    const { packed, nextSlot } = this;
    packed.clear();
    packed.begin();
    for (const header of headers) {
      packed.headerNames.appendText(`${header.key}\0`);
      packed.headerValues.append(header.value);
    }
    packed.keys.append(key);
    packed.values.append(value);
    packed.add(this.topic, PARTITION_UNASSIGNED, timestamp < 0 ? NO_TIMESTAMP : timestamp, nextSlot);
    return nextSlot;
  }

  poll(): void {
    this.producer.poll(this);
  }

  async settle(timeoutMs: number): Promise<boolean> {
    const deadlineMs = Date.now() + timeoutMs;
    this.poll();
    while (this.pending > 0 && !this.failure && Date.now() < deadlineMs) {
      await this.wake.wait(Math.min(LOOK_MS, Math.max(1, deadlineMs - Date.now())));
      this.poll();
    }
    return this.pending === 0 && !this.failure;
  }

  onDelivery(slot: number, error: ConnectError | undefined): void {
    const waiter = this.waiters.get(slot);
    this.waiters.delete(slot);
    if (error) {
      waiter?.reject(this.fail(error));
      return;
    }
    this.pending--;
    waiter?.resolve();
  }

  onFailure(error: ConnectError): void {
    const failure = this.fail(error);
    for (const waiter of this.waiters.values()) waiter.reject(failure);
    this.waiters.clear();
  }

  private fail(error: unknown): ConnectError {
    this.failure ??= new ConnectError('ConnectException', `Could not produce message to dead letter queue. topic=${this.topic}`, error);
    return this.failure;
  }

  /** The client is freed with the task; a letter that still waits for room is given up. */
  release(): void {
    this.fail(new ConnectError('ConnectException', 'The task has ended'));
    this.producer.release();
  }
}
