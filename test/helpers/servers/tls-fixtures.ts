/** Stores of test/fixtures/tls. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { inRepository } from '../paths';

/** Password of all stores, unless their name says otherwise. */
export const STORE_PASSWORD = 'test-password';

/** Path of a file of test/fixtures/tls. */
export function tlsFile(name: string): string {
  return inRepository('test', 'fixtures', 'tls', name);
}

/** Text of a PEM file of test/fixtures/tls. */
export function tlsText(name: string): string {
  return readFileSync(tlsFile(name), 'utf8');
}

/** Settings for a keystore, below a prefix. */
export function keystoreSettings(name: string, prefix = ''): Record<string, string> {
  return { [`${prefix}ssl.keystore.location`]: tlsFile(name), [`${prefix}ssl.keystore.password`]: STORE_PASSWORD };
}

/** Settings for a truststore, below a prefix. */
export function truststoreSettings(name: string, prefix = ''): Record<string, string> {
  return { [`${prefix}ssl.truststore.location`]: tlsFile(name), [`${prefix}ssl.truststore.password`]: STORE_PASSWORD };
}

/** The key of a PKCS12 store and its certificates, its own first, as PEM text for servers that read no stores. */
export function pemOfStore(name: string): { key: string; certificates: string } {
  const read = (...what: string[]): string =>
    execFileSync('openssl', ['pkcs12', '-in', tlsFile(name), '-passin', `pass:${STORE_PASSWORD}`, '-nodes', ...what], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  return { key: read('-nocerts'), certificates: read('-nokeys', '-clcerts') + read('-nokeys', '-cacerts') };
}
