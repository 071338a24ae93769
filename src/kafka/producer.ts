/**
 * A producer in bulk: batches of byte ranges go to librdkafka in one call, acknowledgements come back as one event a message
 * set. Lives in the thread of its task; every call returns at once.
 */

import { NULL_TEXT, type PackedTexts } from '../data/packed-texts';
import type { ConnectError } from '../errors';
import type { Logger } from '../log';
import { guarded } from '../thread/gate';
import { type ClientLedger, createClient, fatalError, hopelessError, type LibrdkafkaSettings, logEvent, ownQueue } from './client';
import { isNoFaultOfRecord, kafkaError, nameSubject, takeError } from './kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from './librdkafka';
import { MESSAGE } from './message-layout';
import { readTopics } from './metadata';
import { addressOf, allocateWords, copyMemory, joinAddress, splitAddress } from './native-memory';
import { RepeatFilter } from './repeat-filter';

/** rd_kafka_vu_t: 72 bytes, the union begins at byte 8. */
const VU = { words: 18, end: 0, rkt: 2, partition: 3, value: 4, key: 5, opaque: 6, flags: 7, timestamp: 8, header: 9 } as const;
const MSG_F_COPY = 2;
const PARTITION_UNASSIGNED = -1;
/** Messages handed over in one call; more gives nothing and costs memory. */
export const MAX_BATCH_MESSAGES = 4096;
const PURGE_ALL = 1 | 2;
const BLOCKING_LIMIT_MS = 100;

/** One record in its wire form. Buffers are copied before the call returns. */
export interface WireRecord {
  readonly topic: string;
  readonly partition: number | null;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: number | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
}

export interface DeliveryListener {
  /**
   * A record has its final answer.
   * @param slot what the caller gave the record
   * @param error undefined when the broker has acknowledged it
   */
  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void;
  /** The client has failed in a way that no waiting cures. */
  onFailure(error: ConnectError): void;
}

/** A record that librdkafka refused at once; final, no delivery follows. */
export interface Rejection {
  readonly index: number;
  readonly error: ConnectError;
}

export class KafkaProducer {
  /** Records handed over and not yet answered. */
  inFlight = 0;
  private inFlightBytes = 0;
  private readonly client: Address;
  private readonly queue: Address;
  private readonly topics = new Map<string, Address>();
  private readonly batch = allocateWords(MESSAGE.words * MAX_BATCH_MESSAGES);
  private readonly pointers = allocateWords(2 * MAX_BATCH_MESSAGES);
  private readonly delivered = allocateWords(MESSAGE.words);
  private vus = allocateWords(VU.words * 16);
  private headerNames: readonly Buffer[] = [];
  private readonly maxMessages: number;
  private readonly maxBytes: number;
  private readonly log: RepeatFilter;

  /**
   * @param wakeFd librdkafka writes one byte there when `poll` has something to do
   * @throws ConfigException, KafkaException
   */
  constructor(
    private readonly lib: Librdkafka,
    settings: LibrdkafkaSettings,
    ledger: ClientLedger,
    wakeFd: number,
    logger: Logger,
  ) {
    this.log = new RepeatFilter(logger);
    this.maxMessages = Number(settings['queue.buffering.max.messages'] ?? 100_000);
    this.maxBytes = Number(settings['queue.buffering.max.kbytes'] ?? 1_048_576) * 1024;
    this.client = createClient(lib, 'producer', settings, EVENT.DELIVERY, ledger);
    this.queue = ownQueue(ledger, () => lib.queueGetMain(this.client));
    guarded(() => {
      lib.setLogQueue(this.client, 0);
      lib.queueIoEventEnable(this.queue, wakeFd, WAKE_BYTE, 1);
    });
  }

  /**
   * Asks for the topic's metadata, so that the producer id is there when the first record is: without it librdkafka lets the
   * first record of an idempotent producer wait for 500 ms. Blocks for 100 ms at most.
   */
  warmUp(topic: string): void {
    this.topicState(topic);
  }

