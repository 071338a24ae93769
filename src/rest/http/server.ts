/** The REST server: opens the ports early, serves as soon as the herder is there, closes first of all. */
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { ConnectError, toError } from '../../errors';
import { getLogger } from '../../log';
import type { Authentication } from '../auth/authentication';
import { type CallerCheck, createCallerCheck } from '../auth/callers';
import { createHeadersFor, createOriginCheck, type HeadersFor, type ResponseHeaderSettings } from '../response-headers';
import type { Route } from '../route';
import type { connectRoutes, RestResources, ServedRoutes } from '../routes/connect-routes';
import { guard, HTTP_LIMITS, type HttpLimits, serverOptions } from './http-limits';
import { type Advertised, type AdvertisedAddress, advertise, type Listener, parseListener, urlOf } from './listeners';
import { Streams } from './streams';
import type { ListenersKey, ListenerTls, ListenerTlsRead } from './tls-options';
import { Turns } from './turns';

// With the framework below them, which takes longer to load than all the rest, and memory: many a worker is never asked anything.
const appModule = (): typeof import('../app') => require('../app');
const routesModule = (): typeof import('../routes/connect-routes') => require('../routes/connect-routes');

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');
const REQUEST_TIMEOUT_MS = 90_000;
/** How long open requests may still take when the server closes. */
const CLOSE_GRACE_MS = 1000;

export interface RestServerOptions {
  readonly listeners: readonly string[];
  /** Null: loggers are served on `listeners`; empty: nowhere. */
  readonly adminListeners: readonly string[] | null;
  readonly advertised: Advertised;
  /** Key and certificates of https listeners, by the setting in which they stand. */
  readonly tls?: ReadonlyMap<ListenersKey, ListenerTls>;
  /** The same, from files that are read again. */
  readonly tlsNow?: (key: ListenersKey) => ListenerTlsRead;
  /** Who may use it; everybody if absent. */
  readonly authentication?: Authentication | null;
  readonly requestTimeoutMs?: number;
  /** Bounds on what a client may cost; `HTTP_LIMITS` if absent. */
  readonly limits?: HttpLimits;
  /** Names of this worker where everybody may use it, see `createCallerCheck`; neither names nor origins are looked at if absent. */
  readonly hosts?: readonly string[] | null;
  /** CORS and further headers; none if absent. */
  readonly responseHeaders?: ResponseHeaderSettings;
  /** What is served; `connectRoutes` if absent. */
  readonly routes?: typeof connectRoutes;
}

/** One port: requests wait until there are resources; the first one has the application made. */
interface Endpoint {
  readonly listener: Listener;
  readonly server: Server;
}

export class RestServer {
  readonly advertised: AdvertisedAddress;
  private initialize: (resources: RestResources) => void = () => {};
  private refuse: (error: Error) => void = () => {};
  private readonly streams: Streams;

  private constructor(
    private readonly options: RestServerOptions,
    private readonly endpoints: readonly Endpoint[],
    private readonly adminEndpoints: readonly Endpoint[],
    private readonly headersFor: HeadersFor,
    private readonly checkCaller: CallerCheck | null,
  ) {
    const listening = endpoints.map(({ listener, server }) => ({ ...listener, port: portOf(server) }));
    this.advertised = advertise(listening, options.advertised);
    this.streams = new Streams(options.limits ?? HTTP_LIMITS);
    const resources = new Promise<RestResources>((resolve, reject) => {
      this.initialize = resolve;
      this.refuse = reject;
    });
    resources.catch(() => undefined);
    const appOf = async (pick: (all: ServedRoutes) => readonly Route[]): Promise<FastifyInstance> => {
      const given = await resources;
      const routesOf = options.routes ?? routesModule().connectRoutes;
      return this.createApp(given, pick(routesOf(given, this.advertisedUrl)));
    };
    const inTurn = (handle: RequestListener): RequestListener => {
      const turns = new Turns(handle, options.limits ?? HTTP_LIMITS);
      return (request, response) => turns.take(request, response);
    };
    const onMain = inTurn(serve(() => appOf(({ main, admin }) => (options.adminListeners === null ? [...main, ...admin] : main))));
    const onAdmin = inTurn(serve(() => appOf(({ admin }) => admin)));
    for (const { server } of endpoints) server.on('request', onMain);
    for (const { server } of adminEndpoints) server.on('request', onAdmin);
  }

  /**
   * Opens all listeners; requests wait until `initializeResources`.
   * @throws ConnectError that names the listener: wrong form, or a port that cannot be opened. Nothing stays open then
   */
  static async open(options: RestServerOptions): Promise<RestServer> {
    const main = options.listeners.map(text => parseListener(text));
    const admin = (options.adminListeners ?? []).map(text => parseListener(text, 'admin.listeners'));
    const headersFor: HeadersFor = options.responseHeaders ? createHeadersFor(options.responseHeaders) : () => ({});
    const { hosts, responseHeaders } = options;
    const checkCaller = hosts === undefined ? null : createCallerCheck(hosts, createOriginCheck(responseHeaders?.allowOrigin ?? ''));
    for (const { text } of main) log.info(`Added connector for ${text}`);
    for (const { text } of admin) log.info(`Added admin connector for ${text}`);
    log.info('Initializing REST server');
    const opened: Endpoint[] = [];
    try {
      for (const listener of main) opened.push(await openEndpoint(listener, 'listeners', options));
      for (const listener of admin) opened.push(await openEndpoint(listener, 'admin.listeners', options));
    } catch (error) {
      for (const { server } of opened) server.close();
      throw error;
    }
    const server = new RestServer(options, opened.slice(0, main.length), opened.slice(main.length), headersFor, checkCaller);
    const own = opened[0] ? urlOf({ ...opened[0].listener, port: portOf(opened[0].server) }) : '';
    log.info(`REST server listening at ${own}/, advertising URL ${server.advertisedUrl}/`);
    if (options.adminListeners === null) log.info(`REST admin endpoints at ${server.advertisedUrl}/`);
    else if (admin[0]) log.info(`REST admin endpoints at ${admin[0].text}/`);
    else log.info('Skipping adding admin resources');
    return server;
  }

