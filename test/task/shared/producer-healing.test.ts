import { ConnectError, type ErrorCode } from '../../../src/errors';
import { canHeal, healingBackoff, isRefusalOrTimeout, remedyFor } from '../../../src/task/shared/producer-healing';

const error = (code: ErrorCode): ConnectError => new ConnectError(code, 'why');
const wrapped = (code: ErrorCode): ConnectError => new ConnectError('ConnectException', 'outside', error(code));

test.each(['KafkaException', 'OutOfOrderSequenceException', 'InvalidProducerEpochException', 'UnknownTopicOrPartitionException'] as const)(
  '%s of a client heals, whether anything was delivered or not',
  code => expect([canHeal(error(code), false), canHeal(error(code), true)]).toEqual([true, true]),
);

test.each([
  'TopicAuthorizationException',
  'ClusterAuthorizationException',
  'TransactionalIdAuthorizationException',
  'SaslAuthenticationException',
  'SslAuthenticationException',
] as const)('%s is a mistake in the settings until something was delivered', code => {
  for (const refusal of [error(code), wrapped(code)]) {
    expect([canHeal(refusal, false), canHeal(refusal, true), isRefusalOrTimeout(refusal)]).toEqual([false, true, true]);
    expect(remedyFor(refusal)).toMatch(/nothing has to be restarted/);
  }
});

test.each(['ProducerFencedException', 'UnsupportedVersionException', 'InvalidTxnTimeoutException'] as const)('%s never heals', code => {
  expect([canHeal(error(code), true), canHeal(wrapped(code), true)]).toEqual([false, false]);
});

test('an error of a topic that can not be made is no refusal', () => {
  expect([isRefusalOrTimeout(wrapped('InvalidTopicException')), isRefusalOrTimeout(wrapped('TimeoutException'))]).toEqual([false, true]);
});

test('waits double from 1 s to 60 s, and begin again after a success', () => {
  const backoff = healingBackoff();
  expect(Array.from({ length: 8 }, () => backoff.nextMs())).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  backoff.reset();
  expect(backoff.nextMs()).toBe(1000);
});
