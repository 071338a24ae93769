/** HTTP byte by byte, for requests that no client library would send. */
import net from 'node:net';

/** What came back before the connection ended. */
export interface RawAnswer {
  readonly statuses: readonly number[];
  readonly text: string;
  /** The body of the last answer as JSON; undefined if it is none. */
  readonly json: unknown;
  readonly elapsedMs: number;
}

export interface RawOptions {
  /** Sent after the first bytes, one piece each `everyMs`, until the connection ends. */
  readonly trickle?: { readonly bytes: string; readonly everyMs: number };
  /** Closes our side after the first bytes. */
  readonly end?: boolean;
}

/** Opens a connection. The caller ends it. */
export function connect(port: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => resolve(socket));
    // After the opening nobody waits for this promise, and an error is no more than an early end.
    socket.on('error', reject);
  });
}

/** Sends bytes on a connection of its own. @returns when the server has closed it */
export async function exchange(port: number, bytes: string | Buffer, options: RawOptions = {}): Promise<RawAnswer> {
  const startedMs = performance.now();
  const socket = await connect(port);
  let text = '';
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>(resolve => {
    socket.on('data', chunk => {
      text += chunk.toString();
    });
    socket.on('error', () => undefined).on('close', () => resolve());
    socket.write(bytes);
    if (options.end) socket.end();
    const { trickle } = options;
    if (trickle) timer = setInterval(() => socket.writable && socket.write(trickle.bytes), trickle.everyMs);
  });
  clearInterval(timer);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return { statuses, text, json: parse(text.slice(text.lastIndexOf('\r\n\r\n') + 4)), elapsedMs: performance.now() - startedMs };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
