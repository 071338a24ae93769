import { topicCreationGroups } from '../../../src/config/keys/topic-creation';

const DEFAULTS = { 'topic.creation.default.replication.factor': '1', 'topic.creation.default.partitions': '3' };

test('without any setting no topics are created', () => {
  expect(topicCreationGroups({ name: 'a' })).toBeNull();
});

test('groups are read in their order, the default last, which takes every topic', () => {
  const groups = topicCreationGroups({
    ...DEFAULTS,
    'topic.creation.groups': 'log, default',
    'topic.creation.log.include': 'log-.*,trace',
    'topic.creation.log.exclude': '.*-old',
    'topic.creation.log.partitions': '-1',
    'topic.creation.log.cleanup.policy': 'compact',
  });
  expect(groups).toEqual([
    {
      name: 'log',
      include: ['log-.*', 'trace'],
      exclude: ['.*-old'],
      replicationFactor: 1,
      partitions: -1,
      topicConfigs: { 'cleanup.policy': 'compact' },
    },
    { name: 'default', include: ['.*'], exclude: [], replicationFactor: 1, partitions: 3, topicConfigs: {} },
  ]);
});

test.each([
  [
    { 'topic.creation.default.partitions': '1' },
    'Missing required configuration "topic.creation.default.replication.factor" which has no default value.',
  ],
  [
    { ...DEFAULTS, 'topic.creation.default.partitions': '0' },
    "Invalid value 0 for configuration partitions: Number of partitions must be positive, or -1 to use the broker's default",
  ],
  [
    { ...DEFAULTS, 'topic.creation.groups': 'g', 'topic.creation.g.replication.factor': '-2' },
    'Invalid value -2 for configuration replication.factor: Replication factor must be positive',
  ],
  [
    { ...DEFAULTS, 'topic.creation.groups': 'g', 'topic.creation.g.include': 'a(' },
    'Invalid value [a(] for configuration include: Syntax error in regular expression: Unclosed group near index 2\na(',
  ],
])('%j is refused', (props, problem) => {
  expect(() => topicCreationGroups(props)).toThrow(problem);
});
