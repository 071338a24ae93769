/**
 * The three requests of Kafka's protocol that benchmarks and faults need, by hand: an observer that shares no code with what it
 * measures, and answers within a millisecond, which starting kcat each time would not.
 */
import net from 'node:net';
import { waitFor } from '../wait-for';
import { int16, int32, int64, string } from './kafka-encoding';

const CREATE_TOPICS = { key: 19, version: 2 };
const DELETE_TOPICS = { key: 20, version: 1 };
const LIST_OFFSETS = { key: 2, version: 2 };
const LATEST = -1n;
const UNKNOWN_TOPIC = 3;
/** A broker says so of a topic that is being made. */
const NOT_LEADER = 6;

/** One connection to a broker that has all topics; one request at a time. */
export class KafkaWire {
  #received: Buffer = Buffer.alloc(0);
  #answer: ((payload: Buffer) => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  private constructor(private readonly socket: net.Socket) {
    socket.setNoDelay(true);
    socket.on('data', chunk => this.#receive(chunk));
    socket.on('error', error => this.#fail?.(error));
    socket.on('close', () => this.#fail?.(new Error('the broker has closed the connection')));
  }

  /** Connects to `HOST:PORT`. */
  static async connect(bootstrap: string): Promise<KafkaWire> {
    const [host = '', port = ''] = bootstrap.split(':');
    const socket = net.connect(Number(port), host);
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new KafkaWire(socket);
  }

  /** End offset of partition 0, or where the first open transaction begins; 0 while there is no such topic. Makes no topic. */
  async endOffset(topic: string, committed = false): Promise<number> {
    const { error, offset } = await waitFor(
      `a leader of ${topic}`,
      async () => {
        const answer = await this.#listOffset(topic, committed);
        return answer.error !== NOT_LEADER && answer;
      },
      { everyMs: 10 },
    );
    if (error === UNKNOWN_TOPIC) return 0;
    if (error !== 0) throw new Error(`end offset of ${topic}: error ${error}`);
    return offset;
  }

  /** Makes a topic and waits until its first partition has a leader. */
  async createTopic(topic: string, partitions = 1): Promise<void> {
    const body = [int32(1), string(topic), int32(partitions), int16(1), int32(0), int32(0), int32(10_000), Buffer.from([0])];
    const answer = await this.#request(CREATE_TOPICS, body);
    const error = answer.readInt16BE(4 + 4 + 2 + Buffer.byteLength(topic));
    if (error !== 0) throw new Error(`cannot create ${topic}: error ${error}`);
    await waitFor(`a leader of ${topic}`, async () => (await this.#listOffset(topic)).error === 0, { everyMs: 10 });
  }

  /** Removes a topic; its files go a little later. */
  async deleteTopic(topic: string): Promise<void> {
    await this.#request(DELETE_TOPICS, [int32(1), string(topic), int32(10_000)]);
  }

  close(): void {
    this.#fail = undefined;
    this.socket.destroy();
  }

  async #listOffset(topic: string, committed = false): Promise<{ error: number; offset: number }> {
    const body = [int32(-1), Buffer.from([committed ? 1 : 0]), int32(1), string(topic), int32(1), int32(0), int64(LATEST)];
    const answer = await this.#request(LIST_OFFSETS, body);
    const errorAt = 4 + 4 + 2 + Buffer.byteLength(topic) + 4 + 4;
    return { error: answer.readInt16BE(errorAt), offset: Number(answer.readBigInt64BE(errorAt + 2 + 8)) };
  }

  #request(api: { key: number; version: number }, body: readonly Buffer[]): Promise<Buffer> {
    const payload = Buffer.concat([int16(api.key), int16(api.version), int32(0), string('bench'), ...body]);
    return new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#fail = reject;
      this.socket.write(Buffer.concat([int32(payload.length), payload]));
    });
  }

  /** Hands over what follows the correlation id of a whole answer. */
  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    if (this.#received.length < 4) return;
    const end = 4 + this.#received.readInt32BE(0);
    if (this.#received.length < end) return;
    const payload = this.#received.subarray(8, end);
    this.#received = this.#received.subarray(end);
    this.#answer?.(payload);
  }
}
