/** Validation of a connector's settings, as POST /connectors and PUT /connector-plugins/{name}/config/validate do it (AbstractHerder). */

import { type ConfigDef, type ConfigKey, type ConfigValue, emptyValue, type ParsedValues } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import type { Validator } from '../../api/config-validators';
import type { ConverterType } from '../../api/converter';
import type { ConnectorPlugin } from '../../api/plugin';
import { ConnectError, toError } from '../../errors';
import { javaTrim } from '../../java/trim';
import { type OverridePolicy, validateOverrides } from '../clients/client-overrides';
import type { ConnectorProps } from '../connector-props';
import { COMMON_KEYS } from '../keys/common-keys';
import { connectorDef, defOf } from '../keys/connector-def';
import { validateConverters } from '../keys/converter-keys';
import { RESTART_DEF } from '../keys/restart-policy';
import { validateSink } from '../keys/sink-keys';
import { SOURCE_DEAD_LETTER_DEF } from '../keys/source-dead-letters';
import { validateTopicCreation } from '../keys/topic-creation';
import { addTransformKeys } from '../keys/transform-keys';
import { type ConfigInfos, type ConfigValueInfo, joinInfos, mergeInfos, wrongInfos } from './config-infos';
import { checkExactlyOnce } from './exactly-once-checks';
import { checkVersion, classLookup, type PluginLookup, requirePlugin } from './plugin-lookup';
import { VersionRange } from './version-range';

const hintsModule = (): typeof import('./class-hints') => require('./class-hints');

/** The worker's settings that are defaults of a connector. */
export interface ConverterDefaults {
  readonly keyConverter: string;
  readonly valueConverter: string;
  readonly headerConverter: string;
  /** True if the worker writes records of sources exactly once. */
  readonly exactlyOnceSourceEnabled?: boolean;
  /** `tasks.max.limit` of the worker; absent: none. */
  readonly tasksMaxLimit?: number;
  /** False if settings below `topic.creation.` have no effect. */
  readonly topicCreationEnable?: boolean;
}

/** What validation needs besides the settings. */
export interface ConnectorValidation {
  readonly props: ConnectorProps;
  readonly plugins: PluginLookup;
  /** The `WorkerConfig`, or as much of it as matters here. */
  readonly worker: ConverterDefaults;
  readonly policy: OverridePolicy;
}

/**
 * Validates all settings of a connector: the common ones, those of its kind, of its transformations, predicates, converters and clients,
 * its own, and the rules across them. Mistakes of the user are in the result.
 * @throws BadRequestException with Java's text if there is no connector class, or no plugin for it, or its version is malformed
 */
export async function validateConnectorConfig(validation: ConnectorValidation): Promise<ConfigInfos> {
  const { props, plugins, policy } = validation;
  const plugin = findConnector(props, plugins);
  const name = props['connector.class'] ?? '';
  const versionProblem = connectorVersionProblem(plugin, props, plugins);
  if (versionProblem) return invalidVersionInfos(validation, plugin, versionProblem);

  const def = frameworkDef(validation, plugin);
  const frameworkValues = def.validate(props, { findClass: classLookup(plugins) });
  const values = new Map(frameworkValues.map(value => [value.name, value]));
  if (plugin.type === 'sink') validateSink(props, values);
  checkTasksMaxLimit(values.get('tasks.max'), validation.worker.tasksMaxLimit);
  reportNulls(props, values);

  const converterInfos = validateConverters(props, values, plugins);
  const overrideInfos = validateOverrides(props, plugin.type, policy);
  const connectorInfos = await validateOwnConfig(name, plugin, {
    props,
    def,
    values,
    exactlyOnce: validation.worker.exactlyOnceSourceEnabled ?? false,
  });
  return mergeInfos(name, [connectorInfos, ...wrongOfOthers(validation, plugin, values), ...overrideInfos, ...converterInfos]);
}

