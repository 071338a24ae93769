/** Parts that URLs of several drivers share. */
import { SettingError } from '../../../errors';
import type { HostPort } from './jdbc-address';

/** The error for an invalid URL, which is not shown, since it may contain a password. */
export function badUrl(why: string): SettingError {
  return new SettingError('connection.url', `connection.url cannot be used: ${why}`);
}

/** Decodes percent signs. @throws ConfigException if the result is not UTF-8 */
export function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw badUrl('a percent sign in it is not followed by two hexadecimal digits of UTF-8');
  }
}

/** `a=1&b=2`, both parts decoded. */
export function readQuery(text: string): [string, string][] {
  const pairs = text.split('&').filter(pair => pair !== '');
  return pairs.map(pair => {
    const equals = pair.indexOf('=');
    return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
  });
}

/** `[::1%eth0]`, or a host name; then perhaps a port. */
const HOST = /^(?:\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]|([\p{L}\p{N}._-]*))(?::(\d{0,9}))?$/u;

/**
 * `host:port`, `host`, `[::1]:port`; the empty text is the local host. Anything else may be part of a misplaced password, or a form such as
 * `address=(host=h)(password=p)`, so it is never shown.
 * @throws ConfigException
 */
export function readHost(text: string, defaultPort: number): HostPort {
  const [, bracketed, bare, port] = HOST.exec(text) ?? [];
  const host = bracketed ?? bare;
  if (host === undefined) {
    throw badUrl(
      'where it should name hosts, as host or host:port with commas between them, there is something else. ' +
        'User and password belong in connection.user and connection.password; characters such as / : @ ? in them are written as %2F %3A %40 %3F',
    );
  }
  const number = port === undefined || port === '' ? defaultPort : Number(port);
  if (number < 1 || number > 65_535) throw badUrl('a port in it is not between 1 and 65535');
  return { host: host === '' ? 'localhost' : host, port: number };
}

/** `host1:port1,host2:port2`. */
export function readHosts(text: string, defaultPort: number): HostPort[] {
  return text.split(',').map(host => readHost(host.trim(), defaultPort));
}

/** Splits `user:password@rest`; null for missing parts. */
export function readUserInfo(authority: string): { user: string | null; password: string | null; rest: string } {
  const at = authority.lastIndexOf('@');
  if (at < 0) return { user: null, password: null, rest: authority };
  const info = authority.slice(0, at);
  const colon = info.indexOf(':');
  return {
    user: decode(colon < 0 ? info : info.slice(0, colon)),
    password: colon < 0 ? null : decode(info.slice(colon + 1)),
    rest: authority.slice(at + 1),
  };
}

/** The hosts as messages show them. */
export function hostsText(hosts: readonly HostPort[]): string {
  return hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
}
