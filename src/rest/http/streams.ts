/**
 * Replies that are streams: as fast as the client reads, so many at once, and over when the client goes or the worker stops. A client that reads
 * nothing loses its connection as with any other reply (`Turns`).
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { getLogger } from '../../log';
import { HttpError } from '../error-mapper';
import type { Chunk, ReplyStream } from '../route';
import type { HttpLimits } from './http-limits';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');
/** When the system begins to ask whether a client that hears nothing is still there: one that lost its power or network says no word. */
const PROBE_AFTER_MS = 30_000;

/** A stream that may be sent. */
export interface AdmittedStream {
  /**
   * Sends the chunks; the head must have been written. Never throws: of a stream that breaks the log tells, and the client sees that its end is
   * missing.
   * @returns bytes of the body, when it is over
   */
  send(response: ServerResponse, chunks: ReplyStream): Promise<number>;
}

/** The streams of a server, over all its listeners. */
export class Streams {
  private readonly open = new Set<AbortController>();
  private isClosed = false;

  constructor(private readonly limits: Pick<HttpLimits, 'maxStreams'>) {}

  /**
   * Asks for room for one more. Whoever gets it must call `send`.
   * @throws HttpError 503 where there are too many
   */
  admit(): AdmittedStream {
    const { maxStreams } = this.limits;
    if (this.isClosed) throw new HttpError(503, 'The worker is shutting down');
    if (this.open.size >= maxStreams) {
      throw new HttpError(503, `${maxStreams} streams are open, and there may not be more. Close one, or try again later`);
    }
    const ended = new AbortController();
    this.open.add(ended);
    return { send: (response, chunks) => this.send(ended, response, chunks) };
  }

  /** Ends all: each client gets the end of its body, if it reads on. */
  close(): void {
    this.isClosed = true;
    for (const ended of this.open) ended.abort();
  }

  private async send(ended: AbortController, response: ServerResponse, chunks: ReplyStream): Promise<number> {
    const { signal } = ended;
    response.once('close', () => ended.abort());
    response.on('error', () => ended.abort());
    response.req.socket.setKeepAlive(true, PROBE_AFTER_MS);
    if (response.destroyed || response.req.socket.destroyed) ended.abort();
    const sent = { bytes: 0 };
    try {
      response.flushHeaders();
      await pump(response, chunks(signal), signal, sent);
      if (!response.destroyed) response.end();
    } catch (error) {
      log.error(`The stream of ${response.req.url} broke`, error);
      response.destroy();
    } finally {
      this.open.delete(ended);
    }
    return sent.bytes;
  }
}

/** Writes chunks until there are no more or the signal comes. @throws what the route threw before */
async function pump(response: ServerResponse, chunks: AsyncIterable<Chunk>, signal: AbortSignal, sent: { bytes: number }): Promise<void> {
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    while (!signal.aborted) {
      const next = await unlessAborted(iterator.next(), signal);
      if (next === undefined || next.done) return;
      sent.bytes += Buffer.byteLength(next.value);
      if (!response.write(next.value)) await unlessAborted(once(response, 'drain', { signal }), signal);
    }
  } finally {
    // Not waited for: a route that does not look at the signal may wait for its next chunk for ever.
    closing(iterator).catch(error => log.warn(`The stream of ${response.req.url} did not close well`, error));
  }
}

async function closing(iterator: AsyncIterator<Chunk>): Promise<void> {
  await iterator.return?.();
}

/** @returns undefined if the signal comes first; no listener stays at it, since there is one chunk after the other */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve(undefined);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
