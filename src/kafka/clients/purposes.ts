/** Which Kafka clients there are: whose settings each has, its `client.id`, and what is set whatever the user says. */
import type { Props } from '../../api/connector';
import { formatTaskId } from '../../thread/messages';
import type { LibrdkafkaSettings } from '../native/client';
import { adminProps, alongside, type ClientOwner, consumerProps, dlqProducerProps, producerProps } from '../settings/client-props';

/** Whose settings clients have. */
export interface ClientOrigin {
  readonly workerProps: Props;
  readonly connectorProps: Props;
  readonly id: ClientOwner;
}

/** What clients of a kind are made for. */
export interface Purpose<Origin = ClientOrigin> {
  /** The settings in Java's names, those of worker and connector merged. */
  readonly props: (origin: Origin) => Props;
  /** Settings of librdkafka that the user has no say in. */
  readonly fixed?: LibrdkafkaSettings;
  /** True if settings without an effect are named in the log; false where another client of the same settings has named them. */
  readonly warns: boolean;
  /** Admin clients: how long one call may take, where that is not for `default.api.timeout.ms` to say. */
  readonly apiTimeoutMs?: number;
}

/** How long it may take to change offsets of an exactly-once connector. */
export const OFFSET_CHANGE_LIMIT_MS = 30_000;

/**
 * How long librdkafka lets records wait for a topic that does not exist (30 s by default). After half an hour there is a new client,
 * which waits as long again; the log says why long before. More than 2,147,483 would overflow in librdkafka and mean no wait at all.
 */
const TOPIC_WAIT_MS = 1_800_000;

const ofProducer = ({ workerProps, connectorProps, id }: ClientOrigin): Props => producerProps(workerProps, connectorProps, id);

/** An admin client that goes where the producer goes; the connector's own `admin.override.` count for nothing there. */
function besideProducer(origin: ClientOrigin, clientId: string): Props {
  return { ...adminProps(origin.workerProps, {}, clientId), ...alongside('admin', ofProducer(origin), clientId) };
}

export const PRODUCERS = {
  /** Of a source task. */
  records: { props: ofProducer, fixed: { 'topic.metadata.propagation.max.ms': String(TOPIC_WAIT_MS) }, warns: true },
  /** Of the dead letters of a task. */
  'dead letters': { props: ({ workerProps, connectorProps, id }) => dlqProducerProps(workerProps, connectorProps, id), warns: true },
  /** Of offsets of an exactly-once connector that were changed by REST. */
  'changed offsets': { props: ofProducer, warns: false },
} satisfies Record<string, Purpose>;

export const ADMINS = {
  /** Makes topics for a source task. */
  topics: {
    props: ({ workerProps, connectorProps, id }) => adminProps(workerProps, connectorProps, `connector-adminclient-${formatTaskId(id)}`),
    warns: true,
  },
  /** Makes the topic of dead letters. */
  'dead letter topic': {
    props: ({ workerProps, connectorProps }) => adminProps(workerProps, connectorProps, 'connector-dlq-adminclient-'),
    warns: false,
  },
  /** Makes the topic of offsets for an exactly-once task. */
  'offsets topic': { props: origin => besideProducer(origin, `connector-offsets-adminclient-${formatTaskId(origin.id)}`), warns: false },
  /** The same where offsets are changed by REST. */
  'topic of changed offsets': {
    props: origin => besideProducer(origin, `connector-worker-adminclient-${origin.id.connector}`),
    warns: false,
    apiTimeoutMs: OFFSET_CHANGE_LIMIT_MS,
  },
} satisfies Record<string, Purpose>;

/** The member of the group of a sink connector that a task is. */
export const MEMBER: Purpose = {
  props: ({ workerProps, connectorProps, id }) => consumerProps(workerProps, connectorProps, id),
  // Whether all of a topic was delivered is asked at the end of a drain.
  fixed: { 'enable.partition.eof': 'true' },
  warns: true,
};

/** Reads the committed offsets of an exactly-once task. */
export const READER: Purpose = {
  props: origin => alongside('consumer', ofProducer(origin), `connector-offsets-consumer-${formatTaskId(origin.id)}`),
  warns: false,
};

/** The worker's own admin client. */
export const WORKER_ADMIN: Purpose<Pick<ClientOrigin, 'workerProps'>> = {
  props: ({ workerProps }) => adminProps(workerProps, {}, 'connect-standalone-admin'),
  warns: true,
};
