/** `listeners` and `admin.listeners`: where the REST server listens, and the address by which others reach it. */
import { hostname } from 'node:os';
import { ConnectError } from '../../errors';

/** One URL of `listeners`. */
export interface Listener {
  /** As it stands in the setting. */
  readonly text: string;
  readonly protocol: 'http' | 'https';
  /** Empty for all interfaces. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** `rest.advertised.*`, where set. */
export interface Advertised {
  readonly hostName?: string | undefined;
  readonly port?: number | undefined;
  readonly listener?: string | undefined;
}

const LISTENER = /^(.*):\/\/\[?([0-9a-zA-Z\-%._:]*)\]?:(-?[0-9]+)$/;

/**
 * @param key the setting that holds it, for messages
 * @throws ConnectError (ConfigException) with Java's text, the setting and the value
 */
export function parseListener(text: string, key = 'listeners'): Listener {
  const [, protocolText, host, portText] = LISTENER.exec(text) ?? [];
  if (protocolText === undefined || host === undefined || portText === undefined) {
    throw wrong(text, key, "Listener doesn't have the right format (protocol://hostname:port).");
  }
  const protocol = protocolText.toLowerCase();
  if (protocol !== 'http' && protocol !== 'https') {
    throw wrong(text, key, 'Listener protocol must be either "http" or "https".');
  }
  const port = Number(portText);
  if (port < 0 || port > 65535) throw wrong(text, key, `Listener has an invalid port: ${portText}.`);
  return { text, protocol, host, port };
}

function wrong(text: string, key: string, problem: string): ConnectError {
  return new ConnectError('ConfigException', `${problem} Found '${text}' in ${key}; expected e.g. ${key}=http://127.0.0.1:8083`);
}

/** True if only this machine reaches the listener. */
export function isLoopback({ host }: Listener): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}

/** Host and port by which others reach this worker; together they are the worker's id. */
export interface AdvertisedAddress {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
}

/** The advertised address, given the listeners with the ports they really have. */
export function advertise(listeners: readonly Listener[], advertised: Advertised): AdvertisedAddress {
  const wanted = advertised.listener?.toLowerCase();
  const listener = listeners.find(({ protocol }) => wanted === undefined || protocol === wanted) ?? listeners[0];
  const ownHost = listener && !['', '0.0.0.0', '::'].includes(listener.host) ? listener.host : hostname();
  return {
    protocol: wanted ?? listener?.protocol ?? 'http',
    host: advertised.hostName || ownHost,
    port: advertised.port ?? listener?.port ?? 0,
  };
}

/** `http://host:port` without a slash at the end; IPv6 in brackets. */
export function urlOf({ protocol, host, port }: AdvertisedAddress): string {
  return `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
