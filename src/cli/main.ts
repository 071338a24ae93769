/** The command line: arguments, start, signals, exit codes (org.apache.kafka.connect.cli.ConnectStandalone). */

import { asSentence } from '../errors';
import { endAtOnce, trimHeaps } from '../libc';
import { getLogger } from '../log';
import { LogWriter } from '../log-writer';
import { collectAtRest } from '../thread/rest-collection';
import { startSignalWatcher } from '../thread/signal-watcher';
import { type SpareThread, startSpareThread } from '../thread/spare-thread';
import type { Standalone } from '../worker/worker';
import { type Arguments, optionHint, parseArguments } from './arguments';
import { outliveClosedOutput, uncaughtFault } from './faults';
import { sayLast } from './last-words';
import { stopSignal } from './signals';
import { tellStarted } from './tell-started';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** Exit codes of the Java worker; `failed` is ours: for `--drain` after which something has failed, and for faults of the worker itself. */
const EXIT = { ok: 0, failed: 1, configuration: 2, start: 3 } as const;
/** How long the REST API may wait for the first task. */
const REST_LATE_MS = 150;
/** How long a worker that waits for its broker may show nothing. */
const SILENT_MS = 500;
/** How long writing the last log lines may take if their reader is slow or gone. */
const LOG_END_MS = 1000;

/** The exit code, and why. */
interface Outcome {
  readonly code: number;
  /** What kept the worker from starting or from delivering everything; absent if nothing is wrong. */
  readonly why?: string;
}

/** How the program ends. */
interface Ending extends Outcome {
  /** False if a native call still runs, for which the usual end of a process would wait. */
  readonly clean: boolean;
}

/** Runs the worker until it is told to stop. */
async function run(args: Arguments, writer: LogWriter, spareThread: SpareThread | null): Promise<Ending> {
  const { workerFile } = args;
  let serving: Standalone | null = null;
  const signal = stopSignal(endAtOnce, () => void serving?.reload());
  // Task threads watch for a second signal, but they end during the stop.
  void signal.then(() => startSignalWatcher(Date.now()));
  const stop = Promise.race([signal, uncaughtFault(EXIT.failed)]);
  const stopped = stop.then(code => ({ code }));
  let standalone: Standalone;
  try {
    const waiting = setTimeout(() => void writer.start(), SILENT_MS);
    const { Standalone: Worker } = require('../worker/worker') as typeof import('../worker/worker');
    const built = await Promise.race([Worker.build({ ...args, logSink: writer.sink, spareThread }), stopped]);
    clearTimeout(waiting);
    // No record was moved yet; waiting for a broker that does not answer must not delay the end.
    if ('code' in built) return { code: built.code, clean: false };
    standalone = built;
    serving = built;
  } catch (error) {
    return { ...whyNotBuilt(error, workerFile), clean: true };
  }
  const outcome = await serve(standalone, args, writer, stop);
  const { isFreed, isSaved } = await standalone.stop();
  if (isSaved || outcome.code !== EXIT.ok) return { ...outcome, clean: isFreed };
  const why = 'Everything was delivered, but offsets could not be saved, so that it will be sent again; see the trace above.';
  log.error(why);
  return { code: EXIT.failed, why, clean: isFreed };
}

function whyNotBuilt(error: unknown, workerFile: string): Outcome {
  const { UnusableConnectorFile } = require('../worker/files/given-connectors') as typeof import('../worker/files/given-connectors');
  if (error instanceof UnusableConnectorFile) return { code: EXIT.start, why: reportConnector(error.file, error.cause) };
  return { code: EXIT.configuration, why: report('Stopping due to error: ', error, workerFile, optionHint(workerFile)) };
}