/** Checks `tasks.max.limit`. Java has no limit, and starts any number of tasks. */
function checkTasksMaxLimit(tasksMax: ConfigValue | undefined, limit = Number.POSITIVE_INFINITY): void {
  if (tasksMax?.errors.length !== 0 || Number(tasksMax.value) <= limit) return;
  const why = `Value must be no more than ${limit} (tasks.max.limit in the settings of the worker)`;
  tasksMax.errors.push(invalidValue('tasks.max', tasksMax.value, why).message);
}

/** Errors of settings that Java's responses do not contain: those that Java reads only when tasks start, and our own. */
function wrongOfOthers(
  { props, worker }: ConnectorValidation,
  { type }: ConnectorPlugin,
  values: ReadonlyMap<string, ConfigValue>,
): ConfigInfos[] {
  const defs = type === 'source' ? [RESTART_DEF, SOURCE_DEAD_LETTER_DEF] : [RESTART_DEF];
  const own = defs.map(def => wrongInfos(def.keys, def.validate(props)));
  const creates = type === 'source' && (worker.topicCreationEnable ?? true) && values.get('topic.creation.groups')?.errors.length === 0;
  return creates ? [validateTopicCreation(props), ...own] : own;
}

/** The plugin that `connector.class` names. @throws BadRequestException with Java's text */
function findConnector(props: ConnectorProps, plugins: PluginLookup): ConnectorPlugin {
  const name = props['connector.class'];
  if (name === undefined || name === null) {
    const shown = Object.entries(props).map(([key, value]) => `${key}=${value}`);
    throw new ConnectError('BadRequestException', `Connector config {${shown.join(', ')}} contains no connector type`);
  }
  const plugin = plugins.find('source', javaTrim(name)) ?? plugins.find('sink', javaTrim(name));
  if (plugin) return plugin;
  const connectors = [...plugins.list('sink'), ...plugins.list('source')];
  const why = plugins.whyMissing?.(name) ?? null;
  const text = hintsModule().unknownConnectorText(name, connectors, known => plugins.locationOf?.(known), why);
  throw new ConnectError('BadRequestException', text);
}

/** The error for a version that does not exist; a malformed range is a bad request in Java. */
function connectorVersionProblem(plugin: ConnectorPlugin, props: ConnectorProps, plugins: PluginLookup): string | undefined {
  const setting = props['connector.plugin.version'];
  try {
    VersionRange.parse(setting);
  } catch (error) {
    throw new ConnectError('BadRequestException', toError(error).message, error);
  }
  try {
    checkVersion(plugins, plugin, setting);
    return undefined;
  } catch (error) {
    return toError(error).message;
  }
}

/** If the connector's version does not exist, only the common keys are validated. */
function invalidVersionInfos({ props, plugins }: ConnectorValidation, plugin: ConnectorPlugin, problem: string): ConfigInfos {
  const def = defOf(COMMON_KEYS, { 'connector.plugin.version': { defaultValue: plugin.version }, ...converterRules(plugins) });
  const values = new Map(def.validate(props, { findClass: classLookup(plugins) }).map(value => [value.name, value]));
  values.get('connector.class')?.errors.push(problem);
  const version = values.get('connector.plugin.version');
  version?.errors.push(problem);
  if (version) version.recommendedValues = [plugin.version];
  for (const type of CONVERTER_TYPES) {
    const value = values.get(`${type}.converter.plugin.version`);
    if (value) value.visible = values.get(`${type}.converter`)?.value !== null;
  }
  reportNulls(props, values);
  return joinInfos(props['connector.class'] ?? '', def.keys, [...values.values()], def.groups);
}

const CONVERTER_TYPES: readonly ConverterType[] = ['key', 'value', 'header'];

const pluginTypeOf = (type: ConverterType): 'converter' | 'header_converter' => (type === 'header' ? 'header_converter' : 'converter');

/** Converters must be plugins of their kind. */
function converterRules(plugins: PluginLookup): Record<string, Partial<ConfigKey>> {
  const ruleFor = (type: ConverterType): Validator => {
    return (_key, value) => {
      if (typeof value === 'string') requirePlugin(plugins, pluginTypeOf(type), value);
    };
  };
  return Object.fromEntries(CONVERTER_TYPES.map(type => [`${type}.converter`, { validator: ruleFor(type) }]));
}

