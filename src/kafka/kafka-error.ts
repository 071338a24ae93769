/** librdkafka's error codes as errors of our family, named by the Java classes that the Java clients throw. */
import { hideUrlSecrets } from '../config/url-secrets';
import { ConnectError, type ErrorCode } from '../errors';
import type { Librdkafka } from './librdkafka';

const CLASS_OF_NAME: Readonly<Record<string, ErrorCode>> = {
  MSG_SIZE_TOO_LARGE: 'RecordTooLargeException',
  _AUTHENTICATION: 'SaslAuthenticationException',
  SASL_AUTHENTICATION_FAILED: 'SaslAuthenticationException',
  _SSL: 'SslAuthenticationException',
  TOPIC_AUTHORIZATION_FAILED: 'TopicAuthorizationException',
  GROUP_AUTHORIZATION_FAILED: 'GroupAuthorizationException',
  CLUSTER_AUTHORIZATION_FAILED: 'ClusterAuthorizationException',
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: 'TransactionalIdAuthorizationException',
  INVALID_TRANSACTION_TIMEOUT: 'InvalidTxnTimeoutException',
  _FENCED: 'ProducerFencedException',
  PRODUCER_FENCED: 'ProducerFencedException',
  INVALID_PRODUCER_EPOCH: 'InvalidProducerEpochException',
  OUT_OF_ORDER_SEQUENCE_NUMBER: 'OutOfOrderSequenceException',
  UNKNOWN_TOPIC_OR_PART: 'UnknownTopicOrPartitionException',
  _UNKNOWN_TOPIC: 'UnknownTopicOrPartitionException',
  _UNKNOWN_PARTITION: 'UnknownTopicOrPartitionException',
  TOPIC_EXCEPTION: 'InvalidTopicException',
  TOPIC_ALREADY_EXISTS: 'TopicExistsException',
  INVALID_REPLICATION_FACTOR: 'InvalidReplicationFactorException',
  INVALID_PARTITIONS: 'InvalidPartitionsException',
  INVALID_CONFIG: 'InvalidConfigurationException',
  POLICY_VIOLATION: 'PolicyViolationException',
  UNSUPPORTED_VERSION: 'UnsupportedVersionException',
  _UNSUPPORTED_FEATURE: 'UnsupportedVersionException',
  UNKNOWN_MEMBER_ID: 'UnknownMemberIdException',
  NON_EMPTY_GROUP: 'GroupNotEmptyException',
  _AUTO_OFFSET_RESET: 'NoOffsetForPartitionException',
  _TIMED_OUT: 'TimeoutException',
  _MSG_TIMED_OUT: 'TimeoutException',
  REQUEST_TIMED_OUT: 'TimeoutException',
};

/**
 * Errors that no retry cures: wrong password, wrong certificate, missing permission, records on a broker's disk that are damaged, which
 * librdkafka would pass over or fetch for ever. They fail the task at once.
 */
const HOPELESS = new Set([
  '_AUTHENTICATION',
  'SASL_AUTHENTICATION_FAILED',
  '_SSL',
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  '_UNSUPPORTED_FEATURE',
  '_FATAL',
  '_AUTO_OFFSET_RESET',
  '_BAD_MSG',
  '_BAD_COMPRESSION',
  '_NOT_IMPLEMENTED',
]);

/** Delivery errors that are about the producer or its topic, not about one record. */
const NO_FAULT_OF_RECORD = new Set([
  '_FATAL',
  '_PURGE_QUEUE',
  '_PURGE_INFLIGHT',
  '_DESTROY',
  '_STATE',
  '_UNKNOWN_TOPIC',
  'UNKNOWN_TOPIC_OR_PART',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
  // Java's producer tries these again (RetriableException); librdkafka does not, so that a new client has to.
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'CONCURRENT_TRANSACTIONS',
  'LISTENER_NOT_FOUND',
  'FENCED_LEADER_EPOCH',
  'UNKNOWN_LEADER_EPOCH',
  'OFFSET_NOT_AVAILABLE',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'ELIGIBLE_LEADERS_NOT_AVAILABLE',
  'THROTTLING_QUOTA_EXCEEDED',
  'UNKNOWN_TOPIC_ID',
  'INCONSISTENT_TOPIC_ID',
]);

/** Errors of a group that is being set up or moved; they pass within seconds and mean nothing to anybody. */
const PASSING = new Set(['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', '_WAIT_COORD', '_WAIT_CACHE']);

/**
 * An error for a librdkafka code.
 * @param detail text of the occurrence; the code's own text where absent
 */
