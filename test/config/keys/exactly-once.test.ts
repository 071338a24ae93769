import type { ConfigValue } from '../../../src/api/config-def';
import type { SourceConnector } from '../../../src/api/connector';
import { exactlyOnceSettings } from '../../../src/config/keys/exactly-once';
import { checkExactlyOnce, refuseRequired } from '../../../src/config/validation/exactly-once-checks';

const WORKER = { 'exactly.once.source.support': 'Enabled', 'worker.uuid': 'u', 'offset.flush.interval.ms': '7000' };
const OWNER = { connector: 'c', task: 3 };

test.each([undefined, 'disabled', 'preparing', 'PREPARING'])('no exactly-once with %s', support => {
  const props = support === undefined ? {} : { 'exactly.once.source.support': support };
  expect(exactlyOnceSettings({ ...props, 'worker.uuid': 'u' }, {}, OWNER)).toBeNull();
});

test('names derive from the uuid, so that workers do not meet', () => {
  expect(exactlyOnceSettings(WORKER, {}, OWNER)).toEqual({
    transactionalId: 'connect-standalone-u-c-3',
    offsetsTopic: 'connect-offsets-u',
    partitions: 1,
    replicationFactor: -1,
    boundary: { type: 'poll' },
  });
});

test("the topic of offsets: the connector's before the worker's", () => {
  const topicOf = (worker: object, connector: Record<string, string>) =>
    exactlyOnceSettings({ ...WORKER, ...worker }, connector, OWNER)?.offsetsTopic;
  expect(topicOf({ 'offset.storage.topic': 'w' }, {})).toBe('w');
  expect(topicOf({ 'offset.storage.topic': 'w' }, { 'offsets.storage.topic': 'c' })).toBe('c');
});

test.each([
  [{ 'transaction.boundary': 'POLL' }, { type: 'poll' }],
  [{ 'transaction.boundary': 'interval' }, { type: 'interval', intervalMs: 7000 }],
  [
    { 'transaction.boundary': 'interval', 'transaction.boundary.interval.ms': '50' },
    { type: 'interval', intervalMs: 50 },
  ],
  [{ 'transaction.boundary': 'connector' }, { type: 'connector' }],
])('boundary of %j', (props, boundary) => {
  expect(exactlyOnceSettings(WORKER, props, OWNER)?.boundary).toEqual(boundary);
});

/** Errors by key after a check. */
function problems(settings: Record<string, string>, methods: Partial<SourceConnector>): Record<string, string[]> {
  const values = new Map<string, ConfigValue>(
    Object.entries({ 'exactly.once.support': 'requested', 'transaction.boundary': 'poll', ...settings }).map(([name, value]) => [
      name,
      { name, value, recommendedValues: [], errors: [], visible: true },
    ]),
  );
  checkExactlyOnce(methods as SourceConnector, {}, values);
  return Object.fromEntries([...values].flatMap(([name, { errors }]) => (errors.length > 0 ? [[name, errors]] : [])));
}

test('what is only requested is not looked at', () => {
  expect(problems({}, { exactlyOnceSupport: () => 'UNSUPPORTED' })).toEqual({});
});

test.each<[string, Partial<SourceConnector>, RegExp | null]>([
  ['can', { exactlyOnceSupport: () => 'SUPPORTED' }, null],
  [
    'cannot',
    { exactlyOnceSupport: () => 'UNSUPPORTED' },
    /^The connector does not support exactly-once semantics with the provided configuration\.$/,
  ],
  ['does not say', {}, /does not implement the API required.*use the value "requested" for this property/],
  ['answers null', { exactlyOnceSupport: () => null }, /does not implement the API required/],
  [
    'throws',
    {
      exactlyOnceSupport: () => {
        throw new Error(' odd ');
      },
    },
    /^An unexpected error occurred during validation: odd$/,
  ],
])('required of a connector that %s', (_, methods, message) => {
  const found = problems({ 'exactly.once.support': 'REQUIRED' }, methods);
  if (message === null) expect(found).toEqual({});
  else expect(found['exactly.once.support']?.[0]).toMatch(message);
});

test('required of a worker without exactly-once', () => {
  expect(() => refuseRequired({ 'exactly.once.support': ' Required' })).toThrow('does not have exactly-once source support enabled');
  refuseRequired({ 'exactly.once.support': 'requested' });
  refuseRequired({});
});

test('only a connector that can may define its transactions', () => {
  const settings = { 'transaction.boundary': 'connector' };
  expect(problems(settings, { canDefineTransactionBoundaries: () => 'SUPPORTED' })).toEqual({});
  expect(problems(settings, {})['transaction.boundary']?.[0]).toMatch(/does not support connector-defined transaction boundaries/);
});
