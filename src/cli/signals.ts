/** What the process does when it is told to end. */
import fs from 'node:fs';
import { isatty } from 'node:tty';
import { endAtOnce } from '../libc';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
/** Exit codes after an orderly stop, as those of a Java process. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
/** `timeout`, `npm` and process managers signal the process and its group: what comes within this time is the same wish. */
const SAME_WISH_MS = 1000;

/**
 * Resolves with the exit code of the first signal; one that comes a second or more later ends the process at once.
 * @param endNow ends the process with an exit code; must not wait for anything
 */
export function stopSignal(endNow: (code: number) => void = endAtOnce): Promise<number> {
  return new Promise(resolve => {
    let askedMs: number | null = null;
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && isUnderNohup()) return;
        if (askedMs !== null) {
          if (performance.now() - askedMs >= SAME_WISH_MS) endNow(code);
          return;
        }
        askedMs = performance.now();
        log.info(`Received ${signal}: stopping; once more, a second from now or later, ends the process at once`);
        resolve(code);
      });
    }
  });
}

/**
 * True if the process was started to outlive its terminal. Node forgets at its start that nohup had SIGHUP ignored, so it is seen from
 * what else nohup does: nothing is connected to the terminal, and the output goes to a file.
 */
function isUnderNohup(): boolean {
  return !isatty(0) && !isatty(1) && fs.fstatSync(1).isFile();
}
