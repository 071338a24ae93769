/** Metrics that a plugin registers: from its calls, over the thread boundary, to what is shown (KIP-877). */
import type { PluginMetrics } from '../../src/api/plugin-metrics';
import { RegisteredMetrics } from '../../src/metrics/plugin-metrics';
import { PluginReadings } from '../../src/metrics/plugin-readings';
import { DEFAULT_SAMPLES } from '../../src/metrics/samples';

/** A plugin whose reports cross a thread when the test says so; times are seconds. */
function setUp() {
  const calls = { changed: 0 };
  const own = new RegisteredMetrics({ connector: 'c', task: '0' }, () => void calls.changed++);
  const readings = new PluginReadings(DEFAULT_SAMPLES);
  const report = (at: number): boolean => {
    const taken = own.take();
    if (taken) readings.take(structuredClone(taken), at * 1000);
    return taken !== null;
  };
  const shown = (at: number): Record<string, unknown> =>
    Object.fromEntries(
      readings.measurements(at * 1000).map(({ metric, tags, value }) => [`${metric.name}{${Object.values(tags)}}`, value]),
    );
  const metrics: PluginMetrics = own;
  return { metrics, own, readings, report, shown, calls };
}

test('what a sensor records is shown as its metrics say', () => {
  const { metrics, report, shown } = setUp();
  const sensor = metrics.addSensor('requests');
  for (const stat of ['Rate', 'Avg', 'Max', 'Min', 'CumulativeSum', 'CumulativeCount', 'Value'] as const)
    sensor.add(metrics.metricName(stat, `${stat} of requests`, { host: 'h' }), stat);
  for (const ms of [4, 10, 1]) sensor.record(ms);
  report(0);
  sensor.record(5);
  report(30);
  expect(shown(30)).toEqual({
    'Rate{c,0,h}': 20 / 30,
    'Avg{c,0,h}': 5,
    'Max{c,0,h}': 10,
    'Min{c,0,h}': 1,
    'CumulativeSum{c,0,h}': 20,
    'CumulativeCount{c,0,h}': 4,
    'Value{c,0,h}': 5,
  });
});

test('a metric has the group of plugins, its description, and first the tags that say whose it is', () => {
  const { metrics, report, readings } = setUp();
  const name = metrics.metricName('queue', 'Things in the queue.', { of: 'b' });
  expect(name).toEqual({
    name: 'queue',
    group: 'plugins',
    description: 'Things in the queue.',
    tags: { connector: 'c', task: '0', of: 'b' },
  });
  metrics.addMetric(name, () => 7);
  report(1);
  expect(readings.measurements(1000)).toEqual([
    { metric: { group: 'plugins', name: 'queue', type: 'level', unit: 'events', help: 'Things in the queue.' }, tags: name.tags, value: 7 },
  ]);
});

test('a value is asked for with each report; one that throws is not a number, and no fault of the task', () => {
  const { metrics, report, shown } = setUp();
  let depth = 1;
  metrics.addMetric(metrics.metricName('depth', ''), () => depth);
  metrics.addMetric(metrics.metricName('broken', ''), () => {
    throw new Error('gone');
  });
  report(0);
  depth = 2;
  report(1);
  expect(shown(1)).toEqual({ 'depth{c,0}': 2, 'broken{c,0}': Number.NaN });
});

test('what is removed is shown no more, and what stays goes on', () => {
  const { metrics, report, shown } = setUp();
  const [a, b] = [metrics.metricName('a', ''), metrics.metricName('b', '')];
  const sensor = metrics.addSensor('s');
  sensor.add(a, 'CumulativeSum');
  metrics.addMetric(b, () => 1);
  sensor.record(3);
  report(0);
  metrics.removeMetric(b);
  sensor.record(4);
  report(1);
  expect(shown(1)).toEqual({ 'a{c,0}': 7 });
  metrics.removeSensor('s');
  report(2);
  expect(shown(2)).toEqual({});
  // Its names may be taken again.
  metrics.addSensor('s').add(a, 'Value');
  report(3);
  expect(shown(3)).toEqual({ 'a{c,0}': 0 });
});

