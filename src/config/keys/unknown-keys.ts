/**
 * Finds unknown settings, which are often misspelt. Java ignores those of connectors and logs those of the worker at level INFO. Here a
 * warning names them, with the key that may be meant; they are never an error, and REST does not show them.
 */

import type { ConfigDef } from '../../api/config-def';
import { CLIENT_DEFS, type ClientType } from '../clients/client-keys';
import type { ConnectorProps } from '../connector-props';
import { fromRest, listKeys } from '../files/setting';
import type { ConfigInfos } from '../validation/config-infos';
import { nearestKey } from '../validation/nearest-key';
import { RESTART_DEF } from './restart-policy';
import { SOURCE_DEAD_LETTER_DEF } from './source-dead-letters';
import { SSL_KEYS } from './ssl-keys';
import { TOPIC_GROUP_KEYS } from './topic-creation';
import { WORKER_DEF } from './worker-keys';

/** An unknown setting. */
export interface UnknownKey {
  readonly key: string;
  /** What may be meant or is missing, as half a sentence; empty if no key is similar. */
  readonly hint: string;
}

const CLIENTS: readonly ClientType[] = ['producer', 'consumer', 'admin'];
/** All settings of clients that a connector may override. */
const OVERRIDES: readonly string[] = CLIENTS.flatMap(client =>
  [...CLIENT_DEFS[client].keys.keys()].map(key => `${client}.override.${key}`),
);
const CONVERTERS = ['key.converter', 'value.converter', 'header.converter'] as const;

/** Keys of distributed workers, whose files may be used for a standalone worker too. */
const DISTRIBUTED =
  /^(?:group\.id|(?:config|offset|status)\.storage\..*|(?:session|rebalance|worker\.sync|scheduled\.rebalance\.max\.delay|worker\.unsync)\..*|heartbeat\.interval\.ms|connect\.protocol|inter\.worker\..*|exactly\.once\.source\.support|internal\.(?:key|value)\.converter.*)$/;

/** Keys of older workers, and their replacements. */
const REPLACED: Readonly<Record<string, (value: string) => string>> = {
  'rest.port': port => `set listeners=http://:${port.trim() || 8083} in its place`,
  'rest.host.name': host => `set listeners=http://${host.trim() || 'localhost'}:8083 in its place`,
};

/** The unknown settings as one line; empty if there are none. */
export function describeUnknownKeys(unknown: readonly UnknownKey[], originOf = fromRest): string {
  if (unknown.length === 0) return '';
  const shown = new Map(unknown.map(({ key, hint }) => [key, hint === '' ? key : `${key} (${hint})`]));
  const items = listKeys([...shown.keys()], originOf, key => shown.get(key) ?? key);
  return `these settings are not known and have no effect: ${items}`;
}

/**
 * Unknown settings of a connector.
 * @param infos the validation of the same settings, which knows the keys of connector, transformations, predicates and converters
 */
export function unknownConnectorKeys(props: ConnectorProps, infos: ConfigInfos): UnknownKey[] {
  const defined = infos.configs.flatMap(({ definition }) => (definition ? [definition.name] : []));
  const known = new Set([...defined, ...RESTART_DEF.keys.keys(), ...SOURCE_DEAD_LETTER_DEF.keys.keys(), ...topicCreationKeys(props)]);
  // If the connector's version does not exist, only the common keys were validated.
  const wrong = infos.configs.flatMap(({ value }) => (value && value.errors.length > 0 ? [value.name] : []));
  if (wrong.includes('connector.plugin.version')) return [];
  // The keys of a class that cannot be loaded are not known.
  const unjudged = wrong.flatMap(key => /^((?:transforms|predicates)\.[^.]+\.)type$/.exec(key)?.[1] ?? (isConverter(key) ? `${key}.` : []));
  const judged = Object.keys(props).filter(key => !unjudged.some(prefix => key.startsWith(prefix)));
  return judged.flatMap(key => judgeConnectorKey(key, props, known));
}

const isConverter = (key: string): boolean => CONVERTERS.some(converter => converter === key);

