/** Which bodies are read, and how bytes become text. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './error-mapper';
import type { Route } from './route';

/** Types that say nothing; without a type it is the same. They are fine where the body does not count. */
const VAGUE_TYPES = ['', '*/*', 'application/*'];

/** Takes JSON in UTF-8; all else is 415, unread. */
export function addBodyParsers(app: FastifyInstance, routes: readonly Route[]): void {
  const readers = new Set(routes.filter(({ readsBody }) => readsBody).map(({ method, path }) => `${method} ${path}`));
  const isRead = ({ method, routeOptions }: FastifyRequest): boolean => readers.has(`${method} ${routeOptions.url ?? ''}`);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) =>
    isRead(request) ? decode(body) : '',
  );
  app.addContentTypeParser('*', async (request: FastifyRequest) => {
    const type = request.headers['content-type']?.trim() ?? '';
    if (isRead(request) || !VAGUE_TYPES.includes(type)) throw new HttpError(415);
    return '';
  });
}

/** A byte order mark is left out. @throws HttpError (400) for what is not UTF-8 */
function decode(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new HttpError(400, 'Malformed JSON: the body is not UTF-8');
  }
}
