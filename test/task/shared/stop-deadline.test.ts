import { StopDeadline } from '../../../src/task/shared/stop-deadline';

const NOW_MS = 1_000_000;

beforeEach(() => jest.useFakeTimers({ now: NOW_MS }));
afterEach(() => jest.useRealTimers());

test('nobody has said stop: what else counts', () => {
  const deadline = new StopDeadline();
  expect([deadline.untilMs(7), deadline.waitOf(300)()]).toEqual([7, 300]);
});

test.each([
  ['half a second of a long time', 5000, 4500],
  ['a tenth of a short one', 50, 45],
  ['nothing of one that is over', -10, -10],
])('the end itself is left %s', (_, givenMs, leftMs) => {
  const deadline = new StopDeadline();
  deadline.set(NOW_MS + givenMs);
  expect(deadline.untilMs(0)).toBe(NOW_MS + leftMs);
  expect(deadline.waitOf(60_000)()).toBe(Math.max(0, leftMs));
});

test('each wait takes what those before have left of it', () => {
  const deadline = new StopDeadline();
  deadline.set(NOW_MS + 5000);
  jest.setSystemTime(NOW_MS + 4000);
  expect(deadline.waitOf(60_000)()).toBe(500);
  jest.setSystemTime(NOW_MS + 6000);
  expect(deadline.waitOf(60_000)()).toBe(0);
});

test('a wait that began before is over with it, too', () => {
  const deadline = new StopDeadline();
  const leftMs = deadline.waitOf(60_000);
  jest.setSystemTime(NOW_MS + 1000);
  expect(leftMs()).toBe(59_000);
  deadline.set(NOW_MS + 6000);
  expect(leftMs()).toBe(4500);
});

test('of two deadlines the earlier one counts', () => {
  const deadline = new StopDeadline();
  for (const givenMs of [5000, 50, 60_000]) deadline.set(NOW_MS + givenMs);
  expect(deadline.waitOf(0)()).toBe(45);
});
