/** Which bodies are read, and how bytes become text. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpError } from './error-mapper';
import { BodyReader } from './http/body-reader';
import { JSON_TYPE, type RouteDescription } from './route';

/** Types that say nothing; without a type it is the same. They are fine where the body does not count. */
const VAGUE_TYPES = ['', '*/*', 'application/*'];

/** Takes JSON in UTF-8; all else is 415, unread. */
export function addBodyParsers(app: FastifyInstance, routeOf: (request: FastifyRequest) => RouteDescription | undefined): void {
  const isRead = (request: FastifyRequest): boolean => routeOf(request)?.body !== undefined;
  const reader = new BodyReader();
  // Fastify tells a parser nothing of the response.
  const responses = new WeakMap<FastifyRequest, ServerResponse>();
  app.addHook('preParsing', async (request, { raw }) => void responses.set(request, raw));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, async (request: FastifyRequest) => {
    const response = responses.get(request);
    const body = response ? await reader.read(request.raw, response) : Buffer.alloc(0);
    return isRead(request) ? decode(body) : '';
  });
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
