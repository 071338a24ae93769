/** What the process does when it is told to end. */
import fs from 'node:fs';
import { isatty } from 'node:tty';
import { getLogger } from '../log';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');
/** Exit codes after an orderly stop, as those of a Java process. */
const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Resolves with the exit code of the first signal; a second one ends the process at once. */
export function stopSignal(): Promise<number> {
  return new Promise(resolve => {
    let asked = false;
    for (const [signal, code] of Object.entries(CODES)) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && isUnderNohup()) return;
        if (asked) process.exit(code);
        asked = true;
        log.info(`Received ${signal}: stopping; once more ends the process at once`);
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
