/**
 * From the consumer to the sink task: one batch at the task, and where the task allows it, the next one fetched and converted meanwhile.
 * Where the task takes texts and the converters allow it, payloads stay bytes; otherwise each message becomes a record.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PartitionOffset, SinkTask } from '../../api/sink';
import type { SinkRecord } from '../../data/record/record';
import { toError } from '../../errors';
import type { ConsumedBatch, RecordInlet, Wanted } from '../../kafka/clients/record-inlet';
import { releaseWindow, WINDOW_OVERHEAD_BYTES } from '../../kafka/embedded/retention-windows';
import { countActive, countBatch } from '../../metrics/counting';
import type { PendingPlace } from '../../metrics/task-counters';
import { TransformationChain } from '../../pipeline/transformation-chain';
import { postPlugins, type TaskConverters } from '../shared/task-converters';
import type { TaskHost } from '../shared/task-host';
import { yieldToEventLoop } from '../shared/wake';
import type { DeliveredOffsets } from './delivered-offsets';
import type { ErrantRecords } from './errant-records';
import { RecordReader } from './record-reader';
import { SinkBatch } from './sink-batch';

/** Messages in a batch of texts: enough to make a call cheap, few enough to keep memory small. */
const TEXTS_BATCH = 2048;
/** A `put` that takes less is not worth doing anything meanwhile; others mostly have asked somebody by then, and wait. */
const SHORT_PUT_MS = 1;
/** Messages to convert before the event loop gets a turn, and with it the task. */
const CONVERTED_AT_ONCE = 100;

/** What a delivery is made with, besides its task and consumer. */
export interface DeliveryOptions {
  readonly converters: TaskConverters;
  /** Where the task reports records; null if it may not. */
  readonly errant: ErrantRecords | null;
  /** True if a report shows the whole record, not only where it lies. */
  readonly keepsOriginals: boolean;
  /** Most records of a `put` (`max.poll.records`). */
  readonly maxPollRecords: number;
  /** True while a task that allows it may have its next batch fetched during a `put`. */
  mayFetchAhead(): boolean;
}

export class SinkDelivery {
  /** Set when a record has failed the task. */
  failure: Error | null = null;
  /** Records and payload bytes delivered so far. */
  records = 0;
  bytes = 0;
  /** Messages fetched, less those given back; records put. */
  private read = 0;
  private acknowledged = 0;
  private readonly chain: TransformationChain<SinkRecord>;
  private readonly inColumns: boolean;
  private batch: SinkBatch;
  /** What comes after the batch; null for a task that wants nothing fetched ahead. */
  private ahead: SinkBatch | null;

  constructor(
    private readonly task: SinkTask,
    private readonly consumer: Pick<RecordInlet, 'createBatch' | 'fetch' | 'partitionOf'>,
    private readonly host: TaskHost,
    private readonly options: DeliveryOptions,
  ) {
    const { value, header } = options.converters;
    const { spec, plugins, logger } = host;
    this.chain = new TransformationChain({ stages: spec.settings.stages, plugins, logger });
    postPlugins(host, options.converters, this.chain);
    this.inColumns =
      this.chain.isEmpty && task.putBatch !== undefined && value.converter.decode !== undefined && header.converter.readsAnyBytes === true;
    this.batch = this.createBatch();
    this.ahead = task.allowsFetchAhead === true && !this.inColumns ? this.createBatch() : null;
  }

  private createBatch(): SinkBatch {
    const { inColumns, chain, consumer } = this;
    const { converters, maxPollRecords, keepsOriginals, errant } = this.options;
    const wanted = this.wanted();
    const fetched = consumer.createBatch(inColumns ? TEXTS_BATCH : maxPollRecords, wanted);
    const source = { batch: fetched, hasMetadata: wanted === 'all', partitionOf: (number: number) => consumer.partitionOf(number) };
    const reader = new RecordReader(source, converters, chain, this.host.errors);
    return new SinkBatch({ fetched, reader, converters, inColumns, originals: keepsOriginals ? errant : null });
  }