/** From the start until the worker is to stop. */
async function serve(standalone: Standalone, args: Arguments, writer: LogWriter, stop: Promise<number>): Promise<Outcome> {
  const stopped = stop.then(code => ({ code }));
  try {
    await standalone.start();
  } catch (error) {
    return { code: EXIT.start, why: report('Failed to start Connect: ', error, args.workerFile) };
  }
  const created = createConnectors(standalone, args.connectorFiles);
  const late = new Promise(resolve => setTimeout(resolve, REST_LATE_MS));
  // The first record comes first: loading what writes the log takes longer than starting a few connectors.
  const hurry =
    args.connectorFiles.length === 0
      ? true
      : await Promise.race([standalone.firstTaskUp, stopped, created.then(why => why === null && late), late]);
  // Before the port is open: from then on a user may expect signals to work.
  if (!standalone.hasTaskThreads) startSignalWatcher(null);
  if (hurry !== false) {
    standalone.serve();
    await writer.start();
  }
  collectAtRest(trimHeaps);
  // A signal also counts while a connector is starting.
  const outcome = await Promise.race([created, stopped]);
  if (outcome !== null && typeof outcome === 'object') return outcome;
  if (outcome !== null) {
    log.error('Stopping after connector error');
    return { code: EXIT.start, why: outcome };
  }
  standalone.herder.setReady();
  tellStarted();
  return Promise.race([stopped, ...(args.drain ? [whenDrained(standalone)] : [])]);
}

/** Creates connectors one after the other. @returns what is wrong with the first that cannot be created; null if all were */
async function createConnectors(standalone: Standalone, files: readonly string[]): Promise<string | null> {
  for (const file of files) {
    try {
      await standalone.createConnector(file);
    } catch (error) {
      return reportConnector(file, error);
    }
  }
  await standalone.restoreConnectors();
  return null;
}

async function whenDrained(standalone: Standalone): Promise<Outcome> {
  await standalone.herder.drained();
  const failures = standalone.herder.failures();
  if (failures.length === 0) return { code: EXIT.ok };
  const why = `Not everything was delivered: ${failures.join(', ')} failed; see the trace above.`;
  log.error(why);
  return { code: EXIT.failed, why };
}

/**
 * Logs a failure in one line, even if it has several reasons. Java always adds a trace; here one follows only if the fault may be ours or a
 * plugin's, and for a user's mistake at level DEBUG.
 * @returns the failure alone, without the trace and the sentence before it
 */
function report(what: string, error: unknown, where: string, hint = ''): string {
  const { failureText, inOneLine, isUsersMistake, remedyFor } = require('./start-failure') as typeof import('./start-failure');
  const { WORKER_DEF } = require('../config/keys/worker-keys') as typeof import('../config/keys/worker-keys');
  const { UnusableWorkerSettings } = require('../worker/settings/findings') as typeof import('../worker/settings/findings');
  const errors: readonly unknown[] = error instanceof UnusableWorkerSettings ? error.errors : [error];
  const texts = errors.map((each, i) => {
    return `${failureText(each, i === 0 ? where : '')}${remedyFor(each, WORKER_DEF.keys)}`;
  });
  const failure = inOneLine(texts);
  const text = hint === '' ? failure : `${asSentence(failure)}${hint}`;
  log.error(`${what}${text}`, isUsersMistake(error) && !log.isEnabled('DEBUG') ? undefined : error);
  return text;
}

function reportConnector(file: string, error: unknown): string {
  const what = `Failed to create connector for ${file}: `;
  return what + report(what, error, '', optionHint(file));
}

/**
 * The command `connect-standalone`.
 * @param argv arguments without the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === '-daemon') {
    const { startDaemon } = require('./daemon') as typeof import('./daemon');
    const { code, why } = await startDaemon(argv.slice(1));
    if (why !== undefined) sayLast(why);
    process.exit(code);
  }
  const args = parseArguments(argv);
  if ('code' in args) {
    outliveClosedOutput();
    process.stdout.write(args.text);
    if (args.why !== undefined) sayLast(args.why);
    process.exitCode = args.code;
    return;
  }
  // Before anything else is loaded. Without connector files there is no hurry, and a thread costs memory.
  const spareThread = args.connectorFiles.length > 0 ? startSpareThread() : null;
  const writer = new LogWriter();
  writer.install();
  outliveClosedOutput();
  const { code, clean, why } = await run(args, writer, spareThread);
  const written = await writer.end(LOG_END_MS);
  if (why !== undefined) sayLast(why);
  if (!clean || !written) endAtOnce(code);
  process.exit(code);
}
