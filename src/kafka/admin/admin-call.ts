/** What calls of librdkafka's admin API share: options, arrays of pointers as arguments and results, names as C strings. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address, Librdkafka } from '../native/librdkafka';
import { readTopics } from '../native/metadata';
import { addressOf, copyMemory, readBytes } from '../native/native-memory';

/** rd_kafka_admin_op_t: any operation. */
const ANY_OPERATION = 0;
const POINTER_BYTES = 8;
/** How often to poll for the result of a call. */
const RESULT_POLL_MS = 4;
/** Metadata without any broker is requested again after this time. */
const ASK_BROKERS_EVERY_MS = 500;
const METADATA_WAIT_MS = 1;
/** Size of a buffer for the text of an error. */
export const ERROR_TEXT_BYTES = 512;

/** Starts a call with options that set its time limit; librdkafka copies them. */
export function startAdminCall(lib: Librdkafka, client: Address, timeoutMs: number, start: (options: Address) => void): void {
  const errorText = Buffer.alloc(ERROR_TEXT_BYTES);
  const options = lib.adminOptionsNew(client, ANY_OPERATION);
  lib.adminOptionsSetTimeout(options, timeoutMs, errorText, ERROR_TEXT_BYTES);
  start(options);
  lib.adminOptionsDestroy(options);
}

/**
 * Waits between polls for the result of a call. A broker that has just started, or was suspended, reports for a moment that the cluster has
 * no brokers. librdkafka then refreshes metadata only after `metadata.max.age.ms`, and the call would wait for a controller until it times
 * out; so metadata is requested here.
 */
export class ResultPauses {
  private askedMs = performance.now();

  constructor(
    private readonly lib: Librdkafka,
    private readonly client: Address,
  ) {}

  /** Requests metadata when there has been no result for a while. Blocks for a millisecond at most. */
  askForBrokers(): void {
    if (performance.now() - this.askedMs < ASK_BROKERS_EVERY_MS) return;
    readTopics(this.lib, this.client, null, METADATA_WAIT_MS);
    this.askedMs = performance.now();
  }

  /** Waits until the next poll. */
  pause(): Promise<void> {
    return sleep(RESULT_POLL_MS);
  }
}

/** An array of one pointer. */
export function pointerTo(address: Address): Buffer {
  const pointer = Buffer.alloc(POINTER_BYTES);
  pointer.writeBigUInt64LE(BigInt(address));
  return pointer;
}

/** The first element of an array of pointers. @param array sets the number of elements and returns the array */
export function firstElement(array: (count: Buffer) => Address): Address {
  const pointer = Buffer.allocUnsafeSlow(POINTER_BYTES);
  copyMemory(addressOf(pointer), array(Buffer.alloc(POINTER_BYTES)), POINTER_BYTES);
  return Number(pointer.readBigUInt64LE());
}

/** All elements of an array of pointers, as `firstElement` takes it. */
export function allElements(array: (count: Buffer) => Address): Address[] {
  const size = Buffer.alloc(POINTER_BYTES);
  const address = array(size);
  const pointers = readBytes(address, Number(size.readBigUInt64LE()) * POINTER_BYTES);
  return Array.from({ length: pointers.length / POINTER_BYTES }, (_, i) => Number(pointers.readBigUInt64LE(i * POINTER_BYTES)));
}

/** Runs `use` with an array of one C string, which is gone afterwards: the callee has to copy it. */
export function withName<T>(name: string, use: (names: Buffer) => T): T {
  const bytes = Buffer.from(`${name}\0`, 'utf8');
  try {
    return use(pointerTo(addressOf(bytes)));
  } finally {
    // A pointer keeps nothing alive: without this use after the call, the text could be collected during it.
    bytes.fill(0);
  }
}
