/** Exactly-once delivery of sources: the worker's settings, and the resulting settings of a task (KIP-618). */

import { ConfigDef, type ConfigKey, parseType } from '../../api/config-def';
import { toDelayMs } from '../../api/config-types';
import {
  atLeast,
  caseInsensitiveValidString,
  compositeValidator,
  nonEmptyString,
  topicName,
  type Validator,
} from '../../api/config-validators';
import type { Props } from '../../api/connector';

const positiveOrDefault: Validator = (key, value) => atLeast(value === -1 ? -1 : 1)(key, value);

/** Keys of the worker. All but the last are Java's, for distributed workers. */
export const EXACTLY_ONCE_KEYS: readonly ConfigKey[] = [
  {
    name: 'exactly.once.source.support',
    type: 'STRING',
    defaultValue: 'disabled',
    validator: caseInsensitiveValidString('disabled', 'preparing', 'enabled'),
    importance: 'HIGH',
    doc:
      'enabled: records of sources and their offsets are written in one transaction, so that each record is there exactly once. ' +
      'preparing is the same as disabled: a worker that is alone has nobody to wait for.',
  },
  {
    name: 'offset.storage.topic',
    type: 'STRING',
    defaultValue: null,
    validator: compositeValidator(nonEmptyString, topicName),
    importance: 'MEDIUM',
    doc: 'With exactly-once, the topic of source offsets; created if it is missing. Absent: `connect-offsets-` and the uuid of the worker.',
  },
  {
    name: 'offset.storage.partitions',
    type: 'INT',
    defaultValue: 1,
    validator: positiveOrDefault,
    importance: 'LOW',
    doc: 'Partitions of that topic if it has to be created; -1 is the default of the brokers.',
  },
  {
    name: 'offset.storage.replication.factor',
    type: 'SHORT',
    defaultValue: -1,
    validator: positiveOrDefault,
    importance: 'LOW',
    doc: 'Replication factor of that topic if it has to be created; -1 is the default of the brokers.',
  },
  {
    name: 'worker.uuid',
    type: 'STRING',
    defaultValue: null,
    validator: nonEmptyString,
    importance: 'LOW',
    doc:
      'With exactly-once, what tells this worker from all others; part of transactional ids and of the name of the topic of offsets. ' +
      'Absent: it is made once and kept beside the offset file, with `.worker-uuid` at the end of its name.',
  },
];

const DEF = EXACTLY_ONCE_KEYS.reduce((def, key) => def.define(key), new ConfigDef());

/** When the transaction of a task is committed. */
export type TransactionBoundary =
  | { readonly type: 'poll' }
  | { readonly type: 'interval'; readonly intervalMs: number }
  | { readonly type: 'connector' };

/** The settings of a task. */
export interface ExactlyOnceSettings {
  readonly transactionalId: string;
  readonly offsetsTopic: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly boundary: TransactionBoundary;
}

/** True if the worker writes source records exactly once. */
export function isExactlyOnce(workerProps: Props): boolean {
  return textOf(workerProps, 'exactly.once.source.support')?.toLowerCase() === 'enabled';
}

/**
 * The settings of a task; null without exactly-once.
 * @param workerProps with `worker.uuid`
 * @throws ConfigException
 */
export function exactlyOnceSettings(
  workerProps: Props,
  connectorProps: Props,
  owner: { readonly connector: string; readonly task: number },
): ExactlyOnceSettings | null {
  if (!isExactlyOnce(workerProps)) return null;
  const worker = DEF.parse(workerProps);
  const uuid = worker.getStringOrNull('worker.uuid') ?? '';
  return {
    transactionalId: `connect-standalone-${uuid}-${owner.connector}-${owner.task}`,
    offsetsTopic: offsetsTopic(workerProps, connectorProps, uuid),
    partitions: worker.getInt('offset.storage.partitions'),
    replicationFactor: worker.getInt('offset.storage.replication.factor'),
    boundary: boundaryOf(workerProps, connectorProps),
  };
}

function offsetsTopic(workerProps: Props, connectorProps: Props, uuid: string): string {
  return textOf(connectorProps, 'offsets.storage.topic') || (textOf(workerProps, 'offset.storage.topic') ?? defaultOffsetsTopic(uuid));
}

/** The offsets topic of a worker that does not name one. */
function defaultOffsetsTopic(uuid: string): string {
  return `connect-offsets-${uuid}`;
}

function boundaryOf(workerProps: Props, connectorProps: Props): TransactionBoundary {
  const type = textOf(connectorProps, 'transaction.boundary')?.toLowerCase() ?? 'poll';
  if (type === 'connector') return { type };
  if (type !== 'interval') return { type: 'poll' };
  const interval = delayOf(connectorProps, 'transaction.boundary.interval.ms') ?? delayOf(workerProps, 'offset.flush.interval.ms');
  return { type, intervalMs: interval ?? 60_000 };
}

function textOf(props: Props, key: string): string | null {
  return parseType(key, props[key], 'STRING') as string | null;
}

function delayOf(props: Props, key: string): number | null {
  const value = parseType(key, props[key], 'LONG') as number | bigint | null;
  return value === null ? null : toDelayMs(value);
}
