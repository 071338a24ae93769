/** Settings of TLS and SASL, the same for all clients. */
import { type ClientKey, direct, EVERY_CLIENT, none, rule, type ValueCheck, type ValueType } from './client-key';

const TLS_OF_JAVA = 'TLS is done by OpenSSL, not by Java';
const TLS_VERSIONS = 'the versions of TLS are those of OpenSSL, 1.2 and 1.3 unless the system says otherwise';
const LOGIN_OF_JAVA = 'logins are renewed by librdkafka in its own way';
const JWT_OF_BROKER = 'it is for brokers, which check tokens';
const KEYSTORE = [
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.certificate.location',
  'ssl.certificate.pem',
  'ssl.key.location',
  'ssl.key.pem',
  'ssl.key.password',
];
const TRUSTSTORE = ['ssl.ca.location', 'ssl.ca.pem'];
const OIDC = 'with sasl.mechanism=OAUTHBEARER';

const security = (
  key: string,
  type: ValueType,
  javaDefault: string | null,
  librdkafka: readonly string[],
  note: string,
  check?: ValueCheck,
): ClientKey => rule(key, [EVERY_CLIENT, type, javaDefault], librdkafka, note, check);
const ignored = (key: string, type: ValueType, javaDefault: string | null, why: string, check?: ValueCheck): ClientKey =>
  none(key, [EVERY_CLIENT, type, javaDefault], why, check);
const oidc = (key: string, type: ValueType, javaDefault: string | null, check?: ValueCheck, target = key): ClientKey =>
  rule(key, [EVERY_CLIENT, type, javaDefault], [target], OIDC, check);

