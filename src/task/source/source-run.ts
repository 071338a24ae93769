/**
 * One life of a source task with one client, as one object: what it works with, and what became of its records. Sending, reports and the
 * delivery read here and write here; who waits asks `interrupted` and calls `waitForRoom`. When the client breaks, another run follows.
 */
import type { SourceTask } from '../../api/source';
import type { ConnectError } from '../../errors';
import type { TopicOutlet } from '../../kafka/clients/record-outlet';
import type { OldestPending } from '../../metrics/task-counters';
import type { Delivery } from './delivery';
import { LeftOutRecords } from './left-out-records';
import { RecordAcks } from './record-acks';
import { RecordPacker } from './sending/record-packer';
import { SendBuffers } from './sending/send-buffers';
import { SourceCounts } from './source-counts';
import { SourcePolls } from './source-polls';
import type { CountedRun } from './source-progress';
import type { SourceServices } from './source-services';
import { StallWatch } from './stall-watch';
import { SubmittedRecords } from './submitted-records';

export class SourceRun implements CountedRun {
  /** Where its records go. */
  readonly outlet: TopicOutlet;
  readonly submitted: SubmittedRecords;
  readonly counts: SourceCounts;
  readonly acks: RecordAcks;
  readonly leftOut: LeftOutRecords;
  readonly polls: SourcePolls;
  readonly stalls: StallWatch;
  readonly packer: RecordPacker;
  readonly buffers = new SendBuffers();
  readonly delivery: Delivery;
  /** Records and bytes handed over so far. */
  records = 0;
  bytes = 0;
  /** True once the task's `start` is through. */
  hasStarted = false;
  /** True once a broker has acknowledged a record. */
  hasDelivered = false;
  /** Set when a record has failed that may not be left out: the task is to fail. */
  failure: Error | null = null;
  /** Set when the producer takes and delivers nothing any more, or is not allowed to. */
  broken: ConnectError | null = null;
  /** True while a report waits for dead letters: nothing more is read, or it would wait for ever. */
  isSettling = false;
  /** When offsets were reported of which nobody has said yet whether they are safe; by `performance.now()`. */
  readonly reportedMs: number[] = [];
  /** Hears whether the offsets reported last are safe; null for nobody. */
  onSaved: ((error: Error | null) => void) | null = null;

  /**
   * @param createDelivery called when all else is there
   * @throws ConfigException, KafkaException when the outlet cannot be made
   */
  constructor(
    readonly services: SourceServices,
    readonly task: SourceTask,
    createDelivery: (run: SourceRun) => Delivery,
  ) {
    const { host, chain, converters, producers } = services;
    const { errors, logger } = host;
    const outlet = producers.create();
    this.outlet = outlet;
    this.submitted = new SubmittedRecords(producers.maxInFlight);
    this.counts = new SourceCounts(this.submitted, host.metrics.cells);
    this.acks = new RecordAcks(task, logger);
    this.acks.keepsRecords = services.letters !== null;
    this.leftOut = new LeftOutRecords(this.submitted, this.acks, errors);
    this.packer = new RecordPacker(chain, converters, errors);
    this.polls = new SourcePolls(task, logger, host.metrics.cells);
    this.stalls = new StallWatch(
      {
        inFlight: () => outlet.inFlight,
        oldest: () => this.submitted.oldest(),
        topics: () => services.topics,
        topicState: topic => outlet.topicState(topic),
      },
      logger,
    );
    this.delivery = createDelivery(this);
    host.wake.onWake = () => this.takeDeliveries();
  }

  /** False if something would be lost with this run: what is under way, or what the task has read and still holds, which only it knows. */
  get canRewind(): boolean {
    return !this.hasStarted || (this.task.canRewind?.() ?? true);
  }

  /**
   * True when nothing more is to be sent; at a stop not before its time is over if what was read cannot be read again.
   * @throws what fails the task
   */
  interrupted(): boolean {
    const { letters, stopping, host } = this.services;
    const failure = this.failure ?? letters?.failure;
    if (failure) throw failure;
    if (this.broken) return true;
    return stopping && (this.canRewind || Date.now() >= host.stopDeadline.untilMs(Number.POSITIVE_INFINITY));
  }

  /** Waits for deliveries; also for other things, if they come first. */
  async waitForRoom(timeoutMs: number): Promise<void> {
    const { host, progress } = this.services;
    await host.wake.wait(timeoutMs);
    this.stalls.look();
    progress.changed();
  }

  /** A record has failed that may not be left out. */
  fail(error: Error): void {
    this.failure ??= error;
  }

  /** The client is of no use any more: the run ends. */
  breakOff(error: ConnectError): void {
    this.broken ??= error;
  }

  /** A broker has acknowledged the record of a slot. */
  acknowledged(slot: number, partition: number, offset: number): void {
    this.counts.acknowledged++;
    this.hasDelivered = true;
    this.submitted.acknowledge(slot);
    this.acks.acknowledged(slot, partition, offset);
  }

  /** Takes deliveries that have come; never waits. */
  takeDeliveries(): void {
    const { outlet, stalls, services } = this;
    const { letters, progress } = services;
    const { inFlight } = outlet;
    const unsafe = letters?.pending ?? 0;
    outlet.poll(this.delivery);
    letters?.poll();
    const answered = outlet.inFlight < inFlight;
    if (answered || inFlight === 0) stalls.moved();
    if (answered && this.hasDelivered) services.hasDelivered = true;
    if (answered || (letters?.pending ?? 0) < unsafe) progress.changed();
    if (this.failure || this.broken) this.polls.end();
    this.reportProgress(false);
  }

  /** @param busy true if records went out */
  reportProgress(busy: boolean): void {
    const { letters, progress } = this.services;
    const isOpen = this.submitted.pending > 0 || letters?.pending || this.delivery.isOpen;
    // What a task has to read it knows only when it has started.
    const drained = !busy && !isOpen && this.hasStarted && (this.task.drained?.() ?? true);
    progress.turned(busy, drained);
  }

  /** Has a waiting `poll` come back; the next one gets a fresh signal. */
  interruptPoll(): void {
    this.polls.interrupt();
    if (this.services.stopping || this.broken) this.polls.end();
    this.services.host.wake.notify();
  }

  oldest(): OldestPending | null {
    const oldest = this.submitted.oldest();
    if (!oldest) return null;
    const { topic = null, sinceMs } = oldest;
    return { topic, partition: topic !== null && this.outlet.knownPartitions(topic) === 1 ? 0 : null, sinceMs };
  }
}
