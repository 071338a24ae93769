/** From the worker file to what the rest of a worker is made of. */
import type { ConfigDef } from '../../api/config-def';
import type { Props } from '../../api/connector';
import { AllowedFiles, FILE_ALLOWED_PATHS } from '../../config/allowed-files';
import { checkBootstrapServers } from '../../config/clients/bootstrap-servers';
import { createOverridePolicy, warnOfDeprecatedPolicy } from '../../config/clients/client-overrides';
import { uninheritedSecurity } from '../../config/clients/inherited-security';
import { tokenSources } from '../../config/clients/token-sources';
import { loadGivenSettings } from '../../config/files/properties';
import { type OriginOf, textsOf } from '../../config/files/setting';
import { isExactlyOnce } from '../../config/keys/exactly-once';
import { warnOfIdleWorkerKeys } from '../../config/keys/idle-keys';
import { describeUnknownKeys, unknownWorkerKeys } from '../../config/keys/unknown-keys';
import { classLookup, type PluginLookup, requirePlugin } from '../../config/validation/plugin-lookup';
import { pluginPathOf, WorkerConfig } from '../../config/worker-config';
import { ConnectError, toError } from '../../errors';
import type { CheckedPlugins } from '../../isolation/plugin-checks';
import { EMBEDDED_BOOTSTRAP, EMBEDDED_CLIENT_DEFAULTS, EMBEDDED_SETTINGS, EmbeddedBroker } from '../../kafka/embedded/embedded-broker';
import { getLogger } from '../../log';
import { BUILTIN_PLUGINS, createPluginTable } from '../../plugins/builtins';
import { loadPluginPath, type ModuleInspector } from '../../plugins/plugin-loader';
import { pluginLookup } from '../../plugins/table-lookup';
import { WorkerIdentity } from '../worker-identity';
import { provenanceOf } from './provenance';

const log = getLogger('org.apache.kafka.connect.runtime.Connect');
const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');
const pluginLog = getLogger('org.apache.kafka.connect.runtime.isolation.PluginScanner');

/** What of the command line decides how settings are read. */
export interface SettingsSource {
  /** Path of the worker file; empty for none. */
  readonly workerFile: string;
  readonly embeddedBroker: boolean;
}

/** What is known once the settings are read. */
export interface WorkerSettings extends CheckedPlugins {
  readonly broker: EmbeddedBroker | null;
  readonly identity: WorkerIdentity;
  /** Which files connectors may name. */
  readonly allowedFiles: AllowedFiles;
}

/**
 * Reads the worker file, looks for plugins, checks what can be checked before anything is opened.
 * @param inspect looks into modules of `plugin.path`
 * @throws ConfigException that names the setting
 */
export async function readSettings(options: SettingsSource, libraryPath: string, inspect: ModuleInspector): Promise<WorkerSettings> {
  const settings = options.workerFile === '' ? [] : await loadGivenSettings(options.workerFile);
  const props = textsOf(settings);
  const { modules: pluginModules, failures } = await loadPluginPath(pluginPathOf(props), BUILTIN_PLUGINS, pluginLog, inspect);
  const located = pluginModules.flatMap(module => module.plugins.map(plugin => [plugin, `file:${module.path}`] as const));
  const plugins = createPluginTable(
    located.map(([plugin]) => plugin),
    failures,
    new Map(located),
  );
  const wantsBroker = options.embeddedBroker || props['bootstrap.servers']?.trim() === EMBEDDED_BOOTSTRAP;
  const broker = wantsBroker ? new EmbeddedBroker(libraryPath, getLogger('org.apache.kafka.connect.EmbeddedBroker')) : null;
  const lookup = pluginLookup(plugins);
  const worker = parseWorkerConfig(
    broker ? { ...EMBEDDED_CLIENT_DEFAULTS, ...props, ...EMBEDDED_SETTINGS, 'bootstrap.servers': broker.bootstrapServers } : props,
    lookup,
  );
  checkBootstrapServers(worker.bootstrapServers);
  checkConverters(worker, lookup);
  refuseRestExtensions(worker);
  if (broker && isExactlyOnce(worker.originals)) {
    throw new ConnectError(
      'ConfigException',
      'Invalid value enabled for configuration exactly.once.source.support: the embedded broker does not keep transactions. Use a real broker.',
    );
  }
  if (worker.unusedKeys.length > 0)
    utilsLog.info(`These configurations were supplied but are not used yet: ${worker.unusedKeys.join(', ')}`);
  const originOf = provenanceOf(settings, worker.configProviders);
  warnOfIdleWorkerKeys(worker.originals, utilsLog, originOf);
  const uninherited = uninheritedSecurity(worker.originals);
  if (uninherited !== undefined) utilsLog.warn(uninherited);
  warnOfUnknownWorkerKeys(worker, lookup, originOf);
  const policy = createOverridePolicy(
    worker.clientConfigOverridePolicy,
    worker.clientConfigOverrideAllowlist,
    tokenSources(worker.originals),
  );
  warnOfDeprecatedPolicy(policy);
  return {
    worker,
    plugins,
    pluginModules,
    pluginFailures: failures,
    lookup,
    broker,
    identity: new WorkerIdentity(worker),
    policy,
    allowedFiles: new AllowedFiles(worker.values.getList(FILE_ALLOWED_PATHS)),
  };
}

