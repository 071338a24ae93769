/** Routes behind the HTTP framework: the one file that knows fastify. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Stage } from '../herder/changes/request-queue';
import { logAccess } from './access-log';
import type { Authentication } from './auth/authentication';
import type { CallerCheck } from './auth/callers';
import { addBodyParsers } from './body-parsers';
import type { ErrorReply } from './error-mapper';
import { HttpError, toErrorReply } from './error-mapper';
import { linger, MAX_BODY_BYTES } from './http/http-limits';
import { openApiRoute } from './openapi/route';
import type { HeadersFor } from './response-headers';
import type { RestReply, Route } from './route';
import { describeStage } from './routes/root';

/** Order in which Java lists methods in `Allow`. */
const ALLOW_ORDER = ['HEAD', 'DELETE', 'POST', 'GET', 'OPTIONS', 'PUT', 'PATCH'];

/**
 * Routes check their bodies themselves and have no schemas for fastify; its own compilers would be a hundred and fifty files, loaded
 * for nothing.
 */
const NO_COMPILERS = { buildValidator: refuseSchema, buildSerializer: refuseSchema };

function refuseSchema(): never {
  throw new Error('No route has a schema');
}

export interface AppOptions {
  /** Paths and methods must be known at once, what they do may come later. */
  readonly routes: readonly Route[];
  /** How long a request may take. */
  readonly requestTimeoutMs: number;
  /** What the worker does when a request has taken too long. */
  readonly stage: () => Stage | null;
  /** Headers that settings add to every answer. */
  readonly headersFor: HeadersFor;
  /** Null: everybody may do everything. */
  readonly authentication: Authentication | null;
  /** Refuses callers that are not listened to; nobody if null. */
  readonly checkCaller: CallerCheck | null;
}

/** Builds the application; loading fastify takes most of a tenth of a second, so it happens here and not on import. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  // Not import(), which would load Node's loader for ES modules first.
  const { fastify } = require('fastify') as typeof import('fastify');
  const app = fastify({
    logger: false,
    bodyLimit: MAX_BODY_BYTES,
    // Longer names exist; the limit protects regular expressions, of which there are none.
    schemaController: { compilersFactory: NO_COMPILERS },
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 65_536 },
    frameworkErrors: (error, request, reply) => void sendError(reply, toErrorReply(error, request.url)),
  });
  const routes = [...options.routes, openApiRoute(options.routes)];
  addBodyParsers(app, routes);
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    reply.headers(options.headersFor({ method, origin: headers.origin, requestMethod: headers['access-control-request-method'] }));
  });
  const { authentication, checkCaller } = options;
  // Before anything else is looked at: who may not come in learns nothing, and no body of theirs is read.
  if (authentication) app.addHook('onRequest', async (request, reply) => authenticate(authentication, request, reply));
  if (checkCaller) app.addHook('onRequest', async (request, reply) => turnAway(checkCaller, request, reply));
  app.addHook('onRequest', async (request, reply) => screen(routes, request, reply));
  app.addHook('onResponse', async (request, reply) => logAnswer(request, reply));
  app.setErrorHandler(async (error, request, reply) => refuse(request, reply, toErrorReply(error, request.url)));
  for (const route of routes) {
    app.route({ method: route.method, url: route.path, handler: (request, reply) => answer(route, options, request, reply) });
  }
  await app.ready();
  return app;
}

async function answer(route: Route, options: AppOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { params, query, body } = request;
  const handled = route.handle({
    params: params as Record<string, string>,
    query: query as Record<string, string | string[]>,
    body: typeof body === 'string' ? body : '',
    baseUrl: baseUrlOf(request),
  });
  return send(reply, await limited(Promise.resolve(handled), options));
}

/** From the `Host` header, unless that is not a plain host and port. */
function baseUrlOf({ protocol, headers: { host } }: FastifyRequest): string | null {
  return host !== undefined && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i.test(host) ? `${protocol}://${host}` : null;
}

