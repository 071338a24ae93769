/**
 * What each error code of librdkafka (rd_kafka_resp_err_t) means for a task. The table has every code of the library, so that no error is
 * waited for in vain. It follows Java's classes: what is a RetriableException there is waited for here.
 */
import type { ErrorCode } from '../../errors';

/**
 * What to expect after an error of a client. `none`: it is no error. `passes`: over within seconds, not worth a log line. `waits`: the
 * client recovers by itself once a broker is back or the cluster is repaired. `renews`: this client is unusable, a new one may work.
 * `refused`: rights, passwords and certificates; a mistake in the settings unless records were delivered before. `never`: neither waiting
 * nor a new client helps.
 */
export type Fate = 'none' | 'passes' | 'waits' | 'renews' | 'refused' | 'never';

/**
 * What an error means as the result of one record. `record`: it is about this record, which `errors.tolerance` may skip. `client`: the next
 * record would fail too, so none may be skipped.
 */
export type Scope = 'record' | 'client';

/** The meaning of one code. */
export interface CodeMeaning {
  readonly fate: Fate;
  readonly scope: Scope;
  /** The exception of Java's clients. */
  readonly javaClass: ErrorCode;
}

type Row = readonly [name: string, javaClass?: ErrorCode, scope?: Scope];

const NONE: readonly Row[] = [
  ['NO_ERROR'],
  ['_PARTITION_EOF'],
  ['_ASSIGN_PARTITIONS'],
  ['_REVOKE_PARTITIONS'],
  ['_NOOP'],
  ['_NODE_UPDATE'],
];

const PASSES: readonly Row[] = [
  ['COORDINATOR_LOAD_IN_PROGRESS'],
  ['COORDINATOR_NOT_AVAILABLE'],
  ['NOT_COORDINATOR'],
  ['_WAIT_COORD'],
  ['_WAIT_CACHE'],
];

