/** Settings of producers. */
import { ADMIN, type ClientKey, direct, none, PRODUCER, rule } from './client-key';

const NON_NEGATIVE = { min: 0 } as const;
const BYTES_ARE_MADE = 'the worker makes bytes with key.converter and value.converter';
const MAX_INT = '2147483647';

export const PRODUCER_KEYS: readonly ClientKey[] = [
  rule('acks', [PRODUCER, 'STRING', 'all'], ['request.required.acks'], 'other than all makes the producer non-idempotent', {
    oneOf: ['all', '-1', '0', '1'],
  }),
  rule(
    'enable.idempotence',
    [PRODUCER, 'BOOLEAN', 'true'],
    ['enable.idempotence'],
    'true, where Connect on Java sets false: no duplicates from retries, and order at full speed',
  ),
  rule(
    'max.in.flight.requests.per.connection',
    [PRODUCER, 'INT', '5'],
    ['max.in.flight.requests.per.connection'],
    '5 when idempotent, which keeps the order; otherwise 1 as Connect sets it, unless the user says more',
    { min: 1 },
  ),
  rule('retries', [PRODUCER, 'INT', MAX_INT], ['message.send.max.retries'], '0 makes the producer non-idempotent', {
    min: 0,
    max: 2_147_483_647,
  }),
  none('retries', [ADMIN, 'INT', MAX_INT], 'admin calls are repeated until default.api.timeout.ms', { min: 0, max: 2_147_483_647 }),
  rule(
    'delivery.timeout.ms',
    [PRODUCER, 'INT', '120000'],
    ['message.timeout.ms'],
    'no limit by default, as Connect sets it (2147483647): a record is never given up',
    NON_NEGATIVE,
  ),
  direct('linger.ms', [PRODUCER, 'LONG', '5'], ['queue.buffering.max.ms'], '', { check: NON_NEGATIVE, range: [0, 900_000] }),
  direct(
    'batch.size',
    [PRODUCER, 'INT', '16384'],
    ['batch.size'],
    'default 1000000: in Java it is the unit of allocation for a partition, here only an upper limit',
    {
      check: NON_NEGATIVE,
      range: [1, 2_147_483_647],
      ownDefault: '1000000',
    },
  ),
  direct(
    'buffer.memory',
    [PRODUCER, 'LONG', '33554432'],
    ['queue.buffering.max.kbytes'],
    'in KiB, rounded up; besides, at most 100000 records wait',
    {
      check: NON_NEGATIVE,
      convert: value => String(Math.ceil(Number(value) / 1024)),
      range: [1, 2_147_483_647],
    },
  ),
  direct('max.request.size', [PRODUCER, 'INT', '1048576'], ['message.max.bytes'], 'largest record, and largest request', {
    check: NON_NEGATIVE,
    range: [1000, 1_000_000_000],
  }),
  direct('compression.type', [PRODUCER, 'STRING', 'none'], ['compression.codec'], '', {
    check: { oneOf: ['none', 'gzip', 'snappy', 'lz4', 'zstd'] },
  }),
  rule('compression.gzip.level', [PRODUCER, 'INT', '-1'], ['compression.level'], 'used with compression.type=gzip'),
  rule('compression.lz4.level', [PRODUCER, 'INT', '9'], ['compression.level'], 'used with compression.type=lz4; at most 12', {
    min: 1,
    max: 17,
  }),
  rule('compression.zstd.level', [PRODUCER, 'INT', '3'], ['compression.level'], 'used with compression.type=zstd; -1 to 12', {
    min: -131_072,
    max: 22,
  }),
  rule(
    'partitioner.class',
    [PRODUCER, 'CLASS', null],
    ['partitioner'],
    'murmur2 of the key as in Java, sticky random without a key; RoundRobinPartitioner becomes random, other classes cannot run here',
  ),
  rule('partitioner.ignore.keys', [PRODUCER, 'BOOLEAN', 'false'], ['partitioner'], 'true: random partitions'),
  none('partitioner.adaptive.partitioning.enable', [PRODUCER, 'BOOLEAN', 'true'], 'librdkafka does not prefer faster brokers'),
  none('partitioner.availability.timeout.ms', [PRODUCER, 'LONG', '0'], 'librdkafka does not avoid slow partitions', NON_NEGATIVE),
  none(
    'max.block.ms',
    [PRODUCER, 'LONG', '60000'],
    'a full buffer holds the source back as long as needed, as Connect sets it',
    NON_NEGATIVE,
  ),
  none('metadata.max.idle.ms', [PRODUCER, 'LONG', '300000'], 'librdkafka keeps the metadata of topics that it writes to', { min: 5000 }),
  none(
    'transactional.id',
    [PRODUCER, 'STRING', null],
    'transactions would need begin and commit, which a standalone worker does not do for users',
    { nonEmpty: true },
  ),
  none('transaction.timeout.ms', [PRODUCER, 'INT', '60000'], 'there are no transactions'),
  none('transaction.two.phase.commit.enable', [PRODUCER, 'BOOLEAN', 'false'], 'there are no transactions'),
  none('key.serializer', [PRODUCER, 'CLASS', null], BYTES_ARE_MADE),
  none('value.serializer', [PRODUCER, 'CLASS', null], BYTES_ARE_MADE),
];