  /** `http://host:port`, without a slash at the end. */
  get advertisedUrl(): string {
    return urlOf(this.advertised);
  }

  /** `host:port` as shown in statuses. */
  get workerId(): string {
    return `${this.advertised.host}:${this.advertised.port}`;
  }

  /** Begins to serve. */
  initializeResources(resources: RestResources): void {
    log.info('Initializing REST resources');
    this.initialize(resources);
    log.info('REST resources initialized; server is started and ready to handle requests');
  }

  /** New connections to https listeners get the key and certificates that the settings lead to now; the old ones stay if these will not do. */
  reloadKeys(): void {
    this.reloadKeysOf('listeners', this.endpoints);
    this.reloadKeysOf('admin.listeners', this.adminEndpoints);
  }

  private reloadKeysOf(key: ListenersKey, endpoints: readonly Endpoint[]): void {
    for (const { listener, server } of endpoints) {
      if (!(server instanceof TlsServer) || !this.options.tlsNow) continue;
      try {
        const { tls, problems } = this.options.tlsNow(key);
        if (problems.length > 0) throw new Error(problems.map(({ error }) => error.message).join('; '));
        for (const warning of tls.warnings) log.warn(warning);
        server.setSecureContext(tls.options);
        log.info(`The keys of ${listener.text} were read again`);
      } catch (error) {
        log.error(`The keys of ${listener.text} cannot be used, so the old ones stay: ${toError(error).message}`);
      }
    }
  }

  /** Closes all ports; requests under way get a moment to end, streams end at once. */
  async stop(): Promise<void> {
    log.info('Stopping REST server');
    this.refuse(new ConnectError('ConnectException', 'The worker is shutting down'));
    this.streams.close();
    await Promise.all([...this.endpoints, ...this.adminEndpoints].map(({ server }) => closeServer(server)));
    log.info('REST server stopped');
  }

  private createApp({ herder }: RestResources, routes: readonly Route[]): Promise<FastifyInstance> {
    const requestTimeoutMs = this.options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    return appModule().createApp({
      routes,
      requestTimeoutMs,
      headersFor: this.headersFor,
      stage: () => herder.currentStage(),
      authentication: this.options.authentication ?? null,
      checkCaller: this.checkCaller,
      streams: this.streams,
    });
  }
}

/** Hands requests to the application, which the first one has made; those that come early wait for it. */
function serve(createApp: () => Promise<FastifyInstance>): RequestListener {
  let app: Promise<FastifyInstance> | undefined;
  let ready: FastifyInstance | undefined;
  return (request, response) => {
    if (ready) return ready.routing(request, response);
    app ??= createApp();
    app.then(
      created => {
        ready = created;
        created.routing(request, response);
      },
      (error: unknown) => {
        // A worker that stops has no application any more; all else is a mistake in a route.
        if (error instanceof ConnectError) log.debug(() => `A request was not answered: ${error.message}`);
        else log.error('The REST API cannot be served', error);
        response.destroy();
      },
    );
  };
}

async function openEndpoint(listener: Listener, key: ListenersKey, { tls, limits = HTTP_LIMITS }: RestServerOptions): Promise<Endpoint> {
  const http = serverOptions(limits);
  const server = listener.protocol === 'https' ? createHttpsServer(listener, tls?.get(key), http) : createServer(http);
  guard(server, limits);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port: listener.port, ...(listener.host === '' ? {} : { host: listener.host }) }, resolve);
    });
    // A connection that cannot be accepted, for want of descriptors for example.
    server.on('error', error => log.warn(`Listener ${listener.text} has trouble with a connection`, error));
  } catch (thrown) {
    const { message } = toError(thrown);
    const remedy = message.includes('EADDRINUSE')
      ? "Another program uses the port, perhaps another worker: set 'listeners' to a free one, e.g. listeners=http://:8084"
      : "Set 'listeners' to an address of this machine, e.g. listeners=http://127.0.0.1:8083";
    throw new ConnectError(
      'ConnectException',
      `Unable to initialize REST server: failed to bind to listener ${listener.text} (${message}). ${remedy}`,
      thrown,
    );
  }
  return { listener, server };
}

function createHttpsServer({ text }: Listener, tls: ListenerTls | undefined, http: ServerOptions): Server {
  if (!tls) throw new ConnectError('ConfigException', `Listener ${text} needs settings of a key store (listeners.https.ssl.*)`);
  const { options, refuseUntrusted } = tls;
  const server = createTlsServer({ ...http, ...options });
  server.on('tlsClientError', ({ message }) => log.debug(() => `TLS handshake at ${text} failed: ${message}`));
  if (refuseUntrusted) {
    server.on('secureConnection', (socket: TLSSocket) => {
      if (!socket.authorized && socket.getPeerX509Certificate() !== undefined) socket.destroy();
    });
  }
  return server;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}
