/** Whether the worker's own `security.protocol`, `sasl.*` and `ssl.*` are for its admin client alone, as in Java, or for all clients. */

import type { ConfigKey } from '../../api/config-def';
import { parseType } from '../../api/config-types';
import type { Props } from '../../api/connector';

const KEY = 'clients.inherit.security';
const CLIENTS = ['producer', 'consumer'] as const;

/** The key of the worker. */
export const INHERITED_SECURITY_KEY: ConfigKey = {
  name: KEY,
  type: 'BOOLEAN',
  defaultValue: false,
  importance: 'LOW',
  doc:
    'Whether `security.protocol`, `sasl.*` and `ssl.*` of this file are for the producers and consumers of connectors too; ' +
    'what is set below `producer.`, `consumer.` or in an override takes precedence. Not a setting of Java.',
};

/** True for settings of TLS and SASL. */
export function isSecurity(key: string): boolean {
  return /^(?:security\.protocol$|sasl\.|ssl\.)/.test(key);
}

/** True if all clients inherit them. @throws ConfigException */
export function inheritsSecurity(workerProps: Props): boolean {
  return parseType(KEY, workerProps[KEY] ?? 'false', 'BOOLEAN') === true;
}

/** A warning about settings that only the admin client gets although other clients need them too; undefined if there are none. */
export function uninheritedSecurity(workerProps: Props): string | undefined {
  const own = Object.keys(workerProps).filter(key => key === 'security.protocol' || key.startsWith('sasl.'));
  if (own.length === 0 || inheritsSecurity(workerProps)) return undefined;
  const without = CLIENTS.filter(
    client => !Object.keys(workerProps).some(key => isSecurity(key.replace(`${client}.`, '')) && key.startsWith(`${client}.`)),
  );
  if (without.length === 0) return undefined;
  return (
    `${own.join(', ')}: these are for the worker's own admin client only, as in Java. Set them below ${without.map(client => `${client}.`).join(' and ')} ` +
    `too, or ${KEY}=true for all clients; without them connectors can reach no broker that wants TLS or SASL.`
  );
}
