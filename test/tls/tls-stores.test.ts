import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConnectError } from '../../src/errors';
import { seeded } from '../../src/testing/data/random';
import { readKeystore, readTruststore } from '../../src/tls/tls-stores';
import { keystoreSettings, STORE_PASSWORD, tlsFile, tlsText, truststoreSettings } from '../helpers/servers/tls-fixtures';
import { TempDir } from '../helpers/temp-dir';

type Props = Readonly<Record<string, string>>;
const settings = (props: Props, prefix = '') => ({ get: (key: string) => props[key], prefix });
const keystore = (props: Props) => readKeystore(settings(props));
const truststore = (props: Props) => readTruststore(settings(props));

const subjects = (pem: string): string[] =>
  pem
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter(text => text !== '')
    .map(text => new X509Certificate(text).subject.replace('CN=', ''));

let dir: TempDir;
beforeAll(() => {
  dir = new TempDir('stores');
});
afterAll(() => dir.remove());

describe('a keystore', () => {
  const CHAIN = ['worker', 'Test intermediate'];
  const JKS = { ...keystoreSettings('client.jks'), 'ssl.key.password': 'key-password' };
  const KEYSTORES: [string, Props, string[]][] = [
    ['JKS with a password of its own for the key', JKS, CHAIN],
    ['PKCS12 of keytool', keystoreSettings('client.p12'), CHAIN],
    ['PKCS12 of keytool before Java 16 (RC2 and triple DES)', keystoreSettings('client-legacy.p12'), CHAIN],
    ['PKCS12 of OpenSSL', keystoreSettings('client-openssl.p12'), CHAIN],
    ['PKCS12 with a key of an elliptic curve', keystoreSettings('client-ec.p12'), ['worker-ec', 'Test intermediate']],
    ['a password with letters beyond ASCII', { ...keystoreSettings('unicode.p12'), 'ssl.keystore.password': 'pässwörd-密' }, CHAIN],
    ['PEM with an encrypted key', { 'ssl.keystore.location': tlsFile('client.pem'), 'ssl.key.password': STORE_PASSWORD }, CHAIN],
    [
      'PEM texts',
      {
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': tlsText('client.pem'),
        'ssl.keystore.certificate.chain': tlsText('client.pem'),
        'ssl.key.password': STORE_PASSWORD,
      },
      CHAIN,
    ],
  ];
  test.each(KEYSTORES)('%s gives key and chain, that of the key first', (_name, props, chain) => {
    const own = keystore(props);
    expect(subjects(own?.certificateChain ?? '')).toEqual(chain);
    expect(new X509Certificate(own?.certificateChain ?? '').checkPrivateKey(createPrivateKey(own?.key ?? ''))).toBe(true);
    expect(own?.warnings).toEqual([]);
  });

  test.each(['PEM', 'jks', 'PKCS12'])('is told by its content, whatever ssl.keystore.type=%s says', type => {
    expect(keystore({ ...JKS, 'ssl.keystore.type': type })).toEqual(keystore(JKS));
  });

  test('with several keys gives the first, and says so', () => {
    const own = keystore(keystoreSettings('two-keys.p12'));
    expect(subjects(own?.certificateChain ?? '')).toEqual(CHAIN);
    expect(own?.warnings).toEqual(['ssl.keystore.location holds 2 keys; the first, client, is used']);
  });

  test('whose certificate has expired is used with a warning', () => {
    expect(keystore(keystoreSettings('expired.p12'))?.warnings).toEqual([
      expect.stringMatching(
        /^The certificate of ssl\.keystore\.location=\S+expired\.p12 \(CN=old\) expired on .*GMT, so peers refuse it\. Renew it$/,
      ),
    ]);
  });

  test('that is not set is null', () => expect(keystore({})).toBeNull());
});

