/** The plugin does what every source must do: `npm test`. */
import { test } from 'node:test';
import { Struct } from 'connect-standalone/api';
import { sourceTaskChecks } from 'connect-standalone/testing';
import { hostMetricsPlugin } from './host-metrics.js';

const checks = sourceTaskChecks({
  plugin: hostMetricsPlugin,
  // Measurements come by themselves, and no two are alike but for their numbers.
  prepare: () => ({ props: { topic: 'metrics', 'interval.ms': '100' }, records: 3, endless: true }),
  sameAgain: ({ value }) => (value instanceof Struct ? value.get('number') : value),
  badSettings: { 'interval.ms': '0' },
});
for (const { name, run } of checks) test(name, run);