const WAITS: readonly Row[] = [
  // Connections to brokers.
  ['_FAIL'],
  ['_TRANSPORT'],
  ['_RESOLVE'],
  ['_ALL_BROKERS_DOWN'],
  ['_UNKNOWN_BROKER'],
  ['_TIMED_OUT', 'TimeoutException'],
  ['_TIMED_OUT_QUEUE', 'TimeoutException'],
  ['_MSG_TIMED_OUT', 'TimeoutException'],
  ['REQUEST_TIMED_OUT', 'TimeoutException'],
  ['NETWORK_EXCEPTION', 'KafkaException', 'client'],
  ['BROKER_NOT_AVAILABLE'],
  ['REBOOTSTRAP_REQUIRED'],
  // This machine: files, memory, sockets.
  ['_FS'],
  ['_CRIT_SYS_RESOURCE'],
  ['_INTR'],
  ['_QUEUE_FULL'],
  // Topics and partitions that are not available yet, or not now. Connect waits for a topic without limit (max.block.ms), as Java's worker
  // does.
  ['_UNKNOWN_TOPIC', 'UnknownTopicOrPartitionException', 'client'],
  ['_UNKNOWN_PARTITION', 'UnknownTopicOrPartitionException'],
  ['UNKNOWN_TOPIC_OR_PART', 'UnknownTopicOrPartitionException', 'client'],
  ['UNKNOWN_TOPIC_ID', 'KafkaException', 'client'],
  ['INCONSISTENT_TOPIC_ID', 'KafkaException', 'client'],
  ['LEADER_NOT_AVAILABLE'],
  ['NOT_LEADER_FOR_PARTITION'],
  ['REPLICA_NOT_AVAILABLE'],
  ['LISTENER_NOT_FOUND', 'KafkaException', 'client'],
  ['FENCED_LEADER_EPOCH', 'KafkaException', 'client'],
  ['UNKNOWN_LEADER_EPOCH', 'KafkaException', 'client'],
  ['OFFSET_NOT_AVAILABLE', 'KafkaException', 'client'],
  ['PREFERRED_LEADER_NOT_AVAILABLE', 'KafkaException', 'client'],
  ['ELIGIBLE_LEADERS_NOT_AVAILABLE', 'KafkaException', 'client'],
  ['NOT_ENOUGH_REPLICAS'],
  ['NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
  ['_ISR_INSUFF'],
  ['KAFKA_STORAGE_ERROR'],
  ['LOG_DIR_NOT_FOUND'],
  ['OFFSET_OUT_OF_RANGE'],
  ['_LOG_TRUNCATION'],
  ['_NO_OFFSET'],
  // Controllers and quotas.
  ['NOT_CONTROLLER', 'KafkaException', 'client'],
  ['STALE_CTRL_EPOCH'],
  ['STALE_BROKER_EPOCH'],
  ['UNKNOWN_CONTROLLER_ID'],
  ['THROTTLING_QUOTA_EXCEEDED', 'KafkaException', 'client'],
  // Fetch sessions and the group's own course.
  ['FETCH_SESSION_ID_NOT_FOUND'],
  ['INVALID_FETCH_SESSION_EPOCH'],
  ['REBALANCE_IN_PROGRESS'],
  ['ILLEGAL_GENERATION'],
  ['UNKNOWN_MEMBER_ID', 'UnknownMemberIdException'],
  ['MEMBER_ID_REQUIRED'],
  ['STALE_MEMBER_EPOCH'],
  ['FENCED_MEMBER_EPOCH'],
  ['UNSTABLE_OFFSET_COMMIT'],
  ['_MAX_POLL_EXCEEDED'],
  ['_ASSIGNMENT_LOST'],
  ['_UNKNOWN_GROUP'],
  // Results of admin calls, reported to their callers.
  ['TOPIC_ALREADY_EXISTS', 'TopicExistsException'],
  ['NON_EMPTY_GROUP', 'GroupNotEmptyException'],
  ['GROUP_ID_NOT_FOUND'],
  ['GROUP_SUBSCRIBED_TO_TOPIC'],
  ['OPERATION_NOT_ATTEMPTED'],
  ['REASSIGNMENT_IN_PROGRESS'],
  ['NO_REASSIGNMENT_IN_PROGRESS'],
  ['ELECTION_NOT_NEEDED'],
  ['RESOURCE_NOT_FOUND'],
  ['DUPLICATE_RESOURCE'],
  ['TOPIC_DELETION_DISABLED'],
  ['INVALID_UPDATE_VERSION'],
  ['FEATURE_UPDATE_FAILED'],
  ['INVALID_PRINCIPAL_TYPE'],
  ['UNACCEPTABLE_CREDENTIAL'],
  // Client metrics and share groups, which are not used here.
  ['UNKNOWN_SUBSCRIPTION_ID'],
  ['TELEMETRY_TOO_LARGE'],
  ['SHARE_SESSION_NOT_FOUND'],
  ['INVALID_SHARE_SESSION_EPOCH'],
  ['SHARE_SESSION_LIMIT_REACHED'],
  ['INVALID_RECORD_STATE'],
  ['FENCED_STATE_EPOCH'],
  // Between brokers and controllers.
  ['INCONSISTENT_VOTER_SET'],
  ['INVALID_REGISTRATION'],
  ['INVALID_VOTER_KEY'],
  ['DUPLICATE_VOTER'],
  ['VOTER_NOT_FOUND'],
  // librdkafka's own bookkeeping.
  ['_IN_PROGRESS'],
  ['_PREV_IN_PROGRESS'],
  ['_EXISTING_SUBSCRIPTION'],
  ['_OUTDATED'],
  ['_PARTIAL'],
  ['_UNDERFLOW'],
  ['_RETRY'],
  ['_NOENT'],
  ['_READ_ONLY'],
  ['_INVALID_TYPE'],
  ['_DESTROY_BROKER'],
  ['_APPLICATION'],
  ['UNKNOWN'],
  // About single records; as an error of a client they have no effect.
  ['INVALID_MSG', 'CorruptRecordException'],
  ['INVALID_MSG_SIZE'],
  ['MSG_SIZE_TOO_LARGE', 'RecordTooLargeException'],
  ['RECORD_LIST_TOO_LARGE', 'RecordBatchTooLargeException'],
  ['INVALID_TIMESTAMP', 'InvalidTimestampException'],
  ['INVALID_RECORD', 'InvalidRecordException'],
  ['_INVALID_DIFFERENT_RECORD'],
  ['_KEY_SERIALIZATION'],
  ['_VALUE_SERIALIZATION'],
  ['_KEY_DESERIALIZATION'],
  ['_VALUE_DESERIALIZATION'],
  ['OFFSET_METADATA_TOO_LARGE'],
  ['INVALID_COMMIT_OFFSET_SIZE'],
];

const RENEWS: readonly Row[] = [
  ['_FATAL'],
  ['_DESTROY'],
  ['_STATE'],
  ['_CONFLICT'],
  ['_INCONSISTENT'],
  ['_GAPLESS_GUARANTEE'],
  ['_PURGE_QUEUE'],
  ['_PURGE_INFLIGHT'],
  ['UNKNOWN_PRODUCER_ID'],
  ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'OutOfOrderSequenceException'],
  ['DUPLICATE_SEQUENCE_NUMBER'],
  ['INVALID_PRODUCER_EPOCH', 'InvalidProducerEpochException'],
  ['INVALID_PRODUCER_ID_MAPPING'],
  ['INVALID_TXN_STATE'],
  ['CONCURRENT_TRANSACTIONS'],
  ['TRANSACTION_COORDINATOR_FENCED'],
  ['TRANSACTION_ABORTABLE'],
];