export function kafkaError(lib: Librdkafka, code: number, detail = ''): ConnectError {
  const name = String(lib.errorName(code));
  const text = inWordsOfJava(hideUrlSecrets(detail || String(lib.errorText(code))));
  if (isRefusedByPeer(text)) return new ConnectError('SslAuthenticationException', `${text}. ${PEER_REMEDY}`);
  return new ConnectError(CLASS_OF_NAME[name] ?? 'KafkaException', `${text} (${name})`);
}

/** The same with the text of a broker that says all by itself, as the Java clients show it. */
export function brokerError(lib: Librdkafka, code: number, text: string): ConnectError {
  const { code: errorCode } = kafkaError(lib, code);
  return text === '' ? kafkaError(lib, code) : new ConnectError(errorCode, text);
}

/** librdkafka's advice names its own settings; the user knows Java's. */
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
    .replace(/see ssl\.key\.location and ssl\.certificate\.location/, 'see ssl.keystore.location');
}

/** Alerts by which a broker refuses a client's certificate, or misses one. With TLS 1.3 they come after the client's handshake. */
const REFUSING_ALERTS = new Set([40, 42, 43, 44, 45, 46, 48, 49, 116]);
const PEER_REMEDY = 'The broker asks for a certificate that it trusts: check ssl.keystore.location';

function isRefusedByPeer(text: string): boolean {
  const [, number] = /SSL alert number (\d+)/.exec(text) ?? [];
  return number !== undefined && REFUSING_ALERTS.has(Number(number));
}

/** What an action was about, as far as it is known. */
export interface Subject {
  readonly topic?: string;
  readonly group?: string;
  /** What the client wants to do with a topic: an operation of ACLs. */
  readonly operation?: 'Write' | 'Read';
}

/** The same error, with Java's words for what one is not allowed to use; other errors as they are. */
export function nameSubject(error: ConnectError, subject: Subject): ConnectError {
  const { group, operation } = subject;
  const topic = subject.topic ?? /Subscribed topic not available: ([^\s:]+)/.exec(error.message)?.[1];
  if (error.code === 'TopicAuthorizationException' && topic !== undefined) {
    const needed = operation === undefined ? '' : `, which needs the operation ${operation}`;
    return new ConnectError(error.code, `Not authorized to access topics: [${topic}]${needed}`, error);
  }
  if (error.code === 'GroupAuthorizationException' && group !== undefined)
    return new ConnectError(error.code, `Not authorized to access group: ${group}, which needs the operation Read`, error);
  return error;
}

/** True for errors that waiting does not cure. @param text of the occurrence, where there is one */
export function isHopeless(lib: Librdkafka, code: number, text = ''): boolean {
  return HOPELESS.has(String(lib.errorName(code))) || isRefusedByPeer(text);
}

/** True for delivery errors that no tolerance may answer by leaving the record out: the next record would fare no better. */
export function isNoFaultOfRecord(lib: Librdkafka, code: number): boolean {
  return NO_FAULT_OF_RECORD.has(String(lib.errorName(code)));
}

/** Codes of errors about a partition or topic: UNKNOWN_PARTITION, and the broker's UNKNOWN_TOPIC_OR_PART, TOPIC_ and GROUP_AUTHORIZATION_FAILED. */
const LOGGED_ONLY = [-190, 3, 29, 30] as const;

/**
 * The error that a line of librdkafka's log tells of. Where messages are fetched in batches, errors of partitions are not handed over
 * as messages, as they are elsewhere: all there is of them is a line `ERROR: ... (text of the error)`.
 * @returns its code, or undefined
 */
export function loggedError(lib: Librdkafka, line: string): number | undefined {
  if (!line.startsWith('ERROR: ')) return undefined;
  return LOGGED_ONLY.find(code => line.endsWith(`(${String(lib.errorText(code))})`));
}

/** True for an error that says that a topic is not there, or no more. */
export function isMissingTopic(lib: Librdkafka, code: number): boolean {
  return CLASS_OF_NAME[String(lib.errorName(code))] === 'UnknownTopicOrPartitionException';
}

/** True for errors that are not worth a line of log. */
export function isPassing(lib: Librdkafka, code: number): boolean {
  return PASSING.has(String(lib.errorName(code)));
}

/** Turns an `rd_kafka_error_t` into an error and frees it; undefined for NULL. */
export function takeError(lib: Librdkafka, error: number): ConnectError | undefined {
  if (error === 0) return undefined;
  const taken = kafkaError(lib, lib.errorCode(error), String(lib.errorString(error)));
  lib.errorDestroy(error);
  return taken;
}
