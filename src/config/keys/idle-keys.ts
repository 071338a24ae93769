/** Settings that are known and checked but have no effect in this worker. A warning names them, since silence would suggest an effect. */

import type { Logger } from '../../log';
import { fromRest, listKeys, type OriginOf } from '../files/setting';

/** Settings of the worker, `plugin.discovery` and others of the JVM included. */
export const IDLE_WORKER_KEYS: readonly string[] = [
  'key.converter.plugin.version',
  'value.converter.plugin.version',
  'header.converter.plugin.version',
  'plugin.discovery',
  'metrics.recording.level',
  'metric.reporters',
];

/** Settings of connectors. */
export const IDLE_CONNECTOR_KEYS: readonly string[] = ['config.action.reload'];

/** Settings of connectors that have no effect without exactly-once. */
const EXACTLY_ONCE_CONNECTOR_KEYS: readonly string[] = [
  'exactly.once.support',
  'transaction.boundary',
  'transaction.boundary.interval.ms',
  'offsets.storage.topic',
];

/**
 * Warnings about settings of a connector that have no effect; empty if there are none.
 * @param exactlyOnce true if the worker writes records of sources exactly once
 */
export function describeIdleConnectorKeys(
  config: Readonly<Record<string, string | null>>,
  kind: 'source' | 'sink',
  exactlyOnce = false,
  originOf = fromRest,
): string {
  const keys = Object.keys(config);
  const idle = keys.filter(key => IDLE_CONNECTOR_KEYS.includes(key) || (!exactlyOnce && EXACTLY_ONCE_CONNECTOR_KEYS.includes(key)));
  const ofSources = kind === 'sink' ? keys.filter(key => key.startsWith('source.deadletters.')) : [];
  return [
    ...(idle.length > 0 ? [`these have no effect in this worker: ${listKeys(idle, originOf)}`] : []),
    ...(ofSources.length > 0
      ? [`these are for sources, a sink has errors.deadletterqueue.topic.name: ${listKeys(ofSources, originOf)}`]
      : []),
  ].join('; ');
}

/** Warns of settings of the worker that have no effect. */
export function warnOfIdleWorkerKeys(config: Readonly<Record<string, string>>, logger: Logger, originOf: OriginOf): void {
  const given = Object.keys(config).filter(key => IDLE_WORKER_KEYS.includes(key));
  if (given.length > 0) logger.warn(`these settings have no effect in this worker: ${listKeys(given, originOf)}`);
}
