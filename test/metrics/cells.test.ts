import { CELL_OF, Cells, NO_CELLS } from '../../src/metrics/cells';

test('a copy is of its moment, and highest and lowest values begin anew behind it', () => {
  const cells = new Cells();
  cells.add('retries');
  cells.note('taskBatchSizeMax', 5);
  cells.note('taskBatchSizeMax', 3);
  cells.note('transactionSizeMin', 5);
  cells.note('transactionSizeMin', 8);
  const first = cells.take();
  cells.add('retries', 2);
  const [retries, highest, lowest] = [CELL_OF.retries, CELL_OF.taskBatchSizeMax, CELL_OF.transactionSizeMin];
  expect([first[retries], first[highest], first[lowest]]).toEqual([1, 5, 5]);
  const second = cells.take();
  expect([second[retries], second[highest], second[lowest]]).toEqual([3, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
});

test('tasks do not share what they count', () => {
  const cells = new Cells();
  cells.add('retries');
  expect([new Cells().values[CELL_OF.retries], NO_CELLS[CELL_OF.retries]]).toEqual([0, 0]);
});
