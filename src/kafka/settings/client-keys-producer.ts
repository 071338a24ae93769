/** Settings of producers. */
import { type ClientRow, direct, none, rule } from './client-key';

const BYTES_ARE_MADE = 'the worker makes bytes with key.converter and value.converter';

export const PRODUCER_KEYS: readonly ClientRow[] = [
  rule('acks', ['request.required.acks'], 'any value but all makes the producer non-idempotent'),
  rule(
    'enable.idempotence',
    ['enable.idempotence'],
    'true, where Connect on Java sets false: no duplicates from retries, and order at full speed',
  ),
  rule(
    'max.in.flight.requests.per.connection',
    ['max.in.flight.requests.per.connection'],
    '5 when idempotent, which keeps the order; otherwise 1 as Connect sets it, unless the user says more',
  ),
  { ...rule('retries', ['message.send.max.retries'], '0 makes the producer non-idempotent'), who: ['producer'] },
  { ...none('retries', 'admin calls are repeated until default.api.timeout.ms'), who: ['admin'] },
  rule('delivery.timeout.ms', ['message.timeout.ms'], 'no limit by default, as Connect sets it (2147483647): a record is never given up'),
  direct('linger.ms', ['queue.buffering.max.ms'], '', { range: [0, 900_000] }),
  direct('batch.size', ['batch.size'], 'default 1000000: in Java it is the unit of allocation for a partition, here only an upper limit', {
    range: [1, 2_147_483_647],
    ownDefault: '1000000',
  }),
  direct('buffer.memory', ['queue.buffering.max.kbytes'], 'in KiB, rounded up; besides, at most 100000 records wait', {
    convert: value => String(Math.ceil(Number(value) / 1024)),
    range: [1, 2_147_483_647],
  }),
  direct('max.request.size', ['message.max.bytes'], 'largest record, and largest request', { range: [1000, 1_000_000_000] }),
  direct('compression.type', ['compression.codec']),
  rule('compression.gzip.level', ['compression.level'], 'used with compression.type=gzip'),
  rule('compression.lz4.level', ['compression.level'], 'used with compression.type=lz4; at most 12'),
  rule('compression.zstd.level', ['compression.level'], 'used with compression.type=zstd; -1 to 12'),
  rule(
    'partitioner.class',
    ['partitioner'],
    'murmur2 of the key as in Java, sticky random without a key; RoundRobinPartitioner becomes random, other classes cannot run here',
  ),
  rule('partitioner.ignore.keys', ['partitioner'], 'true: random partitions'),
  none('partitioner.adaptive.partitioning.enable', 'librdkafka does not prefer faster brokers'),
  none('partitioner.availability.timeout.ms', 'librdkafka does not avoid slow partitions'),
  none('max.block.ms', 'a full buffer holds the source back as long as needed, as Connect sets it'),
  none('metadata.max.idle.ms', 'librdkafka keeps the metadata of topics that it writes to'),
  none('transactional.id', 'with exactly-once each task has one of its own, made from worker.uuid; otherwise there are no transactions'),
  rule('transaction.timeout.ms', ['transaction.timeout.ms'], 'with exactly-once; otherwise there are no transactions'),
  none('transaction.two.phase.commit.enable', 'transactions are committed at once'),
  none('key.serializer', BYTES_ARE_MADE),
  none('value.serializer', BYTES_ARE_MADE),
];
