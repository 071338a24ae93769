/**
 * `npm start`: shows the main use on an embedded broker. A real file goes through a topic into a sink file, with live counts, until Ctrl-C;
 * with `--drain` until all of it has arrived, when both files must have the same SHA-256.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { ConnectError, toError } from '../errors';
import { type LogEntry, layoutLine, setLogSink } from '../log';
import { Standalone } from '../worker/worker';
import { outliveClosedOutput, uncaughtFault } from './faults';
import { stopSignal } from './signals';
import { failureText, isUsersMistake } from './start-failure';

const EXAMPLE = path.join(__dirname, '..', '..', '..', 'examples', 'quickstart');
const LF = 10;
const CR = 13;
const SHOW_EVERY_MS = 250;
const LINE_EVERY_MS = 1000;

interface Job {
  readonly input: string;
  readonly output: string;
  readonly worker: string;
  readonly connectors: readonly string[];
}

/** Creates a folder that is removed when the process ends, except by kill -9. */
function makeFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'connect-standalone-'));
  process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * Copies the example's files into a folder, with the paths of this run; the input too unless another is given, since people append to it.
 * @param given the file to move; null for the example's
 */
function prepare(folder: string, given: string | null): Job {
  const input = given ?? path.join(folder, 'input.txt');
  if (given === null) fs.copyFileSync(path.join(EXAMPLE, 'input.txt'), input);
  const output = path.join(folder, 'output.txt');
  const copy = (name: string, changes: Readonly<Record<string, string>>): string => {
    let text = fs.readFileSync(path.join(EXAMPLE, name), 'latin1');
    for (const [key, value] of Object.entries(changes))
      text = text.replace(new RegExp(`^${key}=.*$`, 'm'), () => `${key}=${escaped(value)}`);
    fs.writeFileSync(path.join(folder, name), text, 'latin1');
    return path.join(folder, name);
  };
  return {
    input,
    output,
    worker: copy('worker.properties', {
      'offset\\.storage\\.file\\.filename': path.join(folder, 'connect.offsets'),
      listeners: 'http://127.0.0.1:0',
    }),
    connectors: [copy('source.properties', { file: input }), copy('sink.properties', { file: output })],
  };
}

/** A path as a value of a properties file. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replace(/[^ -~]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Warnings and errors only, so that the counts stay visible. */
function showProblems(entry: LogEntry): void {
  if (['WARN', 'ERROR', 'FATAL'].includes(entry.level)) process.stderr.write(`\n${layoutLine(entry)}\n`);
}

