/** Settings below `transforms.<alias>.` and `predicates.<alias>.`, defined by the class of the alias. */

import { ConfigDef, type ConfigKey, NO_DEFAULT, type ParsedValues, parseType } from '../../api/config-def';
import { invalidValue, settingText } from '../../api/config-types';
import type { Validator } from '../../api/config-validators';
import { ConnectError, toError } from '../../errors';
import { getLogger } from '../../log';
import type { ConnectorProps } from '../connector-props';
import { withinBounds } from '../validation/alias-bounds';
import { checkVersion, classLookup, INTERFACE_OF, type PluginLookup, type PluginOf, requirePlugin } from '../validation/plugin-lookup';

const log = getLogger('org.apache.kafka.connect.runtime.ConnectorConfig');

/** What differs between the settings of transformations and of predicates. */
interface AliasSection {
  readonly key: 'transforms' | 'predicates';
  readonly type: 'transformation' | 'predicate';
  readonly group: string;
}

const SECTIONS: readonly AliasSection[] = [
  { key: 'transforms', type: 'transformation', group: 'Transforms' },
  { key: 'predicates', type: 'predicate', group: 'Predicates' },
];

/** What is needed to define the keys of an alias. */
interface AliasContext {
  readonly section: AliasSection;
  readonly alias: string;
  readonly prefix: string;
  readonly props: ConnectorProps;
  readonly plugins: PluginLookup;
}

/** Adds the keys of all transformations and predicates that `transforms` and `predicates` name (ConnectorConfig.enrich). */
export function addTransformKeys(def: ConfigDef, props: ConnectorProps, plugins: PluginLookup): void {
  for (const section of SECTIONS) {
    for (const alias of new Set(aliasesOf(props, section.key))) {
      addAlias(def, { section, alias, prefix: `${section.key}.${alias}.`, props, plugins });
    }
  }
}

function aliasesOf(props: ConnectorProps, key: string): readonly string[] {
  return withinBounds((parseType(key, props[key], 'LIST') ?? []) as readonly string[]);
}

function addAlias(def: ConfigDef, context: AliasContext): void {
  const group = `${context.section.group}: ${context.alias}`;
  def.define({ ...typeKey(context), group }).define({ ...versionKey(context), group });
  const own = attempt(() => ownKeys(context));
  if (own instanceof ConfigDef) def.embed(context.prefix, group, 2, own);
}

/** Returns the ConfigException of a check as a value; other errors are thrown. */
function attempt<T>(check: () => T): T | ConnectError {
  try {
    return check();
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'ConfigException') return error;
    throw error;
  }
}

function typeKey(context: AliasContext): ConfigKey {
  const { section, alias, prefix, plugins } = context;
  const kind = INTERFACE_OF[section.type];
  const validator: Validator = (_key, value) => {
    if (section.type === 'transformation') checkNegate(context);
    if (value !== null) ownKeys(context);
  };
  return {
    name: `${prefix}type`,
    type: 'CLASS',
    defaultValue: NO_DEFAULT,
    validator,
    importance: 'HIGH',
    doc: `Class for the '${alias}' ${kind.toLowerCase()}.`,
    orderInGroup: 0,
    width: 'LONG',
    displayName: `${kind} type for ${alias}`,
    recommender: () => plugins.list(section.type).map(({ className }) => className),
  };
}

function versionKey(context: AliasContext): ConfigKey {
  const { section, alias, prefix, props, plugins } = context;
  const kind = INTERFACE_OF[section.type];
  const versionOf = (className: unknown): string | undefined =>
    typeof className === 'string' ? plugins.find(section.type, className)?.version : undefined;
  const validator: Validator = (_key, value) => {
    const plugin = plugins.find(section.type, props[`${prefix}type`] ?? '');
    if (plugin) checkVersion(plugins, plugin, value as string | null);
  };
  return {
    name: `${prefix}plugin.version`,
    type: 'STRING',
    defaultValue: versionOf(props[`${prefix}type`]) ?? null,
    validator,
    importance: 'HIGH',
    doc: `Version of the '${alias}' ${kind.toLowerCase()}.`,
    orderInGroup: 1,
    width: 'LONG',
    displayName: `${kind} version for ${alias}`,
    recommender: (parsed: ParsedValues) => [versionOf(parsed[`${prefix}type`])].filter(version => version !== undefined),
  };
}

function checkNegate({ prefix, props }: AliasContext): void {
  if (!Object.hasOwn(props, `${prefix}negate`) || Object.hasOwn(props, `${prefix}predicate`)) return;
  throw new ConnectError(
    'ConfigException',
    `Config '${prefix}negate' was provided but there is no config '${prefix}predicate' defining a predicate to be negated.`,
  );
}

/** The keys of the class itself, with `predicate` and `negate` for a transformation. @throws ConfigException if the class cannot be used */
function ownKeys(context: AliasContext): ConfigDef {
  const { section, prefix, props, plugins } = context;
  const key = `${prefix}type`;
  const className = parseType(key, props[key], 'CLASS', classLookup(plugins));
  if (typeof className !== 'string') throw invalidValue(key, null, `Not a ${INTERFACE_OF[section.type]}`);
  const plugin = requirePlugin(plugins, section.type, className);
  checkVersion(plugins, plugin, props[`${prefix}plugin.version`]);
  const config = configOf(key, plugin);
  return section.type === 'transformation' ? withPredicateKeys(config, context) : config;
}

function configOf(key: string, plugin: PluginOf<'transformation' | 'predicate'>): ConfigDef {
  try {
    return plugin.create().config();
  } catch (error) {
    const problem = `Error getting config definition from ${INTERFACE_OF[plugin.type]}: ${toError(error).message}`;
    throw invalidValue(key, plugin.className, problem);
  }
}

function withPredicateKeys(config: ConfigDef, context: AliasContext): ConfigDef {
  const def = new ConfigDef()
    .define({
      name: 'predicate',
      type: 'STRING',
      defaultValue: null,
      validator: (_key, value) => checkPredicate(context, value),
      importance: 'MEDIUM',
      doc: 'The alias of a predicate used to determine whether to apply this transformation.',
    })
    .define({
      name: 'negate',
      type: 'BOOLEAN',
      defaultValue: false,
      importance: 'MEDIUM',
      doc: 'Whether the configured predicate should be negated.',
    });
  for (const key of config.keys.values()) {
    if (def.keys.has(key.name)) log.warn(`Transformer config ${key.name} is masked by implicit config of that name`);
    else def.define(key);
  }
  return def;
}

/** Java accepts an unknown alias and fails the task later; here it is refused at once. */
function checkPredicate({ prefix, props }: AliasContext, alias: unknown): void {
  const known = aliasesOf(props, 'predicates');
  if (alias === null || known.includes(alias as string)) return;
  throw invalidValue(`${prefix}predicate`, alias, `Predicate must be one of the aliases in 'predicates', which are ${settingText(known)}`);
}
