/** How a worker in the background tells `-daemon`, which waits for it, that it has started. */
import fs from 'node:fs';

/** Names the descriptor by which a worker in the background says that it has started. */
export const STARTED_FD = 'CONNECT_STANDALONE_STARTED_FD';
export const FD = 3;

/** Says to the `-daemon` that has started this process, if one has, that it may go. */
export function tellStarted(): void {
  const fd = Number(process.env[STARTED_FD]);
  delete process.env[STARTED_FD];
  if (fd !== FD) return;
  try {
    fs.writeSync(fd, 'started');
    fs.closeSync(fd);
  } catch {
    // nobody waits any more
  }
}
