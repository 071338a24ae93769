/**
 * A producer in bulk: batches of byte ranges go to librdkafka in one call, acknowledgements come back as one event a message
 * set. Lives in the thread of its task; every call returns at once.
 */

import { PARTITION_UNASSIGNED } from '../../data/batch/record-batch';
import { topicNameProblem } from '../../data/topic-name';
import type { ConnectError } from '../../errors';
import type { Logger } from '../../log';
import { guarded } from '../../thread/gate';
import {
  type DeliveryListener,
  MAX_BATCH_MESSAGES,
  type OutletTransactions,
  type Rejection,
  type TopicOutlet,
  type TopicState,
} from '../clients/record-outlet';
import { type ClientLedger, createClient, fatalError, hopelessError, type LibrdkafkaSettings, logEvent, ownQueue } from '../native/client';
import { brokerError, isNoFaultOfRecord, kafkaError, nameSubject, refusalOf, takeError } from '../native/kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from '../native/librdkafka';
import { MESSAGE } from '../native/message-layout';
import { readTopics } from '../native/metadata';
import { addressOf, allocateWords, copyMemory, joinAddress } from '../native/native-memory';
import { RepeatFilter } from '../native/repeat-filter';
import { ProduceArguments, putText } from './produce-arguments';
import { ProducerTransactions } from './producer-transactions';
import type { WireBatch } from './wire-batch';

const MSG_F_COPY = 2;
const PURGE_ALL = 1 | 2;
const BLOCKING_LIMIT_MS = 100;
/** Room made at first; most tasks need no more. */
const FIRST_BATCH_MESSAGES = 64;
/** Delivery reports taken from an event in one call. */
const MAX_REPORTS = 1024;

export class KafkaProducer implements TopicOutlet {
  inFlight = 0;
  private inFlightBytes = 0;
  private released = false;
  private readonly client: Address;
  private readonly queue: Address;
  private readonly topics = new Map<string, Address>();
  private readonly partitionCounts = new Map<string, number>();
  /** Records as librdkafka takes many of them in one call. */
  private messages = allocateWords(MESSAGE.words * FIRST_BATCH_MESSAGES);
  private readonly pointers = allocateWords(2 * MAX_REPORTS);
  private readonly delivered = allocateWords(MESSAGE.words);
  private readonly arguments = new ProduceArguments();
  private readonly maxMessages: number;
  private readonly maxBytes: number;
  private readonly log: RepeatFilter;

  /**
   * @param wakeFd librdkafka writes one byte there when `poll` has something to do; null for nobody who sleeps
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    private readonly ledger: ClientLedger,
    wakeFd: number | null,
    logger: Logger,
  ) {
    this.log = new RepeatFilter(logger, Date.now, { client: 'producer', servers: settings['bootstrap.servers'] ?? '' });
    this.maxMessages = Number(settings['queue.buffering.max.messages'] ?? 100_000);
    this.maxBytes = Number(settings['queue.buffering.max.kbytes'] ?? 1_048_576) * 1024;
    this.client = createClient(lib, 'producer', settings, EVENT.DELIVERY, ledger);
    this.queue = ownQueue(ledger, () => lib.queueGetMain(this.client));
    guarded(() => {
      lib.setLogQueue(this.client, 0);
      if (wakeFd !== null) lib.queueIoEventEnable(this.queue, wakeFd, WAKE_BYTE, 1);
    });
  }

  /**
   * Without metadata there is no producer id, and without that librdkafka lets the first record of an idempotent producer wait for 500 ms.
   */
  warmUp(topic: string | null): void {
    if (topic !== null && topicNameProblem(topic) === undefined) this.topicState(topic);
    else guarded(() => readTopics(this.lib, this.client, null, BLOCKING_LIMIT_MS));
  }

  topicState(topic: string): TopicState | null | undefined {
    const listed = guarded(() => readTopics(this.lib, this.client, this.topic(topic), BLOCKING_LIMIT_MS));
    const state = listed && (listed[0]?.error === RESP_ERR.NO_ERROR ? listed[0] : null);
    if (state) this.partitionCounts.set(topic, state.partitions);
    return state;
  }

  knownPartitions(topic: string): number | undefined {
    return this.partitionCounts.get(topic);
  }

