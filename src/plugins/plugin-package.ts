/** Finds the plugin module of a folder, and tells which files Node can run. */
import fs from 'node:fs';
import path from 'node:path';
import { ConnectError, toError } from '../errors';
import { readNamedFile, refuseOtherThanFile } from '../named-files';

/** A module to load plugins from. */
export interface PluginModule {
  /** Its file: absolute, links resolved. */
  readonly file: string;
  /** The file or folder in `plugin.path`. */
  readonly path: string;
  /** Classes that its package.json promises; empty if it promises none. */
  readonly classNames: readonly string[];
}

/** The key of package.json that makes a package a plugin: a path, or an object with `module` and `classes`. */
const MANIFEST_KEY = 'connect-standalone';

/** What TypeScript compiles to, by extension. */
const COMPILED: Readonly<Record<string, string>> = { '.ts': '.js', '.mts': '.mjs', '.cts': '.cjs' };
const INDEX_FILES = ['index.js', 'index.cjs', 'index.mjs', 'index.ts'];

const refuse = (text: string, cause?: unknown): ConnectError => new ConnectError('ConnectException', text, cause);

/** True for a file that may be a module, by its name. */
export function isModule(name: string): boolean {
  return /\.[cm]?[jt]s$/.test(name) && !/\.d\.[cm]?ts$/.test(name);
}

/** True for a file that the JVM loads, by its name. */
export function isArchive(name: string): boolean {
  return /\.(jar|zip|class)$/i.test(name);
}

/** True if the package.json of a folder has our key. */
export function packageNamesPlugin(folder: string): boolean {
  try {
    return MANIFEST_KEY in (readPackage(folder) ?? {});
  } catch {
    return false;
  }
}

/**
 * The module of a folder: what package.json names by our key, then its `main`, then an index file.
 * @throws ConnectException that says what is missing or wrong
 */
export function moduleOfFolder(folder: string): PluginModule {
  const description = readPackage(folder);
  const { module, classNames } = readManifest(description?.[MANIFEST_KEY]);
  const main = module ?? (typeof description?.main === 'string' ? description.main : INDEX_FILES.find(name => isFile(folder, name)));
  if (main === undefined) throw refuse(`it has no package.json that names a module (key "${MANIFEST_KEY}" or "main"), and no index.js`);
  return { file: runnableModule(resolveModule(folder, main)), path: folder, classNames };
}

/** The classes that the package.json of a folder promises; none if it cannot be read. */
export function promisedClasses(folder: string): readonly string[] {
  try {
    return readManifest(readPackage(folder)?.[MANIFEST_KEY]).classNames;
  } catch {
    return [];
  }
}

function resolveModule(folder: string, main: string): string {
  const wanted = path.resolve(folder, main);
  const found = [wanted, ...['.js', '.cjs', '.mjs'].map(end => wanted + end), ...INDEX_FILES.map(name => path.join(wanted, name))].find(
    file => isFile(file),
  );
  if (found === undefined) throw refuse(`its module ${main} is not there; has the plugin been built?`);
  return found;
}

/**
 * The file to run: for TypeScript, the compiled file beside it if there is one.
 * @throws ConnectException for TypeScript that is not compiled and that this Node cannot run; UnreadableFile for a pipe, which would block
 *   the thread
 */
export function runnableModule(file: string): string {
  refuseOtherThanFile(file);
  const extension = path.extname(file);
  const compiledExtension = COMPILED[extension];
  if (compiledExtension === undefined) return fs.realpathSync(file);
  const compiled = file.slice(0, -extension.length) + compiledExtension;
  if (isFile(compiled)) return fs.realpathSync(compiled);
  if ((process.features as { typescript?: unknown }).typescript) return fs.realpathSync(file);
  throw refuse(`${path.basename(file)} is TypeScript, which Node ${process.version} cannot run; compile it with tsc`);
}

/** True if Node loads the file as an ES module: by its extension, or by the nearest package.json. */
export function isEsModule(file: string): boolean {
  const extension = path.extname(file);
  if (extension !== '.js') return extension !== '.cjs';
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.basename(folder) === 'node_modules' ? {} : readPackage(folder);
    if (description) return description.type === 'module';
    if (folder === path.dirname(folder)) return false;
  }
}

function isFile(...parts: string[]): boolean {
  return fs.statSync(path.join(...parts), { throwIfNoEntry: false })?.isFile() ?? false;
}

function readPackage(folder: string): Record<string, unknown> | undefined {
  if (!isFile(folder, 'package.json')) return undefined;
  try {
    const description: unknown = JSON.parse(readNamedFile(path.join(folder, 'package.json')).toString('utf8'));
    if (isRecord(description)) return description;
  } catch (error) {
    throw refuse(`its package.json cannot be read: ${toError(error).message}`, error);
  }
  throw refuse('its package.json is not a JSON object');
}

function readManifest(manifest: unknown): { module: string | undefined; classNames: readonly string[] } {
  if (manifest === undefined) return { module: undefined, classNames: [] };
  if (typeof manifest === 'string') return { module: manifest, classNames: [] };
  const { module, classes = [] } = isRecord(manifest) ? manifest : { classes: null };
  if ((module === undefined || typeof module === 'string') && isTextList(classes)) return { module, classNames: classes };
  throw refuse(`"${MANIFEST_KEY}" in its package.json must be the path of a module, or {"module": path, "classes": [names]}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(item => typeof item === 'string');
}
