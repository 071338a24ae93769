/**
 * Leads `connect-standalone/api` to this worker's own copy, whatever lies in a plugin's node_modules: two copies of a class would fail
 * each other's `instanceof`. Node offers no lasting way for CommonJS but the function that all its resolution goes through.
 */
import Module, { register } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** What plugins import. */
const API_NAME = 'connect-standalone/api';
const API_FILE = path.join(__dirname, '..', 'api', 'index.js');

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

let isShared = false;
let isSharedWithEsModules = false;

/** Serves `require` of this thread; called again, it does nothing. */
export function shareApiWithModules(): void {
  if (isShared) return;
  isShared = true;
  const resolver = Module as unknown as { _resolveFilename: ResolveFilename };
  const original = resolver._resolveFilename;
  resolver._resolveFilename = (request, ...rest) => (request === API_NAME ? API_FILE : original(request, ...rest));
}

/** Serves `import` of this thread; it takes a thread of Node's own, so only those with ES modules pay for it. */
export function shareApiWithEsModules(): void {
  if (isSharedWithEsModules) return;
  isSharedWithEsModules = true;
  register(pathToFileURL(path.join(__dirname, 'own-api-hook.js')), { data: { name: API_NAME, url: pathToFileURL(API_FILE).href } });
}
