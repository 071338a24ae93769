/** The command line: arguments, start, signals, exit codes (org.apache.kafka.connect.cli.ConnectStandalone). */
import { Command, CommanderError } from 'commander';
import { javaClassName, toError } from './errors';
import { getLogger } from './log';
import { LogWriter } from './log-writer';
import { Standalone, type StandaloneOptions } from './standalone';

const log = getLogger('org.apache.kafka.connect.cli.ConnectStandalone');

/** Exit codes of the Java worker; `failed` is ours, for `--drain` with something that has failed. */
const EXIT = { ok: 0, usage: 1, failed: 1, configuration: 2, start: 3 } as const;
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;
const REST_LATE_MS = 50;
const CONNECT_VERSION = '4.3.0';

interface Arguments {
  readonly workerFile: string;
  readonly connectorFiles: readonly string[];
  readonly embeddedBroker: boolean;
  readonly drain: boolean;
}

function makeCommand(): Command {
  const { version } = require('../../package.json') as { version: string };
  return new Command('connect-standalone')
    .usage('[options] worker.properties [connector1.properties connector2.json ...]')
    .argument('[worker.properties]', 'settings of the worker')
    .argument('[connectors...]', 'connector files: properties, or JSON as for POST /connectors')
    .option('--embedded-broker', 'start a small Kafka broker inside this process (also: bootstrap.servers=embedded)', false)
    .option('--drain', 'end when the sources have nothing more and everything is delivered', false)
    .version(`connect-standalone ${version} (behaves as Kafka Connect ${CONNECT_VERSION})`, '--version')
    .helpOption('--help', 'show this text')
    .exitOverride();
}

/** @returns the arguments, or the exit code when the command line was all there was to do */
function parseArguments(argv: readonly string[]): Arguments | number {
  const command = makeCommand();
  if (argv.length === 0 || argv.includes('--help')) {
    process.stdout.write(`Usage: ${command.name()} ${command.usage()}\n${command.helpInformation().split('\n').slice(1).join('\n')}`);
    return EXIT.usage;
  }
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.code === 'commander.version' ? EXIT.ok : EXIT.usage;
    throw error;
  }
  const [workerFile = '', ...connectorFiles] = command.args;
  const options = command.opts<{ embeddedBroker: boolean; drain: boolean }>();
  return { workerFile, connectorFiles, ...options };
}

/** Runs the worker until it is told to stop. @returns the exit code */
async function run(args: Arguments, writer: LogWriter): Promise<number> {
  let standalone: Standalone;
  const stop = stopSignal();
  try {
    const options: StandaloneOptions = { ...args, logSink: writer.sink };
    standalone = await Standalone.build(options);
  } catch (error) {
    log.error(`Stopping due to error: ${summary(error)}`, error);
    return EXIT.configuration;
  }
  try {
    await standalone.start();
  } catch (error) {
    log.error('Failed to start Connect', error);
    await standalone.stop();
    return EXIT.start;
  }
  const created = createConnectors(standalone, args.connectorFiles);
  // The tasks come first: loading the REST server takes longer than starting a few connectors.
  await Promise.race([created, new Promise(resolve => setTimeout(resolve, REST_LATE_MS))]);
  await Promise.all([standalone.serve(), writer.start()]);
  if (!(await created)) {
    log.error('Stopping after connector error');
    await standalone.stop();
    return EXIT.start;
  }
  standalone.herder.setReady();
  const code = await Promise.race([stop, ...(args.drain ? [whenDrained(standalone)] : [])]);
  await standalone.stop();
  return code;
}

/** Creates connectors one after the other. @returns false after the first that cannot be created */
async function createConnectors(standalone: Standalone, files: readonly string[]): Promise<boolean> {
  for (const file of files) {
    try {
      await standalone.createConnector(file);
    } catch (error) {
      log.error(`Failed to create connector for ${file}: ${summary(error)}`, error);
      return false;
    }
  }
  return true;
}

async function whenDrained(standalone: Standalone): Promise<number> {
  await standalone.herder.drained();
  const failures = standalone.herder.failures();
  if (failures.length === 0) return EXIT.ok;
  log.error(`Not everything was delivered: ${failures.join(', ')} failed; see the trace above.`);
  return EXIT.failed;
}

/** Resolves with the exit code of the first signal; a second one ends the process at once. */
function stopSignal(): Promise<number> {
  return new Promise(resolve => {
    let asked = false;
    for (const [signal, code] of Object.entries(SIGNALS)) {
      process.on(signal, () => {
        if (asked) process.exit(code);
        asked = true;
        resolve(code);
      });
    }
  });
}

function summary(error: unknown): string {
  const { message } = toError(error);
  return `${javaClassName(toError(error))}: ${message}`;
}

/**
 * The command `connect-standalone`.
 * @param argv arguments without the program's name
 */
export async function main(argv: readonly string[]): Promise<void> {
  const args = parseArguments(argv);
  if (typeof args === 'number') {
    process.exitCode = args;
    return;
  }
  const writer = new LogWriter();
  writer.install();
  const code = await run(args, writer);
  await writer.start();
  process.exit(code);
}
