/**
 * Requests of one connection, one after the other, as Jetty takes them. A client may send hundreds of requests in one packet and read no reply:
 * Node would have all of them answered at once, and keep what cannot be sent.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { getLogger } from '../../log';
import type { HttpLimits } from './http-limits';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');

interface Connection {
  isBusy: boolean;
  readonly waiting: [IncomingMessage, ServerResponse][];
}

/** Connections, each with its requests. */
export class Turns {
  private readonly connections = new WeakMap<Socket, Connection>();
  private waiting = 0;

  constructor(
    private readonly handle: RequestListener,
    private readonly limits: Pick<HttpLimits, 'maxWaiting' | 'stallMs'>,
  ) {}

  /** Handles a request when those before it are answered. Where too many wait, the connection is closed. */
  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.connectionOf(socket);
    if (!connection.isBusy) this.run(socket, connection, request, response);
    else if (this.waiting >= this.limits.maxWaiting) {
      log.debug(() => `Closed a connection with ${connection.waiting.length} requests that wait for their turn`);
      socket.destroy();
    } else {
      this.waiting++;
      connection.waiting.push([request, response]);
    }
  }

  private connectionOf(socket: Socket): Connection {
    const known = this.connections.get(socket);
    if (known) return known;
    const connection: Connection = { isBusy: false, waiting: [] };
    this.connections.set(socket, connection);
    socket.once('close', () => this.forgetWaiting(connection));
    return connection;
  }

  private run(socket: Socket, connection: Connection, request: IncomingMessage, response: ServerResponse): void {
    connection.isBusy = true;
    // Comes after this time without any byte that came or went. With nothing to send the reply is still being made.
    response.setTimeout(this.limits.stallMs, () => {
      if (response.writableLength > 0 || socket.writableLength > 0) socket.destroy();
    });
    response.once('close', () => {
      connection.isBusy = false;
      // What comes behind the last request of a connection is not to be done: nobody would learn of it.
      if (!socket.writable) return this.forgetWaiting(connection);
      const next = connection.waiting.shift();
      if (!next) return;
      this.waiting--;
      this.run(socket, connection, ...next);
    });
    this.handle(request, response);
  }

  private forgetWaiting({ waiting }: Connection): void {
    this.waiting -= waiting.length;
    waiting.length = 0;
  }
}