describe('a truststore', () => {
  const BOTH = ['Stranger root', 'Test root'];
  const TRUSTSTORES: [string, Props, string[]][] = [
    ['JKS', truststoreSettings('truststore.jks'), BOTH],
    ['JKS without password', { 'ssl.truststore.location': tlsFile('truststore.jks') }, BOTH],
    ['PKCS12 of keytool', truststoreSettings('truststore.p12'), BOTH],
    ['PKCS12 of keytool before Java 16', truststoreSettings('truststore-legacy.p12'), BOTH],
    ['PKCS12 without encryption and check sum', truststoreSettings('truststore-open.p12'), BOTH],
    ['the same without password', { 'ssl.truststore.location': tlsFile('truststore-open.p12') }, BOTH],
    ['PKCS12 of OpenSSL, in which Java finds nothing', truststoreSettings('truststore-openssl.p12'), ['Test root']],
    ['a keystore: the certificate of the key, as in Java', truststoreSettings('client.p12'), ['worker']],
    ['a JKS keystore, whose key stays closed', truststoreSettings('client.jks'), ['worker']],
    ['PEM', { 'ssl.truststore.location': tlsFile('ca.pem') }, ['Test root']],
    ['PEM text', { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': tlsText('ca.pem') + tlsText('stranger-ca.pem') }, BOTH],
  ];
  test.each(TRUSTSTORES)('%s', (_name, props, wanted) => {
    expect(subjects(truststore(props)?.certificates ?? '').sort()).toEqual(wanted);
  });

  test('of which all certificates have expired is used with a warning', () => {
    expect(truststore(truststoreSettings('expired.p12'))?.warnings).toEqual([expect.stringContaining(' expired on ')]);
  });
});

const SECRET = 'hunter2-secret';
const REFUSED: [string, Props, RegExp][] = [
  [
    'a wrong password of a JKS',
    { ...keystoreSettings('client.jks'), 'ssl.keystore.password': SECRET },
    /ssl\.keystore\.location: the password is wrong, or the file was changed\. Check ssl\.keystore\.password$/,
  ],
  [
    'a wrong password of a PKCS12',
    { ...keystoreSettings('client.p12'), 'ssl.keystore.password': SECRET },
    /ssl\.keystore\.location: the password is wrong, or the file was changed\. Check ssl\.keystore\.password$/,
  ],
  ['no password', { 'ssl.keystore.location': tlsFile('client.p12') }, /ssl\.keystore\.password is needed for \S+client\.p12/],
  [
    'a wrong password of a key in a JKS',
    { ...keystoreSettings('client.jks'), 'ssl.key.password': SECRET },
    /the password of the private key is wrong\. Check ssl\.key\.password; where it is not set/,
  ],
  [
    'a wrong password of a key in a PKCS12',
    { ...keystoreSettings('client.p12'), 'ssl.key.password': SECRET },
    /the password of the private key is wrong\. Check ssl\.key\.password/,
  ],
  [
    'a wrong password of a key in PEM',
    { 'ssl.keystore.location': tlsFile('client.pem'), 'ssl.key.password': SECRET },
    /the password of the private key is wrong\. Check ssl\.key\.password$/,
  ],
  ['no password of a key in PEM', { 'ssl.keystore.location': tlsFile('client.pem') }, /the password of the private key is wrong/],
  ['a keystore without key', keystoreSettings('truststore.p12'), /it holds no private key with a certificate/],
  [
    'a file that is no store',
    { ...keystoreSettings('README.md') },
    /it is neither JKS nor PKCS12 nor PEM\. Check that it is the right file/,
  ],
  [
    'a JCEKS',
    keystoreSettings('client.jceks'),
    /the file is of type JCEKS\. Convert it: keytool -importkeystore -srckeystore \S+client\.jceks/,
  ],
  [
    'an unknown type',
    { ...keystoreSettings('client.p12'), 'ssl.keystore.type': 'BCFKS' },
    /^Invalid value BCFKS for configuration ssl\.keystore\.type: String must be one of: JKS, PKCS12, PEM$/,
  ],
  [
    'a file that is not there',
    { 'ssl.keystore.location': '/no/such/file' },
    /^Invalid value \/no\/such\/file for configuration ssl\.keystore\.location: the file cannot be read \(ENOENT\)/,
  ],
  ['a folder', { 'ssl.keystore.location': '/' }, /ssl\.keystore\.location: the file cannot be read \(EISDIR\)/],
  [
    'a file without end',
    { 'ssl.keystore.location': '/dev/zero', 'ssl.keystore.password': SECRET },
    /ssl\.keystore\.location: it is not a regular file/,
  ],
  [
    'a key text that is none',
    { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': SECRET, 'ssl.keystore.certificate.chain': SECRET },
    /^Invalid value \[hidden\] for configuration ssl\.keystore\.key: it holds no private key in PEM/,
  ],
  [
    'a key that is not that of the certificate',
    { 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': tlsText('key.pem'), 'ssl.keystore.certificate.chain': tlsText('ca.pem') },
    /its certificate does not belong to its private key/,
  ],
];
describe('a keystore is refused with setting, file and remedy, and without secrets', () => {
  test.each(REFUSED)('%s', (_name, props, message) => {
    expect(refusal(() => keystore(props))).toMatch(message);
  });
});

const UNTRUSTED: [string, Props, RegExp][] = [
  [
    'a wrong password',
    { ...truststoreSettings('truststore.jks'), 'ssl.truststore.password': SECRET },
    /ssl\.truststore\.location: the password is wrong, or the file was changed\. Check ssl\.truststore\.password$/,
  ],
  [
    'an encrypted one without password',
    { 'ssl.truststore.location': tlsFile('truststore.p12') },
    /its content is encrypted, and no password is set\. Check ssl\.truststore\.password/,
  ],
  ['an empty one', { 'ssl.truststore.location': tlsFile('key.pem') }, /it holds no certificate in PEM/],
  [
    'text that is none',
    { 'ssl.truststore.type': 'PEM', 'ssl.truststore.certificates': SECRET },
    /^Invalid value \[hidden\] for configuration ssl\.truststore\.certificates: it holds no certificate/,
  ],
];
describe('a truststore is refused likewise', () => {
  test.each(UNTRUSTED)('%s', (_name, props, message) => {
    expect(refusal(() => truststore(props))).toMatch(message);
  });
});

test('messages name settings with their prefix', () => {
  const props = { 'ssl.keystore.location': tlsFile('client.p12'), 'ssl.keystore.password': SECRET };
  expect(refusal(() => readKeystore(settings(props, 'listeners.https.')))).toMatch(
    /for configuration listeners\.https\.ssl\.keystore\.location: .*Check listeners\.https\.ssl\.keystore\.password$/,
  );
});

// Where a check sum comes before all else, which costs time, fewer tries must do.
test.each([
  ['client.jks', 150],
  ['client.p12', 12],
  ['client-legacy.p12', 12],
  ['truststore-open.p12', 200],
  ['client.pem', 150],
])('%s, cut off or with wrong bytes, is refused or read, in no other way', (name, tries) => {
  const whole = readFileSync(tlsFile(name));
  const random = seeded(7391);
  for (let i = 0; i < tries; i++) {
    const bytes = Buffer.from(i % 3 === 0 ? whole.subarray(0, random(whole.length)) : whole);
    if (i % 3 !== 0) for (let n = 0; n < 1 + (i % 4); n++) bytes[random(bytes.length)] = random(256);
    const file = dir.write('broken', bytes);
    const props = {
      'ssl.keystore.password': STORE_PASSWORD,
      'ssl.truststore.password': STORE_PASSWORD,
      'ssl.key.password': STORE_PASSWORD,
    };
    for (const read of [
      () => keystore({ ...props, 'ssl.keystore.location': file }),
      () => truststore({ 'ssl.truststore.location': file }),
    ]) {
      try {
        read();
      } catch (error) {
        expect(error).toMatchObject({ code: 'ConfigException', message: expect.stringContaining(file) });
      }
    }
  }
});

function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(ConnectError);
    expect((error as ConnectError).code).toBe('ConfigException');
    expect(String((error as Error).stack)).not.toContain('hunter2');
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
