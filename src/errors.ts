/**
 * The one error family. Inside we speak of codes; on the outside (status traces, REST, logs, dead letter headers) an error
 * carries the name of the Java class that Kafka Connect would have thrown, since users search for those names.
 */

/** Code of an error, and the Java class it stands for. */
export const JAVA_CLASS_OF = {
  ConfigException: 'org.apache.kafka.common.config.ConfigException',
  ConnectException: 'org.apache.kafka.connect.errors.ConnectException',
  RetriableException: 'org.apache.kafka.connect.errors.RetriableException',
  DataException: 'org.apache.kafka.connect.errors.DataException',
  SchemaBuilderException: 'org.apache.kafka.connect.errors.SchemaBuilderException',
  SchemaProjectorException: 'org.apache.kafka.connect.errors.SchemaProjectorException',
  NotFoundException: 'org.apache.kafka.connect.errors.NotFoundException',
  AlreadyExistsException: 'org.apache.kafka.connect.errors.AlreadyExistsException',
  ConnectRestException: 'org.apache.kafka.connect.runtime.rest.errors.ConnectRestException',
  BadRequestException: 'org.apache.kafka.connect.runtime.rest.errors.BadRequestException',
  IllegalWorkerStateException: 'org.apache.kafka.connect.errors.IllegalWorkerStateException',
  NoOffsetForPartitionException: 'org.apache.kafka.clients.consumer.NoOffsetForPartitionException',
  TooManyTasksException: 'org.apache.kafka.connect.runtime.TooManyTasksException',
  KafkaException: 'org.apache.kafka.common.KafkaException',
  TimeoutException: 'org.apache.kafka.common.errors.TimeoutException',
  RecordTooLargeException: 'org.apache.kafka.common.errors.RecordTooLargeException',
  SerializationException: 'org.apache.kafka.common.errors.SerializationException',
  SaslAuthenticationException: 'org.apache.kafka.common.errors.SaslAuthenticationException',
  SslAuthenticationException: 'org.apache.kafka.common.errors.SslAuthenticationException',
  TopicAuthorizationException: 'org.apache.kafka.common.errors.TopicAuthorizationException',
  GroupAuthorizationException: 'org.apache.kafka.common.errors.GroupAuthorizationException',
  ClusterAuthorizationException: 'org.apache.kafka.common.errors.ClusterAuthorizationException',
  TransactionalIdAuthorizationException: 'org.apache.kafka.common.errors.TransactionalIdAuthorizationException',
  ProducerFencedException: 'org.apache.kafka.common.errors.ProducerFencedException',
  InvalidProducerEpochException: 'org.apache.kafka.common.errors.InvalidProducerEpochException',
  InvalidTxnTimeoutException: 'org.apache.kafka.common.errors.InvalidTxnTimeoutException',
  OutOfOrderSequenceException: 'org.apache.kafka.common.errors.OutOfOrderSequenceException',
  UnknownTopicOrPartitionException: 'org.apache.kafka.common.errors.UnknownTopicOrPartitionException',
  InvalidTopicException: 'org.apache.kafka.common.errors.InvalidTopicException',
  TopicExistsException: 'org.apache.kafka.common.errors.TopicExistsException',
  InvalidReplicationFactorException: 'org.apache.kafka.common.errors.InvalidReplicationFactorException',
  InvalidPartitionsException: 'org.apache.kafka.common.errors.InvalidPartitionsException',
  InvalidConfigurationException: 'org.apache.kafka.common.errors.InvalidConfigurationException',
  PolicyViolationException: 'org.apache.kafka.common.errors.PolicyViolationException',
  UnsupportedVersionException: 'org.apache.kafka.common.errors.UnsupportedVersionException',
  UnknownMemberIdException: 'org.apache.kafka.common.errors.UnknownMemberIdException',
  GroupNotEmptyException: 'org.apache.kafka.common.errors.GroupNotEmptyException',
  RecordBatchTooLargeException: 'org.apache.kafka.common.errors.RecordBatchTooLargeException',
  CorruptRecordException: 'org.apache.kafka.common.errors.CorruptRecordException',
  InvalidTimestampException: 'org.apache.kafka.common.errors.InvalidTimestampException',
  InvalidRequestException: 'org.apache.kafka.common.errors.InvalidRequestException',
  InvalidGroupIdException: 'org.apache.kafka.common.errors.InvalidGroupIdException',
  InconsistentGroupProtocolException: 'org.apache.kafka.common.errors.InconsistentGroupProtocolException',
  InvalidSessionTimeoutException: 'org.apache.kafka.common.errors.InvalidSessionTimeoutException',
  GroupMaxSizeReachedException: 'org.apache.kafka.common.errors.GroupMaxSizeReachedException',
  FencedInstanceIdException: 'org.apache.kafka.common.errors.FencedInstanceIdException',
  UnreleasedInstanceIdException: 'org.apache.kafka.common.errors.UnreleasedInstanceIdException',
  UnsupportedAssignorException: 'org.apache.kafka.common.errors.UnsupportedAssignorException',
  UnsupportedCompressionTypeException: 'org.apache.kafka.common.errors.UnsupportedCompressionTypeException',
  UnsupportedSaslMechanismException: 'org.apache.kafka.common.errors.UnsupportedSaslMechanismException',
  IllegalSaslStateException: 'org.apache.kafka.common.errors.IllegalSaslStateException',
  InvalidRecordException: 'org.apache.kafka.common.InvalidRecordException',
  IllegalArgumentException: 'java.lang.IllegalArgumentException',
  IllegalStateException: 'java.lang.IllegalStateException',
  NullPointerException: 'java.lang.NullPointerException',
  NumberFormatException: 'java.lang.NumberFormatException',
  ClassCastException: 'java.lang.ClassCastException',
  ArithmeticException: 'java.lang.ArithmeticException',
  ArrayIndexOutOfBoundsException: 'java.lang.ArrayIndexOutOfBoundsException',
  UnsupportedOperationException: 'java.lang.UnsupportedOperationException',
  IndexOutOfBoundsException: 'java.lang.IndexOutOfBoundsException',
  IOException: 'java.io.IOException',
  SQLException: 'java.sql.SQLException',
  ExecutionException: 'java.util.concurrent.ExecutionException',
  PatternSyntaxException: 'java.util.regex.PatternSyntaxException',
  RuntimeException: 'java.lang.RuntimeException',
} as const;

