import { topicCreationGroups } from '../../../src/config/keys/topic-creation';
import { ConnectError, type ErrorCode, javaStackTrace } from '../../../src/errors';
import type { NewTopic } from '../../../src/kafka/clients/topic-admins';
import { TopicCreation } from '../../../src/task/source/topic-creation';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

const SETTINGS = {
  'topic.creation.groups': 'compacted',
  'topic.creation.default.partitions': '3',
  'topic.creation.default.replication.factor': '-1',
  'topic.creation.compacted.include': 'state-.*',
  'topic.creation.compacted.partitions': '7',
  'topic.creation.compacted.cleanup.policy': 'compact',
};
const UNKNOWN = new ConnectError('UnknownTopicOrPartitionException', 'no such topic');
const signal = new AbortController().signal;

interface Answers {
  /** Null: the topic is there. */
  readonly described?: ConnectError | null;
  readonly created?: ConnectError;
  /** The call itself fails, not only its topic. */
  readonly thrown?: ConnectError;
}

function setUp({ described = UNKNOWN, created, thrown }: Answers = {}, more: Readonly<Record<string, string>> = {}) {
  const made: NewTopic[] = [];
  let opened = 0;
  let givenUp = 0;
  const topics = {
    giveUp: () => {
      givenUp++;
    },
    describeTopic: async () => {
      if (thrown) throw thrown;
      return described ?? undefined;
    },
    createTopic: async (topic: NewTopic) => {
      made.push(topic);
      return created;
    },
  };
  const open = () => {
    opened++;
    return topics;
  };
  const creation = new TopicCreation(topicCreationGroups({ ...SETTINGS, ...more }) ?? [], open, 'broker:9092', fakeLogger());
  return { creation, made, opened: () => opened, givenUp: () => givenUp };
}

test('a topic that is not there is made as its group says, others as the default says', async () => {
  const { creation, made, opened } = setUp();
  await creation.ensure('state-1', signal);
  await creation.ensure('other', signal);
  expect(made).toEqual([
    { name: 'state-1', partitions: 7, replicationFactor: -1, configs: { 'cleanup.policy': 'compact' } },
    { name: 'other', partitions: 3, replicationFactor: -1, configs: {} },
  ]);
  expect(opened()).toBe(1);
});

test('groups are asked in their order, an exclusion wins, and names match as a whole', async () => {
  const { creation, made } = setUp(
    {},
    { 'topic.creation.compacted.include': 'log-.*,trace', 'topic.creation.compacted.exclude': '.*-old' },
  );
  for (const topic of ['log-1', 'trace', 'trace-2', 'log-old', 'x']) await creation.ensure(topic, signal);
  expect(made.map(({ name, partitions }) => [name, partitions])).toEqual([
    ['log-1', 7],
    ['trace', 7],
    ['trace-2', 3],
    ['log-old', 3],
    ['x', 3],
  ]);
});

test.each(['include', 'exclude'])('a pattern of %s that would go back over a topic for ever fails soon', async key => {
  const { creation } = setUp({}, { 'topic.creation.compacted.include': '.*', [`topic.creation.compacted.${key}`]: '(.*a){14}x' });
  await expect(creation.ensure('a'.repeat(100), signal)).rejects.toThrow(/takes more than \d+ steps/);
});

test('the client is given up when no topic was looked for in a while, once, and the next topic has another one', async () => {
  const { creation, opened, givenUp } = setUp();
  creation.rest();
  await creation.ensure('t', signal);
  creation.rest();
  expect(givenUp()).toBe(0);
  creation.rest(Date.now() + 60_000);
  creation.rest(Date.now() + 60_000);
  expect(givenUp()).toBe(1);
  await creation.ensure('u', signal);
  expect([opened(), givenUp()]).toEqual([2, 1]);
});

test('a topic that is there is left alone', async () => {
  const { creation, made } = setUp({ described: null });
  await creation.ensure('t', signal);
  expect([creation.isReady('t'), creation.isReady('u'), made]).toEqual([true, false, []]);
});

test('a topic that somebody else makes at the same moment is as good', async () => {
  const { creation } = setUp({ created: new ConnectError('TopicExistsException', "Topic 't' already exists.") });
  await creation.ensure('t', signal);
  expect(creation.isReady('t')).toBe(true);
});

const topicError = (code: ErrorCode): ConnectError => new ConnectError(code, 'why');
const MADE = '(name=t, numPartitions=3, replicationFactor=-1, replicasAssignments=null, configs={})';

describe('what fails the task, in the words of Java', () => {
  test.each<[string, Answers, string]>([
    ['replicas', { created: topicError('InvalidReplicationFactorException') }, "Unable to create topic(s) 't': why"],
    ['a setting', { created: topicError('InvalidConfigurationException') }, "Unable to create topic(s) 't': why"],
    ['partitions', { created: topicError('InvalidPartitionsException') }, "Error while attempting to create/find topic(s) 't'"],
    ['a policy of the brokers', { created: topicError('PolicyViolationException') }, "Error while attempting to create/find topic(s) 't'"],
    [
      'no permission to create',
      { created: topicError('TopicAuthorizationException') },
      `Task failed to create new topic ${MADE}. Ensure that the task is authorized to create topics or that the topic exists and restart the task`,
    ],
    [
      'no permission to look',
      { described: topicError('TopicAuthorizationException') },
      "Not authorized to describe topic(s) 't' on the brokers broker:9092",
    ],
    ['a name that cannot be', { described: topicError('InvalidTopicException') }, "Error while attempting to describe topics 't'"],
    ['no answer', { thrown: topicError('TimeoutException') }, "Timed out while describing topics 't'"],
    ['no answer later', { created: topicError('TimeoutException') }, "Timed out while checking for or creating topic(s) 't'."],
    ['a wrong password', { thrown: topicError('SaslAuthenticationException') }, "Error while attempting to describe topics 't'"],
  ])('%s', async (_what, answers, message) => {
    const { creation } = setUp(answers);
    const error = await creation.ensure('t', signal).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ConnectException', message: expect.stringContaining(message) });
    expect(javaStackTrace(error)).toContain((answers.described ?? answers.created ?? answers.thrown)?.name);
    expect(creation.isReady('t')).toBe(false);
  });
});
