/** Frees the clients of task threads that have ended, from the main thread and off its event loop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientKeeper } from '../../thread/task-handle';
import { type Address, EVENT, type Librdkafka, loadLibrdkafka } from './librdkafka';
import { makeWakePipe } from './native-memory';

/** Destroy without leaving the consumer group: a consumer that was closed has left it already. */
const NO_CONSUMER_CLOSE = 8;
const CLOSE_POLL_MS = 5;
const CLOSE_LIMIT_MS = 2000;

/** @param libraryPath the result of `findLibrdkafka` */
export function createClientKeeper(libraryPath: string): ClientKeeper {
  // The main thread must open the library before any task thread: otherwise the last task thread to end would unload it under librdkafka's
  // own threads.
  const lib = loadLibrdkafka(libraryPath);
  return {
    libraryPath,
    makeWakePipe,
    async free(queues, clients) {
      for (const { type, address } of clients) if (type === 'consumer' && !(await closeConsumer(lib, address))) return;
      // Queues first: destroying a client whose queues are still referenced never returns.
      for (const queue of queues) lib.queueDestroy(queue);
      for (const { address } of clients)
        await new Promise<void>(resolve => lib.destroyFlags.async(address, NO_CONSUMER_CLOSE, () => resolve()));
    },
  };
}

/**
 * Leaves the group for a thread that was cut off. librdkafka waits for ever, in a busy loop, until a rebalance is confirmed that the thread
 * had taken from its queue or had still to take; so every rebalance is confirmed here, and the other members take over at once. This
 * happens on a pool thread: librdkafka may block the call for good, and the main thread is needed.
 * @returns false if librdkafka still blocks a call: then the client must not be freed and stays until the process ends
 */
async function closeConsumer(lib: Librdkafka, client: Address): Promise<boolean> {
  if (lib.consumerClosed(client) !== 0) return true;
  const queue = lib.queueGetConsumer(client);
  let confirming = 0;
  const confirm = (): void => {
    confirming++;
    lib.assign.async(client, 0, () => confirming--);
  };
  const refused = lib.consumerCloseQueue(client, queue);
  if (refused !== 0) lib.errorDestroy(refused);
  confirm();
  const busy = (): boolean => lib.consumerClosed(client) === 0 || confirming > 0;
  for (const deadlineMs = Date.now() + CLOSE_LIMIT_MS; busy() && Date.now() < deadlineMs; ) {
    const event = lib.queuePoll(queue, 0);
    if (event === 0) await sleep(CLOSE_POLL_MS);
    else {
      if (lib.eventType(event) === EVENT.REBALANCE) confirm();
      lib.eventDestroy(event);
    }
  }
  if (confirming > 0) return false;
  lib.queueDestroy(queue);
  return true;
}
