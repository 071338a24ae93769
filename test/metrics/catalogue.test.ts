/** The catalogue has what Kafka Connect has, under its names, and each of its rows can be made. */
import { readFileSync } from 'node:fs';
import { CATALOGUE, tagsOf } from '../../src/metrics/catalogue';
import { CELL_OF } from '../../src/metrics/cells';
import { OWN_GROUP } from '../../src/metrics/metric';
import { TASK_METRICS } from '../../src/metrics/task-catalogue';
import { inRepository } from '../helpers/paths';

const { registry } = JSON.parse(readFileSync(inRepository('test/fixtures/java/metrics/connect-metrics.json'), 'utf8')) as {
  registry: { group: string; name: string; tags: string }[];
};
const rows = Object.entries(CATALOGUE);

test('it has every metric of org.apache.kafka.connect.runtime.ConnectMetricsRegistry with its tags, and no other under a group of its', () => {
  const ours = rows
    .filter(([, { group }]) => group !== OWN_GROUP)
    .map(([key, metric]) => `${metric.group} ${metric.name} ${tagsOf(key, metric).join(' ')}`.trim());
  expect(registry.length).toBeGreaterThan(90);
  expect(ours.sort()).toEqual(registry.map(({ group, name, tags }) => `${group} ${name} ${tags}`.trim()).sort());
});

test('no two rows have the same group, name and tags', () => {
  const places = rows.map(([key, metric]) => [metric.group, metric.name, ...tagsOf(key, metric)].join(' '));
  expect(new Set(places).size).toBe(places.length);
});

test.each(rows.filter(([, { of }]) => of.length > 0))('%s is made of totals that a task counts', (_, { of }) => {
  const counted = of.map(name => TASK_METRICS[name as keyof typeof TASK_METRICS]?.type);
  expect(counted).toEqual(of.map(() => 'total'));
  expect(of.every(name => name in CELL_OF)).toBe(true);
});

test.each(rows)('%s says in one sentence what it is', (_, { help }) => {
  expect(help).toMatch(/^[A-Za-z].*\.$/);
});
