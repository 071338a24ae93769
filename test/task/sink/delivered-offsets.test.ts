import type { Logger } from '../../../src/log';
import { DeliveredOffsets } from '../../../src/task/sink/delivered-offsets';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

const t0 = { topic: 't', partition: 0 };
const t1 = { topic: 't', partition: 1 };

describe('DeliveredOffsets', () => {
  let offsets: DeliveredOffsets;
  let logger: Logger & { readonly lines: string[] };
  beforeEach(() => {
    offsets = new DeliveredOffsets();
    logger = fakeLogger();
  });

  test('shows how far all assigned partitions are, as long as one of them is not committed', () => {
    offsets.delivered(t0, 5, 8);
    offsets.delivered(t1, 0, 1);
    expect(offsets.changed).toBe(true);
    expect(offsets.uncommitted([t0])).toEqual([{ ...t0, offset: 8 }]);
    offsets.committed([
      { ...t0, offset: 8 },
      { ...t1, offset: 1 },
    ]);
    expect(offsets.changed).toBe(false);
    expect(offsets.uncommitted([t0, t1])).toEqual([]);
    offsets.delivered(t1, 1, 2);
    const all = [
      { ...t0, offset: 8 },
      { ...t1, offset: 2 },
    ];
    expect(offsets.uncommitted([t0, t1])).toEqual(all);
    expect(offsets.changes(all)).toEqual([{ ...t1, offset: 2 }]);
  });

  test('what comes in during a commit stays to be committed', () => {
    offsets.delivered(t0, 0, 3);
    offsets.delivered(t0, 3, 9);
    offsets.committed([{ ...t0, offset: 3 }]);
    expect(offsets.uncommitted([t0])).toEqual([{ ...t0, offset: 9 }]);
  });

  test('goes back to the last commit, or to the first record before there was one', () => {
    offsets.delivered(t0, 5, 8);
    offsets.delivered(t1, 2, 4);
    offsets.committed([{ ...t1, offset: 3 }]);
    expect(offsets.lastCommitted()).toEqual([
      { ...t0, offset: 5 },
      { ...t1, offset: 3 },
    ]);
  });

  test('a rewound partition is committed no further than it was delivered again', () => {
    offsets.delivered(t0, 0, 10);
    offsets.rewind([
      { ...t0, offset: 4 },
      { ...t1, offset: 1 },
    ]);
    expect(offsets.uncommitted([t0, t1])).toEqual([{ ...t0, offset: 4 }]);
  });

  test('a task that has gone back, or ahead, is not sent past its place when a flush fails', () => {
    offsets.delivered(t0, 0, 50);
    offsets.committed([{ ...t0, offset: 50 }]);
    for (const offset of [20, 70]) {
      offsets.rewind([{ ...t0, offset }]);
      offsets.returnTo([{ ...t0, offset }]);
      offsets.delivered(t0, offset, offset + 5);
      expect(offsets.lastCommitted()).toEqual([{ ...t0, offset }]);
    }
  });

  test('a revoked partition is forgotten, also by commits that are answered late', () => {
    offsets.delivered(t0, 0, 10);
    offsets.forget([t0]);
    offsets.committed([{ ...t0, offset: 10 }]);
    expect([offsets.changed, offsets.uncommitted([t0]), offsets.lastCommitted()]).toEqual([false, [], []]);
  });

  test("a task's answer is taken but for what is not assigned, not yet consumed, or committed already", () => {
    offsets.delivered(t0, 0, 10);
    offsets.committed([{ ...t0, offset: 6 }]);
    const answer = [7, 6, 11].map(offset => ({ ...t0, offset }));
    expect(offsets.allowed([...answer, { ...t1, offset: 1 }], [t0], logger)).toEqual([{ ...t0, offset: 7 }]);
    // Nothing was delivered of it since it was assigned, so there is nothing to compare with.
    expect(offsets.allowed([{ ...t1, offset: 1 }], [t0, t1], logger)).toEqual([]);
    expect(logger.lines).toEqual([
      'WARN Ignoring invalid task provided offset t-0/11 -- not yet consumed',
      'WARN Ignoring invalid task provided offset t-1/1 -- partition not assigned',
    ]);
  });
});