const REFUSED: readonly Row[] = [
  ['_AUTHENTICATION', 'SaslAuthenticationException'],
  ['SASL_AUTHENTICATION_FAILED', 'SaslAuthenticationException'],
  ['_SSL', 'SslAuthenticationException'],
  ['TOPIC_AUTHORIZATION_FAILED', 'TopicAuthorizationException'],
  ['GROUP_AUTHORIZATION_FAILED', 'GroupAuthorizationException'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'ClusterAuthorizationException'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'TransactionalIdAuthorizationException'],
  ['DELEGATION_TOKEN_AUTH_DISABLED'],
  ['DELEGATION_TOKEN_NOT_FOUND'],
  ['DELEGATION_TOKEN_OWNER_MISMATCH'],
  ['DELEGATION_TOKEN_REQUEST_NOT_ALLOWED'],
  ['DELEGATION_TOKEN_AUTHORIZATION_FAILED'],
  ['DELEGATION_TOKEN_EXPIRED'],
  ['PRINCIPAL_DESERIALIZATION_FAILURE'],
];

const NEVER: readonly Row[] = [
  ['UNSUPPORTED_SASL_MECHANISM', 'UnsupportedSaslMechanismException'],
  ['ILLEGAL_SASL_STATE', 'IllegalSaslStateException'],
  ['SECURITY_DISABLED'],
  ['UNSUPPORTED_VERSION', 'UnsupportedVersionException'],
  ['_UNSUPPORTED_FEATURE', 'UnsupportedVersionException'],
  ['UNSUPPORTED_FOR_MESSAGE_FORMAT'],
  ['UNSUPPORTED_COMPRESSION_TYPE', 'UnsupportedCompressionTypeException'],
  ['_UNKNOWN_PROTOCOL'],
  ['_NOT_IMPLEMENTED'],
  ['_NOT_CONFIGURED'],
  ['_INVALID_ARG'],
  ['INVALID_REQUEST', 'InvalidRequestException'],
  ['INVALID_REQUIRED_ACKS'],
  // A controller's port in bootstrap.servers.
  ['MISMATCHED_ENDPOINT_TYPE'],
  ['UNSUPPORTED_ENDPOINT_TYPE'],
  // An invalid topic name is detected for each record, before it is sent; the next record may have a valid one.
  ['TOPIC_EXCEPTION', 'InvalidTopicException', 'record'],
  ['INVALID_REPLICATION_FACTOR', 'InvalidReplicationFactorException', 'record'],
  ['INVALID_PARTITIONS', 'InvalidPartitionsException', 'record'],
  ['INVALID_REPLICA_ASSIGNMENT', 'KafkaException', 'record'],
  ['INVALID_CONFIG', 'InvalidConfigurationException', 'record'],
  ['POLICY_VIOLATION', 'PolicyViolationException', 'record'],
  // Damaged records on a broker's disk: librdkafka would skip them, or fetch them for ever.
  ['_BAD_MSG'],
  ['_BAD_COMPRESSION'],
  ['_AUTO_OFFSET_RESET', 'NoOffsetForPartitionException'],
  // Settings of a group that brokers or other members reject.
  ['INVALID_GROUP_ID', 'InvalidGroupIdException'],
  ['INCONSISTENT_GROUP_PROTOCOL', 'InconsistentGroupProtocolException'],
  ['INVALID_SESSION_TIMEOUT', 'InvalidSessionTimeoutException'],
  ['GROUP_MAX_SIZE_REACHED', 'GroupMaxSizeReachedException'],
  ['UNRELEASED_INSTANCE_ID', 'UnreleasedInstanceIdException'],
  ['FENCED_INSTANCE_ID', 'FencedInstanceIdException'],
  ['UNSUPPORTED_ASSIGNOR', 'UnsupportedAssignorException'],
  ['INVALID_REGULAR_EXPRESSION'],
  ['STREAMS_INVALID_TOPOLOGY'],
  ['STREAMS_INVALID_TOPOLOGY_EPOCH'],
  ['STREAMS_TOPOLOGY_FENCED'],
  // Another task has taken this one's place.
  ['_FENCED', 'ProducerFencedException'],
  ['PRODUCER_FENCED', 'ProducerFencedException'],
  ['INVALID_TRANSACTION_TIMEOUT', 'InvalidTxnTimeoutException'],
];

