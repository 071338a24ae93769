import { StateTimes } from '../../src/metrics/state-times';

test('the parts of a life add up to one, each state with all the times it was in', () => {
  const times = new StateTimes<'RUNNING' | 'PAUSED' | 'FAILED'>('PAUSED', 1000);
  times.change('RUNNING', 2000);
  times.change('RUNNING', 3000);
  times.change('PAUSED', 5000);
  times.change('RUNNING', 6000);
  const parts = (['RUNNING', 'PAUSED', 'FAILED'] as const).map(state => times.ratio(state, 9000));
  expect(parts).toEqual([6 / 8, 2 / 8, 0]);
});

test('before any time has gone by, and when the clock was set back, nothing is out of bounds', () => {
  const times = new StateTimes<'A' | 'B'>('A', 1000);
  expect([times.ratio('A', 1000), times.ratio('B', 1000), times.ratio('A', 500)]).toEqual([0, 0, 0]);
  times.change('B', 500);
  expect([times.ratio('A', 600), times.ratio('B', 600)]).toEqual([0, 1]);
});
