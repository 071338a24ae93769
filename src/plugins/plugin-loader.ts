/** Outside plugins: found once, each module checked by an inspector; other threads load the modules that they use. */
import type { Plugin } from '../api/plugin';
import { ConnectError, toError } from '../errors';
import type { Logger } from '../log';
import { tryPlugin } from './assert-plugin';
import { locatePlugins, type PluginFailure } from './plugin-locations';
import { type ExportedPlugin, loadPluginModule } from './plugin-modules';
import type { PluginModule } from './plugin-package';
import type { LoadedModule } from './used-modules';

/** The result of loading `plugin.path`. */
export interface LoadedPlugins {
  readonly modules: readonly LoadedModule[];
  readonly failures: readonly PluginFailure[];
}

/**
 * Loads everything in `plugin.path`. Never rejects: a plugin that cannot be used is logged and listed as a failure, and the others are
 * loaded.
 * @param builtins the built-in plugins; they take precedence over others of the same class, so that a file dropped into the folder never
 *   changes what a configuration does
 * @param inspect inspects a module; must not reject
 */
export async function loadPluginPath(
  pluginPath: readonly string[],
  builtins: readonly Plugin[],
  logger: Logger,
  inspect: ModuleInspector,
): Promise<LoadedPlugins> {
  const { modules, failures } = locatePlugins(pluginPath);
  const all: PluginFailure[] = [...failures];
  for (const { text } of failures) logger.error(text);
  const admission = new Admission(builtins);
  const loaded: LoadedModule[] = [];
  for (const module of modules) {
    const result = admit(await inspect(module), module, admission);
    for (const { failure, error } of result.failures) {
      logger.error(failure.text, error);
      all.push(failure);
    }
    if (result.plugins.length === 0) continue;
    logger.info(`Loaded ${result.plugins.map(plugin => plugin.className).join(', ')} from ${module.path}`);
    loaded.push({ file: module.file, path: module.path, plugins: result.plugins });
  }
  return { modules: loaded, failures: all };
}

/**
 * The plugins of modules that have passed inspection.
 * @throws ConnectException if one cannot be loaded any more
 */
export async function loadTaskPlugins(files: readonly string[], builtins: readonly Plugin[]): Promise<Plugin[]> {
  const admission = new Admission(builtins);
  const plugins: Plugin[] = [];
  for (const file of files) {
    try {
      plugins.push(...(await loadPluginModule(file)).filter(isPlugin).filter(plugin => admission.admit(plugin, file) === null));
    } catch (error) {
      throw new ConnectError('ConnectException', `Could not load plugin ${file}: ${toError(error).message}`, error);
    }
  }
  return plugins;
}

/** A failure, with its error if the stack is of interest. */
export interface Refusal {
  readonly failure: PluginFailure;
  readonly error?: unknown;
}

/** What was found in a module. */
export interface Inspected {
  readonly plugins: readonly Plugin[];
  readonly failures: readonly Refusal[];
}

/** Inspects a module, here or in another thread. */
export type ModuleInspector = (module: PluginModule) => Promise<Inspected>;

/** Loads a module in this thread and checks its plugins, which runs their code. Never rejects. */
export async function inspectModule({ path, file, classNames }: PluginModule): Promise<Inspected> {
  const plugins: Plugin[] = [];
  const failures: Refusal[] = [];
  const refuse = (text: string, missing: readonly string[], error?: unknown): void => {
    failures.push(refusal(path, text, missing, error));
  };
  try {
    for (const exported of await loadPluginModule(file)) {
      if (!isPlugin(exported)) refuse(exported.error.message, exported.className === undefined ? [] : [exported.className]);
      else {
        const problem = problemOf(exported);
        if (problem) refuse(problem.text, [exported.className], problem.error);
        else plugins.push(exported);
      }
    }
  } catch (error) {
    refuse(toError(error).message, classNames, causeOf(error));
    return { plugins, failures };
  }
  const known = [...plugins.map(({ className }) => className), ...failures.flatMap(({ failure }) => failure.classNames)];
  const absent = classNames.filter(name => !known.includes(name));
  if (absent.length > 0) refuse(`its package.json names ${absent.join(', ')}, which ${file} does not export`, absent);
  return { plugins, failures };
}

/** A module or plugin that cannot be used. @param missing classes that are missing because of it */
export function refusal(path: string, text: string, missing: readonly string[], error?: unknown): Refusal {
  return { failure: { text: `Could not load plugin ${path}: ${text}`, classNames: missing }, error };
}

/** Leaves out plugins whose class exists already. */
function admit({ plugins, failures }: Inspected, { path }: PluginModule, admission: Admission): Inspected {
  const clashes: Refusal[] = [];
  const admitted = plugins.filter(plugin => {
    const clash = admission.admit(plugin, path);
    if (clash !== null) clashes.push(refusal(path, clash, [plugin.className]));
    return clash === null;
  });
  return { plugins: admitted, failures: [...failures, ...clashes] };
}

function problemOf(plugin: Plugin): { text: string; error?: unknown } | null {
  try {
    tryPlugin(plugin);
    return null;
  } catch (error) {
    return { text: toError(error).message, error: causeOf(error) };
  }
}

/** The error of the plugin's own code, whose trace is of interest; ours is not. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function isPlugin(exported: ExportedPlugin): exported is Plugin {
  return !('error' in exported);
}

/** Admits each class once: built-in plugins take precedence, then the first one found. */
class Admission {
  private readonly owners = new Map<string, string>();

  constructor(builtins: readonly Plugin[]) {
    for (const plugin of builtins) this.owners.set(keyOf(plugin), 'the worker itself');
  }

  /** Admits a plugin. @returns why it is refused, or null */
  admit(plugin: Plugin, path: string): string | null {
    const owner = this.owners.get(keyOf(plugin));
    if (owner !== undefined) return `${plugin.className} comes with ${owner} already, which stays in use`;
    this.owners.set(keyOf(plugin), path);
    return null;
  }
}

function keyOf({ type, className }: Plugin): string {
  return `${type} ${className}`;
}