/** What kind of failure an error is: the simple name of the Java class. */
export type ErrorCode = keyof typeof JAVA_CLASS_OF;

/** An error of the runtime or of a plugin, named as in Java. */
export class ConnectError extends Error {
  readonly code: ErrorCode;

  /**
   * @param code which failure this is
   * @param message names the thing, the value and the remedy; Java's text where Java has one
   * @param cause what led to it, kept for the trace
   */
  constructor(code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.name = JAVA_CLASS_OF[code];
  }

  /** True if a retry of the same call may succeed (Connect's RetriableException). */
  get retriable(): boolean {
    return this.code === 'RetriableException';
  }
}

/** A ConfigException that knows which setting it is about. */
export class SettingError extends ConnectError {
  constructor(
    readonly key: string,
    message: string,
    cause?: unknown,
  ) {
    super('ConfigException', message, cause);
  }
}

/** True for an error after which the same call may be retried. */
export function isRetriable(error: unknown): boolean {
  return error instanceof ConnectError && error.retriable;
}

/** A foreign text with a full stop at its end, so that another sentence can follow. */
export function asSentence(text: string): string {
  return /[.!?]['")\]]?$/.test(text) ? text : `${text}.`;
}

/** Anything that was thrown, as an Error. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The Java class name of an error; a plain Error of JavaScript counts as a RuntimeException. */
export function javaClassName(error: Error): string {
  return error instanceof ConnectError ? JAVA_CLASS_OF[error.code] : error.name.includes('.') ? error.name : JAVA_CLASS_OF.RuntimeException;
}

/** The frames of a stack: its lines after the message. The message itself may hold lines that look like frames. */
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message);
  return stack.slice(start < 0 ? 0 : start + message.length).split('\n');
}

/**
 * The stack trace in Java's layout: `class: message`, frames as `\tat ...`, then `Caused by: ` for each cause.
 * @param show turns a text into what a line shows; absent: unchanged
 */
export function javaStackTrace(thrown: unknown, show: (text: string) => string = text => text): string {
  const parts: string[] = [];
  const seen = new Set<unknown>();
  for (
    let error: unknown = thrown;
    error !== undefined && error !== null && !seen.has(error);
    error = (error as { cause?: unknown }).cause
  ) {
    seen.add(error);
    const current = toError(error);
    const head = `${javaClassName(current)}${current.message === '' ? '' : `: ${current.message}`}`;
    const frames = framesOf(current).filter(line => /^\s+at /.test(line));
    parts.push(`${parts.length === 0 ? '' : 'Caused by: '}${show(head)}\n${frames.map(line => `\t${show(line.trim())}\n`).join('')}`);
  }
  return parts.join('');
}

/** An error on its way between threads: a posted Error loses its class name and code, so it travels as data. */
export interface ErrorEnvelope {
  readonly code: ErrorCode | undefined;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly cause: ErrorEnvelope | undefined;
}

/** Packs an error for `postMessage`; causes included. */
export function toEnvelope(thrown: unknown, depth = 0): ErrorEnvelope {
  const error = toError(thrown);
  return {
    code: error instanceof ConnectError ? error.code : undefined,
    name: error.name,
    message: error.message,
    stack: error.stack,
    cause: error.cause === undefined || depth > 20 ? undefined : toEnvelope(error.cause, depth + 1),
  };
}

/** Unpacks what `toEnvelope` made. */
export function fromEnvelope(envelope: ErrorEnvelope): Error {
  const cause = envelope.cause && fromEnvelope(envelope.cause);
  const error = envelope.code
    ? new ConnectError(envelope.code, envelope.message, cause)
    : new Error(envelope.message, cause ? { cause } : undefined);
  if (!envelope.code) error.name = envelope.name;
  if (envelope.stack !== undefined) error.stack = envelope.stack;
  return error;
}