const SCOPES: Readonly<Record<Fate, Scope>> = {
  none: 'record',
  passes: 'record',
  waits: 'record',
  renews: 'client',
  refused: 'client',
  never: 'client',
};

const meaningsOf = (fate: Fate, rows: readonly Row[]): [string, CodeMeaning][] =>
  rows.map(([name, javaClass = 'KafkaException', scope = SCOPES[fate]]) => [name, { fate, scope, javaClass }]);

/** Every code of the library by its name. */
export const CODE_MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map([
  ...meaningsOf('none', NONE),
  ...meaningsOf('passes', PASSES),
  ...meaningsOf('waits', WAITS),
  ...meaningsOf('renews', RENEWS),
  ...meaningsOf('refused', REFUSED),
  ...meaningsOf('never', NEVER),
]);

const UNKNOWN_CODE: CodeMeaning = { fate: 'waits', scope: 'record', javaClass: 'KafkaException' };

/** Classes all of whose codes are permanent. */
const FINAL_CLASSES: ReadonlySet<ErrorCode> = new Set(
  [...CODE_MEANINGS.values()]
    .map(({ javaClass }) => javaClass)
    .filter(javaClass => [...CODE_MEANINGS.values()].every(other => other.javaClass !== javaClass || other.fate === 'never')),
);

/** True if neither waiting nor a new client helps against an error of this class. */
export function isFinalClass(javaClass: ErrorCode): boolean {
  return FINAL_CLASSES.has(javaClass);
}

/** The meaning of a code; an unknown code of a newer broker counts as `waits`. */
export function meaningOf(name: string): CodeMeaning {
  return CODE_MEANINGS.get(name) ?? UNKNOWN_CODE;
}
