/**
 * Files and URLs of SASL OAUTHBEARER that a connector may name: those that the worker's file lists, or uses itself. Otherwise anyone who
 * may create a connector could send any file of this machine to any address. Java has system properties of these names for it.
 */

import { resolve } from 'node:path';
import type { ConfigKey } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import type { Props } from '../../api/connector';
import { TOKEN_URL_KEYS } from './client-values';
import { hideUrlSecrets } from './url-secrets';

const ALLOWED_URLS = 'org.apache.kafka.sasl.oauthbearer.allowed.urls';
const ALLOWED_FILES = 'org.apache.kafka.sasl.oauthbearer.allowed.files';
const FILE_KEYS: readonly string[] = [
  'sasl.oauthbearer.assertion.file',
  'sasl.oauthbearer.assertion.private.key.file',
  'sasl.oauthbearer.assertion.template.file',
];
/** Prefixes below which the worker's file sets client settings. */
const OWN_PREFIXES = ['', 'admin.', 'producer.', 'consumer.'];

/** Keys of the worker. */
export const TOKEN_SOURCE_KEYS: readonly ConfigKey[] = [
  {
    name: ALLOWED_URLS,
    type: 'LIST',
    defaultValue: [],
    importance: 'LOW',
    doc: 'URLs of token endpoints that connectors may name in overrides of client settings, beside those that this file uses itself. A system property in Java.',
  },
  {
    name: ALLOWED_FILES,
    type: 'LIST',
    defaultValue: [],
    importance: 'LOW',
    doc: 'Files of `sasl.oauthbearer.assertion.*` that connectors may name in overrides of client settings, beside those that this file uses itself. A system property in Java.',
  },
];

/** The files and URLs that connectors may name. */
export interface TokenSources {
  readonly urls: readonly string[];
  /** Absolute paths. */
  readonly files: readonly string[];
}

export const NO_TOKEN_SOURCES: TokenSources = { urls: [], files: [] };

/** What the worker's settings allow. */
export function tokenSources(workerProps: Props): TokenSources {
  const given = (list: string, keys: readonly string[]): string[] =>
    [...(workerProps[list] ?? '').split(','), ...OWN_PREFIXES.flatMap(prefix => keys.map(key => workerProps[prefix + key] ?? ''))]
      .map(item => item.trim())
      .filter(item => item !== '');
  return { urls: given(ALLOWED_URLS, TOKEN_URL_KEYS), files: given(ALLOWED_FILES, FILE_KEYS).map(file => resolve(file)) };
}

/**
 * Checks one overridden client setting.
 * @throws ConfigException with Java's text, which names the key of the worker's file in place of the system property
 */
export function checkTokenSource(javaKey: string, value: string, { urls, files }: TokenSources): void {
  const text = value.trim();
  if (text === '') return;
  if (TOKEN_URL_KEYS.includes(javaKey) && !urls.includes(text)) throw refusal(javaKey, hideUrlSecrets(text), 'URL', ALLOWED_URLS);
  if (FILE_KEYS.includes(javaKey) && !files.includes(resolve(text))) throw refusal(javaKey, text, 'file', ALLOWED_FILES);
}

function refusal(javaKey: string, shown: string, what: string, list: string): Error {
  return invalidValue(
    javaKey,
    shown,
    `The ${what} cannot be accessed due to restrictions. Update '${list}' in the worker's file to allow the ${what} to be accessed.`,
  );
}