/** Shows how far source and sink are: in place on a terminal, otherwise as one line a second. */
function showCounts(standalone: Standalone, startedMs: number): () => void {
  const line = (): string => {
    const counts = { source: { records: 0, bytes: 0 }, sink: { records: 0, bytes: 0 } };
    for (const { kind, records, bytes } of standalone.herder.progress()) {
      counts[kind].records += records;
      counts[kind].bytes += bytes;
    }
    const seconds = (Date.now() - startedMs) / 1000;
    const show = ({ records, bytes }: { records: number; bytes: number }): string =>
      `${records.toLocaleString('en')} records (${(bytes / 1e6).toFixed(1)} MB)`;
    return `${seconds.toFixed(1)} s  file -> topic ${show(counts.source)}  topic -> file ${show(counts.sink)}`;
  };
  const inPlace = process.stdout.isTTY === true;
  const timer = setInterval(
    () => process.stdout.write(inPlace ? `\r${line()}\x1b[K` : `${line()}\n`),
    inPlace ? SHOW_EVERY_MS : LINE_EVERY_MS,
  );
  return () => {
    clearInterval(timer);
    process.stdout.write(`${inPlace ? '\r' : ''}${line()}\n`);
  };
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** @returns true if both files are the same, byte for byte */
async function compare({ input, output }: Job): Promise<boolean> {
  const [before, after] = await Promise.all([sha256(input), sha256(output)]);
  process.stdout.write(`SHA-256 of the input   ${before}\nSHA-256 of the output  ${after}\n`);
  if (before === after) process.stdout.write('Every byte has arrived.\n');
  else process.stderr.write(`The files differ. ${whyDifferent(input)}\n`);
  return before === after;
}

/** Reasons for a difference that are no fault. */
function whyDifferent(input: string): string {
  const last = lastByte(input);
  if (last !== undefined && last !== LF && last !== CR)
    return 'A last line without a line end is held back: it is not a record until its line end is written. End the file with a line end.';
  return 'Line ends of CR become LF, and bytes that are not UTF-8 become U+FFFD, as with the Java worker; anything else is a fault.';
}

function lastByte(file: string): number | undefined {
  const fd = fs.openSync(file, 'r');
  try {
    const size = fs.fstatSync(fd).size;
    const buffer = Buffer.alloc(1);
    return size > 0 && fs.readSync(fd, buffer, 0, 1, size - 1) === 1 ? buffer[0] : undefined;
  } finally {
    fs.closeSync(fd);
  }
}

function showNextSteps(): void {
  const example = path.relative(process.cwd(), EXAMPLE) || '.';
  process.stdout.write(
    '\nNext, with your own files and broker (change bootstrap.servers, file and topic):\n' +
      `  cp -r ${example} my-connect && cd my-connect\n` +
      '  npm install -g ' +
      `${path.resolve(__dirname, '..', '..', '..')}\n` +
      '  connect-standalone worker.properties source.properties sink.properties\n',
  );
}

/** Resolves when the output is closed: without its counts this program is of no use. */
async function outputClosed(): Promise<void> {
  return new Promise(resolve => process.stdout.on('error', () => resolve()));
}

/** @returns the path @throws ConnectException if there is no readable file */
function readable(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) throw new ConnectError('ConnectException', `${file} (No such file or directory)`);
  if (stat.isDirectory()) throw new ConnectError('ConnectException', `${file} (Is a directory)`);
  fs.accessSync(file, fs.constants.R_OK);
  return path.resolve(file);
}

async function run(job: Job, drain: boolean): Promise<number> {
  const stopped = Promise.race([stopSignal(code => process.exit(code)), uncaughtFault(1), ...(drain ? [] : [outputClosed()])]);
  const interrupted = stopped.then(() => 'interrupted' as const);
  const standalone = await Standalone.build({ workerFile: job.worker, embeddedBroker: true, drain, logSink: showProblems });
  await standalone.start();
  process.stdout.write(`${job.input} -> topic connect-test on an embedded broker -> ${job.output}\n`);
  const startedMs = Date.now();
  for (const connector of job.connectors) await standalone.createConnector(connector);
  await standalone.serve();
  standalone.herder.setReady();
  const stopShowing = showCounts(standalone, startedMs);
  if (!drain) process.stdout.write(`Append lines to the input to see them pass; Ctrl-C ends. REST API: ${standalone.url}\n`);
  const end = await Promise.race([interrupted, ...(drain ? [standalone.herder.drained()] : [])]);
  stopShowing();
  const failures = standalone.herder.failures();
  await standalone.stop();
  if (failures.length > 0) process.stderr.write(`Failed: ${failures.join(', ')}\n`);
  const same = !drain || (end !== 'interrupted' && (await compare(job)));
  showNextSteps();
  return failures.length === 0 && same ? 0 : 1;
}

async function main(): Promise<void> {
  const command = new Command('npm start --')
    .description('Moves a file through a topic of an embedded broker into another file.')
    .argument('[file]', 'the file to move; by default a copy of examples/quickstart/input.txt')
    .option('--drain', 'end when everything has arrived; exit code 0 only if input and output are the same', false)
    .parse();
  setLogSink(showProblems);
  outliveClosedOutput();
  const [file] = command.args;
  const given = file === undefined ? null : readable(file);
  process.exit(await run(prepare(makeFolder(), given), command.opts<{ drain: boolean }>().drain));
}

main().catch(error => {
  process.stderr.write(`${isUsersMistake(error) ? failureText(error, '') : toError(error).stack}\n`);
  process.exit(1);
});
