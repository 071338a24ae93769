/**
 * Which source offsets may be committed: for each source partition the offset of the last record before the first one that is
 * not acknowledged (org.apache.kafka.connect.runtime.SubmittedRecords). Records live in slots of typed arrays, chained by
 * partition, so that submitting and acknowledging a record allocates nothing. Free slots are chained too: a partition that is
 * stuck keeps its own slots, and no others. The arrays grow with what is under way, since most tasks never fill them.
 */
import type { OffsetAt, RecordBatch } from '../../data/batch/record-batch';
import type { SourceOffset, SourcePartition } from '../../data/record/record';

const PENDING = 0;
const ACKNOWLEDGED = 1;
const NONE = -1;
const FIRST_SLOTS = 256;
/** Further topics are not reported. */
const MAX_TOPICS = 1 << 16;

/** What is asked of a batch. */
type SubmittedBatch = Pick<RecordBatch, 'sources' | 'positions' | 'offsetAt'>;

/** An offset that may be committed. */
export interface CommittableOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
}

/** The record that has waited longest for its acknowledgement. */
export interface OldestRecord {
  readonly partition: SourcePartition;
  /** Undefined for a record that has not been handed over yet. */
  readonly topic: string | undefined;
  /** When it was submitted, in epoch milliseconds. */
  readonly sinceMs: number;
}

/** The queue of one source partition. */
interface PartitionQueue {
  readonly partition: SourcePartition;
  head: number;
  tail: number;
  /** What the last acknowledged head had: an offset, or what makes one of its position. */
  offset: SourceOffset | OffsetAt | null;
  position: number;
  /** True when the offset has moved since it was taken. */
  changed: boolean;
  /** True when the offset was taken and nobody has said that it is safe. */
  taken: boolean;
}

export class SubmittedRecords {
  /** Records submitted and not yet acknowledged. */
  pending = 0;
  /** How many more records can be submitted now. */
  room: number;
  /** Records acknowledged since `takeAcknowledged`. */
  private acknowledged = 0;
  private states = new Uint8Array(0);
  private queueOf = new Int32Array(0);
  private next = new Int32Array(0);
  private positions = new Float64Array(0);
  private times = new Float64Array(0);
  /** Where each goes, by its place in `topics`; 0 while that is not known. */
  private topicOf = new Uint16Array(0);
  private readonly topics: (string | undefined)[] = [undefined];
  /** What counts as now for records that are submitted, in epoch milliseconds; to be set once a batch. */
  nowMs = 0;
  private readonly offsets: (SourceOffset | OffsetAt | null)[] = [];
  private readonly queues: PartitionQueue[] = [];
  private readonly queueByKey = new Map<string, number>();
  private free = NONE;

  /** @param capacity how many records may be under way */
  constructor(private readonly capacity: number) {
    this.room = capacity;
  }

  /**
   * Submits records `from .. from + count` of a batch; at most `room`.
   * @param slots receives their slots, from its beginning
   */
  submitAll({ sources, positions, offsetAt }: SubmittedBatch, from: number, count: number, slots: Int32Array): void {
    let end = from;
    let queue = NONE;
    for (let i = from; i < from + count; i++) {
      if (i === end) {
        queue = this.queueFor(sources.at(i));
        end = sources.endOf(i);
      }
      slots[i - from] = this.append(queue, offsetAt, positions === null ? i : (positions[i] as number));
    }
  }

  /**
   * Submits one record; `room` must be at least 1.
   * @param offset its offset, or what makes it of its position
   * @returns its slot
   */
  submit(partition: SourcePartition | null, offset: SourceOffset | OffsetAt | null, position = 0): number {
    return this.append(this.queueFor(partition ?? {}), offset, position);
  }

  /** Notes where records go. @param slots theirs, `count` from the beginning */
  handedOver(topic: string, slots: Int32Array, count: number): void {
    let number = this.topics.lastIndexOf(topic);
    if (number < 0) number = this.topics.length < MAX_TOPICS ? this.topics.push(topic) - 1 : 0;
    for (let n = 0; n < count; n++) this.topicOf[slots[n] as number] = number;
  }