function judgeConnectorKey(key: string, props: ConnectorProps, known: ReadonlySet<string>): UnknownKey[] {
  if (known.has(key)) return [];
  for (const client of CLIENTS) {
    const prefix = `${client}.override.`;
    if (key.startsWith(prefix)) return judgeBelow(key, prefix, CLIENT_DEFS[client].keys.keys());
  }
  const converter = CONVERTERS.find(name => key.startsWith(`${name}.`));
  if (converter && !Object.hasOwn(props, converter)) {
    return [{ key, hint: `has an effect only beside ${converter}, without which the worker's converter and its settings are used` }];
  }
  const group = /^topic\.creation\.([^.]+)\./.exec(key)?.[1];
  if (group !== undefined) return judgeTopicKey(key, group, props);
  const alias = /^(transforms|predicates)\.([^.]+)\./.exec(key);
  const nearest = nearestKey(key, [...known, ...OVERRIDES]);
  if (alias && !nearest) {
    const isListed = listOf(props[alias[1] ?? '']).includes(alias[2] ?? '');
    return [{ key, hint: isListed ? '' : `${alias[2]} is not listed in ${alias[1]}` }];
  }
  return [{ key, hint: meant(nearest) }];
}

/** Settings of topics are left to the broker, which refuses unknown ones. */
function judgeTopicKey(key: string, group: string, props: ConnectorProps): UnknownKey[] {
  const isListed = group === 'default' || listOf(props['topic.creation.groups']).includes(group);
  if (!isListed) return [{ key, hint: `${group} is not listed in topic.creation.groups` }];
  const prefix = `topic.creation.${group}.`;
  const nearest = nearestKey(key.slice(prefix.length), TOPIC_GROUP_KEYS);
  return nearest ? [{ key, hint: meant(prefix + nearest) }] : [];
}

function topicCreationKeys(props: ConnectorProps): string[] {
  const groups = ['default', ...listOf(props['topic.creation.groups'])];
  return groups.flatMap(group => TOPIC_GROUP_KEYS.map(key => `topic.creation.${group}.${key}`));
}

/**
 * Unknown settings of a worker.
 * @param converters definitions of the worker's converters, by `key.converter` and so on
 */
export function unknownWorkerKeys(
  props: Readonly<Record<string, string>>,
  converters: Readonly<Partial<Record<string, ConfigDef>>>,
): UnknownKey[] {
  const names = [...new Set([...WORKER_DEF.keys.keys(), ...CLIENT_DEFS.admin.keys.keys()])];
  const known = new Set(names);
  return Object.keys(props).flatMap(key => {
    if (known.has(key) || DISTRIBUTED.test(key) || key.startsWith('metrics.context.')) return [];
    const replaced = Object.hasOwn(REPLACED, key) ? REPLACED[key] : undefined;
    if (replaced) return [{ key, hint: replaced(props[key] ?? '') }];
    return judgeWorkerKey(key, props, converters) ?? [{ key, hint: meant(nearestKey(key, names)) }];
  });
}

/** Checks a key below a known prefix; undefined if it has none. */
function judgeWorkerKey(
  key: string,
  props: Readonly<Record<string, string>>,
  converters: Readonly<Partial<Record<string, ConfigDef>>>,
): UnknownKey[] | undefined {
  const tls = /^(?:admin\.)?listeners\.https\./.exec(key)?.[0];
  if (tls) return judgeBelow(key, tls, [...SSL_KEYS.map(({ name }) => name), 'ssl.client.auth']);
  for (const client of CLIENTS) {
    if (key.startsWith(`${client}.`)) return judgeBelow(key, `${client}.`, CLIENT_DEFS[client].keys.keys());
  }
  for (const converter of CONVERTERS) {
    const def = converters[converter];
    // The keys of a converter whose code is not loaded are not known.
    if (key.startsWith(`${converter}.`)) return def ? judgeBelow(key, `${converter}.`, def.keys.keys()) : [];
  }
  const provider = /^config\.providers\.([^.]+)\.(?:class$|param\.)/.exec(key)?.[1];
  if (provider === undefined) return undefined;
  return listOf(props['config.providers']).includes(provider) ? [] : [{ key, hint: `${provider} is not listed in config.providers` }];
}

function judgeBelow(key: string, prefix: string, names: Iterable<string>): UnknownKey[] {
  const own = key.slice(prefix.length);
  const known = [...names];
  if (known.includes(own)) return [];
  const nearest = nearestKey(own, known);
  return [{ key, hint: meant(nearest && prefix + nearest) }];
}

const meant = (nearest: string | undefined): string => (nearest === undefined ? '' : `did you mean ${nearest}?`);

const listOf = (text: string | null | undefined): string[] => (text ?? '').split(',').map(item => item.trim());
