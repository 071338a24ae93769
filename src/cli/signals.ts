/** What the process does on a signal: stop, or read its files again. */
import { isatty } from 'node:tty';
import { endAtOnce } from '../libc';
import { getLogger } from '../log';
import { ONE_WISH_MS } from '../thread/signal-watch';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
/** Exit codes after an orderly stop, as those of a Java process. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** A process on a terminal ends with it; to one without, SIGHUP says that its files have changed. */
const hasTerminal = [0, 1, 2].some(fd => isatty(fd));

/**
 * Resolves with the exit code of the first signal; a second signal, at least a second later, ends the process at once.
 * @param endNow ends the process with an exit code; must not wait for anything
 * @param onHangup called for SIGHUP if the process has no terminal; null if SIGHUP is to stop it all the same
 */
export function stopSignal(endNow: (code: number) => void = endAtOnce, onHangup: (() => void) | null = null): Promise<number> {
  return new Promise(resolve => {
    let askedMs: number | null = null;
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && onHangup && !hasTerminal) {
          onHangup();
          return;
        }
        if (askedMs !== null) {
          if (performance.now() - askedMs >= ONE_WISH_MS) endNow(code);
          return;
        }
        askedMs = performance.now();
        log.info(`Received ${signal}: stopping; a second signal, a second from now or later, ends the process at once`);
        resolve(code);
      });
    }
  });
}
