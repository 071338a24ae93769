/** Connector files of the command line: flat JSON, the body of POST /connectors, or properties, tried in Java's order (KIP-980). */

import { ConnectError, toError } from '../../errors';
import { otherThanConnectorFile } from './file-kinds';
import { parseJson } from './json-text';
import { parseSettings, readBytes, readGivenBytes } from './properties';
import { lineCounter, type Setting, textsOf } from './setting';

/** The initial state of a connector; null counts as RUNNING. */
export type InitialState = 'RUNNING' | 'PAUSED' | 'STOPPED';

/** A connector as its file describes it; variables (`${...}`) are still unresolved. */
export interface ConnectorFile {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  /** The same settings with their origins. */
  readonly settings: readonly Setting[];
  readonly initialState: InitialState | null;
}

/**
 * Reads a connector file, whatever its extension.
 * @throws ConnectException (Java's text, names the file) if it has no known form; the cause says why it is not valid JSON
 * @throws IOException if it cannot be read
 */
export function loadConnectorFile(path: string): ConnectorFile {
  return parseConnectorFile(readBytes(path), path);
}

/** The same for a file of the command line, which may be a pipe: waits for its writers, and can be called only once. */
export async function loadGivenConnectorFile(path: string): Promise<ConnectorFile> {
  return parseConnectorFile(await readGivenBytes(path), path);
}

function parseConnectorFile(bytes: Buffer, path: string): ConnectorFile {
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const attempts = [() => readFlatJson(text, path), () => readCreateRequest(text, path)];
  let problem: Error | undefined;
  for (const attempt of attempts) {
    try {
      return named(path, attempt());
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      problem = toError(error);
    }
  }
  // The JSON error is of interest only if the text looks like JSON.
  const cause = /^\s*[[{]/.test(text) ? problem : undefined;
  const settings = parseSettings(bytes.toString('latin1'), path);
  return named(path, { config: textsOf(settings), settings, initialState: null }, cause);
}

/** Parses a state, in upper or lower case. @throws Error that names the word */
function parseInitialState(word: unknown): InitialState | null {
  if (word === null || word === undefined) return null;
  const state = String(word).toUpperCase();
  if (state === 'RUNNING' || state === 'PAUSED' || state === 'STOPPED') return state;
  throw new Error(`Invalid initial_state '${word}'. Expected one of RUNNING, PAUSED, STOPPED`);
}

/** The result of reading one form. A plain Error stands for a failure of Jackson, after which the next form is tried. */
interface Attempt {
  readonly config: Readonly<Record<string, string | null>>;
  /** The entries of `config` that are not null. */
  readonly settings: readonly Setting[];
  readonly initialState: InitialState | null;
}

function readFlatJson(text: string, path: string): Attempt {
  const lines = new Map<string, number>();
  const lineAt = lineCounter(text);
  const config = toStringMap(
    parseJson(text, (name, depth, at) => depth === 0 && lines.set(name, lineAt(at))),
    'the file',
  );
  return { config, settings: toSettings(config, path, lines), initialState: null };
}

function readCreateRequest(text: string, path: string): Attempt {
  const lines = new Map<string, number>();
  const lineAt = lineCounter(text);
  let member = '';
  const request = parseJson(text, (name, depth, at) => {
    if (depth === 0) member = name;
    if (depth === 0 ? name === 'name' : depth === 1 && member === 'config') lines.set(name, lineAt(at));
  });
  if (!isObject(request)) throw new Error('The file holds no JSON object');
  const name = request.name === undefined ? null : toText(request.name, 'name');
  const initialState = parseInitialState(request.initial_state);
  if (request.config === undefined || request.config === null) {
    throw new ConnectError('ConnectException', `Connector configuration at '${path}' is missing the mandatory 'config' object`);
  }
  const config = toStringMap(request.config, 'config');
  if (Object.hasOwn(config, 'name') && config.name !== name) {
    throw new ConnectError(
      'ConnectException',
      `Connector name configuration in 'config' doesn't match the one specified in 'name' at '${path}'`,
    );
  }
  const whole = name === null ? config : { ...config, name };
  return { config: whole, settings: toSettings(whole, path, lines), initialState };
}

function toSettings(config: Attempt['config'], file: string, lines: ReadonlyMap<string, number>): Setting[] {
  return Object.entries(config).flatMap(([key, text]) =>
    text === null ? [] : [{ key, text, origin: { by: 'file', file, line: lines.get(key) ?? 1 } } as const],
  );
}

function named(path: string, { config, settings, initialState }: Attempt, cause?: Error): ConnectorFile {
  if (!Object.hasOwn(config, 'name')) {
    const hint = otherThanConnectorFile(Object.keys(config));
    const problem = `Connector configuration at '${path}' is missing the mandatory 'name' configuration`;
    throw new ConnectError('ConnectException', hint === '' ? problem : `${problem}. ${hint}`, cause);
  }
  if (!hasTextsOnly(config)) {
    const key = Object.keys(config).find(name => config[name] === null);
    throw new ConnectError(
      'ConnectException',
      `Connector configuration at '${path}' has null as the value of '${key}', where a text is needed`,
    );
  }
  return { name: config.name ?? '', config, settings, initialState };
}

const hasTextsOnly = (config: Readonly<Record<string, string | null>>): config is Readonly<Record<string, string>> =>
  !Object.values(config).includes(null);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Scalars become strings as in Jackson; null is kept and refused later with a message of its own. */
function toStringMap(value: unknown, where: string): Record<string, string | null> {
  if (!isObject(value)) throw new Error(`Expected ${where} to be a JSON object of texts`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toText(item, key)]));
}

function toText(value: unknown, key: string): string | null {
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  throw new Error(`Expected the value of '${key}' to be a text, number or boolean, but it is a nested one`);
}
