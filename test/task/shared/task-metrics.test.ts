/** Reports are few, and the last word is never missing. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CELL_OF } from '../../../src/metrics/cells';
import type { TaskReport } from '../../../src/metrics/task-counters';
import { fakeTaskMetrics } from '../../helpers/fakes/task-metrics';

function setUp() {
  const reports: TaskReport[] = [];
  const metrics = fakeTaskMetrics(report => reports.push(report));
  const retries = (): (number | undefined)[] => reports.map(({ cells }) => cells[CELL_OF.retries]);
  return { metrics, reports, retries };
}

test('the first change is reported at once, those behind it together a little later', async () => {
  const { metrics, retries } = setUp();
  for (let i = 0; i < 50; i++) {
    metrics.cells.add('retries');
    metrics.changed();
  }
  expect(retries()).toEqual([1]);
  await sleep(300);
  expect(retries()).toEqual([1, 50]);
});

test('what is not counted as it happens is looked at for each report', () => {
  const { metrics, reports } = setUp();
  metrics.look = () => {
    metrics.cells.set('recordsPending', 7);
    metrics.cells.set('recordsRead', 7);
    return { topic: 't', partition: 1 };
  };
  metrics.flush();
  expect(reports).toEqual([{ cells: expect.any(Float64Array), plugin: null, oldest: { topic: 't', partition: 1 } }]);
  expect(reports[0]?.cells[CELL_OF.recordsPending]).toBe(7);
});

test('the end reports what was counted last', async () => {
  const { metrics, retries } = setUp();
  metrics.changed();
  metrics.cells.add('retries');
  await metrics.close();
  expect(retries()).toEqual([0, 1]);
});