  /** What the brokers say of a topic, or undefined if none answered within 100 ms. */
  topicState(topic: string): 'exists' | 'unknown' | undefined {
    const listed = guarded(() => readTopics(this.lib, this.client, this.topic(topic), BLOCKING_LIMIT_MS));
    return listed && (listed[0]?.error === RESP_ERR.NO_ERROR ? 'exists' : 'unknown');
  }

  /** How many more records, with this many bytes on average, fit into the queue now. */
  room(bytesEach: number): number {
    const byCount = this.maxMessages - this.inFlight;
    const byBytes = Math.floor((this.maxBytes - this.inFlightBytes) / Math.max(1, bytesEach));
    // An empty queue takes any one record, also one that is larger than the whole queue should be.
    return this.inFlight === 0 ? Math.max(1, Math.min(byCount, byBytes)) : Math.min(byCount, byBytes);
  }

  /**
   * Hands over texts `from .. from + count` as values without key. Their memory may be reused when the call returns.
   * @param slots slot of each of them, reported on delivery
   * @param rejections receives the texts that were refused for good
   * @returns how many were handled (taken or refused); fewer than `count` when the queue is full: `poll`, then try the rest
   * @throws KafkaException when the client takes no records any more
   */
  sendTexts(topic: string, texts: PackedTexts, from: number, count: number, slots: Int32Array, rejections: Rejection[]): number {
    const total = Math.min(count, MAX_BATCH_MESSAGES);
    return guarded(() => {
      const bytes = this.fillBatch(texts, from, total, slots);
      const taken = this.lib.produceBatch(this.topic(topic), PARTITION_UNASSIGNED, MSG_F_COPY, this.batch.buffer, total);
      this.inFlight += taken;
      this.inFlightBytes += bytes;
      return taken === total ? total : this.sortOutRefused(topic, texts, from, total, rejections);
    });
  }

  /** Lays texts out as messages. @returns their bytes */
  private fillBatch(texts: PackedTexts, from: number, total: number, slots: Int32Array): number {
    const { words } = this.batch;
    const base = addressOf(texts.bytes);
    let bytes = 0;
    for (let n = 0; n < total; n++) {
      const at = n * MESSAGE.words;
      const length = texts.lengths[from + n] as number;
      const isNull = length === NULL_TEXT;
      words[at + MESSAGE.err] = 0;
      splitAddress(words, at + MESSAGE.payload, isNull ? 0 : base + (texts.starts[from + n] as number));
      words[at + MESSAGE.length] = isNull ? 0 : length;
      words[at + MESSAGE.opaque] = slots[n] as number;
      bytes += isNull ? 0 : length;
    }
    return bytes;
  }

  private sortOutRefused(topic: string, texts: PackedTexts, from: number, total: number, rejections: Rejection[]): number {
    const { words } = this.batch;
    let handled = total;
    for (let n = 0; n < total; n++) {
      const code = (words[n * MESSAGE.words + MESSAGE.err] as number) | 0;
      if (code === RESP_ERR.NO_ERROR) continue;
      this.inFlightBytes -= Math.max(0, texts.lengths[from + n] as number);
      // After the first full queue librdkafka refuses all that follow, so order is kept.
      if (code === RESP_ERR.QUEUE_FULL) handled = Math.min(handled, n);
      else if (isNoFaultOfRecord(this.lib, code)) throw this.errorOf(code, topic);
      else rejections.push({ index: from + n, error: this.errorOf(code, topic) });
    }
    return handled;
  }

  /**
   * Hands over one record of any kind.
   * @returns true when taken, false when the queue is full (`poll`, then try again), or the error that refuses it for good
   * @throws KafkaException when the client takes no records any more
   */
  sendRecord(record: WireRecord, slot: number): boolean | ConnectError {
    return guarded(() => this.produce(record, slot));
  }

