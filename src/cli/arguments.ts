/** The command line of `connect-standalone`: its parser, and the texts of --help and --version. */
import type { Command } from 'commander';
import { nearestKey } from '../config/validation/nearest-key';
import { KAFKA_VERSION, PRODUCT_VERSION } from '../version';

/** What the command line asks for. */
export interface Arguments {
  /** Path of the worker file; empty for none. */
  readonly workerFile: string;
  readonly connectorFiles: readonly string[];
  readonly embeddedBroker: boolean;
  readonly drain: boolean;
}

/** A text to show before ending, and the exit code. */
export interface ShowAndExit {
  readonly text: string;
  readonly code: number;
  /** What was missing, if the text was not asked for. */
  readonly why?: string;
}

const USAGE = '[-daemon] [options] worker.properties [connector1.properties connector2.json ...]';
/** As in Java, where `--help` counts as a failure to start. */
const HELP_CODE = 1;
const OPTIONS = ['--embedded-broker', '--drain', '--version', '--help', '-daemon'];
const HELP = ['--help', '-h'];

/**
 * Reads the arguments. An unknown option counts as the name of a file, as in Java: the worker then reports that there is no such file (exit
 * code 2, or 3 after the worker file).
 */
export function parseArguments(argv: readonly string[]): Arguments | ShowAndExit {
  // Loading commander takes 10 ms, which a command line of files alone does not need.
  const onlyFiles = argv.length > 0 && argv.every(argument => !argument.startsWith('-'));
  if (onlyFiles) return toArguments(argv, { embeddedBroker: false, drain: false });
  const command = makeCommand();
  if (argv.length === 0 || argv.some(argument => HELP.includes(argument))) return { text: helpText(command), code: HELP_CODE };
  if (argv.includes('--version')) return { text: `${command.version()}\n`, code: 0 };
  command.parse(argv, { from: 'user' });
  if (command.args.length === 0) {
    return { text: helpText(command), code: HELP_CODE, why: `${argv.join(' ')}: the worker file is missing, e.g. worker.properties` };
  }
  return toArguments(command.args, command.opts<{ embeddedBroker: boolean; drain: boolean }>());
}

/** A hint for a missing file whose name looks like an option; empty for any other. */
export function optionHint(file: string): string {
  if (!file.startsWith('-')) return '';
  const nearest = nearestKey(file, OPTIONS);
  return ` There is no option ${file} either${nearest === undefined ? '' : `, did you mean ${nearest}?`}; see connect-standalone --help.`;
}

function toArguments(
  [workerFile = '', ...connectorFiles]: readonly string[],
  options: { embeddedBroker: boolean; drain: boolean },
): Arguments {
  return { workerFile, connectorFiles, embeddedBroker: options.embeddedBroker, drain: options.drain };
}

function helpText(command: Command): string {
  return `${command.helpInformation()}
-daemon as the first argument runs the worker in the background and waits until it has
started; its output goes to connectStandalone.out in the folder $LOG_DIR (default: logs).
`;
}

function makeCommand(): Command {
  const { Command: CommandClass } = require('commander') as typeof import('commander');
  return new CommandClass('connect-standalone')
    .usage(USAGE)
    .argument('[worker.properties]', 'settings of the worker')
    .argument('[connectors...]', 'connector files: properties, or JSON as for POST /connectors')
    .option('--embedded-broker', 'start a small Kafka broker inside this process (also: bootstrap.servers=embedded)', false)
    .option('--drain', 'end when the sources have nothing more and everything is delivered', false)
    .version(`connect-standalone ${PRODUCT_VERSION} (behaves as Kafka Connect ${KAFKA_VERSION})`, '--version', 'show the version')
    .helpOption('-h, --help', 'show this text')
    .allowUnknownOption();
}
