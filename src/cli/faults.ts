/** What nothing else catches on the main thread. */
import { endAtOnce } from '../libc';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
/** A fault may also have broken the way to the end. */
const STOP_LIMIT_MS = 30_000;

/**
 * Resolves with the exit code when something has thrown that nobody caught: what the worker knows may be wrong from then on, so it stops, in
 * order and with its offsets saved. What is thrown on the way is logged.
 */
export function uncaughtFault(code: number): Promise<number> {
  return new Promise(resolve => {
    process.on('uncaughtException', error => {
      log.error('Uncaught error of the worker itself: stopping. Please report it', error);
      setTimeout(endAtOnce, STOP_LIMIT_MS, code).unref();
      resolve(code);
    });
  });
}

/** Whoever writes to a closed pipe must not end the process: not a library, not the `console.log` of a plugin. @param told of each error */
export function outliveClosedOutput(told: () => void = () => {}): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', told);
}
