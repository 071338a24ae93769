/** Settings of consumers. */
import { type ClientKey, CONSUMER, caller, direct, none, rule } from './client-key';

const NON_NEGATIVE = { min: 0 } as const;
const BYTES_ARE_READ = 'the worker reads bytes with key.converter and value.converter';
const COMMITS = 'the worker commits, after the sink has flushed';
const SHARE_GROUPS = 'Connect uses no share groups';
const MIB = 1_048_576;

/** Limits of what lies in memory for one consumer: its queue, the responses under way, and their copies stay below 200 MiB. */
export const PREFETCH = { queueKib: 16_384, responseBytes: 16 * MIB, largestResponseBytes: 64 * MIB } as const;

export const CONSUMER_KEYS: readonly ClientKey[] = [
  direct(
    'group.id',
    [CONSUMER, 'STRING', null],
    ['group.id'],
    'connect-<connector> unless consumer.group.id or consumer.override.group.id is set',
  ),
  direct('group.instance.id', [CONSUMER, 'STRING', null], ['group.instance.id'], '', { check: { nonEmpty: true } }),
  rule('group.protocol', [CONSUMER, 'STRING', 'classic'], ['group.protocol'], 'consumer: session and heartbeat are set on the broker', {
    oneOf: ['CONSUMER', 'CLASSIC'],
    ignoreCase: true,
  }),
  rule('group.remote.assignor', [CONSUMER, 'STRING', null], ['group.remote.assignor'], 'with group.protocol=consumer only'),
  rule('session.timeout.ms', [CONSUMER, 'INT', '45000'], ['session.timeout.ms'], 'with group.protocol=classic only; 1 to 3600000'),
  rule('heartbeat.interval.ms', [CONSUMER, 'INT', '3000'], ['heartbeat.interval.ms'], 'with group.protocol=classic only; 1 to 3600000'),
  rule(
    'partition.assignment.strategy',
    [
      CONSUMER,
      'LIST',
      'class org.apache.kafka.clients.consumer.RangeAssignor,class org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    ],
    ['partition.assignment.strategy'],
    "range by default: librdkafka takes no mix of eager and cooperative, and a Java group with Java's default uses range. No StickyAssignor",
  ),
  direct('max.poll.interval.ms', [CONSUMER, 'INT', '300000'], ['max.poll.interval.ms'], 'not less than session.timeout.ms', {
    check: { min: 1 },
    range: [1, 86_400_000],
  }),
  caller('max.poll.records', [CONSUMER, 'INT', '500'], 'the most records in one put of a sink', { min: 1 }),
  rule(
    'auto.offset.reset',
    [CONSUMER, 'STRING', 'latest'],
    ['auto.offset.reset'],
    'earliest by default, as Connect sets it; none is an error of the task',
  ),
  direct('isolation.level', [CONSUMER, 'STRING', 'read_uncommitted'], ['isolation.level'], '', {
    check: { oneOf: ['read_committed', 'read_uncommitted'] },
  }),
  direct('check.crcs', [CONSUMER, 'BOOLEAN', 'true'], ['check.crcs']),
  direct('allow.auto.create.topics', [CONSUMER, 'BOOLEAN', 'true'], ['allow.auto.create.topics']),
  direct('fetch.min.bytes', [CONSUMER, 'INT', '1'], ['fetch.min.bytes'], '', { check: NON_NEGATIVE, range: [1, 100_000_000] }),
  direct('fetch.max.wait.ms', [CONSUMER, 'INT', '500'], ['fetch.wait.max.ms'], '', { check: NON_NEGATIVE, range: [0, 300_000] }),
  direct(
    'fetch.max.bytes',
    [CONSUMER, 'INT', '52428800'],
    ['fetch.max.bytes'],
    'default 16 MiB and at most 64 MiB: what is fetched ahead lies in memory beside the sink',
    {
      check: NON_NEGATIVE,
      range: [1024, PREFETCH.largestResponseBytes],
      ownDefault: String(PREFETCH.responseBytes),
    },
  ),
  direct(
    'max.partition.fetch.bytes',
    [CONSUMER, 'INT', '1048576'],
    ['fetch.message.max.bytes'],
    'at most 64 MiB; a larger record is still read',
    {
      check: NON_NEGATIVE,
      range: [1, PREFETCH.largestResponseBytes],
    },
  ),
  direct('client.rack', [CONSUMER, 'STRING', ''], ['client.rack']),
  { ...none('enable.auto.commit', [CONSUMER, 'BOOLEAN', 'true'], COMMITS), ownDefault: 'false' },
  none('auto.commit.interval.ms', [CONSUMER, 'INT', '5000'], COMMITS, NON_NEGATIVE),
  none('exclude.internal.topics', [CONSUMER, 'BOOLEAN', 'true'], 'topics.regex of the connector decides'),
  none('internal.throw.on.fetch.stable.offset.unsupported', [CONSUMER, 'BOOLEAN', 'false'], 'it is internal to Java'),
  none('share.acknowledgement.mode', [CONSUMER, 'STRING', 'implicit'], SHARE_GROUPS),
  none('share.acquire.mode', [CONSUMER, 'STRING', 'BATCH_OPTIMIZED'], SHARE_GROUPS),
  none('key.deserializer', [CONSUMER, 'CLASS', null], BYTES_ARE_READ),
  none('value.deserializer', [CONSUMER, 'CLASS', null], BYTES_ARE_READ),
];
