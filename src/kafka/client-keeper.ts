/** Frees the clients of task threads that have ended, from the main thread and off its event loop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientKeeper } from '../thread/task-handle';
import { type Address, EVENT, type Librdkafka, loadLibrdkafka } from './librdkafka';
import { makeWakePipe } from './native-memory';

/** Do not leave the consumer group on the way: whoever wanted to has done so. */
const NO_CONSUMER_CLOSE = 8;
const CLOSE_LOOK_MS = 5;
const CLOSE_LIMIT_MS = 2000;

/** @param libraryPath what `findLibrdkafka` has found */
export function createClientKeeper(libraryPath: string): ClientKeeper {
  // The main thread must have the library open before any task thread: the last one to leave would unload it under librdkafka's own threads.
  const lib = loadLibrdkafka(libraryPath);
  return {
    libraryPath,
    makeWakePipe,
    async free(queues, clients) {
      for (const { type, address } of clients) if (type === 'consumer') await closeConsumer(lib, address);
      // Queues first: librdkafka waits for ever for a client whose queues are still referenced.
      for (const queue of queues) lib.queueDestroy(queue);
      for (const { address } of clients)
        await new Promise<void>(resolve => lib.destroyFlags.async(address, NO_CONSUMER_CLOSE, () => resolve()));
    },
  };
}

/**
 * Leaves the group for a thread that was cut off. librdkafka waits for ever, and busily, for the answer to a rebalance that the thread
 * had taken or had still to take; so every rebalance is answered here. The other members take over at once.
 */
async function closeConsumer(lib: Librdkafka, client: Address): Promise<void> {
  if (lib.consumerClosed(client) !== 0) return;
  const queue = lib.queueGetConsumer(client);
  const refused = lib.consumerCloseQueue(client, queue);
  if (refused !== 0) lib.errorDestroy(refused);
  lib.assign(client, 0);
  for (const deadlineMs = Date.now() + CLOSE_LIMIT_MS; lib.consumerClosed(client) === 0 && Date.now() < deadlineMs; ) {
    const event = lib.queuePoll(queue, 0);
    if (event === 0) await sleep(CLOSE_LOOK_MS);
    else {
      if (lib.eventType(event) === EVENT.REBALANCE) lib.assign(client, 0);
      lib.eventDestroy(event);
    }
  }
  lib.queueDestroy(queue);
}
