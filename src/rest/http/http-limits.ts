/**
 * Bounds on what one client may cost: the time to send a request, idle time, the number of connections. And answers in JSON to bytes that are
 * not HTTP, which never reach the routes.
 */
import { type IncomingMessage, type Server, type ServerOptions, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { getLogger } from '../../log';
import { errorBody, statusMessage } from '../error-mapper';
import { JSON_TYPE } from '../route';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');

/** How long the rest of a refused body is read and dropped. */
const LINGER_MS = 2000;
const DROP_LINES_EVERY_MS = 10_000;

/** Connections whose last request was answered before all of its body had arrived. */
const answered = new WeakSet<Duplex>();

export interface HttpLimits {
  /** For the head of a request, from its first byte or the opening of the connection. */
  readonly headMs: number;
  /** For a whole request with its body. */
  readonly requestMs: number;
  /** For a connection between two requests; as long as Jetty's. */
  readonly idleMs: number;
  /** Connections to one listener; more are closed at once. */
  readonly maxConnections: number;
  /** Bytes of a request's head. */
  readonly maxHeadBytes: number;
  /** Replies that are streams and open at a time, over all listeners; further ones get 503. */
  readonly maxStreams: number;
  /** For a client that takes nothing of the reply that waits for it; then its connection is closed. */
  readonly stallMs: number;
  /** Requests that came before the one ahead of them on the same connection was answered; further ones close theirs. */
  readonly maxWaiting: number;
}

export const HTTP_LIMITS: HttpLimits = {
  headMs: 15_000,
  requestMs: 60_000,
  idleMs: 30_000,
  maxConnections: 5000,
  maxHeadBytes: 16_384,
  maxStreams: 50,
  stallMs: 30_000,
  maxWaiting: 10_000,
};

/** Statuses for the errors of Node's parser, by their code; for all others it is 400. */
const STATUS_OF: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_INVALID_METHOD: 405,
};

/** Options to create a server with. */
export function serverOptions({ headMs, requestMs, idleMs, maxHeadBytes }: HttpLimits): ServerOptions {
  return {
    headersTimeout: headMs,
    requestTimeout: requestMs,
    keepAliveTimeout: idleMs,
    connectionsCheckingInterval: Math.min(1000, headMs / 2),
    maxHeaderSize: maxHeadBytes,
    // Node's own refusal has no body; the application refuses instead.
    requireHostHeader: false,
  };
}

/** Bounds what clients may cost, and makes a server answer in JSON what Node would answer with nothing. */
export function guard(server: Server, { maxConnections }: HttpLimits): void {
  server.maxConnections = maxConnections;
  server.on('drop', warnOfDrops(maxConnections));
  // Whoever is refused by the head of the request need not send a body; `BodyReader` asks for one that is wanted.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, STATUS_OF[error.code ?? ''] ?? 400, error.message));
  server.on('connect', (_request, socket: Duplex) => refuse(socket, 400, 'CONNECT'));
  server.on('checkExpectation', (_request, response) => {
    const body = errorBody(417, statusMessage(417));
    const headers = { 'content-type': JSON_TYPE, 'content-length': Buffer.byteLength(body), connection: 'close' };
    response.writeHead(417, headers).end(body);
  });
}

/** Many connections are closed at a time, and each would be a line in the log. */
function warnOfDrops(maxConnections: number): () => void {
  let silentUntilMs = Number.NEGATIVE_INFINITY;
  let unsaid = 0;
  return () => {
    unsaid++;
    if (performance.now() < silentUntilMs) return;
    log.warn(`Closed ${unsaid === 1 ? 'a new connection' : `${unsaid} new connections`}, since ${maxConnections} are open`);
    silentUntilMs = performance.now() + DROP_LINES_EVERY_MS;
    unsaid = 0;
  };
}

/**
 * Lets the answer to a body that is refused arrive: the client is still sending, and closing at once would reset the connection and
 * lose the answer on its way. What comes is dropped for a moment, then the connection ends.
 */
export function linger(request: IncomingMessage): void {
  const { socket } = request;
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  answered.add(socket);
  request.once('end', () => {
    clearTimeout(timer);
    answered.delete(socket);
  });
  socket.once('close', () => clearTimeout(timer));
  request.resume();
}

/** The reply that Node keeps at its connection while it is being made or sent. */
function replyUnderWay(socket: Duplex & { readonly _httpMessage?: ServerResponse | null }): ServerResponse | null {
  return socket._httpMessage ?? null;
}

function refuse(socket: Duplex, status: number, reason: string): void {
  log.debug(() => `Refused a request with ${status}: ${reason}`);
  const reply = replyUnderWay(socket);
  // What cannot be read came behind a request that is whole: the reply under way is to that one, and shall be the last.
  if (reply?.req.complete && !reply.headersSent) {
    reply.shouldKeepAlive = false;
    return;
  }
  if (reply?.req.complete && reply.writableEnded) {
    socket.end(() => socket.destroy());
    return;
  }
  // A request has one answer: after one that is complete, or has begun, there can be no second.
  if (!socket.writable || answered.has(socket) || reply?.headersSent) {
    socket.destroy();
    return;
  }
  const body = errorBody(status, statusMessage(status));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `content-type: ${JSON_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.on('error', () => undefined);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
