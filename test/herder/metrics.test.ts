/** What the main thread says of metrics: every row of the catalogue has somebody who gives it, and the figures are right. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Herder } from '../../src/herder/herder';
import { CATALOGUE, tagsOf } from '../../src/metrics/catalogue';
import type { Measurement } from '../../src/metrics/registry';
import { FakeWorld, SINK, SOURCE } from '../helpers/fakes/herder-fakes';
import { reportOf } from '../helpers/fakes/task-metrics';
import { waitFor } from '../helpers/wait-for';

let world: FakeWorld;
let herder: Herder;

beforeEach(async () => {
  world = new FakeWorld();
  herder = await world.started();
});
afterEach(() => herder.stop());

const create = (name: string, config: Record<string, string> = {}) =>
  herder.putConnectorConfig(name, { name, 'connector.class': SOURCE, ...config }, { allowReplace: false });

/** Measurements as `name{tags}`, without those of one connector's tasks unless they are named. */
function measure(): Map<string, number | string> {
  const key = ({ metric, tags }: Measurement): string => `${metric.group}:${metric.name}{${Object.values(tags).join(',')}}`;
  return new Map(herder.metrics.measure(Date.now()).map(measurement => [key(measurement), measurement.value]));
}

const plugin = (className: string) => ({ className, version: '1' });
const PLUGINS = {
  key: plugin('K'),
  value: plugin('V'),
  header: plugin('H'),
  transforms: [{ alias: 'a', ...plugin('T') }],
  predicates: [{ alias: 'p', ...plugin('P') }],
};

test('every metric that has a meaning here is given, with its tags, and no other', async () => {
  await create('c');
  await create('s', { 'connector.class': SINK, topics: 't' });
  for (const name of ['c', 's']) world.last(name).listener.onPlugins(PLUGINS);
  const given = new Set(
    herder.metrics.measure(Date.now()).map(({ metric, tags }) => [metric.group, metric.name, ...Object.keys(tags)].join(' ')),
  );
  const wanted = Object.entries(CATALOGUE).filter(([, { type }]) => type !== 'absent');
  expect([...given].sort()).toEqual(wanted.map(([name, metric]) => [metric.group, metric.name, ...tagsOf(name, metric)].join(' ')).sort());
});

test('a task has what it has reported, its plugins, and its state', async () => {
  await create('c');
  const { listener } = world.last('c');
  listener.onPlugins(PLUGINS);
  listener.onProgress(reportOf({ sourceRecordPollTotal: 12, retries: 3 }));
  const given = measure();
  expect(given.get('source-task-metrics:source-record-poll-total{c,0}')).toBe(12);
  expect(given.get('source-task-metrics:source-record-poll-rate{c,0}')).toBeGreaterThan(0);
  expect(given.get('task-error-metrics:total-retries{c,0}')).toBe(3);
  expect(given.get('connector-task-metrics:status{c,0}')).toBe('running');
  expect(given.get('connector-task-metrics:connector-class{c,0}')).toBe(SOURCE);
  expect(given.get('connector-task-metrics:value-converter-class{c,0}')).toBe('V');
  expect(given.get('connector-transform-metrics:transform-class{c,0,a}')).toBe('T');
  expect(given.get('connector-predicate-metrics:predicate-version{c,0,p}')).toBe('1');
});

test('a task that has just been started counts as running, as in Java', async () => {
  await create('c');
  await sleep(20);
  expect(measure().get('connector-task-metrics:running-ratio{c,0}')).toBe(1);
});

test('a task that is paused is not running any more', async () => {
  await herder.putConnectorConfig('c', { 'connector.class': SOURCE }, { allowReplace: false });
  // Of a task that has run for no time at all the pause is the whole already.
  await sleep(20);
  await herder.pauseConnector('c');
  world.last('c').listener.onState('PAUSED');
  const given = measure();
  expect(given.get('connector-task-metrics:status{c,0}')).toBe('paused');
  expect(given.get('connector-metrics:status{c}')).toBe('paused');
  const ratios = (): [running: number, pause: number] => {
    const now = measure();
    const ratio = (name: string): number => Number(now.get(`connector-task-metrics:${name}-ratio{c,0}`));
    return [ratio('running'), ratio('pause')];
  };
  const [, before] = ratios();
  await sleep(20);
  const [running, pause] = ratios();
  expect(pause).toBeGreaterThan(before);
  expect(running).toBeGreaterThan(0);
  expect(running + pause).toBeCloseTo(1, 5);
});

test('connectors and tasks are counted by state, and their starts by how they ended', async () => {
  await create('c', { tasks: '3', 'tasks.max': '3' });
  await expect(create('bad', { cannot: 'start' })).resolves.toBeDefined();
  world.last('c', 1).listener.onFailed(new Error('broken'));
  const given = measure();
  const ofC = (state: string): number | string | undefined => given.get(`connect-worker-metrics:connector-${state}-task-count{c}`);
  expect([ofC('total'), ofC('running'), ofC('failed'), ofC('paused'), ofC('destroyed')]).toEqual([3, 2, 1, 0, 0]);
  expect(given.get('connect-worker-metrics:connector-count{}')).toBe(2);
  expect(given.get('connect-worker-metrics:task-count{}')).toBe(4);
  const starts = (of: string): (number | string | undefined)[] =>
    ['attempts-total', 'success-total', 'failure-total'].map(name => given.get(`connect-worker-metrics:${of}-startup-${name}{}`));
  expect(starts('connector')).toEqual([2, 2, 0]);
  // One could not be started at all; the one that failed later had been started.
  expect(starts('task')).toEqual([4, 3, 1]);
  expect(given.get('connect-worker-metrics:task-startup-success-percentage{}')).toBe(0.75);
});

test('what is stopped or removed has no metrics any more', async () => {
  await create('c');
  await herder.stopConnector('c');
  expect([...measure().keys()].filter(key => key.endsWith('{c,0}'))).toEqual([]);
  await herder.deleteConnector('c');
  expect([...measure().keys()].filter(key => key.includes('{c'))).toEqual([]);
});

test('a connector has metrics of its own until its instance is stopped', async () => {
  await create('c');
  const metrics = world.contexts.get('c')?.metrics;
  const sensor = metrics?.addSensor('s');
  if (!metrics || !sensor) throw new Error('no metrics');
  sensor.add(metrics.metricName('tables-seen', 'Tables.', { schema: 'x' }), 'CumulativeSum');
  sensor.record(4);
  await waitFor('the report', () => measure().get('plugins:tables-seen{c,x}') === 4);
  await herder.pauseConnector('c');
  expect([...measure().keys()].filter(key => key.startsWith('plugins:'))).toEqual([]);
  expect(() => metrics.addSensor('t')).toThrow('This PluginMetrics instance is closed');
});
