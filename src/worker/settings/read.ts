/** Reads the worker file into what the rest of a worker is built from. */
import type { ConfigDef } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import type { Props } from '../../api/connector';
import { AllowedFiles, FILE_ALLOWED_PATHS } from '../../config/allowed-files';
import { checkBootstrapServers } from '../../config/clients/bootstrap-servers';
import { createOverridePolicy, type OverridePolicy, warnOfDeprecatedPolicy } from '../../config/clients/client-overrides';
import { uninheritedSecurity } from '../../config/clients/inherited-security';
import { tokenSources } from '../../config/clients/token-sources';
import { FOR_DISTRIBUTED, keysOfDistributed, otherThanWorkerFile } from '../../config/files/file-kinds';
import { loadGivenSettings } from '../../config/files/properties';
import { describeOrigin, listKeys, type Origin, type OriginOf, type Setting, textsOf } from '../../config/files/setting';
import { warnOfIdleWorkerKeys } from '../../config/keys/idle-keys';
import { describeUnknownKeys, unknownWorkerKeys } from '../../config/keys/unknown-keys';
import { classLookup, type PluginLookup, requirePlugin } from '../../config/validation/plugin-lookup';
import { pluginPathOf, WorkerConfig } from '../../config/worker-config';
import { asSentence, ConnectError, SettingError, toError } from '../../errors';
import type { CheckedPlugins } from '../../isolation/plugin-checks';
import { type WorkerAdminSettings, workerAdminSettings } from '../../kafka/clients/worker-admin';
import { EMBEDDED_BOOTSTRAP, EMBEDDED_CLIENT_DEFAULTS, EMBEDDED_SETTINGS } from '../../kafka/embedded/embedded-broker';
import { getLogger } from '../../log';
import { BUILTIN_PLUGINS, createPluginTable } from '../../plugins/builtins';
import type { ModuleInspector } from '../../plugins/plugin-loader';
import { pluginLookup } from '../../plugins/table-lookup';
import type { Hidden } from '../../secrets';
import { FindingCollector, type WorkerFinding } from './findings';
import { provenanceOf } from './provenance';
import { type RestSettings, readRest } from './rest-settings';

// Loaded where plugin.path names something.
const loaderModule = (): typeof import('../../plugins/plugin-loader') => require('../../plugins/plugin-loader');

const log = getLogger('org.apache.kafka.connect.runtime.Connect');
const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');
const pluginLog = getLogger('org.apache.kafka.connect.runtime.isolation.PluginScanner');

/** The part of the command line that decides how settings are read. */
export interface SettingsSource {
  /** Path of the worker file; empty for none. */
  readonly workerFile: string;
  readonly embeddedBroker: boolean;
}

/** The settings once they are read; a wrong one has its default. */
export interface WorkerSettings extends CheckedPlugins {
  /** True if the worker is to start an embedded broker, whose address is known only once it runs. */
  readonly wantsEmbeddedBroker: boolean;
  /** Settings of the worker's admin client; null if they are unusable, or depend on the address of the embedded broker. */
  readonly adminSettings: WorkerAdminSettings | null;
  /** Which files connectors may name. */
  readonly allowedFiles: AllowedFiles;
  readonly rest: RestSettings;
}

/**
 * Reads the worker file, looks for plugins, and checks all that can be checked before anything is opened.
 * @param inspect looks into modules of `plugin.path`
 * @returns the settings and all findings; with any finding the worker must not start
 * @throws IOException if the file cannot be read
 */
