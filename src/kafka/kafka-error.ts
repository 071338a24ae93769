/** librdkafka's error codes as errors of our family, named by the Java classes that the Java clients throw. */
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
  _TIMED_OUT: 'TimeoutException',
  _MSG_TIMED_OUT: 'TimeoutException',
  REQUEST_TIMED_OUT: 'TimeoutException',
};

/** Errors that no retry cures: wrong password, wrong certificate, missing permission. They fail the task at once. */
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
  'UNKNOWN_PRODUCER_ID',
  'INVALID_PRODUCER_EPOCH',
  'OUT_OF_ORDER_SEQUENCE_NUMBER',
]);

/** Errors of a group that is being set up or moved; they pass within seconds and mean nothing to anybody. */
const PASSING = new Set(['COORDINATOR_LOAD_IN_PROGRESS', 'COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR', '_WAIT_COORD', '_WAIT_CACHE']);

/**
 * An error for a librdkafka code.
 * @param detail text of the occurrence; the code's own text where absent
 */
export function kafkaError(lib: Librdkafka, code: number, detail = ''): ConnectError {
  const name = String(lib.errorName(code));
  const text = detail || String(lib.errorText(code));
  return new ConnectError(CLASS_OF_NAME[name] ?? 'KafkaException', `${text} (${name})`);
}

/** The same with the text of a broker that says all by itself, as the Java clients show it. */
export function brokerError(lib: Librdkafka, code: number, text: string): ConnectError {
  const { code: errorCode } = kafkaError(lib, code);
  return text === '' ? kafkaError(lib, code) : new ConnectError(errorCode, text);
}

/** True for errors that waiting does not cure. */
export function isHopeless(lib: Librdkafka, code: number): boolean {
  return HOPELESS.has(String(lib.errorName(code)));
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
