import { adminProps, consumerGroup, consumerProps, dlqProducerProps, producerProps } from '../../../src/kafka/settings/client-props';

const OWNER = { connector: 'c', task: 3 };
const WORKER = {
  'bootstrap.servers': 'h:9092',
  'linger.ms': '99',
  'security.protocol': 'SSL',
  'client.id': 'worker',
  'request.timeout.ms': '7',
  'key.converter': 'x',
  'metric.reporters': 'x',
  'producer.linger.ms': '1',
  'producer.acks': '1',
  'consumer.group.id': 'from-worker',
  'consumer.max.poll.records': '10',
  'admin.request.timeout.ms': '8',
  'admin.no.such': 'x',
  'producer.': 'x',
};
const CONNECTOR = {
  name: 'c',
  'linger.ms': '98',
  'producer.override.linger.ms': '2',
  'consumer.override.max.poll.records': '20',
  'admin.override.retry.backoff.ms': '9',
};

test('a producer has the server of the worker, then producer., then producer.override.', () => {
  expect(producerProps(WORKER, CONNECTOR, OWNER)).toEqual({
    'bootstrap.servers': 'h:9092',
    'client.id': 'connector-producer-c-3',
    'linger.ms': '2',
    acks: '1',
  });
});

test('the dead letter producer differs by name only', () => {
  expect(dlqProducerProps(WORKER, CONNECTOR, OWNER)).toEqual({
    ...producerProps(WORKER, CONNECTOR, OWNER),
    'client.id': 'connector-dlq-producer-c-3',
  });
});

test('a consumer likewise, with its group', () => {
  expect(consumerProps(WORKER, CONNECTOR, OWNER)).toEqual({
    'bootstrap.servers': 'h:9092',
    'client.id': 'connector-consumer-c-3',
    'group.id': 'from-worker',
    'max.poll.records': '20',
  });
  expect(consumerProps({}, {}, OWNER)).toEqual({ 'client.id': 'connector-consumer-c-3', 'group.id': 'connect-c' });
});

test('the group is the same wherever it is asked for', () => {
  const mine = { 'consumer.override.group.id': 'mine' };
  for (const [worker, connector, group] of [
    [WORKER, mine, 'mine'],
    [WORKER, {}, 'from-worker'],
    [{}, {}, 'connect-c'],
  ] as const) {
    expect(consumerGroup(worker, connector, 'c')).toBe(group);
    expect(consumerProps(worker, connector, OWNER)['group.id']).toBe(group);
  }
});

test('an admin client has what is valid for it of the worker, then admin., then admin.override.', () => {
  expect(adminProps(WORKER, CONNECTOR, 'connector-adminclient-c')).toEqual({
    'bootstrap.servers': 'h:9092',
    'client.id': 'worker',
    'security.protocol': 'SSL',
    'request.timeout.ms': '8',
    'no.such': 'x',
    'retry.backoff.ms': '9',
  });
});

test('the listeners of admin endpoints are no settings of an admin client', () => {
  const worker = { 'admin.listeners': 'https://:1', 'admin.listeners.https.ssl.key.password': 'x', 'admin.retries': '1' };
  expect(adminProps(worker, {}, 'id')).toEqual({ 'client.id': 'id', retries: '1' });
});

test('a name that an object has anyway is a setting like any other', () => {
  expect(Object.entries(producerProps({ 'producer.toString': 'x' }, {}, OWNER))).toContainEqual(['toString', 'x']);
});
