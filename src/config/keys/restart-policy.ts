/** `restart.policy`: whether failed connectors and tasks are restarted by the worker itself. Not in Java; off by default. */

import { ConfigDef, type ConfigKey } from '../../api/config-def';
import { atLeast, caseInsensitiveValidString } from '../../api/config-validators';
import type { Props } from '../../api/connector';

/** When and how often failed connectors and tasks are restarted. */
export interface RestartPolicy {
  readonly enabled: boolean;
  /** How many restarts in a row are tried without a healthy time between them; -1 is no limit. */
  readonly maxAttempts: number;
  /** The wait before the first restart; each further wait is twice as long. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** How long a connector or task must have run for its earlier restarts to be forgotten. */
  readonly healthyMs: number;
}

/** The keys of worker and connectors; a connector inherits the worker's values. */
export const RESTART_KEYS: readonly ConfigKey[] = [
  {
    name: 'restart.policy',
    type: 'STRING',
    defaultValue: 'none',
    validator: caseInsensitiveValidString('none', 'on-failure'),
    importance: 'LOW',
    doc: 'Whether failed connectors and tasks are restarted: none or on-failure. A connector may set this and the keys below for itself.',
  },
  {
    name: 'restart.policy.max.attempts',
    type: 'INT',
    defaultValue: 10,
    validator: atLeast(-1),
    importance: 'LOW',
    doc: 'How many restarts may follow each other without a healthy time between them; -1 is no limit.',
  },
  {
    name: 'restart.policy.delay.ms',
    type: 'LONG',
    defaultValue: 1000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'Wait before the first restart; it doubles with each further one, less up to a fifth by chance.',
  },
  {
    name: 'restart.policy.delay.max.ms',
    type: 'LONG',
    defaultValue: 300_000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'The longest wait before a restart.',
  },
  {
    name: 'restart.policy.healthy.ms',
    type: 'LONG',
    defaultValue: 600_000,
    validator: atLeast(0),
    importance: 'LOW',
    doc: 'How long something must have run for its earlier restarts to be forgotten.',
  },
];

/** Definition of these keys alone, apart from Java's definitions, which REST shows. */
export const RESTART_DEF: ConfigDef = RESTART_KEYS.reduce((def, key) => def.define(key), new ConfigDef());

/** The policy for a connector. @throws ConfigException with the key and its allowed values */
export function restartPolicy(workerProps: Props, connectorProps: Props): RestartPolicy {
  const config = RESTART_DEF.parse({ ...workerProps, ...connectorProps });
  return {
    enabled: config.getString('restart.policy').toLowerCase() === 'on-failure',
    maxAttempts: config.getInt('restart.policy.max.attempts'),
    initialDelayMs: config.getDelayMs('restart.policy.delay.ms'),
    maxDelayMs: config.getDelayMs('restart.policy.delay.max.ms'),
    healthyMs: config.getDelayMs('restart.policy.healthy.ms'),
  };
}
