import type { Props } from '../../../src/api/connector';
import { translateClientProps } from '../../../src/kafka/settings/client-config';
import { openSslCipher } from '../../../src/tls/ciphers';
import { keystoreSettings, tlsFile, tlsText, truststoreSettings } from '../../helpers/servers/tls-fixtures';

const SSL = { 'security.protocol': 'SSL' };
const SASL = { 'security.protocol': 'SASL_SSL' };
const translate = (props: Props): ReturnType<typeof translateClientProps> => translateClientProps('producer', props);

const SET: [string, Props, Record<string, string>][] = [
  [
    'user and password',
    { ...SASL, 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': 'M required username="u" password="p\\"q";' },
    { 'sasl.mechanisms': 'SCRAM-SHA-256', 'sasl.username': 'u', 'sasl.password': 'p"q', 'security.protocol': 'sasl_ssl' },
  ],
  [
    'Kerberos',
    { 'security.protocol': 'sasl_plaintext', 'sasl.jaas.config': 'K required principal="a@B" keyTab="/k" serviceName="kafka2";' },
    { 'sasl.mechanisms': 'GSSAPI', 'sasl.kerberos.principal': 'a@B', 'sasl.kerberos.keytab': '/k', 'sasl.kerberos.service.name': 'kafka2' },
  ],
  [
    'OIDC by options',
    {
      ...SASL,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': 'https://h/t',
      'sasl.jaas.config': 'M required clientId="c" clientSecret="s" scope="x";',
    },
    {
      'sasl.oauthbearer.method': 'oidc',
      'sasl.oauthbearer.client.id': 'c',
      'sasl.oauthbearer.client.secret': 's',
      'sasl.oauthbearer.scope': 'x',
    },
  ],
  [
    'OIDC by keys',
    {
      ...SASL,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': 'https://h/t',
      'sasl.oauthbearer.client.credentials.client.id': 'c',
      'sasl.oauthbearer.client.credentials.client.secret': 's',
    },
    { 'sasl.oauthbearer.client.id': 'c', 'sasl.oauthbearer.client.secret': 's' },
  ],
  [
    "a PKCS12 keystore under Java's default type",
    { ...SSL, ...keystoreSettings('client.p12') },
    {
      'ssl.key.pem': expect.stringMatching(/^-----BEGIN PRIVATE KEY-----/),
      'ssl.certificate.pem': expect.stringMatching(/^(?:-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n){2}$/),
    },
  ],
  [
    'a PEM truststore',
    { ...SSL, 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': tlsFile('ca.pem') },
    { 'ssl.ca.pem': tlsText('ca.pem'), 'ssl.endpoint.identification.algorithm': 'https' },
  ],
  ['no check of host names', { ...SSL, 'ssl.endpoint.identification.algorithm': '' }, { 'ssl.endpoint.identification.algorithm': 'none' }],
];
test.each(SET)('%s', (_name, props, settings) => {
  const translated = translate(props);
  expect(translated.settings).toMatchObject(settings);
  expect(translated.warnings).toEqual([]);
});

test('without TLS and SASL their settings are left out, and their files not opened', () => {
  const props = {
    'ssl.truststore.location': '/no/such/file',
    'ssl.keystore.location': '/no/such/file',
    'sasl.jaas.config': 'rubbish',
    'sasl.mechanism': 'PLAIN',
  };
  const { settings, warnings } = translate(props);
  expect(Object.keys(settings).filter(key => /^s(?:sl|asl)\./.test(key))).toEqual([]);
  expect(warnings).toEqual([]);
});

const SECRET = 'hunter2-secret';
const REFUSED: [string, Props, RegExp][] = [
  [
    'a JKS keystore with a wrong password',
    { ...SSL, ...keystoreSettings('client.jks'), 'ssl.keystore.password': SECRET },
    /ssl\.keystore\.location: the password is wrong/,
  ],
  [
    'a PKCS12 truststore with a wrong password',
    { ...SSL, ...truststoreSettings('truststore.p12'), 'ssl.truststore.password': SECRET },
    /ssl\.truststore\.location: the password is wrong/,
  ],
  [
    'a keystore that is not there',
    { ...SSL, 'ssl.keystore.location': '/no/such/file' },
    /Invalid value \/no\/such\/file for configuration ssl\.keystore\.location: the file cannot be read \(ENOENT\)/,
  ],
  ['a folder as truststore', { ...SSL, 'ssl.truststore.location': '/' }, /ssl\.truststore\.location: the file cannot be read \(EISDIR\)/],
  ['a PKCS12 keystore without password', { ...SSL, 'ssl.keystore.location': tlsFile('client.p12') }, /ssl\.keystore\.password is needed/],
  ['PEM texts without the type', { ...SSL, 'ssl.truststore.certificates': SECRET }, /ssl\.truststore\.type=PEM/],
  ['a key without certificates', { ...SSL, 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': SECRET }, /certificate chain is not specified/],
  [
    'a key and a location',
    { ...SSL, 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': SECRET, 'ssl.keystore.location': '/x' },
    /Both SSL key store location/,
  ],
  ['an unknown host name check', { ...SSL, 'ssl.endpoint.identification.algorithm': 'ldaps' }, /ssl\.endpoint\.identification\.algorithm/],
  [
    'an unknown mechanism',
    { ...SASL, 'sasl.mechanism': 'AWS_MSK_IAM', 'sasl.jaas.config': `M required awsSecret="${SECRET}";` },
    /Invalid value AWS_MSK_IAM for configuration sasl\.mechanism/,
  ],
  ['PLAIN without options', { ...SASL, 'sasl.mechanism': 'PLAIN' }, /needs username and password in sasl\.jaas\.config of the same client/],
  [
    'PLAIN without user',
    { ...SASL, 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': `M required password="${SECRET}";` },
    /needs username and password/,
  ],
  ['GSSAPI without service', { ...SASL, 'sasl.jaas.config': `K required password="${SECRET}";` }, /No serviceName defined/],
  ['OAUTHBEARER without anything', { ...SASL, 'sasl.mechanism': 'OAUTHBEARER' }, /token\.endpoint\.url/],
  [
    'OIDC without secret',
    {
      ...SASL,
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': 'https://h',
      'sasl.jaas.config': `M required clientId="${SECRET}";`,
    },
    /needs clientId and clientSecret/,
  ],
];
test.each(REFUSED)('%s is refused, no secret shown', (_name, props, message) => {
  let error: unknown;
  try {
    translate(props);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'ConfigException', message: expect.stringMatching(message) });
  expect(`${(error as Error).stack}`).not.toContain('hunter2');
});

test('secrets never stand in warnings', () => {
  const { warnings } = translate({
    ...SASL,
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': `M required username="u" password="${SECRET}";`,
    'sasl.login.callback.handler.class': 'com.example.Handler',
    'ssl.truststore.password': SECRET,
    'ssl.key.password': SECRET,
    'ssl.keystore.password': SECRET,
    'sasl.oauthbearer.client.credentials.client.secret': SECRET,
    'some.unknown.password': SECRET,
  });
  expect(warnings.length).toBe(2);
  expect(warnings.join()).not.toContain('hunter2');
});

const CIPHERS: [string, string | null][] = [
  ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256', 'ECDHE-ECDSA-AES128-SHA256'],
  ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
  ['TLS_DHE_RSA_WITH_AES_256_GCM_SHA384', 'DHE-RSA-AES256-GCM-SHA384'],
  ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ['TLS_AES_256_GCM_SHA384', null],
  ['NO_SUCH_CIPHER', null],
];
test.each(CIPHERS)('cipher %s is %s', (java, openSsl) => expect(openSslCipher(java)).toBe(openSsl));
