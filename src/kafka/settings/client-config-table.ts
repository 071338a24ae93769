/** The table of client settings: every key of Kafka 4.3's Java clients, and its counterpart in librdkafka. */
import { type ClientKey, type ClientKind, withJavaFacts } from './client-key';
import { COMMON_KEYS } from './client-keys-common';
import { CONSUMER_KEYS } from './client-keys-consumer';
import { PRODUCER_KEYS } from './client-keys-producer';
import { SECURITY_KEYS } from './client-keys-security';

/** All rows, in the order of the reference page. A key whose default differs by client has a row for each. */
export const CLIENT_KEYS: readonly ClientKey[] = [...COMMON_KEYS, ...PRODUCER_KEYS, ...CONSUMER_KEYS, ...SECURITY_KEYS].flatMap(
  withJavaFacts,
);

/** Constant settings that no Java key stands for. */
export const FIXED_SETTINGS: Readonly<Record<ClientKind, Readonly<Record<string, string>>>> = {
  // Log lines go to the worker's log, not to stderr.
  producer: { 'log.queue': 'true', 'queue.buffering.max.messages': '100000' },
  consumer: {
    'log.queue': 'true',
    'enable.auto.commit': 'false',
    'enable.auto.offset.store': 'false',
    // Prefetching is bounded, for memory; once there is room again, it resumes at once, not after librdkafka's default of a second.
    'queued.max.messages.kbytes': '16384',
    'fetch.queue.backoff.ms': '2',
  },
  admin: { 'log.queue': 'true' },
};

/** The rows of one client by key. */
export function keysOf(kind: ClientKind): ReadonlyMap<string, ClientKey> {
  return new Map(CLIENT_KEYS.filter(key => key.who.includes(kind)).map(key => [key.javaKey, key]));
}
