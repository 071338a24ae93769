import net from 'node:net';

/**
 * Below the ports that the kernel gives to connections that go out (from 32768 on): none of those may take the port of a server
 * before it listens, or while it is down for a moment.
 */
const FIRST_PORT = 12_000;
const PORTS = 18_000;

/** What this process was given and may not have opened yet. */
const given = new Set<number>();

/** TCP ports of the loopback interface that were free just now, all different, and none that was given before. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  return ports;
}

/** One free TCP port of the loopback interface. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/** @throws Error when it cannot listen for another reason than that somebody else does */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error)));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
