import type { TopicPartition } from '../../../src/api/sink';
import { sinkTopics } from '../../../src/config/keys/sink-keys';
import type { GroupInlet } from '../../../src/kafka/clients/record-inlet';
import { SinkDrain } from '../../../src/task/sink/sink-drain';
import { TopicSubscription } from '../../../src/task/sink/topic-subscription';

/** A member of a group, as far as a drain looks at it. */
function member(settings: Record<string, string>) {
  const fake = {
    topics: [] as string[] | undefined,
    assigned: [] as TopicPartition[],
    fetched: new Set<string>(),
    joined: true,
    subscribe: () => {},
    listTopics: () => fake.topics,
    assignment: () => fake.assigned,
    endOffsets: () => fake.assigned.map(partition => ({ ...partition, offset: 10 })),
    hasReached: ({ topic }: TopicPartition) => fake.fetched.has(topic),
  };
  const drain = new SinkDrain(fake as unknown as GroupInlet, new TopicSubscription(sinkTopics(settings), 300_000));
  drain.begin();
  return { fake, drain };
}

const partition = (topic: string): TopicPartition => ({ topic, partition: 0 });

afterEach(() => jest.useRealTimers());

test('what was assigned before a topic came does not count as all', () => {
  const { fake, drain } = member({ 'topics.regex': 'log-.*' });
  fake.topics = ['log-a', 'log-b', 'other'];
  fake.assigned = [partition('log-a')];
  fake.fetched.add('log-a');
  expect(drain.isFetched()).toBe(false);
  fake.assigned = [partition('log-a'), partition('log-b')];
  expect(drain.isFetched()).toBe(false);
  fake.fetched.add('log-b');
  expect(drain.isFetched()).toBe(true);
});

test('topics that other members read are waited for only for a while', () => {
  jest.useFakeTimers();
  const { fake, drain } = member({ topics: 'a,b' });
  fake.topics = ['a', 'b'];
  fake.assigned = [partition('a')];
  fake.fetched.add('a');
  expect(drain.isFetched()).toBe(false);
  jest.advanceTimersByTime(3001);
  expect(drain.isFetched()).toBe(true);
});

test.each([
  ['no broker answers', undefined, true, false],
  ['none of the topics is there', ['other'], false, true],
  ['the task has not joined yet', ['a'], false, false],
] as const)('%s', (_, topics, joined, expected) => {
  const { fake, drain } = member({ topics: 'a' });
  fake.topics = topics && [...topics];
  fake.joined = joined;
  expect(drain.isFetched()).toBe(expected);
});
