/** Errors on the main thread that nothing else has caught. */
import { endAtOnce } from '../libc';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
/** An orderly stop may be broken too, so it has a limit. */
const STOP_LIMIT_MS = 30_000;

/**
 * Resolves with the exit code at the first uncaught error. The worker's state may be wrong from then on, so it stops, in order and with its
 * offsets saved. Errors thrown during that stop are logged.
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

/**
 * Keeps a write to a closed pipe, by a library or by a plugin's `console.log`, from ending the process.
 * @param told is called with each error
 */
export function outliveClosedOutput(told: () => void = () => {}): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', told);
}
