/** Settings of a producer that depend on each other. */
import { ConnectError } from '../../errors';
import type { Translation } from './translation';

const MAX_IN_FLIGHT_IDEMPOTENT = 5;
const NO_TIMEOUT = 2_147_483_647;
/** librdkafka's range of `compression.level`, by codec. */
const COMPRESSION_LEVELS: Readonly<Record<string, readonly [number, number]>> = { gzip: [-1, 9], lz4: [-1, 12], zstd: [-1, 12] };
const ROUND_ROBIN = 'org.apache.kafka.clients.producer.RoundRobinPartitioner';

/** Applies the rules of producers. @throws ConnectError (ConfigException) with Java's text where settings contradict each other */
export function applyProducerRules(t: Translation): void {
  applyIdempotence(t);
  applyDeliveryTimeout(t);
  applyCompressionLevel(t);
  applyPartitioner(t);
}

/** Idempotent unless another setting of the user rules it out; setting both is an error, as in Java. */
function applyIdempotence(t: Translation): void {
  const explicit = t.user('enable.idempotence');
  const acks = t.value('acks');
  const retries = t.value('retries');
  const inFlight = t.user('max.in.flight.requests.per.connection');
  const obstacles = [
    acks !== 'all' && acks !== '-1'
      ? 'Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.'
      : undefined,
    retries === '0' ? 'Must set retries to non-zero when using the idempotent producer.' : undefined,
    Number(inFlight ?? 1) > MAX_IN_FLIGHT_IDEMPOTENT
      ? `To use the idempotent producer, max.in.flight.requests.per.connection must be set to at most ${MAX_IN_FLIGHT_IDEMPOTENT}. Current value is ${inFlight}.`
      : undefined,
  ].filter(obstacle => obstacle !== undefined);
  if (explicit === 'true' && obstacles[0] !== undefined) throw new ConnectError('ConfigException', obstacles[0]);
  const idempotent = explicit !== 'false' && obstacles.length === 0;
  t.set('enable.idempotence', String(idempotent));
  t.set('request.required.acks', acks);
  t.set('message.send.max.retries', retries);
  // More than one request in flight without idempotence changes the order after a retry; Connect therefore sets 1.
  const requests = inFlight ?? String(idempotent ? MAX_IN_FLIGHT_IDEMPOTENT : 1);
  t.set('max.in.flight.requests.per.connection', t.clamp('max.in.flight.requests.per.connection', requests, [1, 1_000_000]));
  if (!idempotent && explicit === undefined) {
    t.warnings.push(
      `producer settings acks, retries or max.in.flight.requests.per.connection turn idempotence off: retries can send records twice`,
    );
  }
}

function applyDeliveryTimeout(t: Translation): void {
  const timeout = Number(t.user('delivery.timeout.ms') ?? NO_TIMEOUT);
  const least = Number(t.value('linger.ms')) + Number(t.value('request.timeout.ms'));
  if (timeout < Math.min(least, NO_TIMEOUT)) {
    throw new ConnectError('ConfigException', 'delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms');
  }
  // librdkafka requires it to be above linger.ms. With both 0, Java gives up every record at once, which nobody can want.
  t.set('message.timeout.ms', timeout === NO_TIMEOUT ? '0' : String(Math.max(timeout, Number(t.settings['queue.buffering.max.ms']) + 1)));
}

function applyCompressionLevel(t: Translation): void {
  const codec = t.value('compression.type');
  const range = COMPRESSION_LEVELS[codec];
  const javaKey = `compression.${codec}.level`;
  const level = t.user(javaKey);
  if (range === undefined || level === undefined) return;
  t.set('compression.level', t.clamp(javaKey, level, range));
}

function applyPartitioner(t: Translation): void {
  const partitioner = t.user('partitioner.class') ?? '';
  const ignoreKeys = t.value('partitioner.ignore.keys') === 'true';
  if (partitioner === ROUND_ROBIN) {
    t.warnings.push('producer setting partitioner.class: librdkafka has no round robin, so partitions are taken at random');
  } else if (partitioner !== '') {
    t.warn(
      'partitioner.class',
      `${partitioner} is a Java class, which cannot run here; the partition comes from the murmur2 hash of the key`,
    );
  }
  t.set('partitioner', partitioner === ROUND_ROBIN || ignoreKeys ? 'random' : 'murmur2_random');
}