export async function readSettings(
  options: SettingsSource,
  inspect: ModuleInspector,
): Promise<{ readonly settings: WorkerSettings; readonly findings: readonly WorkerFinding[] }> {
  const collector = new FindingCollector();
  const { given, wantsEmbeddedBroker } = await readGiven(options, collector);
  const props = textsOf(given);
  const pluginPath = pluginPathOf(props);
  const { modules: pluginModules, failures } =
    pluginPath.length === 0
      ? { modules: [], failures: [] }
      : await loaderModule().loadPluginPath(pluginPath, BUILTIN_PLUGINS, pluginLog, inspect);
  const located = pluginModules.flatMap(module => module.plugins.map(plugin => [plugin, `file:${module.path}`] as const));
  const plugins = createPluginTable(
    located.map(([plugin]) => plugin),
    failures,
    new Map(located),
  );
  const lookup = pluginLookup(plugins);
  const worker = new WorkerConfig(props, { findClass: classLookup(lookup), onProblem: collector.report });
  const originOf = provenanceOf(given, worker.configProviders);
  if (!wantsEmbeddedBroker) collector.check('bootstrap.servers', () => checkBootstrapServers(worker.bootstrapServers));
  checkConverters(worker, lookup, collector);
  collector.check('rest.extension.classes', () => refuseRestExtensions(worker));
  if (wantsEmbeddedBroker) collector.check('exactly.once.source.support', () => refuseTransactions(worker));
  const policy = overridePolicy(worker, collector);
  const allowed = worker.values.getList(FILE_ALLOWED_PATHS);
  const allowedFiles = collector.check(FILE_ALLOWED_PATHS, () => new AllowedFiles(allowed)) ?? new AllowedFiles([]);
  const rest = readRest(worker, collector);
  const adminSettings = wantsEmbeddedBroker ? null : readAdmin(worker, collector);
  const findings = withHint(collector.list(originOf, suppliedIn(worker.originals, props)), props, key =>
    describeOrigin(originOf(key), options.workerFile),
  );
  // Warnings are held back while there are mistakes to fix.
  if (findings.length === 0) warn(worker, policy, lookup, originOf);
  const settings = {
    worker,
    plugins,
    pluginModules,
    pluginFailures: failures,
    lookup,
    wantsEmbeddedBroker,
    adminSettings,
    policy,
    allowedFiles,
    rest,
  };
  return { settings, findings };
}

/** By key: what config providers have supplied for it, however short. */
function suppliedIn(resolved: Props, given: Props): (key: string) => Hidden[] {
  return key => {
    const [value, named] = [resolved[key], given[key]];
    return value === undefined || named === undefined || value === named ? [] : [[value, named]];
  };
}

/** The settings of the worker's file and, for an embedded broker, those that come with it. */
async function readGiven({ workerFile, embeddedBroker }: SettingsSource, { report }: FindingCollector): Promise<GivenSettings> {
  const file = workerFile === '' ? [] : await loadGivenSettings(workerFile, ({ key }, error) => report(key, error));
  const asked = embeddedBroker ? '--embedded-broker' : `bootstrap.servers=${EMBEDDED_BOOTSTRAP}`;
  const wantsEmbeddedBroker = embeddedBroker || textsOf(file)['bootstrap.servers']?.trim() === EMBEDDED_BOOTSTRAP;
  if (!wantsEmbeddedBroker) return { given: file, wantsEmbeddedBroker };
  const from = (texts: Props, origin: Origin): Setting[] => Object.entries(texts).map(([key, text]) => ({ key, text, origin }));
  const overrides = { ...EMBEDDED_SETTINGS, 'bootstrap.servers': EMBEDDED_BOOTSTRAP };
  const given = [...from(EMBEDDED_CLIENT_DEFAULTS, { by: 'default' }), ...file, ...from(overrides, { by: 'override', asked })];
  return { given, wantsEmbeddedBroker };
}

interface GivenSettings {
  /** If a key repeats, the last one counts. */
  readonly given: readonly Setting[];
  readonly wantsEmbeddedBroker: boolean;
}

/** A missing setting may be a misspelt one, so the first finding also names the unknown keys. */
function withHint(findings: readonly WorkerFinding[], props: Props, placeOf: (key: string) => string): readonly WorkerFinding[] {
  const [first, ...more] = findings;
  if (!first) return findings;
  const keys = Object.keys(props);
  const other = otherThanWorkerFile(keys);
  // If the file is for another program, its unknown keys are of no interest.
  if (other !== '' && first.text.includes(other) && keysOfDistributed(keys).length === 0) return [first];
  const unknown = unknownWorkerKeys(props, {}).filter(({ hint }) => hint !== '');
  if (unknown.length === 0) return findings;
  const places = unknown.map(({ key }) => placeOf(key)).join(', ');
  const text = `${asSentence(first.text)} In the worker's settings, ${describeUnknownKeys(unknown)} (${places}).`;
  return [{ ...first, text }, ...more];
}