async function limited(handled: Promise<RestReply>, { requestTimeoutMs, stage }: AppOptions): Promise<RestReply> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpError(500, ['Request timed out.', ...describeStage(stage())].join(' '))), requestTimeoutMs);
  });
  try {
    return await Promise.race([handled, overdue]);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers 401 to callers whom the settings do not let in. */
async function authenticate(
  authentication: Authentication,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  if (await authentication.allows(pathOf(request.url), request.headers.authorization)) return undefined;
  void reply.header('www-authenticate', [...authentication.challenges]);
  return sendError(reply, toErrorReply(new HttpError(401), request.url));
}

/** Answers those who are led here by a page of others. */
function turnAway(check: CallerCheck, request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { method, headers, raw } = request;
  const isKnown = 'authorized' in raw.socket && raw.socket.authorized === true;
  try {
    check({ method, host: authorityOf(raw.url ?? '') ?? headers.host, origin: headers.origin, isKnown });
    return undefined;
  } catch (error) {
    return sendError(reply, toErrorReply(error, request.url));
  }
}

/** The host of an address that names one, as requests through a proxy do; it counts before the header `Host` (RFC 9112, 3.2.2). */
function authorityOf(url: string): string | undefined {
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/** Answers what needs no route: no host or two, unknown paths, wrong methods, OPTIONS, unacceptable types; in Java's order. */
async function screen(routes: readonly Route[], request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { httpVersion, headers, headersDistinct } = request.raw;
  const hosts = headersDistinct.host?.length ?? 0;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return sendError(reply, toErrorReply(new HttpError(400), request.url));
  if (request.is404) {
    const allowed = allowedMethods(routes, request.url);
    if (allowed.length === 0) return sendError(reply, toErrorReply(new HttpError(404), request.url));
    void reply.header('allow', allowed.join(','));
    if (request.method !== 'OPTIONS') return sendError(reply, toErrorReply(new HttpError(405), request.url));
    const text = Buffer.from(allowed.join(', '));
    return reply.code(200).header('content-type', 'text/plain').send(text);
  }
  if (!acceptsJson(headers.accept)) return sendError(reply, toErrorReply(new HttpError(406), request.url));
  if (!isPlain(headers['content-encoding'])) return sendError(reply, toErrorReply(new HttpError(415), request.url));
  return undefined;
}

/** Methods of the routes that match a path; empty if none does. */
function allowedMethods(routes: readonly Route[], url: string): string[] {
  const path = pathOf(url);
  const matching = routes.filter(route => pathPattern(route.path).test(path)).map(route => route.method);
  if (matching.length === 0) return [];
  const methods = new Set<string>([...matching, 'OPTIONS', ...(matching.includes('GET') ? ['HEAD'] : [])]);
  return ALLOW_ORDER.filter(method => methods.has(method));
}

/** Without query and without a slash at the end. */
function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return (end < 0 ? url : url.slice(0, end)).replace(/(.)\/$/, '$1');
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/:[a-z]+/g, '[^/]+')}$`);
}

/** Compressed bodies are refused: a small one may unpack to any size. */
function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || ['', 'identity'].includes(encoding.trim().toLowerCase());
}

function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '') return true;
  return accept.split(',').some(range => {
    const [type = '', ...parameters] = range.split(';').map(part => part.trim().toLowerCase());
    const refused = parameters.some(parameter => /^q=0(\.0*)?$/.test(parameter));
    return !refused && ['application/json', 'application/*', '*/*', '*'].includes(type);
  });
}

function send(reply: FastifyReply, { status, text, headers }: RestReply): FastifyReply {
  void reply.code(status).headers(headers ?? {});
  if (text === undefined) return reply.send();
  // As bytes, since fastify adds a charset to the type of texts.
  return reply.header('content-type', 'application/json').send(Buffer.from(text));
}

function refuse(request: FastifyRequest, reply: FastifyReply, error: ErrorReply): FastifyReply {
  if (error.status === 413) {
    // Else Node would close when the answer is written.
    void reply.header('connection', 'keep-alive');
    linger(request.raw);
  }
  return sendError(reply, error);
}

function sendError(reply: FastifyReply, error: ErrorReply): FastifyReply {
  return send(reply, error);
}

function logAnswer(request: FastifyRequest, reply: FastifyReply): void {
  logAccess({
    client: request.ip,
    method: request.method,
    url: request.url,
    httpVersion: request.raw.httpVersion,
    status: reply.statusCode,
    bytes: request.method === 'HEAD' ? 0 : Number(reply.getHeader('content-length') ?? 0),
    referer: request.headers.referer ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    elapsedMs: reply.elapsedTime,
  });
}