export const SECURITY_KEYS: readonly ClientKey[] = [
  direct('security.protocol', [EVERY_CLIENT, 'STRING', 'PLAINTEXT'], ['security.protocol'], '', {
    check: { oneOf: ['SASL_SSL', 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT'], ignoreCase: true },
    convert: value => value.toLowerCase(),
  }),
  security('ssl.keystore.type', 'STRING', 'JKS', KEYSTORE, 'PEM or PKCS12; a JKS must be converted, the message says how'),
  security('ssl.keystore.location', 'STRING', null, KEYSTORE, 'PEM: a file with key and certificates'),
  security('ssl.keystore.password', 'PASSWORD', null, KEYSTORE, 'of a PKCS12 keystore'),
  security('ssl.keystore.key', 'PASSWORD', null, KEYSTORE, 'PEM text'),
  security('ssl.keystore.certificate.chain', 'PASSWORD', null, KEYSTORE, 'PEM text'),
  security('ssl.key.password', 'PASSWORD', null, KEYSTORE, 'of an encrypted PEM key'),
  security('ssl.truststore.type', 'STRING', 'JKS', TRUSTSTORE, 'PEM; others must be converted, the message says how'),
  security('ssl.truststore.location', 'STRING', null, TRUSTSTORE, "PEM file; without a truststore the system's certificates count"),
  security('ssl.truststore.password', 'PASSWORD', null, TRUSTSTORE, 'a PEM truststore needs none'),
  security('ssl.truststore.certificates', 'PASSWORD', null, TRUSTSTORE, 'PEM text'),
  security(
    'ssl.endpoint.identification.algorithm',
    'STRING',
    'https',
    ['ssl.endpoint.identification.algorithm'],
    'empty: the host name is not checked',
  ),
  security(
    'ssl.cipher.suites',
    'LIST',
    '',
    ['ssl.cipher.suites'],
    'names of Java become those of OpenSSL; suites of TLS 1.3 cannot be chosen',
  ),
  ignored('ssl.enabled.protocols', 'LIST', 'TLSv1.2,TLSv1.3', TLS_VERSIONS),
  ignored('ssl.protocol', 'STRING', 'TLSv1.3', TLS_VERSIONS),
  ignored('ssl.provider', 'STRING', null, TLS_OF_JAVA),
  ignored('ssl.engine.factory.class', 'CLASS', null, TLS_OF_JAVA),
  ignored('ssl.keymanager.algorithm', 'STRING', 'SunX509', TLS_OF_JAVA),
  ignored('ssl.trustmanager.algorithm', 'STRING', 'PKIX', TLS_OF_JAVA),
  ignored('ssl.secure.random.implementation', 'STRING', null, TLS_OF_JAVA),
  ignored('security.providers', 'STRING', null, 'it names Java classes, which cannot run here'),
  security('sasl.mechanism', 'STRING', 'GSSAPI', ['sasl.mechanisms'], 'GSSAPI, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER'),
  security(
    'sasl.jaas.config',
    'PASSWORD',
    null,
    [
      'sasl.username',
      'sasl.password',
      'sasl.kerberos.principal',
      'sasl.kerberos.keytab',
      'sasl.oauthbearer.config',
      'enable.sasl.oauthbearer.unsecure.jwt',
    ],
    'the options of the login module',
  ),
  security('sasl.kerberos.service.name', 'STRING', null, ['sasl.kerberos.service.name'], 'or serviceName in sasl.jaas.config'),
  ignored('sasl.kerberos.kinit.cmd', 'STRING', '/usr/bin/kinit', 'librdkafka calls kinit from the PATH with the keytab'),
  security('sasl.kerberos.min.time.before.relogin', 'LONG', '60000', ['sasl.kerberos.min.time.before.relogin'], 'at most 86400000'),
  ignored('sasl.kerberos.ticket.renew.jitter', 'DOUBLE', '0.05', LOGIN_OF_JAVA),
  ignored('sasl.kerberos.ticket.renew.window.factor', 'DOUBLE', '0.8', LOGIN_OF_JAVA),
  security(
    'sasl.login.callback.handler.class',
    'CLASS',
    null,
    ['sasl.oauthbearer.method'],
    'OAuthBearerLoginCallbackHandler: OIDC; other classes cannot run here',
  ),
  ignored('sasl.client.callback.handler.class', 'CLASS', null, 'it names a Java class, which cannot run here'),
  ignored('sasl.login.class', 'CLASS', null, 'it names a Java class, which cannot run here'),
  ignored('sasl.login.connect.timeout.ms', 'INT', null, LOGIN_OF_JAVA),
  ignored('sasl.login.read.timeout.ms', 'INT', null, LOGIN_OF_JAVA),
  ignored('sasl.login.refresh.buffer.seconds', 'SHORT', '300', LOGIN_OF_JAVA, { min: 0, max: 3600 }),
  ignored('sasl.login.refresh.min.period.seconds', 'SHORT', '60', LOGIN_OF_JAVA, { min: 0, max: 900 }),
  ignored('sasl.login.refresh.window.factor', 'DOUBLE', '0.8', LOGIN_OF_JAVA, { min: 0.5, max: 1 }),
  ignored('sasl.login.refresh.window.jitter', 'DOUBLE', '0.05', LOGIN_OF_JAVA, { min: 0, max: 0.25 }),
  ignored('sasl.login.retry.backoff.ms', 'LONG', '100', LOGIN_OF_JAVA),
  ignored('sasl.login.retry.backoff.max.ms', 'LONG', '10000', LOGIN_OF_JAVA),
  security(
    'sasl.oauthbearer.token.endpoint.url',
    'STRING',
    null,
    ['sasl.oauthbearer.token.endpoint.url', 'sasl.oauthbearer.method'],
    `${OIDC}; turns on OIDC`,
  ),
  oidc('sasl.oauthbearer.client.credentials.client.id', 'STRING', null, {}, 'sasl.oauthbearer.client.id'),
  oidc('sasl.oauthbearer.client.credentials.client.secret', 'PASSWORD', null, {}, 'sasl.oauthbearer.client.secret'),
  oidc('sasl.oauthbearer.scope', 'STRING', null),
  oidc('sasl.oauthbearer.sub.claim.name', 'STRING', 'sub'),
  oidc('sasl.oauthbearer.assertion.algorithm', 'STRING', 'RS256', { oneOf: ['ES256', 'RS256'], ignoreCase: true }),
  oidc('sasl.oauthbearer.assertion.claim.aud', 'STRING', null),
  oidc('sasl.oauthbearer.assertion.claim.exp.seconds', 'INT', '300', { min: 0, max: 86_400 }),
  oidc('sasl.oauthbearer.assertion.claim.iss', 'STRING', null),
  oidc('sasl.oauthbearer.assertion.claim.jti.include', 'BOOLEAN', 'false'),
  oidc('sasl.oauthbearer.assertion.claim.nbf.seconds', 'INT', '60', { min: 0, max: 3600 }),
  oidc('sasl.oauthbearer.assertion.claim.sub', 'STRING', null),
  oidc('sasl.oauthbearer.assertion.file', 'STRING', null),
  oidc('sasl.oauthbearer.assertion.private.key.file', 'STRING', null),
  oidc('sasl.oauthbearer.assertion.private.key.passphrase', 'PASSWORD', null),
  oidc('sasl.oauthbearer.assertion.template.file', 'STRING', null, {}, 'sasl.oauthbearer.assertion.jwt.template.file'),
  ignored('sasl.oauthbearer.clock.skew.seconds', 'INT', '30', JWT_OF_BROKER),
  ignored('sasl.oauthbearer.expected.audience', 'LIST', '', JWT_OF_BROKER),
  ignored('sasl.oauthbearer.expected.issuer', 'STRING', null, JWT_OF_BROKER),
  ignored('sasl.oauthbearer.header.urlencode', 'BOOLEAN', 'false', 'librdkafka does not encode id and secret'),
  ignored('sasl.oauthbearer.jwks.endpoint.refresh.ms', 'LONG', '3600000', JWT_OF_BROKER),
  ignored('sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms', 'LONG', '10000', JWT_OF_BROKER),
  ignored('sasl.oauthbearer.jwks.endpoint.retry.backoff.ms', 'LONG', '100', JWT_OF_BROKER),
  ignored('sasl.oauthbearer.jwks.endpoint.url', 'STRING', null, JWT_OF_BROKER),
  ignored(
    'sasl.oauthbearer.jwt.retriever.class',
    'CLASS',
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    'it names a Java class, which cannot run here',
  ),
  ignored(
    'sasl.oauthbearer.jwt.validator.class',
    'CLASS',
    'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    'it names a Java class, which cannot run here',
  ),
  ignored('sasl.oauthbearer.scope.claim.name', 'STRING', 'scope', JWT_OF_BROKER),
];
