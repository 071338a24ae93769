/**
 * Which characters values of Kafka client settings may hold, from any source. Some values reach further than in Java's clients: the
 * arguments of kinit, a URL that librdkafka fetches, C strings. What is refused here reaches none of these.
 */

import { throwProblem } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import type { Props } from '../../api/connector';
import { ConnectError } from '../../errors';
import { CLIENT_DEFS, type ClientType } from './client-keys';
import { type JaasEntry, parseJaasConfig } from './jaas';

const JAAS = 'sasl.jaas.config';
const SERVICE_NAME = 'sasl.kerberos.service.name';
const CLIENTS = Object.keys(CLIENT_DEFS) as ClientType[];

/** Settings that name URLs from which tokens or keys are fetched. */
export const TOKEN_URL_KEYS: readonly string[] = ['sasl.oauthbearer.token.endpoint.url', 'sasl.oauthbearer.jwks.endpoint.url'];

/** Options of a login module for Kerberos: only letters, digits, and characters that mean nothing to a shell or option parser. */
const KERBEROS_OPTIONS: Readonly<Record<string, { readonly form: RegExp; readonly allowed: string }>> = {
  principal: { form: /^[A-Za-z0-9._@/][A-Za-z0-9._@/-]*$/, allowed: 'letters, digits and . _ @ / -' },
  keyTab: { form: /^[A-Za-z0-9._/][A-Za-z0-9._/:@+=,-]*$/, allowed: 'letters, digits and . _ / : @ + = , -' },
  serviceName: { form: /^[A-Za-z0-9][A-Za-z0-9._-]*$/, allowed: 'letters, digits and . _ -' },
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;

/**
 * Checks one setting of a client.
 * @param javaKey without prefix, e.g. `sasl.jaas.config`
 * @throws ConfigException that names the setting and what it may hold; never shows a secret
 */
export function checkClientValue(client: ClientType, javaKey: string, value: string): void {
  if (value.includes('\0')) throw invalidValue(javaKey, '[hidden]', 'String must not contain a NUL character');
  if (javaKey === JAAS) checkJaas(value);
  if (CLIENT_DEFS[client].keys.get(javaKey)?.type === 'PASSWORD') return;
  // Blanks around a value are ignored; a line break inside would begin a new line in logs and in texts that librdkafka builds.
  if (CONTROL_CHARACTERS.test(value.trim())) throw invalidValue(javaKey, '[hidden]', 'String must not contain control characters');
  if (javaKey === SERVICE_NAME) checkForm(javaKey, value.trim(), 'serviceName', '');
  if (TOKEN_URL_KEYS.includes(javaKey)) checkUrl(javaKey, value.trim());
}

/**
 * Checks the client settings of the worker's file: those without prefix, and those below `producer.`, `consumer.` and `admin.`.
 * @param onProblem called with each invalid setting; may throw
 */
export function checkWorkerClients(workerProps: Props, onProblem = throwProblem): void {
  for (const [key, value] of Object.entries(workerProps)) {
    const client = CLIENTS.find(kind => key.startsWith(`${kind}.`));
    try {
      if (CLIENT_DEFS.admin.keys.has(key)) checkClientValue('admin', key, value);
      if (client !== undefined) checkClientValue(client, key.slice(client.length + 1), value);
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      onProblem(key, client === undefined ? error : new ConnectError(error.code, `${key}: ${error.message}`));
    }
  }
}

/** A text that is not JAAS is reported where it is used, since without SASL nothing reads it. */
function checkJaas(text: string): void {
  let jaas: JaasEntry;
  try {
    jaas = parseJaasConfig(text);
  } catch {
    return;
  }
  checkJaasOptions(jaas);
}

/** @throws ConfigException for options of Kerberos with other characters */
export function checkJaasOptions({ options }: JaasEntry): void {
  for (const [name, value] of options) {
    if (value.includes('\0')) throw invalidValue(JAAS, '[hidden]', `${shownOption(name)} must not contain a NUL character`);
    if (Object.hasOwn(KERBEROS_OPTIONS, name)) checkForm(JAAS, value, name, `${name}: `);
  }
}

const shownOption = (name: string): string => (/^\w{1,40}$/.test(name) ? name : 'an option');

function checkForm(javaKey: string, value: string, option: string, before: string): void {
  const rule = KERBEROS_OPTIONS[option];
  if (value === '' || !rule || rule.form.test(value)) return;
  throw invalidValue(javaKey, '[hidden]', `${before}only ${rule.allowed} are allowed, and no leading -`);
}

/** Only http and https: librdkafka's HTTP library would fetch other schemes too, local files included. */
function checkUrl(javaKey: string, value: string): void {
  if (value !== '' && !/^https?:\/\/[!-~]+$/i.test(value))
    throw invalidValue(javaKey, '[hidden]', 'The URL must begin with http:// or https:// and hold no blanks');
}
