/** Loaded into a worker by `NODE_OPTIONS=--require`: blocks its main thread for ever once the file `BLOCK_WHEN` is there. */
import { existsSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BLOCK_WHEN;
if (isMainThread && file !== undefined) {
  setInterval(() => {
    if (!existsSync(file)) return;
    writeFileSync(`${file}.blocked`, '');
    for (;;);
  }, 20).unref();
}
