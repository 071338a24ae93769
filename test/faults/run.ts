/**
 * `npm run faults [NAME...]`: runs the faults of that name, or all of them, against a real broker, and prints a table. The exit code is
 * 0 only if every fault holds. After `--`: `--long` for waits and numbers that are not scaled down, `--mode MODE` for one mode only,
 * `--list` for the names, `--readme` to put the lines of this run into the table of README.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { inRepository } from '../helpers/paths';
import { Arena } from './arena';
import { FAULTS } from './catalogue';
import type { Fault, Mode, Scale } from './fault';
import { faultList, faultTable, holds, putIntoReadme, type Row } from './report';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function runFault(fault: Fault, mode: Mode, scale: Scale, arena: Arena): Promise<Row> {
  say(`${fault.name} (${mode}): ${fault.what}`);
  const began = performance.now();
  const outcome = await fault.run({ mode, scale, arena }).catch((error: unknown) => ({
    error: error instanceof Error ? error.message : String(error),
  }));
  const row = { fault, mode, outcome, seconds: (performance.now() - began) / 1000 };
  const counts = 'error' in outcome ? outcome.error : JSON.stringify(outcome);
  say(`  ${holds(row) ? 'holds' : 'DOES NOT HOLD'} after ${row.seconds.toFixed(1)} s: ${counts}`);
  return row;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      long: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      readme: { type: 'boolean', default: false },
      mode: { type: 'string' },
    },
  });
  if (values.list) {
    process.stdout.write(`${faultList(FAULTS)}\n`);
    return;
  }
  const unknown = positionals.filter(name => !FAULTS.some(fault => fault.name === name));
  if (unknown.length > 0) throw new Error(`no such fault: ${unknown.join(', ')}; there are ${FAULTS.map(({ name }) => name).join(', ')}`);
  const wanted = FAULTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  if (values.readme && values.long) throw new Error('--readme is for runs without --long');
  const arena = new Arena();
  const rows: Row[] = [];
  try {
    for (const fault of wanted) {
      for (const mode of fault.modes.filter(each => values.mode === undefined || each === values.mode))
        rows.push(await runFault(fault, mode, values.long ? 'long' : 'usual', arena));
    }
  } finally {
    await arena.stop();
  }
  process.stdout.write(`${faultTable(rows)}\n`);
  const minutes = rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  say(`${rows.filter(holds).length} of ${rows.length} hold, in ${minutes.toFixed(1)} minutes`);
  if (values.readme) {
    const file = inRepository('README.md');
    writeFileSync(file, putIntoReadme(readFileSync(file, 'utf8'), FAULTS, rows));
  }
  if (!rows.every(holds)) process.exitCode = 1;
}

main().catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
