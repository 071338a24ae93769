/** Faults of the file that a source reads: rewritten, cut within characters, endless lines, no descriptors, no permission. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../helpers/processes/child';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { waitFor } from '../../helpers/wait-for';
import { SourceRig } from '../arena/source-rig';
import { type Fault, SOURCE_MODES, scaled } from '../fault';

const rewritten: Fault = {
  name: 'rewritten-file',
  numbers: [16],
  what: 'the file is emptied and grows past the old position before anybody looks: between two polls, and between two lives of the worker, which ended by SIGTERM or `kill -9`',
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const rounds = scaled(trial, { short: 3, usual: 12, long: 60 });
      rig.feeder.append(5000);
      let worker = await rig.start();
      for (let round = 0; round < rounds; round++) {
        await rig.lastLine();
        const rewrite = (): void => rig.feeder.rewrite(5000 + 100 * round);
        if (round % 3 === 0) await whileFrozen(worker, rewrite);
        else {
          await (round % 3 === 1 ? worker.stop() : killWhenSaved(rig, worker));
          rewrite();
          worker = await rig.start();
        }
      }
      return rig.finishClean(`${rounds} times`);
    }),
};

/** With exactly-once the offset file decides nothing, and may be behind. */
async function killWhenSaved(rig: SourceRig, worker: WorkerProcess): Promise<void> {
  if (rig.trial.mode === 'at-least-once') await rig.saved();
  await worker.kill9();
}

async function whileFrozen(worker: WorkerProcess, change: () => void): Promise<void> {
  worker.child.signal('SIGSTOP');
  try {
    change();
  } finally {
    worker.child.signal('SIGCONT');
  }
}

const partialLine: Fault = {
  name: 'unfinished-line',
  numbers: [19],
  what: 'half a line, a pause, then the rest; with a restart, or a `kill -9`, in between',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const pauseMs = scaled(trial, { short: 500, usual: 2000, long: 600_000 });
      const expected: string[] = [];
      let worker = await rig.start();
      for (const restart of ['none', 'SIGTERM', 'SIGKILL'] as const) {
        fs.appendFileSync(rig.file, `whole before ${restart}\nhalf of `);
        await sleep(pauseMs);
        if (restart === 'SIGTERM') await worker.stop();
        if (restart === 'SIGKILL') {
          await waitFor('the commit', () => fs.readFileSync(rig.offsetFile, 'latin1').includes(`:${fs.statSync(rig.file).size - 8}}`));
          await worker.kill9();
        }
        if (restart !== 'none') worker = await rig.start();
        fs.appendFileSync(rig.file, `${restart}\n`);
        expected.push(`whole before ${restart}`, `half of ${restart}`);
      }
      return rig.compare(expected, `${pauseMs / 1000} s`);
    }),
};

/** Two, three and four bytes a character, NULs, and all ways to end a line. */
const TEXTS = ['plain', 'ä und ß', '€ 5', '😀 and 𝄞', 'a\0b\0', '', 'tab\there'];

const splitBytes: Fault = {
  name: 'split-characters',
  numbers: [20],
  what: 'characters of up to four bytes, NULs, LF and CRLF written byte by byte; then a restart at every byte boundary',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const everyByte = scaled(trial, { short: 20, usual: 4, long: 1 });
      const bytes = Buffer.from(TEXTS.map((text, i) => text + (i % 2 === 0 ? '\n' : '\r\n')).join(''));
      let worker = await rig.start();
      for (const byte of bytes) {
        fs.appendFileSync(rig.file, Buffer.of(byte));
        await sleep(3);
      }
      let restarts = 0;
      for (let at = 0; at < bytes.length; at += everyByte) {
        fs.appendFileSync(rig.file, bytes.subarray(at, at + everyByte));
        await worker.stop();
        worker = await rig.start();
        restarts++;
      }
      fs.appendFileSync(rig.file, 'end\n');
      return rig.compare([...TEXTS, ...TEXTS, 'end'], `${restarts} restarts`);
    }),
};

/** What a worker may take at its peak while a line of any length passes. */
const PEAK_MIB = 260;
const MIB = 1 << 20;

const longLines: Fault = {
  name: 'endless-lines',
  numbers: [21],
  what: 'a line of 1 MB, one of 100 MB, and 1 GB without a line end (scaled), with `errors.tolerance=all`: skipped, counted, little memory',
  modes: SOURCE_MODES,
  short: [],
  alone: true,
  run: trial =>
    SourceRig.use(trial, { connector: { 'errors.tolerance': 'all' } }, async rig => {
      const endlessMib = scaled(trial, { short: 50, usual: 300, long: 1024 });
      const million = 'm'.repeat(1_000_000);
      const worker = await rig.start();
      fs.appendFileSync(rig.file, `first\n${million}\n`);
      appendMany(rig.file, 100);
      fs.appendFileSync(rig.file, '\nsecond\n');
      appendMany(rig.file, endlessMib);
      fs.appendFileSync(rig.file, '\nlast\n');
      const outcome = await rig.compare(['first', million, 'second', 'last'], `${endlessMib} MiB without an end`);
      const peak = worker.peakRssKiB / 1024;
      assert(peak < PEAK_MIB, `the worker took ${peak.toFixed(0)} MiB`);
      await worker.waitState('lines', 'RUNNING');
      return { ...outcome, note: `${outcome.note}; at most ${peak.toFixed(0)} MiB` };
    }),
};

/** Appends this many MiB without a line end. */
function appendMany(file: string, mib: number): void {
  const part = Buffer.alloc(MIB, 'x');
  for (let i = 0; i < mib; i++) fs.appendFileSync(file, part);
}

/** A new file takes the name, with the next lines and these permissions from its first moment. */
function rotate(rig: SourceRig, mode: number): void {
  const next = `${rig.file}.next`;
  rig.feeder.rewrite(1000, next);
  fs.chmodSync(next, mode);
  fs.renameSync(rig.file, `${rig.file}.1`);
  fs.renameSync(next, rig.file);
}

const noDescriptors: Fault = {
  name: 'no-descriptors',
  numbers: [23],
  what: 'the worker gets no more file descriptors while its file is rotated and its offsets are due, then it gets them again',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      rig.feeder.append(5000);
      const worker = await rig.start();
      await rig.lastLine();
      const limit = (descriptors: number): Promise<unknown> =>
        runCommand('prlimit', ['--pid', String(worker.pid), `--nofile=${descriptors}:`]);
      await limit(3);
      rig.feeder.append(1000);
      await worker.waitLog(/offset.*too many open files \(EMFILE\)/, { timeoutMs: 60_000 });
      await rig.lastLine();
      rotate(rig, 0o644);
      await worker.waitLog(/new file .*EMFILE/, { timeoutMs: 60_000 });
      await worker.waitState('lines', 'RUNNING');
      await limit(1024);
      await rig.lastLine();
      await rig.saved();
      return rig.finishClean();
    }),
};

const noPermission: Fault = {
  name: 'no-permission',
  numbers: [23],
  what: 'after a rotation the new file may not be read, until somebody allows it',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      rig.feeder.append(5000);
      const worker = await rig.start({}, rig.asNobody());
      await rig.lastLine();
      rotate(rig, 0);
      await worker.waitLog(/EACCES/, { timeoutMs: 60_000 });
      await worker.waitState('lines', 'RUNNING');
      fs.chmodSync(rig.file, 0o644);
      return rig.finishClean();
    }),
};

export const FILE_FAULTS: readonly Fault[] = [rewritten, partialLine, splitBytes, longLines, noDescriptors, noPermission];
