/** `bootstrap.servers`: its form, and whether its names resolve (org.apache.kafka.clients.ClientUtils). */
import { isIP } from 'node:net';
import { ConnectError } from '../../errors';

/** One `host:port`, as Java takes it: also with a protocol before it, and IPv6 in brackets. */
const ADDRESS = /^(?:[0-9a-zA-Z\-%._]*:\/\/)?\[?([0-9a-zA-Z\-%._:]*)\]?:([0-9]+)$/;
const MAX_PORT = 65_535;

/**
 * Checks the form of each server.
 * @returns their host names
 * @throws ConfigException with Java's text and an example
 */
export function checkBootstrapServers(servers: string): string[] {
  return addressesOf(servers).map(({ host }) => host);
}

/**
 * The servers without protocols: librdkafka ignores a server whose protocol is not the client's, while Java goes by `security.protocol`
 * alone and ignores what stands before the host.
 * @throws ConfigException as `checkBootstrapServers`
 */
export function withoutProtocols(servers: string): string {
  return addressesOf(servers)
    .map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
    .join(',');
}

function addressesOf(servers: string): { host: string; port: string }[] {
  return servers.split(',').map(server => {
    const [, host = '', port = ''] = ADDRESS.exec(server.trim()) ?? [];
    if (host === '') throw problem(`Invalid url in bootstrap.servers: ${server}`);
    if (Number(port) > MAX_PORT) throw problem(`Invalid port in bootstrap.servers: ${server}`);
    return { host, port };
  });
}

/**
 * Looks up the hosts. librdkafka would retry names that do not exist until its time limit; Java gives up at once.
 * @returns never, if a host is found
 * @throws ConfigException if there is none
 */
export async function whenNoneResolves(hosts: readonly string[]): Promise<never> {
  if (hosts.some(host => isIP(host) !== 0 || host === 'localhost')) return new Promise(() => {});
  const { lookup } = require('node:dns/promises') as typeof import('node:dns/promises');
  const found = await Promise.all(
    hosts.map(host =>
      lookup(host)
        .then(() => true)
        .catch(isTemporary),
    ),
  );
  if (found.includes(true)) return new Promise(() => {});
  throw problem(`No resolvable bootstrap urls given in bootstrap.servers: ${hosts.join(', ')} not known to DNS.`);
}

/** True if the name server did not respond, which may change in a moment. */
function isTemporary(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code !== 'ENOTFOUND';
}

function problem(text: string): ConnectError {
  return new ConnectError(
    'ConfigException',
    `${text}. Expected host:port, several separated by commas, e.g. localhost:9092`.replace('..', '.'),
  );
}
