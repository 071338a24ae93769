/** Settings of consumers. */
import { type ClientRow, caller, direct, none, rule } from './client-key';

const BYTES_ARE_READ = 'the worker reads bytes with key.converter and value.converter';
const COMMITS = 'the worker commits, after the sink has flushed';
const SHARE_GROUPS = 'Connect uses no share groups';
const MIB = 1_048_576;

/** Memory limits of one consumer: its queue, the responses in flight and their copies stay below 200 MiB. */
const PREFETCH = { queueKib: 16_384, responseBytes: 16 * MIB, largestResponseBytes: 64 * MIB } as const;

export const CONSUMER_KEYS: readonly ClientRow[] = [
  direct('group.id', ['group.id'], 'connect-<connector> unless consumer.group.id or consumer.override.group.id is set'),
  direct('group.instance.id', ['group.instance.id']),
  rule('group.protocol', ['group.protocol'], 'consumer: session and heartbeat are set on the broker'),
  rule('group.remote.assignor', ['group.remote.assignor'], 'with group.protocol=consumer only'),
  rule('session.timeout.ms', ['session.timeout.ms'], 'with group.protocol=classic only; 1 to 3600000'),
  rule('heartbeat.interval.ms', ['heartbeat.interval.ms'], 'with group.protocol=classic only; 1 to 3600000'),
  rule(
    'partition.assignment.strategy',
    ['partition.assignment.strategy'],
    "range by default: librdkafka takes no mix of eager and cooperative, and a Java group with Java's default uses range. No StickyAssignor",
  ),
  direct('max.poll.interval.ms', ['max.poll.interval.ms'], 'not less than session.timeout.ms', { range: [1, 86_400_000] }),
  caller('max.poll.records', 'the most records in one put of a sink'),
  rule('auto.offset.reset', ['auto.offset.reset'], 'earliest by default, as Connect sets it; none is an error of the task'),
  direct('isolation.level', ['isolation.level']),
  direct('check.crcs', ['check.crcs']),
  direct('allow.auto.create.topics', ['allow.auto.create.topics']),
  direct('fetch.min.bytes', ['fetch.min.bytes'], '', { range: [1, 100_000_000] }),
  direct('fetch.max.wait.ms', ['fetch.wait.max.ms'], '', { range: [0, 300_000] }),
  direct(
    'fetch.max.bytes',
    ['fetch.max.bytes'],
    'default 16 MiB and at most 64 MiB: what is fetched ahead lies in memory beside the sink',
    { range: [1024, PREFETCH.largestResponseBytes], ownDefault: String(PREFETCH.responseBytes) },
  ),
  direct('max.partition.fetch.bytes', ['fetch.message.max.bytes'], 'at most 64 MiB; a larger record is still read', {
    range: [1, PREFETCH.largestResponseBytes],
  }),
  direct('client.rack', ['client.rack']),
  { ...none('enable.auto.commit', COMMITS), ownDefault: 'false' },
  none('auto.commit.interval.ms', COMMITS),
  none('exclude.internal.topics', 'topics.regex of the connector decides'),
  none('internal.throw.on.fetch.stable.offset.unsupported', 'it is internal to Java'),
  none('share.acknowledgement.mode', SHARE_GROUPS),
  none('share.acquire.mode', SHARE_GROUPS),
  none('key.deserializer', BYTES_ARE_READ),
  none('value.deserializer', BYTES_ARE_READ),
];
