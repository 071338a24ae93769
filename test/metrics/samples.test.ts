/** Values over time give what Kafka's own classes gave for the same (test/fixtures/java/metrics/ConnectMetrics.java). */
import { readFileSync } from 'node:fs';
import { Samples } from '../../src/metrics/samples';
import { inRepository } from '../helpers/paths';

/** Either a value that is recorded, or what rate, average, highest and lowest are. */
type Step = readonly [atMs: number, value: number] | readonly [atMs: number, value: null, ...measured: (number | 'NaN')[]];

interface Run {
  readonly samples: number;
  readonly windowMs: number;
  readonly steps: readonly Step[];
}

const { samples: runs } = JSON.parse(readFileSync(inRepository('test/fixtures/java/metrics/connect-metrics.json'), 'utf8')) as {
  samples: Run[];
};

test.each(runs)('$samples samples of $windowMs ms', ({ samples, windowMs, steps }) => {
  // Kafka keeps the values of each statistic by itself, and to be asked has an effect.
  const [rate, average, highest, lowest] = Array.from({ length: 4 }, () => new Samples({ samples, windowMs })) as [
    Samples,
    Samples,
    Samples,
    Samples,
  ];
  let measured = 0;
  for (const [atMs, value, ...expected] of steps) {
    if (value !== null) {
      for (const each of [rate, average, highest, lowest]) each.record(atMs, value);
      continue;
    }
    measured++;
    const got = [rate.rate(atMs), average.average(atMs), highest.highest(atMs), lowest.lowest(atMs)];
    expected.forEach((number, i) => {
      if (number === 'NaN') expect(got[i]).toBeNaN();
      else expect(got[i]).toBeCloseTo(number, 9);
    });
  }
  expect(measured).toBeGreaterThan(3);
});

test('a sum of several values counts as so many in an average', () => {
  const samples = new Samples({ samples: 2, windowMs: 1000 });
  samples.record(0, 30, 3);
  samples.record(10, 2);
  expect(samples.average(20)).toBe(8);
});