  /** The record that has waited longest, over all source partitions; null if none waits. */
  oldest(): OldestRecord | null {
    let oldest: OldestRecord | null = null;
    for (const { head, partition } of this.queues) {
      const sinceMs = head === NONE ? Number.POSITIVE_INFINITY : (this.times[head] as number);
      if (sinceMs < (oldest?.sinceMs ?? Number.POSITIVE_INFINITY))
        oldest = { partition, topic: this.topics[this.topicOf[head] as number], sinceMs };
    }
    return oldest;
  }

  /** Where a record under way comes from, and where it goes; the topic is empty while that is not known. */
  placeOf(slot: number): { readonly topic: string; readonly partition: SourcePartition; readonly offset: SourceOffset | null } {
    const { partition } = this.queues[this.queueOf[slot] as number] as PartitionQueue;
    const offset = offsetOf(this.offsets[slot] ?? null, this.positions[slot] as number);
    return { topic: this.topics[this.topicOf[slot] as number] ?? '', partition, offset };
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
      const offset = offsetOf(queue.offset, queue.position);
      if (!offset) continue;
      queue.taken = true;
      moved.push({ partition: queue.partition, offset });
    }
    return moved;
  }

  /**
   * Offsets of the last records submitted that have moved, whether they are acknowledged or not: for a transaction that holds them all.
   * They count as taken once everything is acknowledged and `takeCommittable` was called.
   */
  submittedOffsets(): CommittableOffset[] {
    return this.queues.flatMap(({ partition, tail, changed, offset, position }) => {
      if (tail === NONE && !changed) return [];
      const place = tail === NONE ? offsetOf(offset, position) : offsetOf(this.offsets[tail] ?? null, this.positions[tail] as number);
      return place ? [{ partition, offset: place }] : [];
    });
  }

  /** Offsets that were taken could not be kept: the next call gives them again, or what they have become. */
  giveBack(): void {
    for (const queue of this.queues) if (queue.taken) queue.changed = true;
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
      const queue = { partition, head: NONE, tail: NONE, offset: null, position: 0, changed: false, taken: false };
      index = this.queues.push(queue) - 1;
      this.queueByKey.set(key, index);
    }
    return index;
  }

  /** Makes more slots; only while there is room, and none is free. */
  private grow(): void {
    const from = this.states.length;
    const size = Math.min(this.capacity, Math.max(FIRST_SLOTS, from * 2));
    const { states, queueOf, next, positions, times, topicOf } = this;
    this.states = new Uint8Array(size);
    this.states.set(states);
    this.queueOf = new Int32Array(size);
    this.queueOf.set(queueOf);
    this.positions = new Float64Array(size);
    this.positions.set(positions);
    this.times = new Float64Array(size);
    this.times.set(times);
    this.topicOf = new Uint16Array(size);
    this.topicOf.set(topicOf);
    this.next = new Int32Array(size);
    this.next.set(next);
    for (let slot = from; slot < size; slot++) this.next[slot] = slot + 1 < size ? slot + 1 : NONE;
    this.free = from;
  }

  private append(index: number, offset: SourceOffset | OffsetAt | null, position: number): number {
    if (this.free === NONE) this.grow();
    const slot = this.free;
    this.free = this.next[slot] as number;
    this.room--;
    this.pending++;
    this.states[slot] = PENDING;
    this.times[slot] = this.nowMs;
    this.topicOf[slot] = 0;
    this.queueOf[slot] = index;
    this.offsets[slot] = offset;
    this.positions[slot] = position;
    this.next[slot] = NONE;
    const queue = this.queues[index] as PartitionQueue;
    if (queue.head === NONE) queue.head = slot;
    else this.next[queue.tail] = slot;
    queue.tail = slot;
    return slot;
  }

  /** Moves the head of a partition over all that is acknowledged, and frees the slots. */
  private advance(queue: PartitionQueue): void {
    for (let slot = queue.head; slot !== NONE && this.states[slot] === ACKNOWLEDGED; slot = queue.head) {
      queue.head = this.next[slot] as number;
      queue.offset = this.offsets[slot] ?? null;
      queue.position = this.positions[slot] as number;
      queue.changed = true;
      if (this.offsets[slot]) this.offsets[slot] = null;
      this.next[slot] = this.free;
      this.free = slot;
      this.room++;
    }
    if (queue.head === NONE) queue.tail = NONE;
  }
}

function offsetOf(offset: SourceOffset | OffsetAt | null, position: number): SourceOffset | null {
  return typeof offset === 'function' ? offset(position) : offset;
}
