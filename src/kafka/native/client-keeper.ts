/** Frees the clients of task threads that have ended, from the main thread and off its event loop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientKeeper } from '../../thread/task-handle';
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
      for (const { type, address } of clients) if (type === 'consumer' && !(await closeConsumer(lib, address))) return;
      // Queues first: librdkafka waits for ever for a client whose queues are still referenced.
      for (const queue of queues) lib.queueDestroy(queue);
      for (const { address } of clients)
        await new Promise<void>(resolve => lib.destroyFlags.async(address, NO_CONSUMER_CLOSE, () => resolve()));
    },
  };
}

/**
 * Leaves the group for a thread that was cut off. librdkafka waits for ever, and busily, for the answer to a rebalance that the thread
 * had taken or had still to take; so every rebalance is answered here. The other members take over at once. Answers are given on a pool
 * thread: librdkafka may keep one waiting for good, and this is the thread that everybody needs.
 * @returns false if librdkafka still holds an answer: then nothing of the client may be freed, it stays until the process ends
 */
async function closeConsumer(lib: Librdkafka, client: Address): Promise<boolean> {
  if (lib.consumerClosed(client) !== 0) return true;
  const queue = lib.queueGetConsumer(client);
  let answering = 0;
  const answer = (): void => {
    answering++;
    lib.assign.async(client, 0, () => answering--);
  };
  const refused = lib.consumerCloseQueue(client, queue);
  if (refused !== 0) lib.errorDestroy(refused);
  answer();
  const busy = (): boolean => lib.consumerClosed(client) === 0 || answering > 0;
  for (const deadlineMs = Date.now() + CLOSE_LIMIT_MS; busy() && Date.now() < deadlineMs; ) {
    const event = lib.queuePoll(queue, 0);
    if (event === 0) await sleep(CLOSE_LOOK_MS);
    else {
      if (lib.eventType(event) === EVENT.REBALANCE) answer();
      lib.eventDestroy(event);
    }
  }
  if (answering > 0) return false;
  lib.queueDestroy(queue);
  return true;
}
