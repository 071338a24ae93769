/** SASL: from Java's mechanism and login module to librdkafka's user, password, Kerberos and OAuth settings. */
import { invalidValue } from '../../api/config-types';
import { checkJaasOptions } from '../../config/clients/client-values';
import { type JaasEntry, parseJaasConfig } from '../../config/clients/jaas';
import { ConnectError } from '../../errors';
import type { Translation } from './translation';

const OIDC_HANDLER = 'OAuthBearerLoginCallbackHandler';
const UNSECURED_PREFIX = 'unsecuredLogin';
const MAX_RELOGIN_MS = 86_400_000;
/** Prefix of the OIDC keys that are passed on, except those that JAAS options can replace. */
const OIDC_ASSERTION = 'sasl.oauthbearer.assertion.';

/** Applies SASL settings if the protocol uses them. @throws ConnectError (ConfigException); never shows a secret */
export function applySaslRules(t: Translation): void {
  if (!t.value('security.protocol').toUpperCase().startsWith('SASL_')) return;
  const mechanism = t.value('sasl.mechanism');
  t.set('sasl.mechanisms', mechanism);
  const config = t.user('sasl.jaas.config');
  const jaas = config === undefined || config.trim() === '' ? undefined : parseJaasConfig(config);
  if (jaas) checkJaasOptions(jaas);
  if (mechanism === 'PLAIN' || /^SCRAM-SHA-(256|512)$/.test(mechanism)) applyPassword(t, mechanism, jaas);
  else if (mechanism === 'GSSAPI') applyKerberos(t, jaas);
  else if (mechanism === 'OAUTHBEARER') applyOauth(t, jaas);
  else throw invalidValue('sasl.mechanism', mechanism, 'String must be one of: GSSAPI, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512, OAUTHBEARER');
}

function missing(mechanism: string, what: string): ConnectError {
  const why = `sasl.mechanism ${mechanism} needs ${what} in sasl.jaas.config of the same client (with its prefix, such as producer. or consumer.)`;
  return new ConnectError('ConfigException', why);
}

function applyPassword(t: Translation, mechanism: string, jaas: JaasEntry | undefined): void {
  const username = jaas?.options.get('username');
  const password = jaas?.options.get('password');
  if (username === undefined || password === undefined) throw missing(mechanism, 'username and password');
  t.set('sasl.username', username);
  t.set('sasl.password', password);
  warnOfHandler(t);
}

function applyKerberos(t: Translation, jaas: JaasEntry | undefined): void {
  const service = t.user('sasl.kerberos.service.name') ?? jaas?.options.get('serviceName');
  if (service === undefined) {
    throw new ConnectError('ConfigException', 'No serviceName defined in either JAAS or Kafka config: set sasl.kerberos.service.name');
  }
  t.set('sasl.kerberos.service.name', service);
  t.set('sasl.kerberos.principal', jaas?.options.get('principal'));
  t.set('sasl.kerberos.keytab', jaas?.options.get('keyTab'));
  const relogin = 'sasl.kerberos.min.time.before.relogin';
  t.set(relogin, t.clamp(relogin, t.value(relogin), [0, MAX_RELOGIN_MS]));
  warnOfHandler(t);
}

function applyOauth(t: Translation, jaas: JaasEntry | undefined): void {
  const endpoint = t.user('sasl.oauthbearer.token.endpoint.url');
  if (endpoint !== undefined) {
    applyOidc(t, endpoint, jaas);
    return;
  }
  const subject = jaas?.options.get(`${UNSECURED_PREFIX}StringClaim_sub`);
  if (subject === undefined) throw missing('OAUTHBEARER', 'sasl.oauthbearer.token.endpoint.url, or unsecuredLoginStringClaim_sub');
  if (/\s/.test(subject)) throw missing('OAUTHBEARER', 'a claim unsecuredLoginStringClaim_sub without blanks');
  t.set('enable.sasl.oauthbearer.unsecure.jwt', 'true');
  const life = jaas?.options.get(`${UNSECURED_PREFIX}LifetimeSeconds`);
  t.set('sasl.oauthbearer.config', `principal=${subject}${life === undefined ? '' : ` lifeSeconds=${life}`}`);
  warnOfHandler(t);
}

function applyOidc(t: Translation, endpoint: string, jaas: JaasEntry | undefined): void {
  const assertion = [...t.keys.keys()].filter(key => key.startsWith(OIDC_ASSERTION) && t.user(key) !== undefined);
  const id = t.user('sasl.oauthbearer.client.credentials.client.id') ?? jaas?.options.get('clientId');
  const secret = t.user('sasl.oauthbearer.client.credentials.client.secret') ?? jaas?.options.get('clientSecret');
  if (assertion.length === 0 && (id === undefined || secret === undefined)) throw missing('OAUTHBEARER', 'clientId and clientSecret');
  t.set('sasl.oauthbearer.method', 'oidc');
  t.set('sasl.oauthbearer.token.endpoint.url', endpoint);
  t.set('sasl.oauthbearer.client.id', id);
  t.set('sasl.oauthbearer.client.secret', secret);
  t.set('sasl.oauthbearer.scope', t.user('sasl.oauthbearer.scope') ?? jaas?.options.get('scope'));
  t.set('sasl.oauthbearer.sub.claim.name', t.user('sasl.oauthbearer.sub.claim.name'));
  const extensions = [...(jaas?.options ?? [])].filter(([name]) => name.startsWith('extension_'));
  if (extensions.length > 0) {
    t.set('sasl.oauthbearer.extensions', extensions.map(([name, value]) => `${name.slice('extension_'.length)}=${value}`).join(','));
  }
  if (assertion.length > 0) t.set('sasl.oauthbearer.grant.type', 'urn:ietf:params:oauth:grant-type:jwt-bearer');
  for (const key of assertion) t.set(t.keys.get(key)?.librdkafka[0] ?? key, assertionValue(key, t.value(key)));
  warnOfHandler(t, OIDC_HANDLER);
}

const assertionValue = (key: string, value: string): string => (key.endsWith('.algorithm') ? value.toUpperCase() : value);

function warnOfHandler(t: Translation, known = ''): void {
  const handler = t.user('sasl.login.callback.handler.class');
  if (handler === undefined || (known !== '' && handler.endsWith(`.${known}`))) return;
  t.warn('sasl.login.callback.handler.class', `${handler} is a Java class, which cannot run here`);
}