test('with the plugin all of its metrics are gone, and a call that comes late says so', () => {
  const { metrics, own, report, shown } = setUp();
  const sensor = metrics.addSensor('s');
  const name = metrics.metricName('a', '');
  sensor.add(name, 'Value');
  report(0);
  own.close();
  expect([report(1), shown(1)]).toEqual([true, {}]);
  expect(report(2)).toBe(false);
  sensor.record(1);
  const late = [
    () => metrics.metricName('a', ''),
    () => metrics.addMetric(name, () => 1),
    () => metrics.removeMetric(name),
    () => metrics.addSensor('t'),
    () => metrics.removeSensor('s'),
    () => sensor.add(name, 'Max'),
  ];
  for (const call of late)
    expect(call).toThrow(expect.objectContaining({ code: 'IllegalStateException', message: 'This PluginMetrics instance is closed' }));
});

test('mistakes have the messages of Java', () => {
  const { metrics } = setUp();
  const name = metrics.metricName('a', 'd', { x: '1' });
  metrics.addMetric(name, () => 1);
  metrics.addSensor('s');
  const shown = 'MetricName [name=a, group=plugins, description=d, tags={connector=c, task=0, x=1}]';
  const mistakes: [() => unknown, string][] = [
    [() => metrics.metricName('a', '', { task: '9' }), 'Cannot use task as a tag name'],
    [() => metrics.addMetric(metrics.metricName('a', 'd', { x: '1' }), () => 2), `Metric ${shown} already exists`],
    [() => metrics.addSensor('s'), 'Sensor s already exists'],
    [() => metrics.removeSensor('t'), 'Unknown sensor t'],
    [
      () => metrics.removeMetric(metrics.metricName('b', 'd')),
      'Unknown metric MetricName [name=b, group=plugins, description=d, tags={connector=c, task=0}]',
    ],
  ];
  for (const [call, message] of mistakes) expect(call).toThrow(expect.objectContaining({ code: 'IllegalArgumentException', message }));
});

test('the same name with other tags is another metric, whatever stands in the tags', () => {
  const { metrics, report, shown } = setUp();
  metrics.addMetric(metrics.metricName('a', '', { x: 'y,z=1' }), () => 1);
  metrics.addMetric(metrics.metricName('a', '', { x: 'y', z: '1' }), () => 2);
  report(0);
  expect(Object.values(shown(0))).toEqual([1, 2]);
});

test('a plugin that names a metric after each record is stopped before it fills the memory', () => {
  const { metrics } = setUp();
  const add = (i: number): void => metrics.addMetric(metrics.metricName('m', '', { i: String(i) }), () => i);
  for (let i = 0; i < 1000; i++) add(i);
  expect(() => add(1000)).toThrow(
    expect.objectContaining({ code: 'IllegalStateException', message: expect.stringContaining('a plugin may have 1000') }),
  );
});

test('nothing registered is nothing to report; to register and to record says that there is something', () => {
  const { metrics, report, calls } = setUp();
  expect(report(0)).toBe(false);
  const sensor = metrics.addSensor('s');
  expect([report(0), calls.changed]).toEqual([false, 0]);
  sensor.add(metrics.metricName('a', ''), 'Value');
  sensor.record();
  sensor.record();
  expect([report(1), calls.changed]).toEqual([true, 3]);
});

test('a value that nobody tells of is asked for every 5 s, until it is gone', () => {
  jest.useFakeTimers();
  try {
    const { metrics, own, calls } = setUp();
    jest.advanceTimersByTime(20_000);
    expect(calls.changed).toBe(0);
    metrics.addMetric(metrics.metricName('depth', ''), () => 1);
    jest.advanceTimersByTime(10_000);
    expect(calls.changed).toBe(3);
    own.close();
    jest.advanceTimersByTime(10_000);
    expect(calls.changed).toBe(3);
  } finally {
    jest.useRealTimers();
  }
});
