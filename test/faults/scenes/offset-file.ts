/** Faults of the offset file: a process that dies while it saves, a damaged file, a disk that takes nothing, a clock that jumps. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';
import { planEnv } from '../arena/fault-plan';
import { makeReadOnly, onSmallDisk, unmount } from '../arena/small-disk';
import { SourceRig } from '../arena/source-rig';
import { type Fault, type Outcome, SOURCE_MODES, scaled, type Trial } from '../fault';

/** Not the first: by then every file beside the offset file is there. */
const SAVE = 3;

const saveSteps: Fault = {
  name: 'killed-while-saving',
  numbers: [2],
  what: '`kill -9` at every step of the save of offsets: each file opened, written (also half), synced, linked, renamed',
  modes: SOURCE_MODES,
  short: ['at-least-once'],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const stepsFile = rig.dir.file('steps');
      const plan = (step: number) => planEnv({ kind: 'kill-at-step', prefix: rig.offsetFile, save: SAVE, step, stepsFile });
      rig.feeder.start();
      const worker = await rig.start({}, { env: plan(0) });
      const steps = await waitFor('a save', () => stepsOf(stepsFile), { timeoutMs: 60_000 });
      await worker.stop();
      rig.noteCommit();
      const deaths = steps.flatMap((step, i) => (/^writeFile \.(next|sha)/.test(step) ? [i + 1, -(i + 1)] : [i + 1]));
      const every = scaled(trial, { short: 5, usual: 1, long: 1 });
      for (const step of deaths.filter((_, i) => i % every === 0)) {
        const victim = await rig.start({}, { env: plan(step), until: 'started' });
        assert.deepEqual(await victim.waitExit(60_000), { code: null, signal: 'SIGKILL' });
        rig.noteCommit();
      }
      await rig.start();
      return rig.finishAfterKills(`${steps.length} steps: ${[...new Set(steps.map(step => step.split(' ')[0]))].join(', ')}`);
    }),
};

/** The steps of a save, once it is over: after the rename of the offset file its folder is opened and synced. */
function stepsOf(file: string): string[] | false {
  const steps = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  return steps.length >= steps.indexOf('rename .next') + 3 && steps.includes('rename .next') && steps;
}

/** The offset file every other time, and what lies beside it. */
const DAMAGED = ['', '.marks', '', '.sha256', '', '.previous', '', '.marks.copy'];

const damaged: Fault = {
  name: 'damaged-offset-file',
  numbers: [3],
  what: 'the offset file, or one beside it, is cut to a length, or one bit of it flips, while the worker is down: a random choice of all lengths and bits',
  modes: SOURCE_MODES,
  short: ['at-least-once'],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const count = scaled(trial, { short: 4, usual: 40, long: 100_000 });
      let damages = 0;
      for (let done = false; !done; ) {
        const worker = await rig.start();
        // The very first save has none before it to go back to.
        for (let saves = damages === 0 ? 2 : 1; saves > 0; saves--) {
          rig.feeder.append(500);
          await rig.lastLine();
          await rig.saved();
        }
        await worker.stop();
        const name = rig.offsetFile + (DAMAGED[damages % DAMAGED.length] ?? '');
        const bytes = fs.readFileSync(name);
        const all = bytes.length * 9;
        const which = count >= all ? damages : Math.floor(Math.random() * all);
        damage(name, bytes, which);
        // Without the current generation there is the one before. Of the files beside it none makes a difference.
        if (name === rig.offsetFile) rig.noteCommit(`${rig.offsetFile}.previous`);
        rig.noteCommit();
        done = ++damages >= Math.min(count, all);
      }
      await rig.start();
      return rig.finishAfterKills(`${damages} damages`);
    }),
};

/** Below the number of bytes: cuts to that length; above: flips one bit and leaves the times of the file, as a disk would. */
function damage(file: string, bytes: Buffer, which: number): void {
  if (which < bytes.length) {
    fs.truncateSync(file, which);
    return;
  }
  const { atimeMs, mtimeMs } = fs.statSync(file);
  const bit = which - bytes.length;
  const flipped = Buffer.from(bytes);
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  fs.writeFileSync(file, flipped);
  fs.utimesSync(file, atimeMs / 1000, mtimeMs / 1000);
}

