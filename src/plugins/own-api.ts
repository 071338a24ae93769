/**
 * Resolves `connect-standalone/api` to this worker's own copy, whatever lies in a plugin's node_modules: with two copies of a class,
 * `instanceof` fails. For CommonJS, Node's only stable hook is the function that resolves every `require`.
 */
import Module, { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The module name that plugins import. */
const API_NAME = 'connect-standalone/api';
const API_FILE = path.join(__dirname, '..', 'api', 'index.js');

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

let isShared = false;
let isSharedWithEsModules = false;

/** Hooks `require` of this thread; further calls do nothing. */
export function shareApiWithModules(): void {
  if (isShared) return;
  isShared = true;
  const resolver = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = resolver._resolveFilename;
  resolver._resolveFilename = (request, ...rest) => (request === API_NAME ? API_FILE : original(request, ...rest));
}

/** Hooks `import` of this thread. Node starts a thread for it, so it is called only where there are ES modules. */
export function shareApiWithEsModules(): void {
  if (isSharedWithEsModules) return;
  isSharedWithEsModules = true;
  register(pathToFileURL(path.join(__dirname, 'own-api-hook.js')), { data: { name: API_NAME, url: pathToFileURL(API_FILE).href } });
}
