/** One line for each request, as Jetty's request log writes it. */
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What a line says of a request. */
export interface Access {
  readonly client: string;
  readonly method: string;
  readonly url: string;
  readonly httpVersion: string;
  readonly status: number;
  readonly bytes: number;
  readonly referer: string;
  readonly userAgent: string;
  readonly elapsedMs: number;
}

export function logAccess(access: Access, at = new Date()): void {
  const request = `${access.method} ${access.url} HTTP/${access.httpVersion}`;
  const line = `${access.client} - - [${timestamp(at)}] "${request}" ${access.status} ${access.bytes} "${access.referer}" "${access.userAgent}" ${Math.round(access.elapsedMs)}`;
  if (isProbe(access)) log.debug(line);
  else log.info(line);
}

/** Machines ask for it every few seconds; that all is well, or still starting, is not news. */
function isProbe({ method, url, status }: Access): boolean {
  return (status < 400 || status === 503) && (method === 'GET' || method === 'HEAD') && /^\/health(?:[/?]|$)/.test(url);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `21/Nov/2026:14:00:02 +0000`, as Jetty in UTC. */
function timestamp(at: Date): string {
  const time = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}:${time} +0000`;
}
