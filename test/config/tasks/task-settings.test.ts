import { MAX_DELAY_MS } from '../../../src/api/config-types';
import type { Props } from '../../../src/api/connector';
import type { TaskSettings } from '../../../src/config/tasks/task-settings';
import { readTaskSettings } from '../../helpers/fakes/settings';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const WORKER = { 'bootstrap.servers': 'b:1', 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER };
const NEVER = '9223372036854775807';

function read(worker: Props, connector: Props = {}, kind: 'source' | 'sink' = 'source'): TaskSettings {
  const connectorProps = { name: 'c', 'connector.class': 'C', ...connector };
  return readTaskSettings({ ...WORKER, ...worker }, { kind, id: { connector: 'c', task: 0 }, connectorProps });
}

const EVERYTHING: Props = {
  'errors.tolerance': 'all',
  'errors.log.enable': 'true',
  'errors.log.include.messages': 'TRUE',
  'errors.retry.timeout': '60000',
  'errors.retry.delay.max.ms': '500',
  'value.converter': 'StringConverter',
  'header.converter': 'SimpleHeaderConverter',
  transforms: 'a,b',
  'transforms.a.type': 'test.A',
  'transforms.a.predicate': 'p',
  'transforms.a.negate': 'true',
  'transforms.b.type': 'test.B',
  predicates: 'p',
  'predicates.p.type': 'test.P',
};
const OF_SOURCE: Props = {
  ...EVERYTHING,
  'source.deadletters.topic.name': 'd',
  'source.deadletters.topic.replication.factor': '2',
  topic: 't',
  'topic.creation.groups': 'g',
  'topic.creation.g.include': 'a.*,b',
  'topic.creation.default.partitions': '3',
  'topic.creation.default.replication.factor': '-1',
  'transaction.boundary': 'interval',
  'transaction.boundary.interval.ms': '70',
  'offsets.storage.topic': 'o',
};
const OF_SINK: Props = {
  ...EVERYTHING,
  topics: 'a,b',
  'topics.regex': 'c.*',
  'errors.deadletterqueue.topic.name': 'd',
  'errors.deadletterqueue.topic.replication.factor': '2',
  'errors.deadletterqueue.context.headers.enable': 'true',
};
const OF_WORKER: Props = {
  'exactly.once.source.support': 'enabled',
  'offset.storage.topic': 'w',
  'offset.flush.interval.ms': '70',
  'offset.flush.timeout.ms': '80',
  'topic.creation.enable': 'false',
  'key.converter': 'StringConverter',
};

const around = (props: Props, [before, after]: readonly [string, string]): Props =>
  Object.fromEntries(Object.entries(props).map(([key, value]) => [key, before + value + after]));

/** What plugins get, they parse themselves: it stays as it was written. */
const forgetProps = (settings: TaskSettings): unknown =>
  JSON.parse(JSON.stringify(settings, (key, value: unknown) => (key === 'props' ? undefined : value)));

const BLANKS = [
  ['', ' '],
  ['', '\t'],
  [' ', ''],
  ['\t\u0001', '\u000b '],
] as const;

describe('blanks around a value change nothing', () => {
  test.each(BLANKS)('of any setting of a source (%j, %j)', (...blanks) => {
    const spaced = read(around(OF_WORKER, blanks), around(OF_SOURCE, blanks));
    expect(forgetProps(spaced)).toEqual(forgetProps(read(OF_WORKER, OF_SOURCE)));
  });

  test.each(BLANKS)('of any setting of a sink (%j, %j)', (...blanks) => {
    const spaced = read(around(OF_WORKER, blanks), around(OF_SINK, blanks), 'sink');
    expect(forgetProps(spaced)).toEqual(forgetProps(read(OF_WORKER, OF_SINK, 'sink')));
  });

  test('so that the settings above say something', () => {
    expect(read(OF_WORKER, OF_SOURCE)).toMatchObject({
      topic: 't',
      topicCreation: null,
      sinkTopics: null,
      errors: { tolerance: 'all', logEnabled: true, includeMessages: true, retryTimeoutMs: 60_000, retryMaxDelayMs: 500 },
      converters: {
        key: { className: 'StringConverter', origin: 'worker' },
        value: { className: 'StringConverter', origin: 'connector' },
        header: { className: 'SimpleHeaderConverter', origin: 'connector' },
      },
      stages: [
        { transformation: { className: 'test.A' }, predicate: { className: 'test.P' }, negate: true },
        { transformation: { className: 'test.B' }, predicate: null, negate: false },
      ],
      exactlyOnce: { offsetsTopic: 'o', boundary: { type: 'interval', intervalMs: 70 } },
      sourceDeadLetters: { topic: 'd', replicationFactor: 2 },
    });
    expect(read({}, OF_SOURCE).topicCreation).toMatchObject([
      { name: 'g', include: ['a.*', 'b'], partitions: 3, replicationFactor: -1 },
      { name: 'default', include: ['.*'] },
    ]);
    const { deadLetterQueue, sinkTopics, topic, topicCreation } = read({}, OF_SINK, 'sink');
    expect(deadLetterQueue).toEqual({ topic: 'd', replicationFactor: 2, withContext: true });
    expect([sinkTopics, topic, topicCreation]).toEqual([{ topics: ['a', 'b'], regex: 'c.*' }, null, null]);
  });
});

test('the settings are plain data, which nobody can change; the maps of plugins are theirs', () => {
  const settings = read(OF_WORKER, OF_SOURCE);
  expect(structuredClone(settings)).toEqual(settings);
  const open: string[] = [];
  const look = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Object.isFrozen(value)) open.push(path);
    else for (const [field, item] of Object.entries(value)) look(item, `${path}.${field}`);
  };
  look(settings, '');
  expect(open.length).toBeGreaterThan(3);
  expect(open.filter(path => !path.endsWith('.props'))).toEqual([]);
});

describe('a wait that is to last for ever', () => {
  test.each(['offset.flush.interval.ms', 'offset.flush.timeout.ms'])('by %s is one that a timer can wait', key => {
    const { flushIntervalMs, flushTimeoutMs } = read({ [key]: NEVER });
    expect(Math.max(flushIntervalMs, flushTimeoutMs)).toBe(MAX_DELAY_MS);
  });

  test.each(['errors.retry.timeout', 'errors.retry.delay.max.ms'])('by %s too', key => {
    const { retryTimeoutMs, retryMaxDelayMs } = read({}, { [key]: NEVER }).errors;
    expect(Math.max(retryTimeoutMs, retryMaxDelayMs)).toBe(MAX_DELAY_MS);
  });

  test('by transaction.boundary.interval.ms, or by the interval of the worker in its place', () => {
    const interval = { 'transaction.boundary': 'interval' };
    const eos = { 'exactly.once.source.support': 'enabled' };
    const longest = { boundary: { intervalMs: MAX_DELAY_MS } };
    expect(read(eos, { ...interval, 'transaction.boundary.interval.ms': NEVER }).exactlyOnce).toMatchObject(longest);
    expect(read({ ...eos, 'offset.flush.interval.ms': NEVER }, interval).exactlyOnce).toMatchObject(longest);
  });

  test('leaves room for a margin below what overflows', () => {
    expect(MAX_DELAY_MS + (24 * 3_600_000) / 2).toBeLessThan(2 ** 31);
  });
});
