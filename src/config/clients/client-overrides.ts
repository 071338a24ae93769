/** A connector's overrides of Kafka client settings, and the policies that allow them (KIP-458, KIP-1188). */

import { type ConfigValue, collectError, emptyValue, parseType } from '../../api/config-def';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import type { ConnectorProps } from '../connector-props';
import { hasDlqTopic } from '../keys/sink-keys';
import { type ConfigInfos, prefixedInfos } from '../validation/config-infos';
import { CLIENT_DEFS, type ClientType } from './client-keys';
import { checkClientValue } from './client-values';
import { checkTokenSource, NO_TOKEN_SOURCES, type TokenSources } from './token-sources';

/** Decides which client settings a connector may override. */
export interface OverridePolicy {
  /** Short name, as in `connector.client.config.override.policy` and in messages. */
  readonly name: string;
  /** The files and URLs that connectors may name. */
  readonly tokenSources: TokenSources;
  /** @param key the client's setting, without `producer.override.` and the like */
  allows(key: string): boolean;
}

const PRINCIPAL_KEYS: readonly string[] = ['sasl.jaas.config', 'sasl.mechanism', 'security.protocol'];

/**
 * The policy that the worker's settings name, by alias or Java class name.
 * @throws ConnectException for an unknown name
 */
export function createOverridePolicy(setting: string, allowlist: readonly string[], tokenSources = NO_TOKEN_SOURCES): OverridePolicy {
  const className = /^(?:org\.apache\.kafka\.connect\.connector\.policy\.)?(\w+?)(?:ConnectorClientConfigOverridePolicy)?$/.exec(setting);
  const name = className?.[1];
  switch (name) {
    case 'All':
      return { name, tokenSources, allows: () => true };
    case 'None':
      return { name, tokenSources, allows: () => false };
    case 'Allowlist':
      return { name, tokenSources, allows: key => allowlist.includes(key) };
    case 'Principal':
      return { name, tokenSources, allows: key => PRINCIPAL_KEYS.includes(key) };
    default:
      throw new ConnectError(
        'ConnectException',
        `Failed to find any class that implements ConnectorClientConfigOverridePolicy and which name matches ${setting}, ` +
          'available policies are: All, Allowlist, None, Principal (connector.client.config.override.policy)',
      );
  }
}

/** Warns of the deprecated policy, once per worker. */
export function warnOfDeprecatedPolicy({ name }: OverridePolicy): void {
  if (name !== 'Principal') return;
  getLogger('org.apache.kafka.connect.connector.policy.PrincipalConnectorClientConfigOverridePolicy').warn(
    'The Principal ConnectorClientConfigOverridePolicy is deprecated, use the Allowlist policy instead. To replicate the Principal ' +
      `policy behavior, set the connector.client.config.override.allowlist configuration to "${PRINCIPAL_KEYS.join(',')}"`,
  );
}

/**
 * Checks the overrides for the clients that the connector's tasks will use. What Java answers with 500 (a wrong type) or leaves to the
 * tasks (a value out of range) is reported here as an error of the key that the user has set.
 */
export function validateOverrides(props: ConnectorProps, connectorType: 'source' | 'sink', policy: OverridePolicy): ConfigInfos[] {
  return clientsOf(props, connectorType).map(client => {
    const prefix = `${client}.override.`;
    const overrides = Object.entries(props).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length);
    const values = overrides.map(([key, value]) => checkOverride(key, value, key.slice(prefix.length), client, policy));
    return prefixedInfos(CLIENT_DEFS[client], values, prefix);
  });
}

/** Kinds of clients in the order of REST responses. */
function clientsOf(props: ConnectorProps, connectorType: 'source' | 'sink'): ClientType[] {
  if (connectorType === 'sink') return hasDlqTopic(props) ? ['producer', 'consumer', 'admin'] : ['consumer'];
  return Object.keys(props).some(key => key.startsWith('topic.creation.')) ? ['producer', 'admin'] : ['producer'];
}

function checkOverride(key: string, raw: string | null, name: string, client: ClientType, policy: OverridePolicy): ConfigValue {
  const result: ConfigValue = { ...emptyValue(name), value: raw };
  const definition = CLIENT_DEFS[client].keys.get(name);
  if (!policy.allows(name)) {
    result.errors.push(`The '${policy.name}' policy does not allow '${name}' to be overridden in the connector configuration.`);
  }
  // Null is reported for all keys alike, elsewhere.
  if (raw === null) return result;
  if (definition) {
    collectError(result, () => {
      result.value = null;
      result.value = parseType(key, raw, definition.type);
      definition.validator?.(key, result.value);
    });
  }
  collectError(result, () => {
    checkClientValue(client, name, raw);
    checkTokenSource(name, raw, policy.tokenSources);
  });
  return result;
}
