import { Worker } from 'node:worker_threads';

const COLLECTION = require.resolve('../../src/thread/rest-collection');
const LOOK_EVERY_MS = 100;

/** Works until it is told to rest, beside 30 MB that nobody needs any more but that only a full collection finds; posts the size of its heap. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  const v8 = require('node:v8');
  let garbage = [];
  for (let i = 0; i < 300; i++) garbage.push(new Array(12_500).fill(i));
  garbage = null;
  require(${JSON.stringify(COLLECTION)}).collectAtRest(() => {}, ${LOOK_EVERY_MS});
  let working = true;
  const work = () => {
    for (const endMs = performance.now() + 20; performance.now() < endMs; );
    if (working) setImmediate(work);
  };
  work();
  parentPort.on('message', message => {
    if (message === 'rest') working = false;
    else parentPort.postMessage(v8.getHeapStatistics().used_heap_size / 1e6);
  });
`;

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

test('a thread at rest has given back what its start left, one that works has not', async () => {
  const worker = new Worker(THREAD, { eval: true });
  const heapMB = (): Promise<number> =>
    new Promise(resolve => {
      worker.once('message', resolve);
      worker.postMessage('size');
    });
  try {
    const startMB = await heapMB();
    await pause(5 * LOOK_EVERY_MS);
    expect(await heapMB()).toBeGreaterThan(startMB - 10);
    worker.postMessage('rest');
    for (const endMs = Date.now() + 10_000; (await heapMB()) > startMB - 20 && Date.now() < endMs; ) await pause(LOOK_EVERY_MS);
    expect(await heapMB()).toBeLessThan(startMB - 20);
    // the collection has left no session behind that holds the thread up
    await pause(2 * LOOK_EVERY_MS);
    expect(await heapMB()).toBeLessThan(startMB - 20);
  } finally {
    await worker.terminate();
  }
});
