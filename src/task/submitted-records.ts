/**
 * Which source offsets may be committed: for each source partition the offset of the last record before the first one that is
 * not acknowledged (org.apache.kafka.connect.runtime.SubmittedRecords). Records live in one ring of typed arrays, chained by
 * partition, so that submitting and acknowledging a record allocates nothing.
 */
import type { SourceOffset, SourcePartition } from '../data/record';

const FREE = 0;
const PENDING = 1;
const ACKNOWLEDGED = 2;
const NONE = -1;

/** An offset that may be committed. */
export interface CommittableOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** The queue of one source partition, within the ring. */
interface PartitionQueue {
  readonly partition: SourcePartition;
  head: number;
  tail: number;
  /** What the last acknowledged head had: an offset, or a number for `offsetAt`. */
  offset: SourceOffset | null;
  position: number;
  offsetAt: ((position: number) => SourceOffset) | null;
  changed: boolean;
}

export class SubmittedRecords {
  /** Records submitted and not yet acknowledged. */
  pending = 0;
  /** Records acknowledged since `takeAcknowledged`. */
  private acknowledged = 0;
  private readonly mask: number;
  private readonly states: Uint8Array;
  private readonly queueOf: Int32Array;
  private readonly next: Int32Array;
  private readonly positions: Float64Array;
  private readonly offsets: (SourceOffset | null)[] = [];
  private readonly queues: PartitionQueue[] = [];
  private readonly queueByKey = new Map<string, number>();
  private end = 0;
  private begin = 0;
  private used = 0;

  /** @param capacity how many records may be under way; rounded up to a power of two */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(2, capacity)));
    this.mask = size - 1;
    this.states = new Uint8Array(size);
    this.queueOf = new Int32Array(size);
    this.next = new Int32Array(size);
    this.positions = new Float64Array(size);
  }

  /** How many more records can be submitted now. */
  get room(): number {
    return this.mask + 1 - this.used;
  }

  /**
   * Submits texts `from .. from + count` of a batch; at most `room`.
   * @returns the slot of the first; the n-th has `slotAt(first, n)`
   */
  submitTexts(
    partition: SourcePartition,
    positions: Float64Array,
    offsetAt: (position: number) => SourceOffset,
    from: number,
    count: number,
  ): number {
    const queue = this.queueFor(partition);
    (this.queues[queue] as PartitionQueue).offsetAt = offsetAt;
    const first = this.end;
    for (let n = 0; n < count; n++) {
      const slot = this.append(queue);
      this.positions[slot] = positions[from + n] as number;
    }
    return first;
  }

  /** Submits one record; `room` must be at least 1. @returns its slot */
  submit(partition: SourcePartition | null, offset: SourceOffset | null): number {
    const slot = this.append(this.queueFor(partition ?? {}));
    this.offsets[slot] = offset;
    return slot;
  }

  /** Slot of the n-th record after `first`. */
  slotAt(first: number, n: number): number {
    return (first + n) & this.mask;
  }

  /** A record has its answer and counts as delivered (or as skipped, which is as good). */
  acknowledge(slot: number): void {
    this.states[slot] = ACKNOWLEDGED;
    this.pending--;
    this.acknowledged++;
    const queue = this.queues[this.queueOf[slot] as number] as PartitionQueue;
    if (queue.head === slot) this.advance(queue);
  }

  /** Offsets that have moved since the last call. */
  takeCommittable(): CommittableOffset[] {
    const moved: CommittableOffset[] = [];
    for (const queue of this.queues) {
      if (!queue.changed) continue;
      queue.changed = false;
      const offset = queue.offset ?? queue.offsetAt?.(queue.position) ?? null;
      if (offset) moved.push({ partition: queue.partition, offset });
    }
    return moved;
  }

  /** Records acknowledged since the last call. */
  takeAcknowledged(): number {
    const count = this.acknowledged;
    this.acknowledged = 0;
    return count;
  }

  private queueFor(partition: SourcePartition): number {
    const last = this.queues.length - 1;
    // Nearly always the partition of the record before.
    if (last >= 0 && this.queues[last]?.partition === partition) return last;
    const key = JSON.stringify(
      Object.entries(partition).sort(([a], [b]) => (a < b ? -1 : 1)),
      (_, value) => (typeof value === 'bigint' ? `${value}n` : value),
    );
    let index = this.queueByKey.get(key);
    if (index === undefined) {
      index = this.queues.push({ partition, head: NONE, tail: NONE, offset: null, position: 0, offsetAt: null, changed: false }) - 1;
      this.queueByKey.set(key, index);
    }
    return index;
  }

  private append(index: number): number {
    const slot = this.end;
    this.end = (this.end + 1) & this.mask;
    this.used++;
    this.pending++;
    this.states[slot] = PENDING;
    this.queueOf[slot] = index;
    this.next[slot] = NONE;
    const queue = this.queues[index] as PartitionQueue;
    if (queue.head === NONE) queue.head = slot;
    else this.next[queue.tail] = slot;
    queue.tail = slot;
    return slot;
  }

  /** Moves the head of a partition over all that is acknowledged, and gives the slots back. */
  private advance(queue: PartitionQueue): void {
    for (let slot = queue.head; slot !== NONE && this.states[slot] === ACKNOWLEDGED; slot = queue.head) {
      queue.head = this.next[slot] as number;
      queue.offset = this.offsets[slot] ?? null;
      queue.position = this.positions[slot] as number;
      queue.changed = true;
      this.states[slot] = FREE;
      if (this.offsets[slot]) this.offsets[slot] = null;
    }
    if (queue.head === NONE) queue.tail = NONE;
    // Slots are given out in a circle: only what is free from the oldest on can be used again.
    while (this.used > 0 && this.states[this.begin] === FREE) {
      this.begin = (this.begin + 1) & this.mask;
      this.used--;
    }
  }
}
