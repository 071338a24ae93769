/** Routes behind the HTTP framework: the one file that knows fastify. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Stage } from '../herder/changes/request-queue';
import { logAccess } from './access-log';
import type { Authentication } from './auth/authentication';
import type { Caller, CallerCheck } from './auth/callers';
import { addBodyParsers } from './body-parsers';
import { HttpError, toErrorReply } from './error-mapper';
import { MAX_BODY_BYTES, RefusedBody } from './http/body-reader';
import { linger } from './http/http-limits';
import type { Streams } from './http/streams';
import { contentTypeOf, isAcceptable } from './media-types';
import { openApiRoute } from './openapi/route';
import type { HeadersFor } from './response-headers';
import { JSON_TYPE, type ReplyStream, type RestReply, type Route } from './route';
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
  /** Takes the replies that are streams. */
  readonly streams: Streams;
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
    frameworkErrors: (error, request, reply) => void sendError(request, reply, error),
  });
  const routes = [...options.routes, openApiRoute(options.routes)];
  const byName = new Map(routes.map(route => [`${route.method} ${route.path}`, route]));
  const routeOf = ({ method, routeOptions: { url = '' } }: FastifyRequest): Route | undefined =>
    byName.get(`${method === 'HEAD' ? 'GET' : method} ${url}`);
  addBodyParsers(app, routeOf);
  addChecks(app, options, routes, routeOf);
  app.addHook('onResponse', async (request, reply) => {
    if (!loggedAtTheirEnd.has(reply)) logAnswer(request, reply);
  });
  app.setErrorHandler(async (error, request, reply) => sendError(request, reply, error));
  for (const route of routes) {
    app.route({ method: route.method, url: route.path, handler: (request, reply) => answer(route, options, request, reply) });
  }
  await app.ready();
  return app;
}

/** Before anything else is looked at: who may not come in learns nothing, and no body of theirs is read. */
function addChecks(
  app: FastifyInstance,
  { headersFor, authentication, checkCaller }: AppOptions,
  routes: readonly Route[],
  routeOf: (request: FastifyRequest) => Route | undefined,
): void {
  app.addHook('onRequest', async ({ method, headers }, reply) => {
    reply.headers(headersFor({ method, origin: headers.origin, requestMethod: headers['access-control-request-method'] }));
  });
  if (authentication) app.addHook('onRequest', async (request, reply) => authenticate(authentication, request, reply));
  if (checkCaller) app.addHook('onRequest', async request => checkCaller(callerOf(request)));
  app.addHook('onRequest', async (request, reply) => {
    requireOneHost(request);
    if (request.is404) return answerUnrouted(routes, request, reply);
    screen(routeOf(request), request);
    return undefined;
  });
}

async function answer(route: Route, options: AppOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { params, query, body } = request;
  const handled = route.handle({
    params: params as Record<string, string>,
    query: query as Record<string, string | string[]>,
    body: typeof body === 'string' ? body : '',
    baseUrl: baseUrlOf(request),
  });
  const replied = await limited(Promise.resolve(handled), options);
  const contentType = contentTypeOf(route, replied);
  void reply.code(replied.status).headers(replied.headers ?? {});
  if (contentType !== null) void reply.header('content-type', contentType);
  if (typeof replied.body === 'function') return sendStream(options.streams, request, reply, replied.body);
  // As bytes, since fastify adds a charset to the type of texts.
  return reply.send(typeof replied.body === 'string' ? Buffer.from(replied.body) : replied.body);
}

/** Replies whose line in the access log does not wait for their last byte to leave: the client may go first. */
const loggedAtTheirEnd = new WeakSet<FastifyReply>();

/** A stream is written by us, not by fastify, which would read all of it for a HEAD. @throws HttpError 503 if there are too many */
async function sendStream(streams: Streams, request: FastifyRequest, reply: FastifyReply, chunks: ReplyStream): Promise<FastifyReply> {
  const { raw } = reply;
  const admitted = request.method === 'HEAD' ? null : streams.admit();
  void reply.hijack();
  loggedAtTheirEnd.add(reply);
  // Nothing follows on the same connection, so that a stop of the worker need not wait for one that nobody uses.
  const head = { ...reply.getHeaders(), connection: 'close' } as OutgoingHttpHeaders;
  raw.writeHead(reply.statusCode, head);
  const bytes = admitted === null ? 0 : await admitted.send(raw, chunks);
  if (admitted === null) raw.end();
  logAnswer(request, reply, bytes);
  return reply;
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

/** @throws HttpError 401 for callers whom the settings do not let in */
async function authenticate(authentication: Authentication, { url, headers }: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (await authentication.allows(pathOf(url), headers.authorization)) return;
  void reply.header('www-authenticate', [...authentication.challenges]);
  throw new HttpError(401);
}

function callerOf({ method, headers, raw }: FastifyRequest): Caller {
  const isKnown = 'authorized' in raw.socket && raw.socket.authorized === true;
  return { method, host: authorityOf(raw.url ?? '') ?? headers.host, origin: headers.origin, isKnown };
}

/** The host of an address that names one, as requests through a proxy do; it counts before the header `Host` (RFC 9112, 3.2.2). */
function authorityOf(url: string): string | undefined {
  return /^[a-z][a-z\d+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1];
}

/** @throws HttpError 400 for no host, or for several (RFC 9112, 3.2) */
function requireOneHost({ raw: { httpVersion, headersDistinct } }: FastifyRequest): void {
  const hosts = headersDistinct.host?.length ?? 0;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) throw new HttpError(400);
}

/** OPTIONS of a path that is there. @throws HttpError 404 or 405, as Java */
function answerUnrouted(routes: readonly Route[], { url, method }: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allowed = allowedMethods(routes, url);
  if (allowed.length === 0) throw new HttpError(404);
  void reply.header('allow', allowed.join(','));
  if (method !== 'OPTIONS') throw new HttpError(405);
  return reply
    .code(200)
    .header('content-type', 'text/plain')
    .send(Buffer.from(allowed.join(', ')));
}

/** Checks that need no body, in Java's order. @throws HttpError 406 or 415 */
function screen(route: Route | undefined, { headers }: FastifyRequest): void {
  if (route && !isAcceptable(route, headers.accept)) throw new HttpError(406);
  if (!isPlain(headers['content-encoding'])) throw new HttpError(415);
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

/** The one place where an error becomes a reply. */
function sendError(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const { status, text } = toErrorReply(error, request.url);
  if (error instanceof RefusedBody) {
    // Else Node would close when the reply is written.
    void reply.header('connection', 'keep-alive');
    linger(request.raw);
  }
  return reply.code(status).header('content-type', JSON_TYPE).send(Buffer.from(text));
}

function logAnswer(request: FastifyRequest, reply: FastifyReply, bytes = Number(reply.getHeader('content-length') ?? 0)): void {
  logAccess({
    client: request.ip,
    method: request.method,
    url: request.url,
    httpVersion: request.raw.httpVersion,
    status: reply.statusCode,
    bytes: request.method === 'HEAD' ? 0 : bytes,
    referer: request.headers.referer ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    elapsedMs: reply.elapsedTime,
  });
}