/** How a folder comes to take nothing any more, and takes it again. */
interface BadDisk {
  readonly env: Readonly<Record<string, string>>;
  break(): Promise<void>;
  mend(): Promise<void>;
}

/** Runs a source whose offsets lie in a folder that takes nothing for a while; then it is killed. */
function withBadDisk(trial: Trial, folder: string, pattern: RegExp, makeDisk: (rig: SourceRig) => BadDisk): Promise<Outcome> {
  return SourceRig.use(trial, { offsetFolder: folder }, async rig => {
    const disk = makeDisk(rig);
    rig.feeder.start();
    const worker = await rig.start({}, { env: disk.env });
    await rig.moreArrived(1000);
    await disk.break();
    try {
      await worker.waitLog(pattern, { timeoutMs: 60_000 });
      await rig.moreArrived(5000);
      await worker.waitState('lines', 'RUNNING');
    } finally {
      await disk.mend();
    }
    await rig.saved();
    await rig.kill9();
    await rig.start();
    return rig.finishAfterKills();
  });
}

const diskFull: Fault = {
  name: 'disk-full',
  numbers: [22],
  what: 'the disk of the offset file is full for a while: lines go on, it is said, offsets are saved as soon as there is room',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    onSmallDisk(folder => {
      const filler = path.join(folder, 'filler');
      return withBadDisk(trial, folder, /no space left on the device \(ENOSPC\)/, () => ({
        env: {},
        break: async () => fillDisk(filler),
        mend: async () => fs.rmSync(filler),
      }));
    }),
};

function fillDisk(filler: string): void {
  for (const part of [4096, 1]) {
    try {
      for (;;) fs.appendFileSync(filler, Buffer.alloc(part));
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
  }
}

const readOnly: Fault = {
  name: 'disk-read-only',
  numbers: [22],
  what: 'the file system of the offset file becomes read-only for a while, as Linux does after errors',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    onSmallDisk(folder =>
      withBadDisk(trial, folder, /the file system is read-only \(EROFS\)/, () => ({
        env: {},
        break: () => makeReadOnly(folder),
        mend: () => unmount(folder),
      })),
    ),
};

const diskBroken: Fault = {
  name: 'disk-errors',
  numbers: [22],
  what: 'every call on the offset file and those beside it fails with EIO for a while',
  modes: SOURCE_MODES,
  short: [],
  run: async trial => {
    const dir = new TempDir('disk');
    try {
      return await withBadDisk(trial, dir.path, /input\/output error of the device \(EIO\)/, rig => {
        const switchFile = rig.dir.file('broken');
        return {
          env: planEnv({ kind: 'fail-while', prefix: rig.offsetFile, code: 'EIO', switchFile }),
          break: async () => fs.writeFileSync(switchFile, ''),
          mend: async () => fs.rmSync(switchFile),
        };
      });
    } finally {
      dir.remove();
    }
  },
};

const DAY_MS = 86_400_000;

const clockJumps: Fault = {
  name: 'clock-jumps',
  numbers: [25],
  what: 'the clock of the worker jumps a day ahead, two back, an hour ahead, and to 1970 (that of JavaScript; librdkafka keeps its own), with a rotation after each',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const shiftFile = rig.dir.file('shift');
      rig.feeder.append(1000);
      const worker = await rig.start({}, { env: planEnv({ kind: 'shift-clock', shiftFile }) });
      for (const [i, shiftMs] of [DAY_MS, -DAY_MS, DAY_MS / 24, -Date.now() + 1000].entries()) {
        fs.writeFileSync(`${shiftFile}.new`, String(shiftMs));
        fs.renameSync(`${shiftFile}.new`, shiftFile);
        await sleep(500);
        rig.feeder.append(1000);
        await rig.lastLine();
        await rig.saved();
        fs.renameSync(rig.file, `${rig.file}.${i}`);
        rig.feeder.rewrite(1000);
        await rig.lastLine();
      }
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean('4 jumps');
    }),
};

export const OFFSET_FILE_FAULTS: readonly Fault[] = [saveSteps, damaged, diskFull, readOnly, diskBroken, clockJumps];
