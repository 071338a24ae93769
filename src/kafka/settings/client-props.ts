/** Merges the settings of one Kafka client as Connect does, from the worker's and the connector's. Keys are still Java's. */
import { parseType } from '../../api/config-def';
import type { Props } from '../../api/connector';
import { inheritsSecurity, isSecurity } from '../../config/clients/inherited-security';
import { checkTokenSource, tokenSources } from '../../config/clients/token-sources';
import { keysOf } from './client-config-table';
import type { ClientKind } from './client-key';

/** The owner of a client; part of its `client.id`. */
export interface ClientOwner {
  readonly connector: string;
  readonly task: number;
}

/** Settings of the producer of a source task: worker `producer.` < connector `producer.override.`. */
export function producerProps(workerProps: Props, connectorProps: Props, owner: ClientOwner): Props {
  return produce(workerProps, connectorProps, `connector-producer-${owner.connector}-${owner.task}`);
}

/** Settings of the producer that writes a sink task's dead letters; the same prefixes as for sources. */
export function dlqProducerProps(workerProps: Props, connectorProps: Props, owner: ClientOwner): Props {
  return produce(workerProps, connectorProps, `connector-dlq-producer-${owner.connector}-${owner.task}`);
}

/** Settings of the consumer of a sink task: worker `consumer.` < connector `consumer.override.`. */
export function consumerProps(workerProps: Props, connectorProps: Props, owner: ClientOwner): Props {
  return {
    ...fromWorker('consumer', workerProps),
    'group.id': `connect-${owner.connector}`,
    'client.id': `connector-consumer-${owner.connector}-${owner.task}`,
    ...below('consumer.', workerProps),
    ...overrides('consumer', workerProps, connectorProps),
  };
}

/**
 * Settings of an admin client: the worker's own that are valid for it < worker `admin.` < connector `admin.override.`.
 * @param clientId e.g. `connector-adminclient-<connector>-<task>`
 */
export function adminProps(workerProps: Props, connectorProps: Props, clientId: string): Props {
  const valid = keysOf('admin');
  const own = Object.entries(workerProps).filter(([key]) => valid.has(key) && !WORKER_KEYS.has(key));
  return {
    'client.id': clientId,
    ...Object.fromEntries(own),
    ...below('admin.', withoutListeners(workerProps)),
    ...overrides('admin', workerProps, connectorProps),
  };
}

/** Settings of another client for the cluster of a producer: those of the producer's settings that are valid for it. */
export function alongside(kind: 'consumer' | 'admin', producer: Props, clientId: string): Props {
  const valid = keysOf(kind);
  return { ...Object.fromEntries(Object.entries(producer).filter(([key]) => valid.has(key))), 'client.id': clientId };
}

/** The group of a sink connector: `consumer.override.group.id`, `consumer.group.id`, or `connect-<name>`. */
export function consumerGroup(workerProps: Props, connectorProps: Props, connector: string): string {
  const read = (key: string, props: Props): string | null => parseType(key, props[key], 'STRING') as string | null;
  return read('consumer.override.group.id', connectorProps) ?? read('consumer.group.id', workerProps) ?? `connect-${connector}`;
}

/** Keys that are valid for admin clients, but are meant for the worker. */
const WORKER_KEYS: ReadonlySet<string> = new Set([
  'config.providers',
  'metric.reporters',
  'metrics.num.samples',
  'metrics.sample.window.ms',
  'metrics.recording.level',
]);

/** Removes `admin.listeners` and its settings, which look like those of the admin client but are the REST server's. */
function withoutListeners(workerProps: Props): Props {
  return Object.fromEntries(Object.entries(workerProps).filter(([key]) => !/^admin\.listeners(?:\.|$)/.test(key)));
}

function produce(workerProps: Props, connectorProps: Props, clientId: string): Props {
  return {
    ...fromWorker('producer', workerProps),
    'client.id': clientId,
    ...below('producer.', workerProps),
    ...overrides('producer', workerProps, connectorProps),
  };
}

/** @throws ConfigException for a file or URL that the worker's file does not allow */
function overrides(client: ClientKind, workerProps: Props, connectorProps: Props): Record<string, string> {
  const values = below(`${client}.override.`, connectorProps);
  const sources = tokenSources(workerProps);
  for (const [key, value] of Object.entries(values)) checkTokenSource(key, value, sources);
  return values;
}

/** The worker's settings that all clients inherit: the servers, and if the worker says so, TLS and SASL. */
function fromWorker(client: ClientKind, workerProps: Props): Record<string, string> {
  const keys = keysOf(client);
  const inherits = inheritsSecurity(workerProps);
  const own = Object.entries(workerProps).filter(([key]) => key === 'bootstrap.servers' || (inherits && isSecurity(key) && keys.has(key)));
  return Object.fromEntries(own);
}

function below(prefix: string, props: Props): Record<string, string> {
  const entries = Object.entries(props).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length);
  return Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]));
}