/** @throws ConfigException that also names a misspelt key where one is missing */
function parseWorkerConfig(props: Props, lookup: PluginLookup): WorkerConfig {
  try {
    return new WorkerConfig(props, { findClass: classLookup(lookup) });
  } catch (error) {
    const unknown = unknownWorkerKeys(props, {}).filter(({ hint }) => hint !== '');
    if (!(error instanceof ConnectError) || unknown.length === 0) throw error;
    throw new ConnectError(error.code, `${error.message} In the worker's settings, ${describeUnknownKeys(unknown)}.`, error.cause);
  }
}

/** Java finds out only when a task starts that a class is no converter; what can never work is refused here. */
function checkConverters({ keyConverter, valueConverter, headerConverter }: WorkerConfig, plugins: PluginLookup): void {
  const check = (key: string, type: 'converter' | 'header_converter', className: string): void => {
    try {
      requirePlugin(plugins, type, className);
    } catch (error) {
      throw new ConnectError('ConfigException', `Invalid value ${className} for configuration ${key}: ${toError(error).message}`);
    }
  };
  check('key.converter', 'converter', keyConverter);
  check('value.converter', 'converter', valueConverter);
  check('header.converter', 'header_converter', headerConverter);
}

function warnOfUnknownWorkerKeys(worker: WorkerConfig, plugins: PluginLookup, originOf: OriginOf): void {
  const { originals, keyConverter, valueConverter, headerConverter } = worker;
  // Only of our own converters: the code of others does not run on this thread.
  const configOf = (type: 'converter' | 'header_converter', name: string): [ConfigDef] | [] => {
    const plugin = plugins.find(type, name);
    return plugin && BUILTIN_PLUGINS.includes(plugin) ? [plugin.create().config()] : [];
  };
  const defs = Object.fromEntries([
    ...configOf('converter', keyConverter).map(def => ['key.converter', def] as const),
    ...configOf('converter', valueConverter).map(def => ['value.converter', def] as const),
    ...configOf('header_converter', headerConverter).map(def => ['header.converter', def] as const),
  ]);
  const unknown = unknownWorkerKeys(originals, defs);
  if (unknown.length > 0) utilsLog.warn(`In the worker's settings, ${describeUnknownKeys(unknown, originOf)}`);
}

/** What does here what extensions do in Java. */
function protectionFor(classes: readonly string[]): string {
  const asksForPasswords = classes.some(name => name.endsWith('BasicAuthSecurityRestExtension'));
  return asksForPasswords
    ? 'name a file of users and passwords in rest.auth.basic.file in its place'
    : 'protect the REST API by other means, e.g. rest.auth.basic.file, or listeners=http://127.0.0.1:8083';
}

/** An extension may be what asks for passwords: a worker without it would be open to everybody. */
function refuseRestExtensions({ values }: WorkerConfig): void {
  const classes = values.getList('rest.extension.classes');
  if (classes.length === 0) return;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${classes.join(',')} for configuration rest.extension.classes: extensions are Java classes, which this worker ` +
      `cannot run. Remove the setting, and ${protectionFor(classes)}`,
  );
}

/** Lets go of what config providers hold. Never throws. */
export function closeProviders({ configProviders }: WorkerConfig): void {
  for (const [name, provider] of configProviders) {
    try {
      provider.close();
    } catch (error) {
      log.warn(`Failed to close config provider ${name}`, error);
    }
  }
}