  room(bytesEach: number): number {
    const byCount = this.maxMessages - this.inFlight;
    const byBytes = Math.floor((this.maxBytes - this.inFlightBytes) / Math.max(1, bytesEach));
    // An empty queue takes any one record, also one that is larger than the whole queue should be.
    return this.inFlight === 0 ? Math.max(1, Math.min(byCount, byBytes)) : Math.min(byCount, byBytes);
  }

  send(batch: WireBatch, from: number, count: number, rejections: Rejection[]): number {
    return guarded(() =>
      batch.needsCalls ? this.sendEach(batch, from, count, rejections) : this.sendTogether(batch, from, count, rejections),
    );
  }

  /** In one call, which takes keys and values. */
  private sendTogether(batch: WireBatch, from: number, count: number, rejections: Rejection[]): number {
    const total = Math.min(count, MAX_BATCH_MESSAGES);
    const bytes = this.layOut(batch, from, total);
    const taken = this.lib.produceBatch(this.topic(batch.topics.at(from)), PARTITION_UNASSIGNED, MSG_F_COPY, this.messages.buffer, total);
    this.inFlight += taken;
    this.inFlightBytes += bytes;
    return taken === total ? total : this.sortOutRefused(batch, from, total, rejections);
  }

  /** Lays records out as messages. @returns the bytes of their keys and values */
  private layOut({ values, keys, slots }: WireBatch, from: number, total: number): number {
    const needed = MESSAGE.words * total;
    if (this.messages.words.length < needed) this.messages = allocateWords(Math.min(needed * 2, MESSAGE.words * MAX_BATCH_MESSAGES));
    const { words } = this.messages;
    const valuesAt = addressOf(values.bytes);
    const keysAt = addressOf(keys.bytes);
    let bytes = 0;
    for (let n = 0; n < total; n++) {
      const at = n * MESSAGE.words;
      words[at + MESSAGE.err] = 0;
      bytes += putText(words, at + MESSAGE.payload, values, valuesAt, from + n);
      bytes += putText(words, at + MESSAGE.key, keys, keysAt, from + n);
      words[at + MESSAGE.opaque] = slots[from + n] as number;
    }
    return bytes;
  }

  private sortOutRefused(batch: WireBatch, from: number, total: number, rejections: Rejection[]): number {
    const { words } = this.messages;
    const topic = batch.topics.at(from);
    let handled = total;
    for (let n = 0; n < total; n++) {
      const code = (words[n * MESSAGE.words + MESSAGE.err] as number) | 0;
      if (code === RESP_ERR.NO_ERROR) continue;
      this.inFlightBytes -= batch.sizeOf(from + n, 1);
      // After the first full queue librdkafka refuses all that follow, so order is kept.
      if (code === RESP_ERR.QUEUE_FULL) handled = Math.min(handled, n);
      else if (isNoFaultOfRecord(this.lib, code)) throw this.errorOf(code, topic);
      else rejections.push({ index: from + n, error: this.errorOf(code, topic) });
    }
    return handled;
  }

  /** With a call for each, which takes all that a record may have. */
  private sendEach(batch: WireBatch, from: number, count: number, rejections: Rejection[]): number {
    const topic = batch.topics.at(from);
    this.arguments.aim(batch, this.topic(topic));
    let handled = 0;
    while (handled < count && this.produce(batch, from + handled, topic, rejections)) handled++;
    return handled;
  }

  /** @returns false when the queue is full */
  private produce(batch: WireBatch, i: number, topic: string, rejections: Rejection[]): boolean {
    const count = this.arguments.fill(batch, i);
    const error = this.lib.produceVa(this.client, this.arguments.address, count);
    if (error === 0) {
      this.inFlight++;
      this.inFlightBytes += batch.sizeOf(i, 1);
      return true;
    }
    const code = this.lib.errorCode(error);
    const taken = takeError(this.lib, error);
    if (taken && isNoFaultOfRecord(this.lib, code)) throw this.errorOf(code, topic);
    if (code === RESP_ERR.QUEUE_FULL || taken === undefined) return false;
    rejections.push({ index: i, error: nameSubject(taken, { topic, operation: 'Write' }) });
    return true;
  }

