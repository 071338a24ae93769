/** TLS: from Java's keystore and truststore to what OpenSSL reads. */
import { invalidValue } from '../api/config-types';
import { ConnectError } from '../errors';
import { headOfFile, looksLikeJks, looksLikePem, looksLikePkcs12, openSslCipher } from './tls-formats';
import type { Translation } from './translation';

/** Applies TLS settings if the protocol uses them. @throws ConnectError (ConfigException) naming the key and the remedy */
export function applyTlsRules(t: Translation): void {
  if (!t.value('security.protocol').toUpperCase().endsWith('SSL')) return;
  applyKeystore(t);
  applyTruststore(t);
  const algorithm = t.value('ssl.endpoint.identification.algorithm').toLowerCase();
  if (algorithm !== '' && algorithm !== 'https')
    throw invalidValue('ssl.endpoint.identification.algorithm', algorithm, 'String must be one of: https, (empty)');
  t.set('ssl.endpoint.identification.algorithm', algorithm === '' ? 'none' : algorithm);
  applyCiphers(t);
}

function applyKeystore(t: Translation): void {
  const location = t.user('ssl.keystore.location') ?? '';
  const key = t.user('ssl.keystore.key');
  const chain = t.user('ssl.keystore.certificate.chain');
  const type = t.value('ssl.keystore.type').toUpperCase();
  if (key !== undefined || chain !== undefined) {
    if (type !== 'PEM') throw conflict('SSL key store password and certificate or key', 'ssl.keystore.type', 'PEM');
    if (location !== '') throw new ConnectError('ConfigException', 'Both SSL key store location and separate private key are specified.');
    if (key === undefined) throw new ConnectError('ConfigException', 'SSL certificate chain is specified, but ssl.keystore.key is missing');
    if (chain === undefined)
      throw new ConnectError('ConfigException', 'SSL private key is specified, but certificate chain is not specified.');
    t.set('ssl.key.pem', key);
    t.set('ssl.certificate.pem', chain);
    t.set('ssl.key.password', t.user('ssl.key.password'));
    return;
  }
  if (location === '') return;
  const head = headOfFile('ssl.keystore.location', location);
  if (type === 'PEM' || looksLikePem(head)) {
    t.set('ssl.key.location', location);
    t.set('ssl.certificate.location', location);
    t.set('ssl.key.password', t.user('ssl.key.password'));
  } else if (looksLikePkcs12(head) && !looksLikeJks(head)) {
    // Java's JKS type reads PKCS12 as well, so the content decides, not ssl.keystore.type.
    const password = t.user('ssl.keystore.password');
    if (password === undefined)
      throw new ConnectError('ConfigException', 'ssl.keystore.password is needed for the PKCS12 file of ssl.keystore.location');
    t.set('ssl.keystore.location', location);
    t.set('ssl.keystore.password', password);
  } else {
    const convert = 'keytool -importkeystore -srckeystore <file> -destkeystore <file>.p12 -deststoretype PKCS12';
    throw unreadable('ssl.keystore.location', location, `Convert it (${convert}) and set ssl.keystore.type=PKCS12`);
  }
}

function applyTruststore(t: Translation): void {
  const location = t.user('ssl.truststore.location') ?? '';
  const certificates = t.user('ssl.truststore.certificates');
  const type = t.value('ssl.truststore.type').toUpperCase();
  if (certificates !== undefined) {
    if (type !== 'PEM') throw conflict('SSL trust store certificates', 'ssl.truststore.type', 'PEM');
    if (location !== '')
      throw new ConnectError('ConfigException', 'Both SSL trust store location and separate trust certificates are specified.');
    t.set('ssl.ca.pem', certificates);
    return;
  }
  if (location === '') return;
  const head = headOfFile('ssl.truststore.location', location);
  if (type === 'PEM' || looksLikePem(head)) {
    t.set('ssl.ca.location', location);
    return;
  }
  const convert = 'keytool -list -rfc -keystore <file> > <file>.pem';
  throw unreadable('ssl.truststore.location', location, `Convert it (${convert}) and set ssl.truststore.type=PEM`);
}

function conflict(what: string, key: string, type: string): ConnectError {
  return new ConnectError('ConfigException', `${what} can be specified only for ${type}; set ${key}=${type}`);
}

function unreadable(key: string, location: string, remedy: string): ConnectError {
  const why = `The file is in a format of Java's that this worker cannot read yet. ${remedy}`;
  return new ConnectError('ConfigException', `Invalid value ${location} for configuration ${key}: ${why}`);
}

function applyCiphers(t: Translation): void {
  const ciphers: string[] = [];
  for (const name of t.list('ssl.cipher.suites')) {
    const cipher = openSslCipher(name);
    if (cipher === null) t.warn('ssl.cipher.suites', `${name} cannot be chosen in OpenSSL this way`);
    else ciphers.push(cipher);
  }
  if (ciphers.length > 0) t.set('ssl.cipher.suites', ciphers.join(':'));
}