/** All keys that the framework defines for this connector, with the defaults of this worker. */
function frameworkDef({ props, plugins, worker }: ConnectorValidation, plugin: ConnectorPlugin): ConfigDef {
  const rules = converterRules(plugins);
  const workerConverters = { key: worker.keyConverter, value: worker.valueConverter, header: worker.headerConverter };
  const changes: Record<string, Partial<ConfigKey>> = {
    'connector.plugin.version': { defaultValue: plugin.version, recommender: () => [plugin.version] },
  };
  for (const type of CONVERTER_TYPES) {
    const key = `${type}.converter`;
    const pluginType = pluginTypeOf(type);
    const versionsOf = (className: unknown): string[] => {
      const found = typeof className === 'string' ? plugins.find(pluginType, className) : undefined;
      return found ? [found.version] : [];
    };
    changes[key] = {
      ...rules[key],
      defaultValue: plugins.find(pluginType, workerConverters[type])?.className ?? workerConverters[type],
      recommender: () => plugins.list(pluginType).map(({ className }) => className),
    };
    changes[`${key}.plugin.version`] = {
      defaultValue: versionsOf(props[key] ?? workerConverters[type])[0] ?? null,
      recommender: (parsed: ParsedValues) => versionsOf(parsed[key]),
      visible: (parsed: ParsedValues) => parsed[key] !== null,
    };
  }
  const def = connectorDef(plugin.type, changes);
  addTransformKeys(def, props, plugins);
  return def;
}

const NULL_PROBLEM = 'Null value can not be supplied as the configuration value.';

/**
 * When a configuration is stored, each null is an error, in the connector's own keys too: Java's validation ignores those, and its POST and
 * PUT then respond with 500.
 */
export function refuseNulls(props: ConnectorProps, infos: ConfigInfos): ConfigInfos {
  const said = new Set(infos.configs.filter(({ value }) => value?.errors.includes(NULL_PROBLEM)).map(({ value }) => value?.name));
  const isMissed = ({ name }: ConfigValueInfo): boolean => props[name] === null && !said.has(name);
  const missed = infos.configs.filter(({ value }) => value !== null && isMissed(value)).length;
  const configs = infos.configs.map(({ definition, value }) => ({
    definition,
    value: value && isMissed(value) ? { ...value, errors: [...value.errors, NULL_PROBLEM] } : value,
  }));
  return { ...infos, error_count: infos.error_count + missed, configs };
}

/** Reports JSON nulls, of undefined keys too. */
function reportNulls(props: ConnectorProps, values: Map<string, ConfigValue>): void {
  for (const key of Object.keys(props).filter(name => props[name] === null)) {
    const value = values.get(key) ?? emptyValue(key);
    value.errors.push(NULL_PROBLEM);
    values.set(key, value);
  }
}

/** The framework's part of a validation, to be joined with the connector's. */
interface FrameworkResult {
  readonly props: ConnectorProps;
  readonly def: ConfigDef;
  readonly values: ReadonlyMap<string, ConfigValue>;
  /** True if the worker writes records of sources exactly once. */
  readonly exactlyOnce: boolean;
}

async function validateOwnConfig(name: string, plugin: ConnectorPlugin, framework: FrameworkResult): Promise<ConfigInfos> {
  const { props, def, values } = framework;
  const connector = plugin.createConnector();
  const ownDef = connector.config();
  const ownValues = ownDef.validate(props);
  const texts = Object.fromEntries(Object.entries(props).filter((entry): entry is [string, string] => entry[1] !== null));
  if (plugin.type === 'source' && framework.exactlyOnce) checkExactlyOnce(plugin.createConnector(), texts, values);
  const judged = connector.validate ? await connector.validate(texts, ownValues) : ownValues;
  const keys = new Map([...def.keys, ...ownDef.keys]);
  return joinInfos(name, keys, [...values.values(), ...judged], [...new Set([...def.groups, ...ownDef.groups])]);
}
