/**
 * `npm run faults [NAME...]`: runs the faults of that name, or all of them, against real brokers, and prints a table. The exit code is
 * 0 only if every fault holds. After `--`: `--long` for waits and numbers that are not scaled down, `--short` for the part of
 * `npm test`, `--mode MODE` for one mode only, `--lanes N` for how many run at a time, `--list` for the names, `--readme` to put the
 * lines of this run into the table of its page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAULTS_PAGE, inRepository } from '../helpers/paths';
import { endTidilyOnSignals } from './arena/interrupt';
import { FAULTS } from './catalogue';
import { type Job, runInLanes } from './lanes';
import { faultList, faultTable, holds, putIntoReadme, type Row } from './report';

/** More would make the machine slow rather than the suite fast: with three, two cores are busy. */
const LANES = 3;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Says what begins and ends, with the time since the start and how many are over. */
class Progress {
  private readonly began = performance.now();
  private over = 0;

  constructor(private readonly total: number) {}

  get minutes(): number {
    return (performance.now() - this.began) / 60_000;
  }

  begin({ fault, mode }: Job): void {
    this.say(`begins: ${fault.name} (${mode}): ${fault.what}`);
  }

  end({ fault, mode }: Job, row: Row): void {
    this.over++;
    const counts = 'error' in row.outcome ? row.outcome.error : JSON.stringify(row.outcome);
    this.say(`${holds(row) ? 'holds' : 'DOES NOT HOLD'}: ${fault.name} (${mode}) after ${row.seconds.toFixed(1)} s: ${counts}`);
  }

  private say(text: string): void {
    const seconds = Math.floor((performance.now() - this.began) / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    say(`[${clock} ${this.over}/${this.total}] ${text}`);
  }
}

/** @throws Error for a name that no fault has */
function jobsOf(names: readonly string[], mode: string | undefined, short: boolean): Job[] {
  const unknown = names.filter(name => !FAULTS.some(fault => fault.name === name));
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(', ')}; there are ${FAULTS.map(({ name }) => name).join(', ')}`);
  const all = FAULTS.flatMap(fault => (short ? fault.short : fault.modes).map(each => ({ fault, mode: each })));
  return all.filter(job => (names.length === 0 || names.includes(job.fault.name)) && (mode === undefined || job.mode === mode));
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      mode: { type: 'string' },
      lanes: { type: 'string', default: String(LANES) },
    },
  });
  if (values.list) {
    process.stdout.write(`${faultList(FAULTS)}\n`);
    return;
  }
  if (values.readme && (values.long || values.short)) throw new Error('--readme is for runs without --long and --short');
  const jobs = jobsOf(positionals, values.mode, values.short);
  endTidilyOnSignals();
  const progress = new Progress(jobs.length);
  const rows = await runInLanes(jobs, {
    lanes: Number(values.lanes),
    scale: values.long ? 'long' : values.short ? 'short' : 'usual',
    onBegin: job => progress.begin(job),
    onEnd: (job, row) => progress.end(job, row),
  });
  process.stdout.write(`${faultTable(rows)}\n`);
  say(`${rows.filter(holds).length} of ${rows.length} hold, in ${progress.minutes.toFixed(1)} minutes`);
  if (values.readme) {
    const file = inRepository(FAULTS_PAGE);
    writeFileSync(file, putIntoReadme(readFileSync(file, 'utf8'), FAULTS, rows));
  }
  if (!rows.every(holds)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
