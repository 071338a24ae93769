/** Loads one plugin module, CommonJS or ES module, and finds the plugins among what it exports. */
import { pathToFileURL } from 'node:url';
import type { Plugin } from '../api/plugin';
import { ConnectError, toError } from '../errors';
import { assertPlugin, isDescriptor } from './assert-plugin';
import { shareApiWithEsModules, shareApiWithModules } from './own-api';
import { isEsModule } from './plugin-package';

/** One exported plugin, or what is wrong with it, with the class name if there is one. */
export type ExportedPlugin = Plugin | { readonly error: ConnectError; readonly className: string | undefined };

/**
 * The plugins that a module exports: each export that is a descriptor or a list of descriptors.
 * @param file absolute path
 * @throws ConnectException if the module cannot be loaded or exports no plugin at all
 */
export async function loadPluginModule(file: string): Promise<ExportedPlugin[]> {
  const exported = await load(file);
  const found = descriptorsOf(exported);
  if (found.length === 0) throw new ConnectError('ConnectException', `it exports no plugin${hintAt(exported)}`);
  return found.map(({ name, value }) => {
    try {
      return assertPlugin(value, `${file}, export ${name}`);
    } catch (error) {
      const { className } = value as { className?: unknown };
      return { error: error as ConnectError, className: typeof className === 'string' ? className : undefined };
    }
  });
}

async function load(file: string): Promise<unknown> {
  shareApiWithModules();
  try {
    if (!isEsModule(file)) return require(file);
    shareApiWithEsModules();
    return await import(pathToFileURL(file).href);
  } catch (error) {
    throw new ConnectError('ConnectException', toError(error).message, error);
  }
}

interface NamedExport {
  readonly name: string;
  readonly value: unknown;
}

/** Descriptors among the exports, each once. In a list called `plugins` and in the default export everything must be one. */
function descriptorsOf(exported: unknown): NamedExport[] {
  const found = new Map<unknown, NamedExport>();
  for (const candidate of candidatesOf(exported)) {
    if (!found.has(candidate.value)) found.set(candidate.value, candidate);
  }
  return [...found.values()];
}

function candidatesOf(exported: unknown): NamedExport[] {
  if (isDescriptor(exported)) return [{ name: 'module.exports', value: exported }];
  if (Array.isArray(exported)) return numbered('module.exports', exported);
  if (typeof exported !== 'object' || exported === null) return [];
  return Object.entries(exported).flatMap(([name, value]: [string, unknown]): NamedExport[] => {
    if (Array.isArray(value)) {
      const all = numbered(name, value);
      return name === 'plugins' || name === 'default' ? all : all.filter(item => isDescriptor(item.value));
    }
    // Node imports CommonJS with `module.exports` as the default export.
    if (name === 'default' && !isDescriptor(value)) return candidatesOf(value);
    return isDescriptor(value) ? [{ name, value }] : [];
  });
}

function numbered(name: string, values: readonly unknown[]): NamedExport[] {
  return values.map((value, i) => ({ name: `${name}[${i}]`, value }));
}

/** A hint for a module that exports classes instead. */
function hintAt(exported: unknown): string {
  const entries = typeof exported === 'function' ? [['module.exports', exported]] : Object.entries(exported ?? {});
  const [className] = entries.find(([, value]) => typeof value === 'function') ?? [];
  const shape = 'a plugin is an object with className, version, type, and create() or createConnector() and createTask()';
  return className === undefined ? `; ${shape}` : `; ${className} alone is not one: ${shape}`;
}
