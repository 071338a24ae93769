/** The command line: arguments, start, signals, exit codes (org.apache.kafka.connect.cli.ConnectStandalone). */
import { type Arguments, optionHint, parseArguments } from './cli/arguments';
import { stopSignal } from './cli/signals';
import { endAtOnce } from './libc';
import { getLogger } from './log';
import { LogWriter } from './log-writer';
import type { Standalone } from './standalone/standalone';
import { watchSignals } from './thread/signal-watch';
import { type SpareThread, startSpareThread } from './thread/spare-thread';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** Exit codes of the Java worker; `failed` is ours, for `--drain` with something that has failed. */
const EXIT = { ok: 0, failed: 1, configuration: 2, start: 3 } as const;
/** How long the REST API may wait for the first task. */
const REST_LATE_MS = 150;
/** How long nothing may be seen of a worker that waits for its broker. */
const SILENT_MS = 500;

/** How the program ends. */
interface Ending {
  readonly code: number;
  /** False when something native still runs that the usual end of a process would wait for. */
  readonly clean: boolean;
}

/** Runs the worker until it is told to stop. */
async function run(args: Arguments, writer: LogWriter, spareThread: SpareThread | null): Promise<Ending> {
  const { workerFile } = args;
  const stop = stopSignal();
  const stopped = stop.then(code => ({ code }));
  let standalone: Standalone;
  try {
    const waiting = setTimeout(() => void writer.start(), SILENT_MS);
    const { Standalone: Worker } = require('./standalone/standalone') as typeof import('./standalone/standalone');
    const built = await Promise.race([Worker.build({ ...args, logSink: writer.sink, spareThread }), stopped]);
    clearTimeout(waiting);
    // Nothing has been moved yet; waiting for a broker that does not answer must not delay the end.
    if ('code' in built) return { code: built.code, clean: false };
    standalone = built;
  } catch (error) {
    report('Stopping due to error: ', error, workerFile, optionHint(workerFile));
    return { code: EXIT.configuration, clean: true };
  }
  const code = await serve(standalone, args, writer, stop);
  return { code, clean: await standalone.stop() };
}

/** From the start to the wish to end. @returns the exit code */
async function serve(standalone: Standalone, args: Arguments, writer: LogWriter, stop: Promise<number>): Promise<number> {
  const stopped = stop.then(code => ({ code }));
  try {
    await standalone.start();
  } catch (error) {
    report('Failed to start Connect: ', error, args.workerFile);
    return EXIT.start;
  }
  const created = createConnectors(standalone, args.connectorFiles);
  const late = new Promise(resolve => setTimeout(resolve, REST_LATE_MS));
  // The first record comes first: loading the REST server takes longer than starting a few connectors.
  const hurry =
    args.connectorFiles.length === 0 ? true : await Promise.race([standalone.firstTaskUp, stopped, created.then(ok => ok && late), late]);
  if (hurry !== false) await Promise.all([standalone.serve(), writer.start()]);
  watchSignals();
  // A signal counts also while a connector takes its time to start.
  const outcome = await Promise.race([created, stopped]);
  if (outcome === false) log.error('Stopping after connector error');
  else if (outcome === true) standalone.herder.setReady();
  return typeof outcome === 'object' ? outcome.code : outcome ? untilEnd(standalone, stop, args.drain) : EXIT.start;
}

function untilEnd(standalone: Standalone, stop: Promise<number>, drain: boolean): Promise<number> {
  return Promise.race([stop, ...(drain ? [whenDrained(standalone)] : [])]);
}

/** Creates connectors one after the other. @returns false after the first that cannot be created */
async function createConnectors(standalone: Standalone, files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    try {
      await standalone.createConnector(file);
    } catch (error) {
      report(`Failed to create connector for ${file}: `, error, '', optionHint(file));
      return false;
    }
  }
  await standalone.restoreConnectors();
  return true;
}

async function whenDrained(standalone: Standalone): Promise<number> {
  await standalone.herder.drained();
  const failures = standalone.herder.failures();
  if (failures.length === 0) return EXIT.ok;
  log.error(`Not everything was delivered: ${failures.join(', ')} failed; see the trace above.`);
  return EXIT.failed;
}

/**
 * Logs a failure in one line. Java adds a trace to everything; here it follows only where the mistake may be ours or a plugin's, and
 * for users' mistakes at level DEBUG.
 */
function report(what: string, error: unknown, where: string, hint = ''): void {
  const { failureText, isUsersMistake, remedyFor } = require('./cli/start-failure') as typeof import('./cli/start-failure');
  const { WORKER_DEF } = require('./config/worker-keys') as typeof import('./config/worker-keys');
  const text = failureText(error, where);
  const remedy = error instanceof Error ? remedyFor(error.message, WORKER_DEF.keys) : '';
  log.error(`${what}${text}${remedy}${hint}`, isUsersMistake(error) && !log.isEnabled('DEBUG') ? undefined : error);
}

/**
 * The command `connect-standalone`.
 * @param argv arguments without the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === '-daemon') {
    const { startDaemon } = require('./cli/daemon') as typeof import('./cli/daemon');
    startDaemon(argv.slice(1));
    return;
  }
  const args = parseArguments(argv);
  if ('code' in args) {
    process.stdout.write(args.text);
    process.exitCode = args.code;
    return;
  }
  // Before anything else is loaded; without connectors there is no hurry, and a thread takes memory.
  const spareThread = args.connectorFiles.length > 0 ? startSpareThread() : null;
  const writer = new LogWriter();
  writer.install();
  const { code, clean } = await run(args, writer, spareThread);
  await writer.start();
  if (!clean) endAtOnce(code);
  process.exit(code);
}
