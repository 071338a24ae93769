/** A broker in its first moments, by hand: it answers, but says for a while that the cluster has no brokers. */
import net from 'node:net';
import { int16, int32, string } from './kafka-encoding';

const API_VERSIONS = 18;
const METADATA = 3;
const UNSUPPORTED_VERSION = 35;
const METADATA_VERSION = 2;
const NODE_ID = 1;
const NO_CONTROLLER = -1;

/** Speaks as much of Kafka's protocol as a client needs that asks which cluster this is. */
export class StartingBroker {
  /** How often it was asked for its brokers. */
  asked = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly port: number,
    private readonly clusterId: string,
    private readonly emptyAnswers: number,
  ) {
    server.on('connection', socket => this.serve(socket));
  }

  /** @param emptyAnswers how many answers name no broker */
  static async start(clusterId: string, emptyAnswers: number): Promise<StartingBroker> {
    const server = net.createServer();
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    return new StartingBroker(server, (server.address() as net.AddressInfo).port, clusterId, emptyAnswers);
  }

  get bootstrap(): string {
    return `127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.close();
  }

  private serve(socket: net.Socket): void {
    let received = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', chunk => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        socket.write(this.answer(received.subarray(4, end)));
        received = received.subarray(end);
      }
    });
  }

  private answer(request: Buffer): Buffer {
    const apiKey = request.readInt16BE(0);
    const version = request.readInt16BE(2);
    const correlationId = request.subarray(4, 8);
    const body = apiKey === API_VERSIONS ? apiVersions(version) : this.metadata();
    return Buffer.concat([int32(4 + body.length), correlationId, body]);
  }

  private metadata(): Buffer {
    const complete = this.asked++ >= this.emptyAnswers;
    const brokers = complete ? [int32(1), int32(NODE_ID), string('127.0.0.1'), int32(this.port), int16(-1)] : [int32(0)];
    return Buffer.concat([...brokers, string(this.clusterId), int32(complete ? NODE_ID : NO_CONTROLLER), int32(0)]);
  }
}

function apiVersions(version: number): Buffer {
  const ranges = [int16(API_VERSIONS), int16(0), int16(0), int16(METADATA), int16(0), int16(METADATA_VERSION)];
  return Buffer.concat([int16(version === 0 ? 0 : UNSUPPORTED_VERSION), int32(2), ...ranges]);
}
