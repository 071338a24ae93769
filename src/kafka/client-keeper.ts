/** Frees the clients of task threads that have ended, from the main thread and off its event loop. */
import type { ClientKeeper } from '../thread/task-thread-handle';
import { loadLibrdkafka } from './librdkafka';
import { makeWakePipe } from './native-memory';

/** Do not leave the consumer group on the way: whoever wanted to has done so. */
const NO_CONSUMER_CLOSE = 8;

/** @param libraryPath what `findLibrdkafka` has found */
export function createClientKeeper(libraryPath: string): ClientKeeper {
  // The main thread must have the library open before any task thread: the last one to leave would unload it under librdkafka's own threads.
  const lib = loadLibrdkafka(libraryPath);
  return {
    libraryPath,
    makeWakePipe,
    async free(queues, clients) {
      // Queues first: librdkafka waits for ever for a client whose queues are still referenced.
      for (const queue of queues) lib.queueDestroy(queue);
      for (const client of clients) await new Promise<void>(resolve => lib.destroyFlags.async(client, NO_CONSUMER_CLOSE, () => resolve()));
    },
  };
}
