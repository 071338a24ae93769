/** librdkafka's error codes as errors of our family, named by the Java classes that the Java clients throw. */
import { hideUrlSecrets } from '../../config/clients/url-secrets';
import { ConnectError, type ErrorCode } from '../../errors';
import { type Fate, meaningOf } from './error-codes';
import { type Librdkafka, RESP_ERR } from './librdkafka';

/** An error of a Kafka client, with its fate. */
export class KafkaClientError extends ConnectError {
  /** @param fate whether waiting or a new client may help */
  constructor(
    code: ErrorCode,
    message: string,
    readonly fate: Fate,
  ) {
    super(code, message);
  }
}

/**
 * An error for a librdkafka code.
 * @param detail text of the occurrence; absent: the code's own text
 */
export function kafkaError(lib: Librdkafka, code: number, detail = ''): KafkaClientError {
  const name = String(lib.errorName(code));
  const text = inWordsOfJava(hideUrlSecrets(detail || String(lib.errorText(code))));
  if (isRefusedByPeer(text)) return new KafkaClientError('SslAuthenticationException', `${text}. ${PEER_REMEDY}`, 'refused');
  const { javaClass, fate } = meaningOf(name);
  return new KafkaClientError(javaClass, `${text} (${name})`, fate);
}

/** The same with the broker's text alone, as the Java clients show it. */
export function brokerError(lib: Librdkafka, code: number, text: string): ConnectError {
  const error = kafkaError(lib, code);
  return text === '' ? error : new KafkaClientError(error.code, text, error.fate);
}

/** Replaces librdkafka's names of settings in its advice by Java's. */
function inWordsOfJava(text: string): string {
  return text
    .replace(
      /verify that ssl\.ca\.location is correctly configured.*?\(install ca-certificates package\)/,
      'its authority is not in ssl.truststore.location, or it has expired, or it is not for this host name (ssl.endpoint.identification.algorithm)',
    )
    .replace(
      /^Failed to acquire idempotence PID.*Cluster authorization failed/,
      '$&. The user needs IdempotentWrite on the cluster or Write on a topic; or set enable.idempotence=false for the producer',
    )
    .replace(
      /(?:Idempotent producer|Transactions) not supported by any of the \d+ connected broker\(s\)(?:: requires Apache Kafka broker version >= [\d.]+)?/,
      'the server is not a broker with support for idempotent producers: use the port of a broker, not that of a KRaft controller (or a broker of Kafka 0.11 or later)',
    )
    .replace(/see ssl\.key\.location and ssl\.certificate\.location/, 'see ssl.keystore.location');
}

/** TLS alerts by which a broker refuses a client's certificate, or asks for one. With TLS 1.3 they come after the client's handshake. */
const REFUSING_ALERTS = new Set([40, 42, 43, 44, 45, 46, 48, 49, 116]);
const PEER_REMEDY = 'The broker asks for a certificate that it trusts: check ssl.keystore.location';

function isRefusedByPeer(text: string): boolean {
  const [, number] = /SSL alert number (\d+)/.exec(text) ?? [];
  return number !== undefined && REFUSING_ALERTS.has(Number(number));
}

/** What an operation was about, as far as known. */
export interface Subject {
  readonly topic?: string;
  readonly group?: string;
  /** What the client wants to do with a topic: an operation of ACLs. */
  readonly operation?: 'Write' | 'Read';
}

/** The same error, with Java's text about the forbidden resource; other errors unchanged. */
export function nameSubject(error: ConnectError, subject: Subject): ConnectError {
  const { group, operation } = subject;
  const topic = subject.topic ?? /Subscribed topic not available: (.+?): (?:Broker|Local): /.exec(error.message)?.[1];
  if (error.code === 'TopicAuthorizationException' && topic !== undefined) {
    const needed = operation === undefined ? '' : `, which needs the operation ${operation}`;
    return new ConnectError(error.code, `Not authorized to access topics: [${topic}]${needed}`, error);
  }
  if (error.code === 'InvalidTopicException' && topic !== undefined)
    return new ConnectError(error.code, `Invalid topics: [${topic}]`, error);
  if (error.code === 'GroupAuthorizationException' && group !== undefined)
    return new ConnectError(error.code, `Not authorized to access group: ${group}, which needs the operation Read`, error);
  return error;
}

/** True for errors that waiting does not cure. @param text of the occurrence, if there is one */
export function isHopeless(lib: Librdkafka, code: number, text = ''): boolean {
  // One of several addresses is not a broker; damaged records have another text.
  if (text.includes(': Receive failed: Invalid response size ')) return false;
  const { fate } = meaningOf(String(lib.errorName(code)));
  // Anything else that makes a client unusable comes as its fatal error; librdkafka handles the rest by itself.
  return fate === 'never' || fate === 'refused' || code === RESP_ERR.FATAL || isRefusedByPeer(text);
}

/** True for delivery errors for which no record may be skipped, since the next record would fail too. */
export function isNoFaultOfRecord(lib: Librdkafka, code: number): boolean {
  return meaningOf(String(lib.errorName(code))).scope === 'client';
}

/**
 * The text of a broker that refuses a record (LogValidator); undefined if it is not known.
 * @param partition as `topic-0`
 */
export function refusalOf(name: string, partition: string, hasKey: boolean): string | undefined {
  // For well-formed batches there is no other reason.
  if (name === 'INVALID_RECORD' && !hasKey) return `Compacted topic cannot accept message without key in topic partition ${partition}.`;
  if (name === 'INVALID_TIMESTAMP')
    return (
      `The timestamp of a message is out of range in topic partition ${partition}: the topic takes those that its settings ` +
      'message.timestamp.before.max.ms and message.timestamp.after.max.ms allow.'
    );
  return undefined;
}

/**
 * Codes of errors about a partition or topic: UNKNOWN_PARTITION, and the broker's UNKNOWN_TOPIC_OR_PART, TOPIC_ and
 * GROUP_AUTHORIZATION_FAILED.
 */
const LOGGED_ONLY = [-190, 3, 29, 30] as const;

/**
 * The error in a line of librdkafka's log. When messages are fetched in batches, errors of partitions are not delivered as messages but
 * only logged, as a line `ERROR: ... (text of the error)`.
 * @returns its code, or undefined
 */
export function loggedError(lib: Librdkafka, line: string): number | undefined {
  if (!line.startsWith('ERROR: ')) return undefined;
  return LOGGED_ONLY.find(code => line.endsWith(`(${String(lib.errorText(code))})`));
}

/** True for an error that says that a topic does not exist, or no longer. */
export function isMissingTopic(lib: Librdkafka, code: number): boolean {
  return meaningOf(String(lib.errorName(code))).javaClass === 'UnknownTopicOrPartitionException';
}

/** True for errors that are not worth a log line. */
export function isPassing(lib: Librdkafka, code: number): boolean {
  return meaningOf(String(lib.errorName(code))).fate === 'passes';
}

/** Turns an `rd_kafka_error_t` into an error and frees it; undefined for NULL. */
export function takeError(lib: Librdkafka, error: number): ConnectError | undefined {
  if (error === 0) return undefined;
  const taken = kafkaError(lib, lib.errorCode(error), String(lib.errorString(error)));
  lib.errorDestroy(error);
  return taken;
}
