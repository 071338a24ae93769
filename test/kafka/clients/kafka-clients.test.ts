import { KafkaClients } from '../../../src/kafka/clients/kafka-clients';
import {
  ADMINS,
  type ClientOrigin,
  MEMBER,
  OFFSET_CHANGE_LIMIT_MS,
  PRODUCERS,
  READER,
  WORKER_ADMIN,
} from '../../../src/kafka/clients/purposes';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

const WORKER_PROPS = { 'bootstrap.servers': 'worker:1' };
const ID = { connector: 'c', task: 3 };

function originOf(connectorProps: Record<string, string>, workerProps: Record<string, string> = {}): ClientOrigin {
  return { workerProps: { ...WORKER_PROPS, ...workerProps }, connectorProps, id: ID };
}

/** Nothing native is loaded before a client is made. */
function clientsOf(connectorProps: Record<string, string>): { clients: KafkaClients; logger: ReturnType<typeof fakeLogger> } {
  const logger = fakeLogger();
  const ledger = { clientCreated: () => {}, queueCreated: () => {}, clientGivenUp: () => {} };
  return { clients: new KafkaClients({ libraryPath: '/nowhere', ledger, wakeFd: null, logger }, originOf(connectorProps)), logger };
}

describe('each client', () => {
  test('has its own client.id', () => {
    const idOf = ({ props }: { props: (origin: ClientOrigin) => Record<string, string> }): unknown => props(originOf({}))['client.id'];
    expect([...Object.values(PRODUCERS), ...Object.values(ADMINS), MEMBER, READER, WORKER_ADMIN].map(idOf)).toEqual([
      'connector-producer-c-3',
      'connector-dlq-producer-c-3',
      'connector-producer-c-3',
      'connector-adminclient-c-3',
      'connector-dlq-adminclient-',
      'connector-offsets-adminclient-c-3',
      'connector-worker-adminclient-c',
      'connector-consumer-c-3',
      'connector-offsets-consumer-c-3',
      'connect-standalone-admin',
    ]);
  });

  test.each(['offsets topic', 'topic of changed offsets'] as const)('that asks for the %s goes where the producer goes', purpose => {
    const overrides = { 'producer.override.bootstrap.servers': 'other:2', 'admin.override.bootstrap.servers': 'admin:3' };
    expect(clientsOf(overrides).clients.admins(purpose).bootstrapServers).toBe('other:2');
    expect(clientsOf({}).clients.admins(purpose).bootstrapServers).toBe('worker:1');
    expect(clientsOf(overrides).clients.admins('topics').bootstrapServers).toBe('admin:3');
  });

  test('that reads committed offsets goes there, too, with what is valid for a consumer', () => {
    const overrides = { 'producer.override.bootstrap.servers': 'other:2', 'producer.override.linger.ms': '7' };
    expect(READER.props(originOf(overrides))).toEqual({ 'bootstrap.servers': 'other:2', 'client.id': 'connector-offsets-consumer-c-3' });
  });

  test('has what is set whatever the user says', () => {
    expect([PRODUCERS.records.fixed, MEMBER.fixed, ADMINS['topic of changed offsets'].apiTimeoutMs]).toEqual([
      { 'topic.metadata.propagation.max.ms': '1800000' },
      { 'enable.partition.eof': 'true' },
      OFFSET_CHANGE_LIMIT_MS,
    ]);
  });
});

describe('settings without an effect', () => {
  const NO_EFFECT = {
    'producer.override.interceptor.classes': 'x.Y',
    'admin.override.interceptor.classes': 'x.Y',
    'admin.override.metrics.recording.level': 'DEBUG',
  };

  test.each(['records', 'dead letters'] as const)('are named once for producers of %s', purpose => {
    const { clients, logger } = clientsOf(NO_EFFECT);
    clients.producers(purpose);
    expect(logger.lines).toEqual([expect.stringMatching(/^WARN producer setting interceptor.classes has no effect/)]);
  });

  test('are named for the admin client that makes topics', () => {
    const { clients, logger } = clientsOf(NO_EFFECT);
    const own = fakeLogger();
    clients.admins('topics', own);
    expect(logger.lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/^WARN admin setting metrics.recording.level has no effect/)]),
    );
    expect(own.lines).toEqual([]);
  });

  test('are not named again by clients that go the same way', () => {
    const { clients, logger } = clientsOf(NO_EFFECT);
    clients.producers('changed offsets', 'id');
    for (const purpose of ['dead letter topic', 'offsets topic', 'topic of changed offsets'] as const) clients.admins(purpose);
    expect(logger.lines).toEqual([]);
  });
});

describe('transactions', () => {
  const GIVEN = { 'producer.override.transactional.id': 'mine', 'producer.override.transaction.timeout.ms': '5000' };

  test('take their id from the worker, which is said where the user has set one', () => {
    const { clients, logger } = clientsOf(GIVEN);
    expect(clients.producers('records', 'ours').transactionTimeoutMs).toBe(5000);
    expect(logger.lines).toEqual(
      expect.arrayContaining([expect.stringContaining('each task has an id of its own, made from worker.uuid')]),
    );
  });

  test('are none without one', () => {
    expect(clientsOf(GIVEN).clients.producers('records').transactionTimeoutMs).toBe(0);
  });
});

test('a setting that Java refuses is refused before a client is made', () => {
  const { clients } = clientsOf({ 'producer.override.linger.ms': 'soon', 'admin.override.retries': 'x' });
  expect(() => clients.producers('records')).toThrow('linger.ms');
  expect(() => clients.admins('topics')).toThrow('retries');
});
