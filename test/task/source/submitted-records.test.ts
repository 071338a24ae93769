import { Runs } from '../../../src/data/batch/runs';
import type { SourceOffset, SourcePartition } from '../../../src/data/record/record';
import { type CommittableOffset, SubmittedRecords } from '../../../src/task/source/submitted-records';
import { seeded } from '../../../src/testing/data/random';

/** The same thing in ten lines: one list of records for each partition. */
class Model {
  private readonly partitions = new Map<string, { offset: number; acknowledged: boolean }[]>();

  submit(partition: string, offset: number): { acknowledged: boolean } {
    const record = { offset, acknowledged: false };
    this.partitions.set(partition, [...(this.partitions.get(partition) ?? []), record]);
    return record;
  }

  /** What may be committed now, by partition; partitions that have not moved are left out. */
  take(): Map<string, number> {
    const moved = new Map<string, number>();
    for (const [partition, records] of this.partitions) {
      const firstOpen = records.findIndex(record => !record.acknowledged);
      const done = records.splice(0, firstOpen < 0 ? records.length : firstOpen);
      const last = done.at(-1);
      if (last) moved.set(partition, last.offset);
    }
    return moved;
  }
}

const byPartition = (offsets: readonly CommittableOffset[]): Map<string, number> =>
  new Map(offsets.map(({ partition, offset }) => [String(partition.name), Number(offset.position)]));

/** Submits texts with ascending positions. @returns their slots */
function submitTexts(records: SubmittedRecords, name: string, firstPosition: number, count: number): number[] {
  const positions = Float64Array.from({ length: count }, (_, i) => firstPosition + i);
  const slots = new Int32Array(count);
  const offsetAt = (position: number): SourceOffset => ({ position: BigInt(position) });
  records.submitAll({ sources: Runs.of<SourcePartition>({ name }, count), positions, offsetAt }, 0, count, slots);
  return [...slots];
}

describe('SubmittedRecords against a simple model', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('random partitions, batches and orders of answers, seed %d', seed => {
    const random = seeded(seed);
    const records = new SubmittedRecords(50);
    const model = new Model();
    let open: { slot: number; entry: { acknowledged: boolean } }[] = [];
    for (let step = 0, position = 1; step < 2000; step++) {
      const name = `p${random(4)}`;
      const count = Math.min(1 + random(12), records.room);
      if (random(2) === 0 && count > 0) {
        const asTexts = random(2) === 0;
        const slots = asTexts
          ? submitTexts(records, name, position, count)
          : Array.from({ length: count }, (_, i) => records.submit({ name }, { position: position + i }));
        open.push(...slots.map((slot, i) => ({ slot, entry: model.submit(name, position + i) })));
        position += count;
      } else {
        for (let n = random(15); n > 0 && open.length > 0; n--) {
          const [answered] = open.splice(random(open.length), 1);
          if (!answered) break;
          answered.entry.acknowledged = true;
          records.acknowledge(answered.slot);
        }
      }
      expect(records.pending).toBe(open.length);
      if (random(5) === 0) expect(byPartition(records.takeCommittable())).toEqual(model.take());
    }
    for (const { slot, entry } of open) {
      entry.acknowledged = true;
      records.acknowledge(slot);
    }
    open = [];
    expect(byPartition(records.takeCommittable())).toEqual(model.take());
    expect([records.pending, records.room]).toEqual([0, 50]);
  });
});

describe('SubmittedRecords', () => {
  test('a partition that is stuck holds nothing but its own records', () => {
    const records = new SubmittedRecords(8);
    const [stuck = -1] = submitTexts(records, 'stuck', 1, 1);
    for (let position = 1; position <= 100; position++) {
      const [slot = -1] = submitTexts(records, 'flowing', position, 1);
      records.acknowledge(slot);
    }
    expect(records.room).toBe(7);
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['flowing', 100]]));
    records.acknowledge(stuck);
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['stuck', 1]]));
  });

  test('nothing after the first unanswered record is committed', () => {
    const records = new SubmittedRecords(8);
    const slots = submitTexts(records, 'p', 1, 4);
    for (const i of [3, 1, 2]) records.acknowledge(slots[i] ?? -1);
    expect(records.takeCommittable()).toEqual([]);
    records.acknowledge(slots[0] ?? -1);
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['p', 4]]));
  });

  test('offsets that could not be saved are given again, as they are by then', () => {
    const records = new SubmittedRecords(8);
    const [a = -1, b = -1] = submitTexts(records, 'p', 1, 2);
    records.acknowledge(a);
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['p', 1]]));
    expect(records.takeCommittable()).toEqual([]);
    records.giveBack();
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['p', 1]]));
    records.giveBack();
    records.acknowledge(b);
    expect(byPartition(records.takeCommittable())).toEqual(new Map([['p', 2]]));
  });

  test('partitions are matched by content; names in any order', () => {
    const records = new SubmittedRecords(8);
    const first = records.submit({ a: 1, b: 'x' }, { n: 1 });
    const second = records.submit({ b: 'x', a: 1 }, { n: 2 });
    records.acknowledge(second);
    expect(records.takeCommittable()).toEqual([]);
    records.acknowledge(first);
    expect(records.takeCommittable()).toEqual([{ partition: { a: 1, b: 'x' }, offset: { n: 2 } }]);
  });

  test('counts what was acknowledged since the last time', () => {
    const records = new SubmittedRecords(8);
    const slots = submitTexts(records, 'p', 1, 3);
    for (const slot of slots.slice(1)) records.acknowledge(slot);
    expect([records.takeAcknowledged(), records.takeAcknowledged(), records.pending]).toEqual([2, 0, 1]);
  });
});

test('offsets of all that was submitted run ahead of the acknowledgements, and are gone when everything was taken', () => {
  const records = new SubmittedRecords(10);
  const [first = 0, second = 0] = submitTexts(records, 'a', 1, 2);
  const other = records.submit({ name: 'b' }, { position: 7 });
  expect(byPartition(records.submittedOffsets())).toEqual(
    new Map([
      ['a', 2],
      ['b', 7],
    ]),
  );
  for (const slot of [first, second, other]) records.acknowledge(slot);
  expect(byPartition(records.submittedOffsets())).toEqual(
    new Map([
      ['a', 2],
      ['b', 7],
    ]),
  );
  records.takeCommittable();
  expect(records.submittedOffsets()).toEqual([]);
});

test('the oldest record is the first without an answer, over all partitions, with the topic it went to', () => {
  const records = new SubmittedRecords(10);
  expect(records.oldest()).toBeNull();
  records.nowMs = 5;
  const a = records.submit({ name: 'a' }, { position: 1 });
  records.nowMs = 6;
  const b = records.submit({ name: 'b' }, { position: 1 });
  records.handedOver('t', Int32Array.of(b), 1);
  expect(records.oldest()).toEqual({ partition: { name: 'a' }, topic: undefined, sinceMs: 5 });
  records.acknowledge(a);
  expect(records.oldest()).toEqual({ partition: { name: 'b' }, topic: 't', sinceMs: 6 });
  records.acknowledge(b);
  expect(records.oldest()).toBeNull();
});
