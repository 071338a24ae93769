/** Settings that producers, consumers and admin clients share, security apart. */
import { ADMIN, type ClientKey, type ClientKind, caller, direct, EVERY_CLIENT, none, rule } from './client-key';

const GROUP_CLIENTS: readonly ClientKind[] = ['producer', 'consumer'];
const RECEIVERS: readonly ClientKind[] = ['consumer', 'admin'];
const LONGEST_REFRESH_MS = 3_600_000;
const LONGEST_BACKOFF_MS = 3_600_000;
const LONGEST_RETRY_BACKOFF_MS = 300_000;
const NON_NEGATIVE = { min: 0 } as const;
const JVM_METRICS = 'metrics of the Java client do not exist here';

/** Java's -1 (the system's default) is librdkafka's 0. */
const bufferSize = (value: string): string => (Number(value) < 0 ? '0' : value);
const SOCKET_BUFFER = { check: { min: -1 }, range: [0, 100_000_000], convert: bufferSize } as const;
const IDLE = { convert: (value: string): string => (Number(value) < 0 ? '0' : value), range: [0, 2_147_483_647] } as const;

export const COMMON_KEYS: readonly ClientKey[] = [
  direct('bootstrap.servers', [GROUP_CLIENTS, 'LIST', null], ['bootstrap.servers'], 'taken from the worker'),
  direct('bootstrap.servers', [ADMIN, 'LIST', ''], ['bootstrap.servers'], 'taken from the worker'),
  none('bootstrap.controllers', [ADMIN, 'LIST', ''], 'Connect talks to brokers, not to controllers'),
  direct(
    'client.id',
    [EVERY_CLIENT, 'STRING', ''],
    ['client.id'],
    'set by the worker as in Connect, e.g. connector-producer-<connector>-<task>',
  ),
  direct('client.dns.lookup', [EVERY_CLIENT, 'STRING', 'use_all_dns_ips'], ['client.dns.lookup'], '', {
    check: { oneOf: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'] },
  }),
  rule(
    'metadata.max.age.ms',
    [EVERY_CLIENT, 'LONG', '300000'],
    ['topic.metadata.refresh.interval.ms', 'metadata.max.age.ms'],
    'how often metadata is refreshed, so how soon topics.regex sees a new topic; cached metadata expire after three times that',
    NON_NEGATIVE,
  ),
  direct('metadata.recovery.strategy', [EVERY_CLIENT, 'STRING', 'rebootstrap'], ['metadata.recovery.strategy'], '', {
    check: { oneOf: ['REBOOTSTRAP', 'NONE'], ignoreCase: true },
    convert: value => value.toLowerCase(),
  }),
  direct('metadata.recovery.rebootstrap.trigger.ms', [EVERY_CLIENT, 'LONG', '300000'], ['metadata.recovery.rebootstrap.trigger.ms'], '', {
    check: NON_NEGATIVE,
    range: [0, 2_147_483_647],
  }),
  direct(
    'connections.max.idle.ms',
    [GROUP_CLIENTS, 'LONG', '540000'],
    ['connections.max.idle.ms'],
    'a negative value turns it off, as in Java',
    IDLE,
  ),
  direct(
    'connections.max.idle.ms',
    [ADMIN, 'LONG', '300000'],
    ['connections.max.idle.ms'],
    'a negative value turns it off, as in Java',
    IDLE,
  ),
  direct('reconnect.backoff.ms', [EVERY_CLIENT, 'LONG', '50'], ['reconnect.backoff.ms'], '', {
    check: NON_NEGATIVE,
    range: [0, LONGEST_BACKOFF_MS],
  }),
  direct(
    'reconnect.backoff.max.ms',
    [EVERY_CLIENT, 'LONG', '1000'],
    ['reconnect.backoff.max.ms'],
    'raised to reconnect.backoff.ms if it is less',
    {
      check: NON_NEGATIVE,
      range: [0, LONGEST_BACKOFF_MS],
    },
  ),
  direct('retry.backoff.ms', [EVERY_CLIENT, 'LONG', '100'], ['retry.backoff.ms'], '', {
    check: NON_NEGATIVE,
    range: [1, LONGEST_RETRY_BACKOFF_MS],
  }),
  direct('retry.backoff.max.ms', [EVERY_CLIENT, 'LONG', '1000'], ['retry.backoff.max.ms'], '', {
    check: NON_NEGATIVE,
    range: [1, LONGEST_RETRY_BACKOFF_MS],
  }),
  rule(
    'request.timeout.ms',
    [EVERY_CLIENT, 'INT', '30000'],
    ['socket.timeout.ms', 'request.timeout.ms'],
    'how long a request may take; producers also tell the broker, as in Java. At most 300000',
    NON_NEGATIVE,
  ),
  direct(
    'socket.connection.setup.timeout.ms',
    [EVERY_CLIENT, 'LONG', '10000'],
    ['socket.connection.setup.timeout.ms'],
    "default 30000: librdkafka's limit does not grow with each attempt as Java's does, and includes TLS and SASL; this is what Java's grows to",
    { check: NON_NEGATIVE, range: [1000, 2_147_483_647], ownDefault: '30000' },
  ),
  none(
    'socket.connection.setup.timeout.max.ms',
    [EVERY_CLIENT, 'LONG', '30000'],
    'the limit of librdkafka does not grow; set socket.connection.setup.timeout.ms',
    NON_NEGATIVE,
  ),
  direct(
    'send.buffer.bytes',
    [EVERY_CLIENT, 'INT', '131072'],
    ['socket.send.buffer.bytes'],
    "default 0, the system's: Java's 128 KiB would stop the kernel from adapting it",
    { ...SOCKET_BUFFER, ownDefault: '0' },
  ),
  direct('receive.buffer.bytes', [['producer'], 'INT', '32768'], ['socket.receive.buffer.bytes'], "default 0, the system's, which adapts", {
    ...SOCKET_BUFFER,
    ownDefault: '0',
  }),
  direct('receive.buffer.bytes', [RECEIVERS, 'INT', '65536'], ['socket.receive.buffer.bytes'], "default 0, the system's, which adapts", {
    ...SOCKET_BUFFER,
    ownDefault: '0',
  }),
  direct('enable.metrics.push', [GROUP_CLIENTS, 'BOOLEAN', 'true'], ['enable.metrics.push']),
  direct('enable.metrics.push', [ADMIN, 'BOOLEAN', 'false'], ['enable.metrics.push']),
  caller('default.api.timeout.ms', [RECEIVERS, 'INT', '60000'], 'limit of a whole admin call, kept by the worker', NON_NEGATIVE),
  none('metric.reporters', [EVERY_CLIENT, 'LIST', 'org.apache.kafka.common.metrics.JmxReporter'], JVM_METRICS),
  none('metrics.num.samples', [EVERY_CLIENT, 'INT', '2'], JVM_METRICS, { min: 1 }),
  none('metrics.sample.window.ms', [EVERY_CLIENT, 'LONG', '30000'], JVM_METRICS, NON_NEGATIVE),
  none('metrics.recording.level', [EVERY_CLIENT, 'STRING', 'INFO'], JVM_METRICS, { oneOf: ['INFO', 'DEBUG', 'TRACE'] }),
  none(
    'config.providers',
    [EVERY_CLIENT, 'LIST', ''],
    'variables are resolved by the worker; set config.providers there, without a prefix',
  ),
  none('interceptor.classes', [GROUP_CLIENTS, 'LIST', ''], 'it names Java classes, which cannot run here'),
];

/** The longest `topic.metadata.refresh.interval.ms`. */
export const MAX_METADATA_REFRESH_MS = LONGEST_REFRESH_MS;
