/** Settings that are known and checked but change nothing in this worker. Who sets one is told so: silence would promise something. */

import type { Logger } from '../log';

/** Settings of the worker, `plugin.discovery` and others of the JVM included. */
export const IDLE_WORKER_KEYS: readonly string[] = [
  'key.converter.plugin.version',
  'value.converter.plugin.version',
  'header.converter.plugin.version',
  'plugin.discovery',
  'metrics.sample.window.ms',
  'metrics.num.samples',
  'metrics.recording.level',
  'metric.reporters',
];

/** Settings of connectors. */
export const IDLE_CONNECTOR_KEYS: readonly string[] = ['config.action.reload'];

/** Settings of connectors that mean nothing where records of sources come at least once. */
const EXACTLY_ONCE_CONNECTOR_KEYS: readonly string[] = [
  'exactly.once.support',
  'transaction.boundary',
  'transaction.boundary.interval.ms',
  'offsets.storage.topic',
];

/** Warns of settings of a connector that have no effect. @param exactlyOnce true if the worker writes records of sources exactly once */
export function warnOfIdleConnectorKeys(config: Readonly<Record<string, string | null>>, exactlyOnce: boolean, logger: Logger): void {
  const idle = exactlyOnce ? IDLE_CONNECTOR_KEYS : [...IDLE_CONNECTOR_KEYS, ...EXACTLY_ONCE_CONNECTOR_KEYS];
  const given = Object.keys(config).filter(key => idle.includes(key));
  warn(given, `Connector ${config.name ?? ''}: `, logger);
}

/** Warns of settings of the worker that have no effect. */
export function warnOfIdleWorkerKeys(config: Readonly<Record<string, string>>, logger: Logger): void {
  const given = Object.keys(config).filter(key => IDLE_WORKER_KEYS.includes(key));
  warn(given, '', logger);
}

function warn(keys: readonly string[], whose: string, logger: Logger): void {
  if (keys.length > 0) logger.warn(`${whose}these settings have no effect in this worker: ${keys.join(', ')}`);
}
