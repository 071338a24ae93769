/**
 * Settings of Kafka's clients as Java 4.3.0 defines them (ProducerConfig, ConsumerConfig, AdminClientConfig), without their texts. Used to
 * check settings of clients and to show overrides; src/kafka decides how they are translated for librdkafka.
 */

import { ConfigDef, type ConfigType, type Importance, NO_DEFAULT } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import { atLeast, between, caseInsensitiveValidString, nonEmptyString, type Validator, validString } from '../../api/config-validators';

/** Name, type, default as text (null: none given, `NO_DEFAULT`: required), importance, check. */
type Row = readonly [
  name: string,
  type: ConfigType,
  defaultText: string | null | typeof NO_DEFAULT,
  importance: Importance,
  validator?: Validator,
];

const MAX_INT = 2_147_483_647;
const notNegative = atLeast(0);

const gzipLevel: Validator = (key, value) => {
  const level = Number(value);
  if (level !== -1 && (level < 1 || level > 9)) throw invalidValue(key, value, 'Value must be between 1 and 9 or equal to -1');
};

/** Positive durations as java.time.Duration.parse accepts them. */
const DURATION = /^by_duration:P(?=[\dT])(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/i;

const offsetReset: Validator = (key, value) => {
  if (['earliest', 'latest', 'none'].includes(String(value)) || DURATION.test(String(value))) return;
  const choices = "either 'earliest', 'latest', 'none' or of the format 'by_duration:<PnDTnHnMn.nS.>'";
  throw invalidValue(key, value, `Invalid value \`${value}\` for configuration ${key}. The value must be ${choices}.`);
};

const COMMON_KEYS: readonly Row[] = [
  ['client.dns.lookup', 'STRING', 'use_all_dns_ips', 'MEDIUM', validString('use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only')],
  ['config.providers', 'LIST', '', 'LOW'],
  ['metadata.max.age.ms', 'LONG', '300000', 'LOW', notNegative],
  ['metadata.recovery.rebootstrap.trigger.ms', 'LONG', '300000', 'LOW', notNegative],
  ['metadata.recovery.strategy', 'STRING', 'rebootstrap', 'LOW', caseInsensitiveValidString('REBOOTSTRAP', 'NONE')],
  ['metric.reporters', 'LIST', 'org.apache.kafka.common.metrics.JmxReporter', 'LOW'],
  ['metrics.num.samples', 'INT', '2', 'LOW', atLeast(1)],
  ['metrics.recording.level', 'STRING', 'INFO', 'LOW', validString('INFO', 'DEBUG', 'TRACE')],
  ['metrics.sample.window.ms', 'LONG', '30000', 'LOW', notNegative],
  ['reconnect.backoff.max.ms', 'LONG', '1000', 'LOW', notNegative],
  ['reconnect.backoff.ms', 'LONG', '50', 'LOW', notNegative],
  ['request.timeout.ms', 'INT', '30000', 'MEDIUM', notNegative],
  ['retry.backoff.max.ms', 'LONG', '1000', 'LOW', notNegative],
  ['retry.backoff.ms', 'LONG', '100', 'LOW', notNegative],
  ['sasl.client.callback.handler.class', 'CLASS', null, 'MEDIUM'],
  ['sasl.jaas.config', 'PASSWORD', null, 'MEDIUM'],
  ['sasl.kerberos.kinit.cmd', 'STRING', '/usr/bin/kinit', 'LOW'],
  ['sasl.kerberos.min.time.before.relogin', 'LONG', '60000', 'LOW'],
  ['sasl.kerberos.service.name', 'STRING', null, 'MEDIUM'],
  ['sasl.kerberos.ticket.renew.jitter', 'DOUBLE', '0.05', 'LOW'],
  ['sasl.kerberos.ticket.renew.window.factor', 'DOUBLE', '0.8', 'LOW'],
  ['sasl.login.callback.handler.class', 'CLASS', null, 'MEDIUM'],
  ['sasl.login.class', 'CLASS', null, 'MEDIUM'],
  ['sasl.login.connect.timeout.ms', 'INT', null, 'LOW'],
  ['sasl.login.read.timeout.ms', 'INT', null, 'LOW'],
  ['sasl.login.refresh.buffer.seconds', 'SHORT', '300', 'LOW', between(0, 3600)],
  ['sasl.login.refresh.min.period.seconds', 'SHORT', '60', 'LOW', between(0, 900)],
  ['sasl.login.refresh.window.factor', 'DOUBLE', '0.8', 'LOW', between(0.5, 1, 'double')],
  ['sasl.login.refresh.window.jitter', 'DOUBLE', '0.05', 'LOW', between(0, 0.25, 'double')],
  ['sasl.login.retry.backoff.max.ms', 'LONG', '10000', 'LOW'],
  ['sasl.login.retry.backoff.ms', 'LONG', '100', 'LOW'],
  ['sasl.mechanism', 'STRING', 'GSSAPI', 'MEDIUM'],
  ['sasl.oauthbearer.assertion.algorithm', 'STRING', 'RS256', 'MEDIUM', caseInsensitiveValidString('ES256', 'RS256')],
  ['sasl.oauthbearer.assertion.claim.aud', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.claim.exp.seconds', 'INT', '300', 'LOW', between(0, 86_400)],
  ['sasl.oauthbearer.assertion.claim.iss', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.claim.jti.include', 'BOOLEAN', 'false', 'MEDIUM'],
  ['sasl.oauthbearer.assertion.claim.nbf.seconds', 'INT', '60', 'LOW', between(0, 3600)],
  ['sasl.oauthbearer.assertion.claim.sub', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.file', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.private.key.file', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.private.key.passphrase', 'PASSWORD', null, 'MEDIUM'],
  ['sasl.oauthbearer.assertion.template.file', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.client.credentials.client.id', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.client.credentials.client.secret', 'PASSWORD', null, 'MEDIUM'],
  ['sasl.oauthbearer.clock.skew.seconds', 'INT', '30', 'LOW'],
  ['sasl.oauthbearer.expected.audience', 'LIST', '', 'LOW'],
  ['sasl.oauthbearer.expected.issuer', 'STRING', null, 'LOW'],
  ['sasl.oauthbearer.header.urlencode', 'BOOLEAN', 'false', 'LOW'],
  ['sasl.oauthbearer.jwks.endpoint.refresh.ms', 'LONG', '3600000', 'LOW'],
  ['sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms', 'LONG', '10000', 'LOW'],
  ['sasl.oauthbearer.jwks.endpoint.retry.backoff.ms', 'LONG', '100', 'LOW'],
  ['sasl.oauthbearer.jwks.endpoint.url', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.jwt.retriever.class', 'CLASS', 'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever', 'MEDIUM'],
  ['sasl.oauthbearer.jwt.validator.class', 'CLASS', 'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator', 'MEDIUM'],
  ['sasl.oauthbearer.scope', 'STRING', null, 'MEDIUM'],
  ['sasl.oauthbearer.scope.claim.name', 'STRING', 'scope', 'LOW'],
  ['sasl.oauthbearer.sub.claim.name', 'STRING', 'sub', 'LOW'],
  ['sasl.oauthbearer.token.endpoint.url', 'STRING', null, 'MEDIUM'],
  ['security.protocol', 'STRING', 'PLAINTEXT', 'MEDIUM', caseInsensitiveValidString('PLAINTEXT', 'SASL_PLAINTEXT', 'SASL_SSL', 'SSL')],
  ['security.providers', 'STRING', null, 'LOW'],
  ['send.buffer.bytes', 'INT', '131072', 'MEDIUM', atLeast(-1)],
  ['socket.connection.setup.timeout.max.ms', 'LONG', '30000', 'MEDIUM', notNegative],
  ['socket.connection.setup.timeout.ms', 'LONG', '10000', 'MEDIUM', notNegative],
  ['ssl.cipher.suites', 'LIST', '', 'LOW'],
  ['ssl.enabled.protocols', 'LIST', 'TLSv1.2,TLSv1.3', 'MEDIUM'],
  ['ssl.endpoint.identification.algorithm', 'STRING', 'https', 'LOW'],
  ['ssl.engine.factory.class', 'CLASS', null, 'LOW'],
  ['ssl.key.password', 'PASSWORD', null, 'HIGH'],
  ['ssl.keymanager.algorithm', 'STRING', 'SunX509', 'LOW'],
  ['ssl.keystore.certificate.chain', 'PASSWORD', null, 'HIGH'],
  ['ssl.keystore.key', 'PASSWORD', null, 'HIGH'],
  ['ssl.keystore.location', 'STRING', null, 'HIGH'],
  ['ssl.keystore.password', 'PASSWORD', null, 'HIGH'],
  ['ssl.keystore.type', 'STRING', 'JKS', 'MEDIUM'],
  ['ssl.protocol', 'STRING', 'TLSv1.3', 'MEDIUM'],
  ['ssl.provider', 'STRING', null, 'MEDIUM'],
  ['ssl.secure.random.implementation', 'STRING', null, 'LOW'],
  ['ssl.trustmanager.algorithm', 'STRING', 'PKIX', 'LOW'],
  ['ssl.truststore.certificates', 'PASSWORD', null, 'HIGH'],
  ['ssl.truststore.location', 'STRING', null, 'HIGH'],
  ['ssl.truststore.password', 'PASSWORD', null, 'HIGH'],
  ['ssl.truststore.type', 'STRING', 'JKS', 'MEDIUM'],
];

const PRODUCER_KEYS: readonly Row[] = [
  ['acks', 'STRING', 'all', 'LOW', validString('all', '-1', '0', '1')],
  ['batch.size', 'INT', '16384', 'MEDIUM', notNegative],
  ['buffer.memory', 'LONG', '33554432', 'HIGH', notNegative],
  ['compression.gzip.level', 'INT', '-1', 'MEDIUM', gzipLevel],
  ['compression.lz4.level', 'INT', '9', 'MEDIUM', between(1, 17)],
  ['compression.type', 'STRING', 'none', 'HIGH', validString('none', 'gzip', 'snappy', 'lz4', 'zstd')],
  ['compression.zstd.level', 'INT', '3', 'MEDIUM', between(-131_072, 22)],
  ['delivery.timeout.ms', 'INT', '120000', 'MEDIUM', notNegative],
  ['enable.idempotence', 'BOOLEAN', 'true', 'LOW'],
  ['key.serializer', 'CLASS', NO_DEFAULT, 'HIGH'],
  ['linger.ms', 'LONG', '5', 'MEDIUM', notNegative],
  ['max.block.ms', 'LONG', '60000', 'MEDIUM', notNegative],
  ['max.in.flight.requests.per.connection', 'INT', '5', 'LOW', atLeast(1)],
  ['max.request.size', 'INT', '1048576', 'MEDIUM', notNegative],
  ['metadata.max.idle.ms', 'LONG', '300000', 'LOW', atLeast(5000)],
  ['partitioner.adaptive.partitioning.enable', 'BOOLEAN', 'true', 'LOW'],
  ['partitioner.availability.timeout.ms', 'LONG', '0', 'LOW', notNegative],
  ['partitioner.class', 'CLASS', null, 'MEDIUM'],
  ['partitioner.ignore.keys', 'BOOLEAN', 'false', 'MEDIUM'],
  ['receive.buffer.bytes', 'INT', '32768', 'MEDIUM', atLeast(-1)],
  ['retries', 'INT', String(MAX_INT), 'HIGH', between(0, MAX_INT)],
  ['transaction.timeout.ms', 'INT', '60000', 'LOW'],
  ['transaction.two.phase.commit.enable', 'BOOLEAN', 'false', 'LOW'],
  ['transactional.id', 'STRING', null, 'LOW', nonEmptyString],
  ['value.serializer', 'CLASS', NO_DEFAULT, 'HIGH'],
];

const CONSUMER_KEYS: readonly Row[] = [
  ['allow.auto.create.topics', 'BOOLEAN', 'true', 'MEDIUM'],
  ['auto.commit.interval.ms', 'INT', '5000', 'LOW', notNegative],
  ['auto.offset.reset', 'STRING', 'latest', 'MEDIUM', offsetReset],
  ['check.crcs', 'BOOLEAN', 'true', 'LOW'],
  ['client.id', 'STRING', '', 'LOW'],
  ['client.rack', 'STRING', '', 'LOW'],
  ['enable.auto.commit', 'BOOLEAN', 'true', 'MEDIUM'],
  ['exclude.internal.topics', 'BOOLEAN', 'true', 'MEDIUM'],
  ['fetch.max.bytes', 'INT', '52428800', 'MEDIUM', notNegative],
  ['fetch.max.wait.ms', 'INT', '500', 'LOW', notNegative],
  ['fetch.min.bytes', 'INT', '1', 'HIGH', notNegative],
  ['group.id', 'STRING', null, 'HIGH'],
  ['group.instance.id', 'STRING', null, 'MEDIUM', nonEmptyString],
  ['group.protocol', 'STRING', 'classic', 'HIGH', caseInsensitiveValidString('CONSUMER', 'CLASSIC')],
  ['group.remote.assignor', 'STRING', null, 'MEDIUM'],
  ['heartbeat.interval.ms', 'INT', '3000', 'HIGH'],
  ['internal.throw.on.fetch.stable.offset.unsupported', 'BOOLEAN', 'false', 'LOW'],
  ['isolation.level', 'STRING', 'read_uncommitted', 'MEDIUM', validString('read_committed', 'read_uncommitted')],
  ['key.deserializer', 'CLASS', NO_DEFAULT, 'HIGH'],
  ['max.partition.fetch.bytes', 'INT', '1048576', 'HIGH', notNegative],
  ['max.poll.interval.ms', 'INT', '300000', 'MEDIUM', atLeast(1)],
  ['max.poll.records', 'INT', '500', 'MEDIUM', atLeast(1)],
  [
    'partition.assignment.strategy',
    'LIST',
    'class org.apache.kafka.clients.consumer.RangeAssignor,class org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
    'MEDIUM',
  ],
  ['session.timeout.ms', 'INT', '45000', 'HIGH'],
  ['share.acknowledgement.mode', 'STRING', 'implicit', 'MEDIUM'],
  ['share.acquire.mode', 'STRING', 'BATCH_OPTIMIZED', 'MEDIUM'],
  ['value.deserializer', 'CLASS', NO_DEFAULT, 'HIGH'],
];

const ADMIN_KEYS: readonly Row[] = [
  ['bootstrap.controllers', 'LIST', '', 'HIGH'],
  ['bootstrap.servers', 'LIST', '', 'HIGH'],
  ['connections.max.idle.ms', 'LONG', '300000', 'MEDIUM'],
  ['enable.metrics.push', 'BOOLEAN', 'false', 'LOW'],
  ['retries', 'INT', String(MAX_INT), 'LOW', between(0, MAX_INT)],
];

const PRODUCER_CONSUMER_KEYS: readonly Row[] = [
  ['bootstrap.servers', 'LIST', NO_DEFAULT, 'HIGH'],
  ['connections.max.idle.ms', 'LONG', '540000', 'MEDIUM'],
  ['enable.metrics.push', 'BOOLEAN', 'true', 'LOW'],
  ['interceptor.classes', 'LIST', '', 'LOW'],
];

const PRODUCER_ADMIN_KEYS: readonly Row[] = [['client.id', 'STRING', '', 'MEDIUM']];

const CONSUMER_ADMIN_KEYS: readonly Row[] = [
  ['default.api.timeout.ms', 'INT', '60000', 'MEDIUM', notNegative],
  ['receive.buffer.bytes', 'INT', '65536', 'MEDIUM', atLeast(-1)],
];

/** The kinds of Kafka clients that a connector's tasks may use. */
export type ClientType = 'producer' | 'consumer' | 'admin';

/** Definitions by kind of client. */
export const CLIENT_DEFS: Readonly<Record<ClientType, ConfigDef>> = {
  producer: defineAll([...COMMON_KEYS, ...PRODUCER_KEYS, ...PRODUCER_CONSUMER_KEYS, ...PRODUCER_ADMIN_KEYS]),
  consumer: defineAll([...COMMON_KEYS, ...CONSUMER_KEYS, ...PRODUCER_CONSUMER_KEYS, ...CONSUMER_ADMIN_KEYS]),
  admin: defineAll([...COMMON_KEYS, ...ADMIN_KEYS, ...PRODUCER_ADMIN_KEYS, ...CONSUMER_ADMIN_KEYS]),
};

function defineAll(rows: readonly Row[]): ConfigDef {
  const def = new ConfigDef();
  for (const [name, type, defaultValue, importance, validator] of rows) {
    def.define({ name, type, defaultValue, importance, doc: '', ...(validator && { validator }) });
  }
  return def;
}
