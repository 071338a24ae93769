/** Bodies of requests: each is read into one piece of memory, and all together within bounds. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HttpError } from '../error-mapper';

/**
 * Largest body in bytes; larger ones are refused with 413, by their announced size before they are read. A distributed worker keeps a
 * connector's settings in one Kafka record of at most 1 MiB, so nothing that works there comes near.
 */
export const MAX_BODY_BYTES = 2 * 1024 * 1024;
/** Of all bodies whose requests are not answered yet: thousands of clients could send theirs at the same time. */
const MAX_BYTES_AT_ONCE = 32 * MAX_BODY_BYTES;
const FIRST_BYTES = 16 * 1024;

/** A body of which the rest is not read: the client may still be sending it. */
export class RefusedBody extends HttpError {}

export class BodyReader {
  private heldBytes = 0;

  /** @param maxBytesAtOnce bound on the memory for all bodies */
  constructor(private readonly maxBytesAtOnce = MAX_BYTES_AT_ONCE) {}

  /**
   * The body as it came. Its memory counts until the request is answered.
   * @throws RefusedBody 413 for one that is too large, 503 where all together would be
   */
  read(request: IncomingMessage, response: ServerResponse): Promise<Buffer> {
    if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return Promise.reject(new RefusedBody(413));
    if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue();
    let body = Buffer.alloc(0);
    let length = 0;
    response.once('close', () => {
      this.heldBytes -= body.length;
    });
    // Copied, since a client may send each byte as a chunk of its own, and each would be an object of a hundred bytes.
    const add = (chunk: Buffer): void => {
      const needed = length + chunk.length;
      if (needed > MAX_BODY_BYTES) throw new RefusedBody(413);
      if (needed > body.length) {
        const grown = Math.min(MAX_BODY_BYTES, Math.max(needed, 2 * body.length, FIRST_BYTES));
        this.hold(grown - body.length);
        const larger = Buffer.alloc(grown);
        body.copy(larger, 0, 0, length);
        body = larger;
      }
      chunk.copy(body, length);
      length = needed;
    };
    return new Promise((resolve, reject) => {
      const onData = (chunk: Buffer): void => {
        try {
          add(chunk);
        } catch (error) {
          request.off('data', onData);
          reject(error);
        }
      };
      request.on('data', onData);
      request.once('end', () => resolve(body.subarray(0, length)));
      request.once('error', () => reject(new HttpError(400)));
    });
  }

  private hold(bytes: number): void {
    if (this.heldBytes + bytes > this.maxBytesAtOnce) {
      throw new RefusedBody(503, 'Too many large requests come at the same time. Try again in a few seconds');
    }
    this.heldBytes += bytes;
  }
}
