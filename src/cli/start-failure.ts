/** One line for a worker that cannot start: which file, which setting, which value, and what would be right. */
import { type ConfigKey, NO_DEFAULT } from '../api/config-def';
import { convertToString } from '../api/config-types';
import { asSentence, ConnectError, SettingError, toError } from '../errors';

/** Settings without a default, each with an example. */
const EXAMPLES: Readonly<Record<string, string>> = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'offset.storage.file.filename': '/var/lib/connect/connect.offsets',
  'response.http.headers.config': 'add Cache-Control: no-cache',
};

const EXPECTED: Partial<Record<ConfigKey['type'], string>> = {
  BOOLEAN: 'true or false',
  INT: 'a whole number',
  LONG: 'a whole number',
  SHORT: 'a whole number',
  DOUBLE: 'a number',
  CLASS: 'the full name or the short name of a class',
  LIST: 'values separated by commas',
};

/**
 * The message of a failure with the names of its causes, all in one line where Java's own text is one.
 * @param where what was being read, e.g. `worker.properties`; omitted if the message names it already
 */
export function failureText(failure: unknown, where: string): string {
  const error = toError(failure);
  const texts = [error.message];
  for (let cause = error.cause; cause !== undefined && cause !== null; cause = toError(cause).cause) {
    const { message } = toError(cause);
    // Many causes only repeat what wraps them; a text that is part of one before adds nothing.
    if (message !== '' && !texts.some(text => text.includes(message))) texts.push(message);
  }
  const text = texts.join('; because: ');
  return where === '' || text.includes(where) ? text : `${where}: ${text}`;
}

/** What would be right for the setting that an error is about; empty if it is about none of these settings. */
export function remedyFor(error: unknown, keys: ReadonlyMap<string, ConfigKey>): string {
  if (!(error instanceof SettingError)) return '';
  const key = keys.get(error.key);
  if (!key) return '';
  const example = EXAMPLES[key.name] ?? defaultOf(key);
  const expected = EXPECTED[key.type];
  return [
    `${asSentence(error.message).slice(error.message.length)} Expected for ${key.name}${expected ? ` ${expected}` : ''}: ${key.doc}`,
    ...(example === '' ? [] : [`For example: ${key.name}=${example}`]),
  ].join(' ');
}

/** Several reasons in one line, numbered from the second on. */
export function inOneLine([first = '', ...more]: readonly string[]): string {
  const rest = more.map((text, i) => `(${i + 2}) ${text}`).join(' ');
  return rest === '' ? first : `${first} And ${more.length} more: ${rest}`;
}

/** True for what the user can put right; a trace of our code would only hide the message. */
export function isUsersMistake(failure: unknown): boolean {
  return failure instanceof ConnectError;
}

function defaultOf({ defaultValue, type }: ConfigKey): string {
  return defaultValue === NO_DEFAULT ? '' : (convertToString(defaultValue, type) ?? '');
}
