/** Faults of the worker's process: killed, stopped, frozen, started twice. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../../helpers/processes/worker-process';
import { planEnv } from '../arena/fault-plan';
import { clientLimits, SourceRig } from '../arena/source-rig';
import { type Fault, SOURCE_MODES, scaled, type Trial } from '../fault';

const EXIT_LIMIT_MS = 5000;
/** Of a kill: while the worker starts, and when it runs. */
const STARTING_MS = 700;
const RUNNING_MS = 900;

const killStorm: Fault = {
  name: 'kill-storm',
  numbers: [1],
  what: '`kill -9` at random moments, while it starts and while it runs, under 20,000 lines/s',
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const kills = scaled(trial, { short: 4, usual: 100, long: 200 });
      rig.feeder.start();
      for (let kill = 0; kill < kills; kill++) {
        const starting = kill % 4 === 3;
        await rig.start({}, starting ? { until: 'started' } : {});
        await sleep(Math.random() * (starting ? STARTING_MS : RUNNING_MS));
        await rig.kill9();
      }
      await rig.start();
      return rig.finishAfterKills(`${kills} kills`);
    }),
};

/** How often to try to stop a worker before the end of its file. */
const MOST_ROUNDS = 4;

const sigterm: Fault = {
  name: 'sigterm-under-load',
  numbers: [4],
  what: 'SIGTERM while it reads a large file as fast as it can; exit within 5 s',
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  alone: true,
  run: trial =>
    SourceRig.use(trial, { worker: { 'offset.flush.interval.ms': 60_000 } }, async rig => {
      const stops = scaled(trial, { short: 1, usual: 4, long: 4 });
      let [slowestMs, unread] = [0, 0];
      // A round whose file was read to its end before the stop shows nothing: it is repeated, with twice as much to read.
      for (let stop = 0, portions = 16; stop < stops || (unread === 0 && stop < MOST_ROUNDS); stop++, portions *= unread === 0 ? 2 : 1) {
        for (let i = 0; i < portions; i++) rig.feeder.append(100_000);
        const worker = await rig.start();
        await rig.moreArrived(50_000);
        const asked = performance.now();
        assert.deepEqual(await worker.stop(), { code: 143, signal: null });
        slowestMs = Math.max(slowestMs, performance.now() - asked);
        unread = Math.max(unread, rig.feeder.count - rig.noteCommit());
      }
      assert(unread > 0, 'the file was read to its end each time, so there was no load');
      assert(slowestMs < EXIT_LIMIT_MS, `SIGTERM took ${slowestMs.toFixed(0)} ms`);
      await rig.start();
      return rig.finishClean(`${stops} stops, the slowest ${slowestMs.toFixed(0)} ms`);
    }),
};

/** How many seconds are longer than clientLimits. */
const beyondLimits = (trial: Trial): number => scaled(trial, { short: 6, usual: 12, long: 100 });

/** What may still come of threads that stand still: markers of transactions. */
const STALLED_RECORDS = 100;

const frozenWorker: Fault = {
  name: 'frozen-worker',
  numbers: [27],
  what: 'the worker is frozen by SIGSTOP, longer than its requests and transactions may last, and goes on',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, clientLimits(trial), async rig => {
      const seconds = beyondLimits(trial);
      rig.feeder.start();
      const worker = await rig.start();
      await rig.moreArrived(1000);
      worker.child.signal('SIGSTOP');
      await sleep(seconds * 1000);
      worker.child.signal('SIGCONT');
      await rig.moreArrived(1000);
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean(`${seconds} s`);
    }),
};

const stalledThreads: Fault = {
  name: 'stalled-event-loop',
  numbers: [27],
  what: 'the threads of the worker that run JavaScript stand still, longer than its requests and transactions may last, and go on',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, clientLimits(trial), async rig => {
      const seconds = beyondLimits(trial);
      const switchFile = rig.dir.file('stall');
      rig.feeder.start();
      const worker = await rig.start({}, { env: planEnv({ kind: 'stall', switchFile, ms: seconds * 1000 }) });
      await rig.moreArrived(1000);
      rig.dir.write('stall', '');
      // The client still sends what it was given.
      await sleep(seconds * 250);
      const before = await rig.reached();
      await sleep(seconds * 500);
      const come = (await rig.reached()) - before;
      assert(come < STALLED_RECORDS, `${come} records came in half of the time: nothing stood still`);
      await rig.moreArrived(1000, before);
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean(`${seconds} s`);
    }),
};

const twoWorkers: Fault = {
  name: 'two-workers',
  numbers: [26],
  what: 'a second worker on the same offset file is refused with exit 3, the first goes on',
  modes: SOURCE_MODES,
  short: ['at-least-once'],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      rig.feeder.start();
      const first = await rig.start();
      await rig.moreArrived(1000);
      const second = await startWorker({
        bootstrap: rig.bootstrap,
        worker: { 'offset.storage.file.filename': rig.offsetFile },
        until: 'started',
      });
      try {
        assert.deepEqual(await second.waitExit(), { code: 3, signal: null });
        assert.match(second.output, new RegExp(`in use by another worker \\(pid ${first.pid}\\)`));
      } finally {
        await second.kill9();
        second.dir.remove();
      }
      await rig.moreArrived(1000);
      return rig.finishClean();
    }),
};

export const WORKER_FAULTS: readonly Fault[] = [killStorm, sigterm, frozenWorker, stalledThreads, twoWorkers];