  /** How much of each message somebody looks at. */
  private wanted(): Wanted {
    const { key, value, header } = this.options.converters;
    const keysNeeded = key.converter.readsAnyBytes !== true;
    if (!this.inColumns) {
      const isBare = this.task.ignoresMetadata === true && this.chain.isEmpty && header.converter.readsAnyBytes === true;
      return isBare && !this.options.keepsOriginals ? 'values and keys' : 'all';
    }
    const mayFail = keysNeeded || value.converter.readsAnyBytes !== true;
    return this.options.keepsOriginals && mayFail ? 'all' : keysNeeded ? 'values and keys' : 'values';
  }

  /** `converting` while a failed record is tried again or waits for its report: then there is nothing to put, and nothing to fetch. */
  get state(): SinkBatch['state'] {
    return this.batch.state;
  }

  /** Takes what is there and converts it, to be put when the state is `ready`. @returns false if there was nothing */
  fetch(): boolean {
    const { batch } = this;
    if (!this.take(batch)) return false;
    this.convert(batch, batch.underWay);
    return true;
  }

  private take(batch: SinkBatch): boolean {
    if (!batch.fetch(this.consumer)) return false;
    this.read += batch.underWay;
    this.host.metrics.cells.add('sinkRecordReadTotal', batch.underWay);
    return true;
  }

  /** Makes an empty batch, for a task that is to be called without records. */
  fetchNothing(): void {
    this.batch.clear();
    this.batch.state = 'ready';
  }

  private convert(batch: SinkBatch, count: number): void {
    const converted = batch.convert(count);
    if (converted !== true) void this.finishLater(batch, converted);
    else if (!batch.isUnconverted) batch.state = 'ready';
  }

  private async finishLater(batch: SinkBatch, converted: Promise<boolean>): Promise<void> {
    batch.state = 'converting';
    try {
      const whole = await converted;
      batch.state = whole && !batch.abandoned ? 'ready' : 'idle';
    } catch (error) {
      batch.state = 'idle';
      if (!batch.abandoned) this.failure = toError(error);
    }
    if (batch.abandoned) this.giveBack(batch);
    this.host.wake.notify();
  }

  /** Puts the batch, for the first time or again. @throws what the task throws, or has reported where errors are not tolerated */
  async put(): Promise<void> {
    const { batch, task } = this;
    const beganMs = performance.now();
    batch.wasPut = true;
    const put = this.inColumns ? task.putBatch?.({ count: batch.texts.count, value: batch.texts }) : task.put(batch.records);
    try {
      if (this.ahead !== null && put !== undefined) await this.fetchAhead(this.ahead, put);
    } finally {
      // whatever became of the batch behind, the task must have ended with this one before it is stopped
      await put;
    }
    this.options.errant?.throwIfExceeded();
    if (batch.fetched.count > 0) this.countTaken(batch.size, performance.now() - beganMs);
  }

  private countTaken(records: number, tookMs: number): void {
    const { cells } = this.host.metrics;
    countBatch(cells, records);
    cells.add('sinkRecordSendTotal', records);
    cells.add('putTimeMs', tookMs);
    cells.note('sinkRecordPutBatchTimeMax', tookMs);
  }

  /** Prepares the next batch as long as the task is at this one; what is begun is brought to its end. */
  private async fetchAhead(ahead: SinkBatch, put: Promise<void>): Promise<void> {
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    await Promise.race([put.then(end, end), sleep(SHORT_PUT_MS)]);
    if (ended || ahead.state !== 'idle' || !this.options.mayFetchAhead() || !this.take(ahead)) return;
    while (ahead.state === 'idle') {
      this.convert(ahead, ended ? ahead.underWay : CONVERTED_AT_ONCE);
      if (!ended) await yieldToEventLoop();
    }
  }

  /** The batch was put: its offsets count as delivered. @returns how many messages it came from */
  done(offsets: DeliveredOffsets): number {
    const { batch } = this;
    batch.state = 'idle';
    this.countPut(batch);
    const { fetched } = batch;
    for (let i = 0; i < fetched.count; ) {
      const number = fetched.partitions[i] as number;
      const first = fetched.offsets[i] as number;
      let next = first;
      for (; i < fetched.count && fetched.partitions[i] === number; i++) {
        this.bytes += Math.max(0, fetched.values.lengths[i] as number);
        next = (fetched.offsets[i] as number) + 1;
      }
      offsets.delivered(this.consumer.partitionOf(number), first, next);
    }
    this.records += fetched.count;
    this.countWindows(fetched);
    this.advance();
    if (fetched.count > 0) countActive(this.host.metrics.cells, 'sink', this.underWay + offsets.behind().all);
    return fetched.count;
  }

