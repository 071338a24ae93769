import { MissingTopics } from '../../../src/kafka/consumer/missing-topics';

test('looks at once, then every 2 s until all topics are there, and then no more', () => {
  let now = 1000;
  const missing = new MissingTopics(() => now);
  const assigned = [{ topic: 'a', partition: 0 }];
  expect(missing.dueInMs).toBe(Number.POSITIVE_INFINITY);
  missing.missing();
  expect(missing.dueInMs).toBe(0);
  missing.checked(undefined, assigned);
  expect(missing.dueInMs).toBe(2000);
  now += 2000;
  missing.checked(['b'], assigned);
  expect(missing.dueInMs).toBe(2000);
  missing.checked(['b', 'a'], assigned);
  expect(missing.dueInMs).toBe(Number.POSITIVE_INFINITY);
});
