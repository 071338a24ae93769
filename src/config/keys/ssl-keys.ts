/** TLS settings of clients that a worker has without a prefix (org.apache.kafka.common.config.SslConfigs). */

import type { ConfigKey, ConfigType, Importance } from '../../api/config-def';
import { anyNonDuplicateValues, type Validator } from '../../api/config-validators';

type Row = readonly [name: string, type: ConfigType, defaultValue: unknown, importance: Importance, doc: string, validator?: Validator];

const distinct = anyNonDuplicateValues(true, false);

const ROWS: readonly Row[] = [
  ['ssl.protocol', 'STRING', 'TLSv1.3', 'MEDIUM', 'TLS protocol; fits the peer unless one of them is old.'],
  ['ssl.provider', 'STRING', null, 'MEDIUM', 'Security provider of the JVM; without effect here.'],
  ['ssl.cipher.suites', 'LIST', [], 'LOW', 'Cipher suites; empty: all that are built in.', distinct],
  ['ssl.enabled.protocols', 'LIST', ['TLSv1.2', 'TLSv1.3'], 'MEDIUM', 'TLS versions that may be used.', distinct],
  ['ssl.keystore.type', 'STRING', 'JKS', 'MEDIUM', 'Format of the key store: JKS, PKCS12 or PEM.'],
  ['ssl.keystore.location', 'STRING', null, 'HIGH', 'File of the key store.'],
  ['ssl.keystore.password', 'PASSWORD', null, 'HIGH', 'Password of the key store.'],
  ['ssl.key.password', 'PASSWORD', null, 'HIGH', 'Password of the private key.'],
  ['ssl.keystore.key', 'PASSWORD', null, 'HIGH', 'Private key as PEM text (PKCS#8).'],
  ['ssl.keystore.certificate.chain', 'PASSWORD', null, 'HIGH', 'Certificate chain as PEM text.'],
  ['ssl.truststore.certificates', 'PASSWORD', null, 'HIGH', 'Trusted certificates as PEM text.'],
  ['ssl.truststore.type', 'STRING', 'JKS', 'MEDIUM', 'Format of the trust store: JKS, PKCS12 or PEM.'],
  ['ssl.truststore.location', 'STRING', null, 'HIGH', 'File of the trust store.'],
  ['ssl.truststore.password', 'PASSWORD', null, 'HIGH', 'Password of the trust store.'],
  ['ssl.keymanager.algorithm', 'STRING', 'SunX509', 'LOW', 'Key manager of the JVM; without effect here.'],
  ['ssl.trustmanager.algorithm', 'STRING', 'PKIX', 'LOW', 'Trust manager of the JVM; without effect here.'],
  ['ssl.endpoint.identification.algorithm', 'STRING', 'https', 'LOW', 'How the host name of a server is checked; empty: not at all.'],
  ['ssl.secure.random.implementation', 'STRING', null, 'LOW', 'Random source of the JVM; without effect here.'],
  ['ssl.engine.factory.class', 'CLASS', null, 'LOW', 'TLS engine of the JVM; without effect here.'],
];

/** The keys, in Java's order. */
export const SSL_KEYS: readonly ConfigKey[] = ROWS.map(([name, type, defaultValue, importance, doc, validator]) => ({
  name,
  type,
  defaultValue,
  importance,
  doc,
  ...(validator && { validator }),
}));
