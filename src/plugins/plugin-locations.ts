/**
 * Where the plugins of `plugin.path` lie. As in Java each element is a folder whose children are plugins, one file or one folder
 * each; an element may also be a plugin itself. Only names and package.json are read here, no code runs.
 */
import fs from 'node:fs';
import path from 'node:path';
import { toError } from '../errors';
import {
  isArchive,
  isModule,
  moduleOfFolder,
  type PluginModule,
  packageNamesPlugin,
  promisedClasses,
  runnableModule,
} from './plugin-package';

/** Something in `plugin.path` that cannot be used. */
export interface PluginFailure {
  /** What is wrong, with the path, as a log line. */
  readonly text: string;
  /** Classes that are missing because of it, as far as known. */
  readonly classNames: readonly string[];
}

/** The result of a search. */
export interface Located {
  readonly modules: readonly PluginModule[];
  readonly failures: readonly PluginFailure[];
}

const NONE: Located = { modules: [], failures: [] };

/** How many archives a line of the log names. */
const MAX_NAMED_ARCHIVES = 5;

/** The modules of `plugin.path`, in its order, then by name; each once, however many links lead to it. */
export function locatePlugins(pluginPath: readonly string[]): Located {
  const { modules, failures } = join(pluginPath.map(locateElement));
  const byFile = new Map<string, PluginModule>();
  for (const module of modules) if (!byFile.has(module.file)) byFile.set(module.file, module);
  return { modules: [...byFile.values()], failures };
}

function join(parts: readonly Located[]): Located {
  return { modules: parts.flatMap(({ modules }) => modules), failures: parts.flatMap(({ failures }) => failures) };
}

const failed = (text: string, classNames: readonly string[] = []): Located => ({ modules: [], failures: [{ text, classNames }] });

function locateElement(element: string): Located {
  // Refused when the settings are checked; here it must not mean the current folder.
  if (element === '') return NONE;
  const absolute = path.resolve(element);
  try {
    if (!fs.statSync(absolute).isDirectory()) {
      return isModule(absolute) || isArchive(absolute)
        ? locateFile(absolute)
        : failed(`Could not get listing for plugin path: ${element}. Ignoring. It is neither a folder nor a JavaScript module.`);
    }
    if (packageNamesPlugin(absolute)) return locateFolder(absolute);
    return path.basename(absolute) === 'node_modules' ? locatePackages(absolute) : locateChildren(absolute);
  } catch (error) {
    return failed(`Could not get listing for plugin path: ${element}. Ignoring. ${toError(error).message}`);
  }
}

function locateChildren(folder: string): Located {
  const children = visibleNames(folder)
    .filter(name => name !== 'node_modules')
    .map(name => path.join(folder, name));
  const archives = children.filter(holdsOnlyArchives);
  const others = children.filter(child => !archives.includes(child)).map(locateChild);
  return join([...others, ...(archives.length > 0 ? [refuseArchives(folder, archives)] : [])]);
}

function locateChild(child: string): Located {
  try {
    return fs.statSync(child).isDirectory() ? locateFolder(child) : locateFile(child);
  } catch (error) {
    return failed(`Could not load plugin ${child}: ${toError(error).message}`);
  }
}

function locateFile(file: string): Located {
  if (isArchive(file)) return refuseArchives(path.dirname(file), [file]);
  return isModule(file) ? located(file, () => ({ file: runnableModule(file), path: file, classNames: [] })) : NONE;
}

function locateFolder(folder: string): Located {
  return located(folder, () => moduleOfFolder(folder));
}

function located(where: string, find: () => PluginModule): Located {
  try {
    return { modules: [find()], failures: [] };
  } catch (error) {
    return failed(`Could not load plugin ${where}: ${toError(error).message}`, promisedClasses(where));
  }
}

/** In node_modules, only packages that declare themselves plugins count. */
function locatePackages(nodeModules: string): Located {
  const names = visibleNames(nodeModules).flatMap(name =>
    name.startsWith('@') ? visibleNames(path.join(nodeModules, name)).map(inner => path.join(name, inner)) : [name],
  );
  const packages = names.map(name => path.join(nodeModules, name)).filter(packageNamesPlugin);
  return join(packages.map(locateFolder));
}

function refuseArchives(folder: string, archives: readonly string[]): Located {
  const named = archives.slice(0, MAX_NAMED_ARCHIVES).map(file => path.relative(folder, file));
  const more = archives.length > named.length ? ` and ${archives.length - named.length} more` : '';
  return failed(
    `Could not load plugins of ${folder}: Java archives cannot run in this worker (${named.join(', ')}${more}). ` +
      'A plugin for it is a JavaScript module.',
  );
}

/** True for an archive, and for the folder of a Java plugin: archives in it or in its `lib`, and no package of ours. */
function holdsOnlyArchives(child: string): boolean {
  if (isArchive(child)) return true;
  try {
    const names = [...visibleNames(child), ...visibleNames(path.join(child, 'lib'), true)];
    return names.some(isArchive) && !names.includes('package.json') && !names.some(isModule);
  } catch {
    return false;
  }
}

/** Names in a folder, sorted, without hidden ones. @throws Error of the file system, unless the folder may be missing */
function visibleNames(folder: string, mayBeMissing = false): string[] {
  if (mayBeMissing && !fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter(name => !name.startsWith('.'))
    .sort();
}