/** The worker's own Kafka client is the admin client; its settings have no prefix, or `admin.`. */
function readAdmin({ originals }: WorkerConfig, collector: FindingCollector): WorkerAdminSettings | null {
  if (collector.isWrong('bootstrap.servers')) return null;
  try {
    return workerAdminSettings(originals, utilsLog);
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    const [key] = error instanceof SettingError ? [`admin.${error.key}`, error.key].filter(name => Object.hasOwn(originals, name)) : [];
    collector.report(key ?? null, error);
    return null;
  }
}

const POLICY = 'connector.client.config.override.policy';

function overridePolicy(worker: WorkerConfig, collector: FindingCollector): OverridePolicy {
  const { clientConfigOverridePolicy: name, clientConfigOverrideAllowlist: allowlist, originals } = worker;
  return collector.check(POLICY, () => createOverridePolicy(name, allowlist, tokenSources(originals))) ?? createOverridePolicy('None', []);
}

function refuseTransactions({ exactlyOnceSourceEnabled }: WorkerConfig): void {
  if (!exactlyOnceSourceEnabled) return;
  const why = 'the embedded broker does not keep transactions. Use a real broker.';
  throw invalidValue('exactly.once.source.support', 'enabled', why);
}

/** Java notices only when a task starts that a class is not a converter; here it is refused at once. */
function checkConverters(
  { keyConverter, valueConverter, headerConverter }: WorkerConfig,
  plugins: PluginLookup,
  by: FindingCollector,
): void {
  const check = (key: string, type: 'converter' | 'header_converter', className: string): void =>
    void by.check(key, () => {
      try {
        requirePlugin(plugins, type, className);
      } catch (error) {
        throw invalidValue(key, className, toError(error).message);
      }
    });
  check('key.converter', 'converter', keyConverter);
  check('value.converter', 'converter', valueConverter);
  check('header.converter', 'header_converter', headerConverter);
}

/** Warns of settings that have no effect, or another effect than expected. */
function warn(worker: WorkerConfig, policy: OverridePolicy, plugins: PluginLookup, originOf: OriginOf): void {
  const { originals, unusedKeys } = worker;
  if (unusedKeys.length > 0) utilsLog.info(`These configurations were supplied but are not used yet: ${unusedKeys.join(', ')}`);
  warnOfIdleWorkerKeys(originals, utilsLog, originOf);
  const uninherited = uninheritedSecurity(originals);
  if (uninherited !== undefined) utilsLog.warn(uninherited);
  warnOfUnknownWorkerKeys(worker, plugins, originOf);
  warnOfDeprecatedPolicy(policy);
}

function warnOfUnknownWorkerKeys(worker: WorkerConfig, plugins: PluginLookup, originOf: OriginOf): void {
  const { originals, keyConverter, valueConverter, headerConverter } = worker;
  // Only for built-in converters: outside plugins do not run on this thread.
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
  const idle = keysOfDistributed(worker.unusedKeys);
  if (idle.length > 0) utilsLog.warn(`${listKeys(idle, originOf)}: ${FOR_DISTRIBUTED}`);
}

/** The replacement for a REST extension of Java. */
function protectionFor(classes: readonly string[]): string {
  const asksForPasswords = classes.some(name => name.endsWith('BasicAuthSecurityRestExtension'));
  return asksForPasswords
    ? 'name a file of users and passwords in rest.auth.basic.file in its place'
    : 'protect the REST API by other means, e.g. rest.auth.basic.file, or listeners=http://127.0.0.1:8083';
}

/** An extension may check passwords: without it the worker would be open to everybody. */
function refuseRestExtensions({ values }: WorkerConfig): void {
  const classes = values.getList('rest.extension.classes');
  if (classes.length === 0) return;
  const why = `extensions are Java classes, which this worker cannot run. Remove the setting, and ${protectionFor(classes)}`;
  throw invalidValue('rest.extension.classes', classes.join(','), why);
}

/** Closes the config providers. Never throws. */
export function closeProviders({ configProviders }: WorkerConfig): void {
  for (const [name, provider] of configProviders) {
    try {
      provider.close();
    } catch (error) {
      log.warn(`Failed to close config provider ${name}`, error);
    }
  }
}