  poll(listener: DeliveryListener): void {
    if (this.released) return;
    guarded(() => {
      for (let event = this.lib.queuePoll(this.queue, 0); event !== 0; event = this.lib.queuePoll(this.queue, 0)) {
        try {
          this.serveEvent(event, listener);
        } finally {
          this.lib.eventDestroy(event);
        }
      }
    });
  }

  private serveEvent(event: Address, listener: DeliveryListener): void {
    const type = this.lib.eventType(event);
    if (type === EVENT.DELIVERY) this.takeDeliveries(event, listener);
    else if (type === EVENT.LOG) logEvent(this.lib, event, this.log);
    else if (type === EVENT.ERROR) {
      const error = hopelessError(this.lib, this.client, event, this.log);
      if (error) listener.onFailure(error);
    }
  }

  private takeDeliveries(event: Address, listener: DeliveryListener): void {
    const { words, address } = this.delivered;
    for (;;) {
      const count = this.lib.eventMessageArray(event, this.pointers.buffer, MAX_REPORTS);
      if (count === 0) return;
      for (let i = 0; i < count; i++) {
        copyMemory(address, joinAddress(this.pointers.words, 2 * i), MESSAGE.bytes);
        const code = (words[MESSAGE.err] as number) | 0;
        this.inFlightBytes -= (words[MESSAGE.length] as number) + (words[MESSAGE.keyLength] as number);
        const error = code === RESP_ERR.NO_ERROR ? undefined : this.deliveryError(code);
        if (listener.onPurged && (code === RESP_ERR.PURGE_QUEUE || code === RESP_ERR.PURGE_INFLIGHT))
          listener.onPurged(words[MESSAGE.opaque] as number);
        // Not the fault of this record, and the next would fare no better: nothing that could be left out.
        else if (error && isNoFaultOfRecord(this.lib, code)) listener.onFailure(error);
        else
          listener.onDelivery(
            words[MESSAGE.opaque] as number,
            error,
            words[MESSAGE.partition] as number,
            joinAddress(words, MESSAGE.offset),
          );
      }
      this.inFlight -= count;
    }
  }

  /** The error of a record for a topic; where the client itself has failed, why. */
  private errorOf(code: number, topic: string): ConnectError {
    const isFatal = String(this.lib.errorName(code)) === '_FATAL';
    const fatal = isFatal ? fatalError(this.lib, this.client) : undefined;
    return fatal ?? nameSubject(kafkaError(this.lib, code), { topic, operation: 'Write' });
  }

  /**
   * The error of the record in `delivered`. rd_kafka_message_produce_errstr cannot be asked for the broker's words: librdkafka has freed
   * them when the report comes (rd_kafka_Produce_result_destroy in its rdkafka_request.c), so they are said here.
   */
  private deliveryError(code: number): ConnectError {
    const { words } = this.delivered;
    const topic = String(this.lib.topicName(joinAddress(words, MESSAGE.topic)));
    const hasKey = joinAddress(words, MESSAGE.key) !== 0;
    const reason = refusalOf(String(this.lib.errorName(code)), `${topic}-${words[MESSAGE.partition]}`, hasKey);
    return reason === undefined ? this.errorOf(code, topic) : brokerError(this.lib, code, reason);
  }

  transactions(): OutletTransactions {
    return new ProducerTransactions(this.lib, this.client);
  }

  /** The client itself is freed by the keeper of the ledger. */
  release(): void {
    this.released = true;
    guarded(() => {
      this.lib.purge(this.client, PURGE_ALL);
      for (const topic of this.topics.values()) this.lib.topicDestroy(topic);
      this.topics.clear();
    });
  }

  giveUp(): void {
    this.release();
    this.ledger.clientGivenUp({ type: 'producer', address: this.client }, [this.queue]);
  }

  private topic(name: string): Address {
    let topic = this.topics.get(name);
    if (topic === undefined) {
      topic = this.lib.topicNew(this.client, name, 0);
      if (topic === 0) throw kafkaError(this.lib, RESP_ERR.INVALID_ARG, `Invalid topic name: ${name}`);
      this.topics.set(name, topic);
    }
    return topic;
  }
}

const WAKE_BYTE = Buffer.from('x');
