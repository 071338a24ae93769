/**
 * Translates settings of Java's Kafka clients to librdkafka's, by the table in client-config-table.ts. Settings that the user omits have
 * Java's default (or Connect's, if Connect sets one), unless the table says why not.
 */
import { convertToString, parseType } from '../../api/config-def';
import type { Props } from '../../api/connector';
import { checkClientValue } from '../../config/clients/client-values';
import { FIXED_SETTINGS, keysOf } from './client-config-table';
import type { ClientKey, ClientKind } from './client-key';
import { MAX_METADATA_REFRESH_MS } from './client-keys-common';
import { applyConsumerRules } from './consumer-rules';
import { applyProducerRules } from './producer-rules';
import { applySaslRules } from './sasl-rules';
import { applyTlsRules } from './tls-rules';
import { Translation } from './translation';

/** Settings for one client. */
export interface ClientSettings {
  /** For rd_kafka_conf_set, in this order. Holds secrets: must not be logged. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings without a counterpart, and why; to be logged once. Holds no secrets. */
  readonly warnings: readonly string[];
  /** `max.poll.records` of a consumer: the most records in one put. */
  readonly maxPollRecords: number;
  /** `default.api.timeout.ms`: the limit of a whole admin call, in ms. */
  readonly defaultApiTimeoutMs: number;
}

const BYTE_ARRAYS = /^org\.apache\.kafka\.common\.serialization\.ByteArray(?:Des|S)erializer$/;
const MAX_SOCKET_TIMEOUT_MS = 300_000;
const MIN_SOCKET_TIMEOUT_MS = 10;
/** A lower value would flood brokers with metadata requests. */
const MIN_METADATA_REFRESH_MS = 10;

/**
 * Translates the merged settings of one client.
 * @param props Java's keys, as `producerProps`, `consumerProps` or `adminProps` give them
 * @throws ConnectError (ConfigException) with Java's text for a bad value, or for settings that contradict each other
 */
export function translateClientProps(kind: ClientKind, props: Props): ClientSettings {
  const keys = keysOf(kind);
  const values = new Map<string, string>();
  for (const [javaKey, raw] of Object.entries(props)) {
    const key = keys.get(javaKey);
    checkClientValue(kind, javaKey, raw);
    if (key !== undefined) values.set(javaKey, checkValue(key, raw));
  }
  const t = new Translation(kind, keys, values);
  for (const javaKey of Object.keys(props)) warnOfKey(t, javaKey, keys.get(javaKey));
  for (const [setting, value] of Object.entries(FIXED_SETTINGS[kind])) t.set(setting, value);
  for (const key of keys.values()) if (key.handling === 'direct') applyDirect(t, key);
  applyTimes(t);
  if (kind === 'producer') applyProducerRules(t);
  if (kind === 'consumer') applyConsumerRules(t);
  applyTlsRules(t);
  applySaslRules(t);
  return {
    settings: t.settings,
    warnings: t.warnings,
    maxPollRecords: Number(t.value('max.poll.records')),
    defaultApiTimeoutMs: Number(t.value('default.api.timeout.ms')),
  };
}

/** The largest record in bytes that a producer with these settings accepts. */
export function maxRequestSizeBytes(settings: Readonly<Record<string, string>>): number {
  return Number(settings['message.max.bytes']);
}

/**
 * The value as text in its usual spelling (trimmed, numbers without sign and leading zeros, booleans in lower case).
 * @throws ConnectError (ConfigException) with Java's text
 */
function checkValue({ javaKey, type, validator }: ClientKey, raw: string): string {
  // Secrets stay as they are, classes are not loaded, and lists are split where they are used.
  if (type === 'PASSWORD') return raw;
  const text = raw.trim();
  if (type === 'CLASS' || type === 'LIST') return text;
  const value = parseType(javaKey, text, type);
  validator?.(javaKey, value);
  return convertToString(value, type) ?? '';
}

function warnOfKey(t: Translation, javaKey: string, key: ClientKey | undefined): void {
  if (key === undefined) {
    t.warn(javaKey, `a Kafka ${t.kind} has no such setting`);
    return;
  }
  if (key.handling !== 'none' || t.user(javaKey) === (key.ownDefault ?? key.javaDefault ?? '')) return;
  // Values that Connect sets itself do no harm.
  const isConnects = key.type === 'CLASS' && BYTE_ARRAYS.test(t.value(javaKey));
  if (!isConnects) t.warn(javaKey, key.note);
}

function applyDirect(t: Translation, key: ClientKey): void {
  const user = t.user(key.javaKey);
  // An empty text means "not set", as for Java's optional strings.
  const value = user === undefined || user === '' ? (key.ownDefault ?? key.javaDefault ?? '') : user;
  if (value === '') return;
  const converted = key.convert?.(value) ?? value;
  const inRange = key.range === undefined ? converted : t.clamp(key.javaKey, converted, key.range);
  for (const setting of key.librdkafka) t.set(setting, inRange);
}

/** Times that depend on each other, for every client. */
function applyTimes(t: Translation): void {
  const timeout = t.clamp('request.timeout.ms', t.value('request.timeout.ms'), [MIN_SOCKET_TIMEOUT_MS, MAX_SOCKET_TIMEOUT_MS]);
  t.set('socket.timeout.ms', timeout);
  if (t.kind === 'producer') t.set('request.timeout.ms', timeout);
  const refresh = t.clamp('metadata.max.age.ms', t.value('metadata.max.age.ms'), [MIN_METADATA_REFRESH_MS, MAX_METADATA_REFRESH_MS]);
  t.set('topic.metadata.refresh.interval.ms', refresh);
  // Cached metadata survives two failed refreshes, as by default in librdkafka.
  t.set('metadata.max.age.ms', String(Number(refresh) * 3));
  raise(t, 'reconnect.backoff.max.ms', 'reconnect.backoff.ms');
  raise(t, 'retry.backoff.max.ms', 'retry.backoff.ms');
}

/** Java allows a maximum back-off below the initial one; librdkafka does not. */
function raise(t: Translation, highest: string, first: string): void {
  if (Number(t.settings[highest]) < Number(t.settings[first])) t.set(highest, t.settings[first]);
}
