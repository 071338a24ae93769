/** A proxy in front of a broker that can cut connections at the worst moment: the request has gone through, its answer has not. */
import net from 'node:net';

/** How long a request has to reach the broker's log before the connection is cut. */
const LET_THROUGH_MS = 40;

export class CuttingProxy {
  /** Connections that were cut with answers on their way. */
  cuts = 0;
  private readonly pairs = new Set<Pair>();

  private constructor(
    private readonly server: net.Server,
    readonly port: number,
  ) {}

  /** @param target port on this machine that it leads to; nothing needs to listen there yet */
  static async start(target: number): Promise<CuttingProxy> {
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    const proxy = new CuttingProxy(server, (server.address() as net.AddressInfo).port);
    server.on('connection', client => proxy.join(client, net.connect(target, '127.0.0.1')));
    return proxy;
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.port}`;
  }

  private join(client: net.Socket, broker: net.Socket): void {
    const pair = new Pair(client, broker);
    this.pairs.add(pair);
    client.on('data', (bytes: Buffer) => broker.write(bytes));
    broker.on('data', (bytes: Buffer) => {
      if (pair.mute) pair.swallowed += bytes.length;
      else client.write(bytes);
    });
    for (const socket of [client, broker]) {
      socket.on('error', () => {}); // the other end, or we, have cut it
      socket.on('close', () => {
        this.pairs.delete(pair);
        pair.destroy();
      });
    }
  }

  /** Answers of the broker go nowhere for a moment, requests go through; then all connections end. */
  async cut(): Promise<void> {
    const pairs = [...this.pairs];
    for (const pair of pairs) pair.mute = true;
    await new Promise(resolve => setTimeout(resolve, LET_THROUGH_MS));
    for (const pair of pairs) {
      if (pair.swallowed > 0) this.cuts++;
      pair.destroy();
    }
  }

  async stop(): Promise<void> {
    for (const pair of this.pairs) pair.destroy();
    await new Promise(resolve => this.server.close(resolve));
  }
}

/** A connection on both sides of the proxy. */
class Pair {
  /** True while what the broker says is thrown away. */
  mute = false;
  /** Bytes of the broker that were thrown away. */
  swallowed = 0;

  constructor(
    private readonly client: net.Socket,
    private readonly broker: net.Socket,
  ) {}

  destroy(): void {
    this.client.destroy();
    this.broker.destroy();
  }
}
