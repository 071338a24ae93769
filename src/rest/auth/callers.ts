/**
 * Keeps web pages of strangers out. Through a browser such a page reaches a worker on the machine or network of whoever reads it: under the
 * page's own name, which the stranger's DNS points here (`Host` shows it), or from another origin, by requests whose answers the page need
 * not see (`Origin` shows it). Programs notice nothing: they use an address or a known name, and send no `Origin`.
 */
import { isIP } from 'node:net';
import { HttpError } from '../error-mapper';

/** What is looked at in a request. */
export interface Caller {
  readonly method: string;
  readonly host: string | undefined;
  /** True for a client that has shown a certificate: the name does not matter then. */
  readonly isKnown: boolean;
  readonly origin: string | undefined;
}

/** @throws HttpError 421 for a name that is not this worker's, 403 for a change that a foreign page asks for */
export type CallerCheck = (caller: Caller) => void;

const READING = ['GET', 'HEAD', 'OPTIONS'];
const ANY_HOST = '*';

/**
 * @param hosts names of this worker, besides addresses and `localhost`, in any case; `*` for all; null: names do not matter, since every
 * client must show a password
 * @param allowsOrigin whether `access.control.allow.origin` lets in an origin
 */
export function createCallerCheck(hosts: readonly string[] | null, allowsOrigin: (origin: string) => boolean): CallerCheck {
  const known = new Set(['localhost', ...(hosts ?? [])].map(hostName));
  const isOurs = (host: string): boolean => hosts === null || known.has(ANY_HOST) || known.has(host) || isIP(host) !== 0;
  return ({ method, host, origin, isKnown }) => {
    const name = host === undefined ? undefined : hostName(host);
    if (name !== undefined && !isKnown && !isOurs(name)) {
      const shown = JSON.stringify(name.slice(0, 253));
      throw new HttpError(
        421,
        `The request is for the host ${shown}, which this worker does not know as a name of its own. If it is one, add it to rest.allowed.hosts ` +
          'in the file of the worker, or set rest.auth.basic.file',
      );
    }
    if (READING.includes(method) || origin === undefined || isSameHost(origin, host) || allowsOrigin(origin)) return;
    throw new HttpError(
      403,
      `A page from ${JSON.stringify(origin.slice(0, 300))} may not change anything here. If it should, name its origin in access.control.allow.origin`,
    );
  };
}

/** Without port, brackets and the dot at the end, in small letters; a text of another form stays as it is. */
function hostName(host: string): string {
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host.trim()) ?? [];
  return (bracketed ?? plain ?? host).toLowerCase().replace(/\.$/, '');
}

/** True for a page that this worker's address, or a proxy under its name, has served. */
function isSameHost(origin: string, host: string | undefined): boolean {
  const [, authority] = /^https?:\/\/([^/]+)$/i.exec(origin) ?? [];
  return authority !== undefined && host !== undefined && authority.toLowerCase() === host.trim().toLowerCase();
}
