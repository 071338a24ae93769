/** Settings that producers, consumers and admin clients share, security apart. */
import { withoutProtocols } from '../../config/clients/bootstrap-servers';
import { type ClientRow, caller, direct, none, rule } from './client-key';

/** The longest `topic.metadata.refresh.interval.ms`. */
export const MAX_METADATA_REFRESH_MS = 3_600_000;
const LONGEST_BACKOFF_MS = 3_600_000;
const LONGEST_RETRY_BACKOFF_MS = 300_000;
const JVM_METRICS = 'metrics of the Java client do not exist here';

/** Java's -1 (the system's default, or never) is librdkafka's 0. */
const negativeIsZero = (value: string): string => (Number(value) < 0 ? '0' : value);
const SOCKET_BUFFER = { range: [0, 100_000_000], convert: negativeIsZero, ownDefault: '0' } as const;

export const COMMON_KEYS: readonly ClientRow[] = [
  direct('bootstrap.servers', ['bootstrap.servers'], 'taken from the worker; a protocol before a host has no effect', {
    convert: withoutProtocols,
  }),
  none('bootstrap.controllers', 'Connect talks to brokers, not to controllers'),
  direct('client.id', ['client.id'], 'set by the worker as in Connect, e.g. connector-producer-<connector>-<task>'),
  direct('client.dns.lookup', ['client.dns.lookup']),
  rule(
    'metadata.max.age.ms',
    ['topic.metadata.refresh.interval.ms', 'metadata.max.age.ms'],
    'how often metadata is refreshed, so how soon topics.regex sees a new topic; cached metadata expire after three times that',
  ),
  direct('metadata.recovery.strategy', ['metadata.recovery.strategy'], '', { convert: value => value.toLowerCase() }),
  direct('metadata.recovery.rebootstrap.trigger.ms', ['metadata.recovery.rebootstrap.trigger.ms'], '', { range: [0, 2_147_483_647] }),
  direct('connections.max.idle.ms', ['connections.max.idle.ms'], 'a negative value turns it off, as in Java', {
    convert: negativeIsZero,
    range: [0, 2_147_483_647],
  }),
  direct('reconnect.backoff.ms', ['reconnect.backoff.ms'], '', { range: [0, LONGEST_BACKOFF_MS] }),
  direct('reconnect.backoff.max.ms', ['reconnect.backoff.max.ms'], 'raised to reconnect.backoff.ms if it is less', {
    range: [0, LONGEST_BACKOFF_MS],
  }),
  direct('retry.backoff.ms', ['retry.backoff.ms'], '', { range: [1, LONGEST_RETRY_BACKOFF_MS] }),
  direct('retry.backoff.max.ms', ['retry.backoff.max.ms'], '', { range: [1, LONGEST_RETRY_BACKOFF_MS] }),
  rule(
    'request.timeout.ms',
    ['socket.timeout.ms', 'request.timeout.ms'],
    'how long a request may take; producers also tell the broker, as in Java. At most 300000',
  ),
  direct(
    'socket.connection.setup.timeout.ms',
    ['socket.connection.setup.timeout.ms'],
    "default 30000: librdkafka's limit does not grow with each attempt as Java's does, and includes TLS and SASL; this is what Java's grows to",
    { range: [1000, 2_147_483_647], ownDefault: '30000' },
  ),
  none('socket.connection.setup.timeout.max.ms', 'the limit of librdkafka does not grow; set socket.connection.setup.timeout.ms'),
  direct(
    'send.buffer.bytes',
    ['socket.send.buffer.bytes'],
    "default 0, the system's: Java's 128 KiB would stop the kernel from adapting it",
    SOCKET_BUFFER,
  ),
  direct('receive.buffer.bytes', ['socket.receive.buffer.bytes'], "default 0, the system's, which adapts", SOCKET_BUFFER),
  direct('enable.metrics.push', ['enable.metrics.push']),
  caller('default.api.timeout.ms', 'limit of a whole admin call, kept by the worker'),
  none('metric.reporters', JVM_METRICS),
  none('metrics.num.samples', JVM_METRICS),
  none('metrics.sample.window.ms', JVM_METRICS),
  none('metrics.recording.level', JVM_METRICS),
  none('config.providers', 'variables are resolved by the worker; set config.providers there, without a prefix'),
  none('interceptor.classes', 'it names Java classes, which cannot run here'),
];
