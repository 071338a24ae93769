import { ConnectError, type ErrorCode } from '../../../src/errors';
import { ensureOffsetsTopic } from '../../../src/kafka/admin/offsets-topic';
import type { NewTopic } from '../../../src/kafka/clients/topic-admins';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

const SETTINGS = { offsetsTopic: 'offsets', partitions: 1, replicationFactor: -1 };
const error = (code: ErrorCode): ConnectError => new ConnectError(code, 'no');

/** Brokers that have the topic, or not, and say this of its policy. */
async function ensure(
  topic: 'there' | 'missing' | 'made meanwhile',
  policy: string | ConnectError,
): Promise<{ made: NewTopic[]; lines: readonly string[] }> {
  const made: NewTopic[] = [];
  const logger = fakeLogger();
  const topics = {
    describeTopic: async () => (topic === 'there' ? undefined : error('UnknownTopicOrPartitionException')),
    createTopic: async (wanted: NewTopic) => {
      made.push(wanted);
      return topic === 'missing' ? undefined : error('TopicExistsException');
    },
    cleanupPolicy: async () => {
      if (typeof policy !== 'string') throw policy;
      return policy;
    },
  };
  await ensureOffsetsTopic(SETTINGS, topics, logger, new AbortController().signal);
  return { made, lines: logger.lines };
}

test('a topic that is missing is made compacted, and not asked for its policy', async () => {
  const { made } = await ensure('missing', 'delete');
  expect(made).toEqual([expect.objectContaining({ name: 'offsets', configs: expect.objectContaining({ 'cleanup.policy': 'compact' }) })]);
});

test('a topic that is compacted is taken in silence', async () => {
  expect(await ensure('there', 'compact')).toEqual({ made: [], lines: [] });
});

test.each([
  ['there', 'delete'],
  ['there', 'compact,delete'],
  ['made meanwhile', 'delete'],
] as const)('a topic that is %s and forgets offsets (%s) is refused with the text of Java', async (topic, policy) => {
  await expect(ensure(topic, policy)).rejects.toMatchObject({
    code: 'ConfigException',
    message:
      "Topic 'offsets' supplied via the 'offset.storage.topic' property is required to have 'cleanup.policy=compact' to guarantee consistency " +
      `and durability of source connector offsets, but found the topic currently has 'cleanup.policy=${policy}'. Continuing would likely ` +
      'result in eventually losing source connector offsets and problems restarting this Connect cluster in the future. Change the ' +
      "'offset.storage.topic' property in the Connect worker configurations to use a topic with 'cleanup.policy=compact'.",
  });
});

test.each(['TopicAuthorizationException', 'ClusterAuthorizationException', 'UnsupportedVersionException'] as const)(
  'brokers that do not show the policy (%s) are believed',
  async code => {
    const { lines } = await ensure('there', error(code));
    expect(lines).toEqual([
      expect.stringMatching(/^INFO Unable to use admin client to verify the cleanup policy of 'offsets' topic is 'compact'/),
    ]);
  },
);

test('any other error is not taken for a good answer', async () => {
  await expect(ensure('there', error('TimeoutException'))).rejects.toMatchObject({ code: 'TimeoutException' });
});
