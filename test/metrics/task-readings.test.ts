/** What a task has counted becomes what Kafka Connect shows, whatever the reports look like. */
import { Cells } from '../../src/metrics/cells';
import { countBatch, countCommit } from '../../src/metrics/counting';
import { DEFAULT_SAMPLES } from '../../src/metrics/samples';
import { TaskReadings } from '../../src/metrics/task-readings';

/** A source task that reports when the test says so; `at` are seconds. */
function setUp(kind: 'source' | 'sink' = 'source') {
  const cells = new Cells();
  const readings = new TaskReadings(kind, DEFAULT_SAMPLES);
  const report = (at: number): void => readings.take({ cells: cells.take(), oldest: null, plugin: null }, at * 1000);
  const at = (seconds: number): Record<string, number> => Object.fromEntries(readings.numbers(seconds * 1000));
  return { cells, report, at };
}

test('before the first report totals are 0, and averages and highest values are not a number', () => {
  const { sourceRecordPollTotal, sourceRecordPollRate, taskBatchSizeAvg, taskBatchSizeMax, taskCommitSuccessPercentage } = setUp().at(0);
  expect([sourceRecordPollTotal, sourceRecordPollRate, taskCommitSuccessPercentage]).toEqual([0, 0, 0]);
  expect([taskBatchSizeAvg, taskBatchSizeMax]).toEqual([Number.NaN, Number.NaN]);
});

test('a rate is of the last minute at most, the total of the whole run', () => {
  const { cells, report, at } = setUp();
  for (let second = 0; second < 60; second++) {
    cells.add('sourceRecordPollTotal', 100);
    report(second);
  }
  expect(at(59).sourceRecordPollTotal).toBe(6000);
  expect(at(59).sourceRecordPollRate).toBeCloseTo(6000 / 59, 6);
  expect(at(200).sourceRecordPollRate).toBe(0);
  expect(at(200).sourceRecordPollTotal).toBe(6000);
});

test('the highest value is that of all reports in the windows, and a report without one does not undo it', () => {
  const { cells, report, at } = setUp();
  for (const size of [3, 9, 6]) countBatch(cells, size);
  report(0);
  countBatch(cells, 5);
  report(1);
  report(2);
  expect([at(2).taskBatchSizeMax, at(2).taskBatchSizeAvg]).toEqual([9, 23 / 4]);
  countBatch(cells, 4);
  report(70);
  expect([at(70).taskBatchSizeMax, at(70).taskBatchSizeAvg]).toEqual([4, 4]);
});

test('commits: the time of those that ended well, and the parts of both', () => {
  const { cells, report, at } = setUp();
  countCommit(cells, 10);
  countCommit(cells, 30);
  countCommit(cells, null);
  countCommit(cells, 20);
  report(1);
  const { taskCommitTimeAvg, taskCommitTimeMax, taskCommitSuccessPercentage, taskCommitFailurePercentage } = at(1);
  expect([taskCommitTimeAvg, taskCommitTimeMax, taskCommitSuccessPercentage, taskCommitFailurePercentage]).toEqual([20, 30, 0.75, 0.25]);
});

test('the smallest transaction may be empty', () => {
  const { cells, report, at } = setUp();
  for (const size of [7, 0]) {
    cells.note('transactionSizeMin', size);
    cells.note('transactionSizeMax', size);
  }
  report(1);
  expect([at(1).transactionSizeMin, at(1).transactionSizeMax]).toEqual([0, 7]);
});

test.each([
  ['source', 'sourceRecordPollTotal', 'sinkRecordReadTotal'],
  ['sink', 'sinkRecordReadTotal', 'sourceRecordPollTotal'],
] as const)('a %s has %s and no %s', (kind, own, foreign) => {
  const numbers = setUp(kind).at(0);
  expect([own in numbers, foreign in numbers, 'retries' in numbers]).toEqual([true, false, true]);
});
