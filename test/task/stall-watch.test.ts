import { StallWatch } from '../../src/task/stall-watch';
import { fakeLogger } from '../helpers/fake-logger';

describe('StallWatch', () => {
  let now: number;
  let inFlight: number;
  let state: 'exists' | 'unknown' | undefined;
  const logger = fakeLogger();
  let watch: StallWatch;
  beforeEach(() => {
    now = 0;
    inFlight = 5;
    state = undefined;
    logger.lines.length = 0;
    watch = new StallWatch({ inFlight: () => inFlight, topics: () => ['t'], topicState: () => state }, logger, () => now);
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
    state = 'unknown';
    pass(11_000);
    expect(logger.lines[0]).toContain('there is no topic t, and the brokers do not create it');
    watch.moved();
    expect(logger.lines.at(-1)).toBe('INFO The broker acknowledges records again.');
    pass(9900);
    expect(logger.lines).toHaveLength(2);
  });

  test('a source that has nothing to send is not stalled', () => {
    inFlight = 0;
    pass(100_000);
    expect(logger.lines).toEqual([]);
  });
});
