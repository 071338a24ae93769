/** Which failures of a task's producer may pass, by themselves or when somebody sees to them, and how long to wait for that. */
import { ConnectError, type ErrorCode } from '../../errors';
import { isFinalClass } from '../../kafka/native/error-codes';
import { KafkaClientError } from '../../kafka/native/kafka-error';
import { Backoff } from '../../waiting';

/** The wait before the first new client, and the longest. */
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;

/** Refusals, and what each of them asks of the user. */
const REFUSALS: Readonly<Partial<Record<ErrorCode, string>>> = {
  TopicAuthorizationException: 'Give the user of the producer back its rights on the topic',
  ClusterAuthorizationException: 'Give the user of the producer back its rights on the cluster',
  TransactionalIdAuthorizationException: 'Give the user of the producer back Write on the transactional id',
  GroupAuthorizationException: 'Give the user back its rights on the group',
  SaslAuthenticationException: 'Check the user and the password of the producer, here and on the brokers',
  SslAuthenticationException: 'Check the certificates of the producer and of the brokers',
};

/**
 * True if the task may go on with a new client. A refusal is a mistake in the settings as long as nothing of this task was ever
 * delivered; later it is something that somebody has changed, and can change back.
 */
export function canHeal(error: ConnectError, hasDelivered: boolean): boolean {
  const cause = innermost(error);
  if (isFinalClass(cause.code) || (cause instanceof KafkaClientError && cause.fate === 'never')) return false;
  return hasDelivered || REFUSALS[cause.code] === undefined;
}

/** True for errors of admin calls that canHeal should judge; others are about the topic that was asked for. */
export function isRefusalOrTimeout(error: ConnectError): boolean {
  const { code } = innermost(error);
  return code === 'TimeoutException' || REFUSALS[code] !== undefined;
}

/** What the user may do about an error that can heal, as a sentence. */
export function remedyFor(error: ConnectError): string {
  const { code } = innermost(error);
  const refusal = REFUSALS[code];
  if (refusal !== undefined) return `${refusal}; nothing has to be restarted.`;
  if (code === 'UnknownTopicOrPartitionException') return 'If the brokers do not make the topic, make it; nothing has to be restarted.';
  return 'Nothing has to be done.';
}

/** The Kafka error at the bottom of what was made of it. */
function innermost(error: ConnectError): ConnectError {
  return error.cause instanceof ConnectError ? innermost(error.cause) : error;
}

/** The waits between one broken client and the next. */
export function healingBackoff(): Backoff {
  return new Backoff(FIRST_WAIT_MS, MAX_WAIT_MS);
}
