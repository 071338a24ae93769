import { FakePluginMetrics } from '../../src/testing';
import { fakePluginMetrics } from '../helpers/fakes/task-metrics';

/** What each step of a plugin's life does: returns, or throws. */
function lifeOf(metrics: FakePluginMetrics | ReturnType<typeof fakePluginMetrics>): string[] {
  const outcomes: string[] = [];
  const step = (action: () => unknown): void => {
    try {
      action();
      outcomes.push('done');
    } catch (error) {
      outcomes.push(`${(error as Error).name}: ${(error as Error).message.replace(/Metric .*(?= already)|(?<=Unknown metric ).*/, '...')}`);
    }
  };
  const name = metrics.metricName('lag', 'How far behind.', { table: 'orders' });
  step(() => metrics.addMetric(name, () => 1));
  step(() => metrics.addMetric({ ...name }, () => 2));
  step(() => metrics.metricName('lag', '', { task: '1' }));
  step(() => metrics.removeMetric(name));
  step(() => metrics.removeMetric(name));
  const sensor = metrics.addSensor('rows');
  step(() => sensor.add(name, 'Rate'));
  step(() => sensor.add(name, 'Max'));
  step(() => sensor.record());
  step(() => metrics.addSensor('rows'));
  step(() => metrics.removeSensor('rows'));
  step(() => metrics.removeSensor('rows'));
  step(() => metrics.addMetric(name, () => 3));
  metrics.close();
  step(() => metrics.addSensor('late'));
  step(() => sensor.record());
  return outcomes;
}

test('the fake takes and refuses what a worker does', () => {
  const real = lifeOf(fakePluginMetrics());
  expect(lifeOf(new FakePluginMetrics())).toEqual(real);
  expect(new Set(real).size).toBeGreaterThan(4);
});
