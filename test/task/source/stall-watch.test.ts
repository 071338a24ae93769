import type { TopicState } from '../../../src/kafka/clients/record-outlet';
import { StallWatch } from '../../../src/task/source/stall-watch';
import type { OldestRecord } from '../../../src/task/source/submitted-records';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

describe('StallWatch', () => {
  let now: number;
  let inFlight: number;
  let state: TopicState | null | undefined;
  let oldest: OldestRecord | null;
  const logger = fakeLogger();
  let watch: StallWatch;
  beforeEach(() => {
    now = 0;
    inFlight = 5;
    state = undefined;
    oldest = null;
    logger.lines.length = 0;
    const view = { inFlight: () => inFlight, oldest: () => oldest, topics: () => ['t'], topicState: () => state };
    watch = new StallWatch(view, logger, () => now);
  });

  const pass = (ms: number): void => {
    for (const end = now + ms; now < end; now += 100) watch.look();
  };

  test('says after 10 s, then ever less often, that no broker answers', () => {
    pass(9900);
    expect(logger.lines).toEqual([]);
    pass(3_600_000);
    expect(logger.lines[0]).toBe(
      'WARN 5 records have waited 10 s for an acknowledgement: no broker answers; the task goes on when one does.',
    );
    expect(logger.lines.length).toBeGreaterThan(10);
    expect(logger.lines.length).toBeLessThan(25);
  });

  test('names a topic that does not exist, and says when it goes on', () => {
    state = null;
    pass(11_000);
    expect(logger.lines[0]).toContain('there is no topic t, and the brokers do not create it');
    watch.moved();
    expect(logger.lines.at(-1)).toBe('INFO The broker acknowledges records again.');
    pass(9900);
    expect(logger.lines).toHaveLength(2);
  });

  test('names topic, partition and age of the oldest record, and partitions that nobody leads', () => {
    oldest = { topic: 't', partition: { filename: '/in' }, sinceMs: -5000 };
    state = { partitions: 1, leaderless: [] };
    pass(10_100);
    expect(logger.lines[0]).toBe(
      'WARN 5 records have waited 10 s for an acknowledgement, the oldest, of topic t partition 0, for 15 s, read from {filename=/in}: ' +
        'the brokers answer, but acknowledge nothing.',
    );
    state = { partitions: 6, leaderless: [2, 5] };
    pass(11_000);
    expect(logger.lines[1]).toMatch(
      /one of the 6 partitions of topic t, for 25 s.*: no broker leads t 2, 5; the task goes on when one does/,
    );
  });

  test('a source that has nothing to send is not stalled', () => {
    inFlight = 0;
    pass(100_000);
    expect(logger.lines).toEqual([]);
  });
});
