/**
 * Reads a whole topic once, without a group: all committed records up to the end at the time reading begins. Runs in the thread of a task
 * or on the main thread; no call blocks for longer than 100 ms, or 500 ms for the ends.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { guarded } from '../../thread/gate';
import type { WireHeader } from '../clients/record-inlet';
import { FetchedBatch } from '../consumer/fetched-batch';
import { type ClientLedger, createClient, hopelessError, type LibrdkafkaSettings, logEvent, ownQueue } from '../native/client';
import { isHopeless, isMissingTopic, kafkaError, nameSubject } from '../native/kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { readTopics } from '../native/metadata';
import { readEnds } from '../native/partition-ends';
import { RepeatFilter } from '../native/repeat-filter';

const BEGINNING = -2;
const BLOCKING_LIMIT_MS = 100;
/** How long one request for all ends may take. */
const ENDS_LIMIT_MS = 500;
const POLL_MS = 5;
const MAX_BATCH = 4096;

/** A record of the topic. */
export interface TopicRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly WireHeader[];
}

/** What reading a topic needs. */
export interface TopicReaderOptions {
  readonly lib: Librdkafka;
  /** Settings of a consumer, in librdkafka's names. */
  readonly settings: LibrdkafkaSettings;
  readonly ledger: ClientLedger;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Reads an existing topic. Waits for transactions that are open when reading begins, since their records may be the ones that matter.
 * @param onRecord called for each committed record, in the order of each partition
 * @throws the brokers' error; or AbortError when the signal fires
 */
export async function readWholeTopic(topic: string, options: TopicReaderOptions, onRecord: (record: TopicRecord) => void): Promise<void> {
  const ends = new EndReader(topic, options);
  let target: readonly number[];
  try {
    target = await ends.read();
  } finally {
    ends.close();
  }
  const reader = new TopicReader(topic, target, options);
  try {
    await reader.read(onRecord);
  } finally {
    reader.close();
  }
}

/** A client with a queue for its log and errors. */
abstract class ReadingClient {
  protected readonly client: Address;
  protected readonly queue: Address;
  protected handle: Address = 0;
  protected failure: ConnectError | null = null;
  private readonly log: RepeatFilter;

  constructor(
    protected readonly topic: string,
    protected readonly options: TopicReaderOptions,
    settings: LibrdkafkaSettings,
  ) {
    const { lib, ledger, logger } = options;
    this.log = new RepeatFilter(logger, Date.now, { client: 'producer', servers: settings['bootstrap.servers'] ?? '' });
    this.client = createClient(lib, 'reader', settings, 0, ledger);
    this.queue = ownQueue(ledger, () => lib.queueGetMain(this.client));
    guarded(() => {
      lib.setLogQueue(this.client, 0);
      this.handle = lib.topicNew(this.client, topic, 0);
    });
  }

  /** Serves log lines and errors, and waits a little. @throws a permanent error */
  protected async pause(): Promise<void> {
    const { lib, signal } = this.options;
    guarded(() => {
      for (let event = lib.queuePoll(this.queue, 0); event !== 0; event = lib.queuePoll(this.queue, 0)) {
        if (lib.eventType(event) === EVENT.LOG) logEvent(lib, event, this.log);
        else if (lib.eventType(event) === EVENT.ERROR) this.failure ??= hopelessError(lib, this.client, event, this.log) ?? null;
        lib.eventDestroy(event);
      }
    });
    if (this.failure) throw nameSubject(this.failure, { topic: this.topic, operation: 'Read' });
    await sleep(POLL_MS, undefined, { signal });
  }

  /** Hands the client over to be freed. */
  protected giveUp(queues: readonly Address[]): void {
    guarded(() => this.options.lib.topicDestroy(this.handle));
    this.options.ledger.clientGivenUp({ type: 'reader', address: this.client }, queues);
  }
}

/**
 * Asks for the ends of all partitions, open transactions included: a client that reads committed records only is told of an earlier end.
 */
class EndReader extends ReadingClient {
  constructor(topic: string, options: TopicReaderOptions) {
    super(topic, options, { ...options.settings, 'isolation.level': 'read_uncommitted' });
  }

  async read(): Promise<number[]> {
    const { lib } = this.options;
    const count = await this.partitionCount();
    const partitions = Array.from({ length: count }, (_, partition) => ({ topic: this.topic, partition }));
    for (;;) {
      const result = readEnds(lib, this.client, partitions, ENDS_LIMIT_MS);
      if ('ends' in result) return result.ends.map(({ offset }) => offset);
      if (isHopeless(lib, result.error)) throw this.refusal(result.error);
      await this.pause();
    }
  }

  private async partitionCount(): Promise<number> {
    const { lib } = this.options;
    for (;;) {
      const [listed] = guarded(() => readTopics(lib, this.client, this.handle, BLOCKING_LIMIT_MS)) ?? [];
      if (listed && listed.error === RESP_ERR.NO_ERROR && listed.partitions > 0) return listed.partitions;
      // A topic that has just been made is not known to every broker at once.
      if (listed && listed.error !== RESP_ERR.NO_ERROR && !isMissingTopic(lib, listed.error) && isHopeless(lib, listed.error))
        throw this.refusal(listed.error);
      await this.pause();
    }
  }

  private refusal(code: number): ConnectError {
    return nameSubject(kafkaError(this.options.lib, code), { topic: this.topic, operation: 'Read' });
  }

  close(): void {
    this.giveUp([this.queue]);
  }
}

class TopicReader extends ReadingClient {
  private readonly messages: Address;
  /** Partitions whose end has not been reached yet. */
  private readonly open: Set<number>;

  constructor(
    topic: string,
    private readonly ends: readonly number[],
    options: TopicReaderOptions,
  ) {
    super(topic, options, { ...options.settings, 'isolation.level': 'read_committed', 'enable.partition.eof': 'true' });
    const { lib, ledger } = options;
    this.open = new Set(ends.flatMap((end, partition) => (end > 0 ? [partition] : [])));
    this.messages = ownQueue(ledger, () => lib.queueNew(this.client));
    guarded(() => {
      for (const partition of this.open) lib.consumeStartQueue(this.handle, partition, BEGINNING, this.messages);
    });
  }

  async read(onRecord: (record: TopicRecord) => void): Promise<void> {
    const { lib } = this.options;
    const batch = new FetchedBatch(lib, MAX_BATCH, 'all');
    const numbers = {
      numberOf: (_: Address, partition: number) => partition,
      onEnd: (partition: number, offset: number) => {
        if (offset >= (this.ends[partition] ?? 0)) this.open.delete(partition);
      },
      onError: (code: number, text: string) => {
        if (isHopeless(lib, code)) this.failure ??= kafkaError(lib, code, text);
      },
    };
    while (this.open.size > 0) {
      const taken = guarded(() => batch.fill(this.messages, numbers));
      for (let i = 0; i < batch.count; i++)
        onRecord({ key: batch.keys[i] ?? null, value: batch.values.at(i), headers: batch.headers[i] ?? [] });
      if (taken <= 0) await this.pause();
    }
  }

  close(): void {
    guarded(() => {
      for (const partition of this.ends.keys()) this.options.lib.consumeStop(this.handle, partition);
    });
    this.giveUp([this.queue, this.messages]);
  }
}
