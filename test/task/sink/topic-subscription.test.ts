import { sinkTopics } from '../../../src/config/keys/sink-keys';
import type { GroupInlet } from '../../../src/kafka/clients/record-inlet';
import { TopicSubscription } from '../../../src/task/sink/topic-subscription';

type Consumer = Pick<GroupInlet, 'subscribe' | 'listTopics'>;

/** A consumer that only has topics. */
function fakeConsumer(): { topics: string[] | undefined; readonly subscribed: string[][]; readonly consumer: Consumer } {
  const fake = {
    topics: [] as string[] | undefined,
    subscribed: [] as string[][],
    consumer: {
      subscribe: (topics: readonly string[]) => void fake.subscribed.push([...topics]),
      listTopics: () => fake.topics,
    },
  };
  return fake;
}

describe('TopicSubscription', () => {
  test('a list is subscribed as it is, without blanks and empty names', () => {
    const fake = fakeConsumer();
    const subscription = new TopicSubscription(sinkTopics({ topics: ' a, b ,,c' }), 1000);
    subscription.refresh(fake.consumer);
    expect(fake.subscribed).toEqual([['a', 'b', 'c']]);
    expect(subscription.dueInMs(Date.now())).toBe(Number.POSITIVE_INFINITY);
  });

  test('a pattern takes whole names, no internal topics, and follows new ones', () => {
    const fake = fakeConsumer();
    fake.topics = ['log-1', 'my-log-1', '__consumer_offsets', 'log-2'];
    const subscription = new TopicSubscription(sinkTopics({ 'topics.regex': 'log-.*|__.*' }), 0);
    subscription.refresh(fake.consumer);
    subscription.refreshIfDue(fake.consumer);
    expect(fake.subscribed).toEqual([['log-1', 'log-2']]);
    fake.topics.push('log-3');
    subscription.refreshIfDue(fake.consumer);
    expect(fake.subscribed.at(-1)).toEqual(['log-1', 'log-2', 'log-3']);
  });

  test('without an answer of a broker it keeps what it has and asks again soon', () => {
    const fake = fakeConsumer();
    fake.topics = undefined;
    const subscription = new TopicSubscription(sinkTopics({ 'topics.regex': 'a.*' }), 300_000);
    subscription.refresh(fake.consumer);
    expect(fake.subscribed).toEqual([]);
    expect(subscription.dueInMs(Date.now())).toBeLessThanOrEqual(500);
    fake.topics = ['ab'];
    subscription.refresh(fake.consumer);
    expect(fake.subscribed).toEqual([['ab']]);
    expect(subscription.dueInMs(Date.now())).toBeGreaterThan(200_000);
  });

  test('a pattern in the syntax of Java', () => {
    const fake = fakeConsumer();
    fake.topics = ['a.b', 'axb'];
    new TopicSubscription(sinkTopics({ 'topics.regex': '\\Qa.b\\E' }), 1000).refresh(fake.consumer);
    expect(fake.subscribed).toEqual([['a.b']]);
  });

  describe('a pattern that goes back over names again and again fails soon:', () => {
    const refresh = (regex: string, topics: string[]): number => {
      const fake = fakeConsumer();
      fake.topics = topics;
      const begin = process.cpuUsage().user;
      expect(() => new TopicSubscription(sinkTopics({ 'topics.regex': regex }), 1000).refresh(fake.consumer)).toThrow(
        /takes more than \d+ steps/,
      );
      return process.cpuUsage().user - begin;
    };

    test('on one name', () => {
      expect(refresh('(.*a){14}x', [`${'a'.repeat(40)}!`])).toBeLessThan(2_000_000);
    });

    test('on many, of which none takes too much', () => {
      // half a million steps each
      const topics = Array.from({ length: 2000 }, (_, i) => `${'a'.repeat(44)}-${i}`);
      expect(refresh('(.*a){4}x', topics)).toBeLessThan(8_000_000);
    });
  });

  test('the longest list of names in a pattern goes over as many topics as there may be', () => {
    const fake = fakeConsumer();
    fake.topics = Array.from({ length: 10_000 }, (_, i) => `topic-${i}`);
    new TopicSubscription(sinkTopics({ 'topics.regex': fake.topics.slice(0, 1000).join('|') }), 1000).refresh(fake.consumer);
    expect(fake.subscribed[0]).toHaveLength(1000);
  });
});
