import { CODE_MEANINGS, isFinalClass, meaningOf } from '../../../src/kafka/native/error-codes';
import { isHopeless, isNoFaultOfRecord, kafkaError, nameSubject } from '../../../src/kafka/native/kafka-error';
import { findLibrdkafka, loadLibrdkafka } from '../../../src/kafka/native/librdkafka';
import { canHeal } from '../../../src/task/shared/producer-healing';

const lib = loadLibrdkafka(findLibrdkafka());
/** What rd_kafka_err2name knows; a number without a name is `ERR_..?`. */
const CODES = Array.from({ length: 500 }, (_, i) => i - 250)
  .map(code => ({ code, name: String(lib.errorName(code)) }))
  .filter(({ name }) => !/^ERR_|^_?BEGIN$|^_END$|^END_ALL$/.test(name));
const codeOf = (name: string): number => CODES.find(known => known.name === name)?.code ?? Number.NaN;

test('every code of the library has its place in the table, and the table names no other', () => {
  expect(CODES.length).toBeGreaterThan(150);
  const names = CODES.map(({ name }) => name).sort();
  expect([...CODE_MEANINGS.keys()].sort()).toEqual(names);
});

test.each([
  'TOPIC_EXCEPTION',
  'INVALID_GROUP_ID',
  'INCONSISTENT_GROUP_PROTOCOL',
  'INVALID_SESSION_TIMEOUT',
  'GROUP_MAX_SIZE_REACHED',
  'FENCED_INSTANCE_ID',
  'UNRELEASED_INSTANCE_ID',
  'UNSUPPORTED_ASSIGNOR',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'SECURITY_DISABLED',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_COMPRESSION_TYPE',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'INVALID_REQUEST',
  'INVALID_REQUIRED_ACKS',
  'INVALID_CONFIG',
  'POLICY_VIOLATION',
  'MISMATCHED_ENDPOINT_TYPE',
  'UNSUPPORTED_ENDPOINT_TYPE',
  '_INVALID_ARG',
  '_BAD_MSG',
  '_NOT_CONFIGURED',
])('%s is waited for by no client, and no new one is tried', name => {
  const error = kafkaError(lib, codeOf(name));
  expect([isHopeless(lib, codeOf(name)), canHeal(error, false), canHeal(error, true)]).toEqual([true, false, false]);
});

test.each([
  '_TRANSPORT',
  '_ALL_BROKERS_DOWN',
  'UNKNOWN_TOPIC_OR_PART',
  'KAFKA_STORAGE_ERROR',
  'NOT_ENOUGH_REPLICAS',
  'REBALANCE_IN_PROGRESS',
])('%s is waited for', name => {
  expect([isHopeless(lib, codeOf(name)), canHeal(kafkaError(lib, codeOf(name)), false)]).toEqual([false, true]);
});

test('what is about one record may be left out, what is about the client may not', () => {
  for (const name of ['MSG_SIZE_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'TOPIC_EXCEPTION', 'POLICY_VIOLATION'])
    expect([name, isNoFaultOfRecord(lib, codeOf(name))]).toEqual([name, false]);
  for (const name of ['_FATAL', 'UNSUPPORTED_COMPRESSION_TYPE', 'UNKNOWN_PRODUCER_ID', 'TOPIC_AUTHORIZATION_FAILED'])
    expect([name, isNoFaultOfRecord(lib, codeOf(name))]).toEqual([name, true]);
});

test('a code that a newer broker has sent waits', () => {
  expect(meaningOf('ERR_177?')).toEqual({ fate: 'waits', scope: 'record', javaClass: 'KafkaException' });
});

test('classes that stand for more than what never heals are not final', () => {
  expect(isFinalClass('KafkaException')).toBe(false);
  expect(isFinalClass('TimeoutException')).toBe(false);
  expect(isFinalClass('InvalidTopicException')).toBe(true);
});

test('a topic that a consumer cannot have is named as in Java', () => {
  const error = kafkaError(lib, 17, 'Subscribed topic not available: my topic!: Broker: Invalid topic');
  expect(nameSubject(error, {}).message).toBe('Invalid topics: [my topic!]');
});