  private produce(record: WireRecord, slot: number): boolean | ConnectError {
    // Kept in a member: librdkafka is given their addresses only, which do not keep them alive through the call.
    this.headerNames = record.headers.map(header => Buffer.from(`${header.key}\0`));
    const error = this.lib.produceVa(
      this.client,
      this.fillVus(record, slot, this.headerNames),
      6 + record.headers.length + (record.timestamp === null ? 0 : 1),
    );
    if (error === 0) {
      this.inFlight++;
      this.inFlightBytes += (record.key?.length ?? 0) + (record.value?.length ?? 0);
      return true;
    }
    const code = this.lib.errorCode(error);
    const taken = takeError(this.lib, error);
    if (taken && isNoFaultOfRecord(this.lib, code)) throw this.errorOf(code, record.topic);
    return code === RESP_ERR.QUEUE_FULL || taken === undefined ? false : nameSubject(taken, { topic: record.topic, operation: 'Write' });
  }

  /** Lays a record out as rd_kafka_vu_t; record and names must stay alive until the call has returned. */
  private fillVus(record: WireRecord, slot: number, names: readonly Buffer[]): Buffer {
    const count = 7 + record.headers.length;
    if (this.vus.words.length < count * VU.words) this.vus = allocateWords(2 * count * VU.words);
    const { words } = this.vus;
    let at = 0;
    const next = (type: number, a: number, b = 0, c = 0): void => {
      words[at] = type;
      splitAddress(words, at + 2, a);
      splitAddress(words, at + 4, b);
      splitAddress(words, at + 6, c);
      at += VU.words;
    };
    const memory = (type: number, bytes: Buffer | null): void => next(type, bytes ? pointerTo(bytes) : 0, bytes?.length ?? 0);
    next(VU.rkt, this.topic(record.topic));
    next(VU.partition, 0);
    words[at - VU.words + 2] = (record.partition ?? PARTITION_UNASSIGNED) >>> 0;
    memory(VU.value, record.value);
    memory(VU.key, record.key);
    next(VU.opaque, slot);
    next(VU.flags, MSG_F_COPY);
    if (record.timestamp !== null) next(VU.timestamp, record.timestamp);
    record.headers.forEach((header, i) => {
      next(VU.header, pointerTo(names[i] as Buffer), header.value ? pointerTo(header.value) : 0, header.value?.length ?? 0);
    });
    return this.vus.buffer;
  }

  /** Serves what has come in: deliveries, errors, log lines. Never waits. */
  poll(listener: DeliveryListener): void {
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
      const count = this.lib.eventMessageArray(event, this.pointers.buffer, MAX_BATCH_MESSAGES);
      if (count === 0) return;
      for (let i = 0; i < count; i++) {
        copyMemory(address, joinAddress(this.pointers.words, 2 * i), MESSAGE.bytes);
        const code = (words[MESSAGE.err] as number) | 0;
        this.inFlightBytes -= (words[MESSAGE.length] as number) + (words[MESSAGE.keyLength] as number);
        const error =
          code === RESP_ERR.NO_ERROR ? undefined : this.errorOf(code, String(this.lib.topicName(joinAddress(words, MESSAGE.topic))));
        // Not the fault of this record, and the next would fare no better: nothing that could be left out.
        if (error && isNoFaultOfRecord(this.lib, code)) listener.onFailure(error);
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

  /** Gives up what was not acknowledged, and lets go of the topics. The client itself is freed by the keeper of the ledger. */
  release(): void {
    guarded(() => {
      this.lib.purge(this.client, PURGE_ALL);
      for (const topic of this.topics.values()) this.lib.topicDestroy(topic);
      this.topics.clear();
    });
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
const EMPTY = Buffer.allocUnsafeSlow(1);

/** Address of a buffer's bytes; an empty buffer still is not NULL, which would mean a null value. */
function pointerTo(bytes: Buffer): number {
  return addressOf(bytes.length === 0 ? EMPTY : bytes);
}