  /** What was fetched ahead is next. */
  private advance(): void {
    const { batch, ahead } = this;
    if (ahead === null || ahead.state === 'idle') return;
    this.batch = ahead;
    this.ahead = batch;
  }

  private countPut(batch: SinkBatch): void {
    this.acknowledged += batch.size;
    batch.underWay -= batch.size;
    this.options.errant?.endPut('taken');
  }

  /**
   * Notes what became of all that was read. Counts are kept apart, so that a record that is forgotten, or counted twice, shows.
   * @returns where the oldest message without an outcome lies: a batch has one outcome for all, so that its first message stands for it
   */
  look(): PendingPlace | null {
    const { batch, ahead, underWay } = this;
    const { errors, metrics } = this.host;
    const { cells } = metrics;
    const moved = this.options.errant?.moved ?? 0;
    cells.set('recordsRead', this.read);
    cells.set('recordsAcknowledged', this.acknowledged - moved);
    cells.set('recordsFiltered', batch.filtered + (ahead?.filtered ?? 0));
    cells.set('recordsDeadLettered', errors.deadLettered + (errors.hasReporter ? moved : 0));
    cells.set('recordsSkipped', errors.skipped + (errors.hasReporter ? 0 : moved));
    cells.set('recordsPending', underWay + errors.reporting);
    cells.set('recordsMoved', this.records);
    cells.set('bytesMoved', this.bytes);
    const { fetched, fetchedAtMs } = batch.underWay > 0 || ahead === null ? batch : ahead;
    cells.set('oldestPendingSince', underWay > 0 ? fetchedAtMs : 0);
    if (underWay === 0) return null;
    const { topic, partition } = this.consumer.partitionOf(fetched.partitions[0] as number);
    return { topic, partition };
  }

  /** Messages without an outcome. */
  get underWay(): number {
    return this.batch.underWay + (this.ahead?.underWay ?? 0);
  }

  /** Messages without an outcome will be fetched again, and count then. */
  private giveBack(batch: SinkBatch): void {
    this.read -= batch.underWay;
    batch.underWay = 0;
    // the task may be at another one
    if (batch === this.batch) this.options.errant?.endPut('given back');
  }

  /**
   * Gives up what waits.
   * @param atEnd true if this task fetches nothing any more: the batch that the task has seen counts as under way for good
   * @returns where each of its partitions has to be fetched again
   */
  abandon(atEnd: boolean): PartitionOffset[] {
    const first = new Map<number, number>();
    for (const batch of this.ahead === null ? [this.batch] : [this.batch, this.ahead]) {
      if (batch.state === 'idle' || batch.abandoned) continue;
      this.abandonBatch(batch, atEnd);
      const { fetched } = batch;
      for (let i = 0; i < fetched.count; i++) {
        const number = fetched.partitions[i] as number;
        if (!first.has(number)) first.set(number, fetched.offsets[i] as number);
      }
    }
    return [...first].map(([number, offset]) => ({ ...this.consumer.partitionOf(number), offset }));
  }

  private abandonBatch(batch: SinkBatch, atEnd: boolean): void {
    if (batch.state === 'converting') {
      batch.abandoned = true;
      this.host.errors.interrupt();
    } else {
      batch.state = 'idle';
      if (!(atEnd && batch.wasPut)) this.giveBack(batch);
    }
  }

  /** Tells sources how far this group has come, where an embedded broker keeps little. */
  private countWindows(fetched: ConsumedBatch): void {
    const { retentionWindows } = this.host.spec;
    if (retentionWindows.length === 0) return;
    for (let i = 0; i < fetched.count; i++) {
      const { topic } = this.consumer.partitionOf(fetched.partitions[i] as number);
      releaseWindow(retentionWindows, topic, Math.max(0, fetched.values.lengths[i] as number) + WINDOW_OVERHEAD_BYTES);
    }
  }

  /** Closes the transformations at the end of the task. */
  close(): void {
    this.chain.close();
  }
}
