import { MAX_DELAY_MS } from '../../../src/api/config-types';
import { restartPolicy } from '../../../src/config/keys/restart-policy';

test('waits are as long as a timer can wait', () => {
  const never = '9223372036854775807';
  const props = { 'restart.policy.delay.ms': never, 'restart.policy.delay.max.ms': never, 'restart.policy.healthy.ms': never };
  const { initialDelayMs, maxDelayMs, healthyMs } = restartPolicy(props, {});
  expect([initialDelayMs, maxDelayMs, healthyMs]).toEqual([MAX_DELAY_MS, MAX_DELAY_MS, MAX_DELAY_MS]);
});

test('by default nothing is restarted', () => {
  expect(restartPolicy({}, { name: 'c' })).toEqual({
    enabled: false,
    maxAttempts: 10,
    initialDelayMs: 1000,
    maxDelayMs: 300_000,
    healthyMs: 600_000,
  });
});

test('what a connector says counts before what the worker says, key by key', () => {
  const worker = { 'restart.policy': 'on-failure', 'restart.policy.max.attempts': '3' };
  expect(restartPolicy(worker, {})).toMatchObject({ enabled: true, maxAttempts: 3 });
  expect(restartPolicy(worker, { 'restart.policy': 'NONE' })).toMatchObject({ enabled: false, maxAttempts: 3 });
  expect(restartPolicy(worker, { 'restart.policy.delay.ms': '5' })).toMatchObject({ enabled: true, maxAttempts: 3, initialDelayMs: 5 });
});

test.each([
  ['restart.policy', 'always', 'String must be one of (case insensitive): NONE, ON-FAILURE'],
  ['restart.policy.max.attempts', '-2', 'Value must be at least -1'],
  ['restart.policy.delay.ms', 'soon', 'Not a number of type LONG'],
])('%s=%s is refused', (key, value, why) => {
  expect(() => restartPolicy({}, { [key]: value })).toThrow(`Invalid value ${value} for configuration ${key}: ${why}`);
});
