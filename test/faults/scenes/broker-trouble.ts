/** Faults of a real broker: frozen, killed, away for long, its connections cut. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientLimits, SourceRig } from '../arena/source-rig';
import { type Fault, SOURCE_MODES, scaled } from '../fault';

/** Within this a worker ends without a broker: `offset.flush.timeout.ms` and what comes around it. */
const STOP_WITHOUT_BROKER_MS = 9000;
/** Memory that may come on top while a broker is away: what the client buffers, and garbage. */
const GROWTH_MIB = 96;
/** Warnings that are not too many: each client may say what it cannot reach, and with exactly-once a new one comes every minute. */
const LINES_AT_ONCE = 20;
const LINES_PER_SECOND = 0.2;

const frozenThenKill: Fault = {
  name: 'frozen-broker-then-kill',
  numbers: [6],
  what: 'the broker is frozen for 3 s, then the worker gets `kill -9`',
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const broker = await trial.arena.broker();
      const rounds = scaled(trial, { short: 1, usual: 5, long: 10 });
      rig.feeder.start();
      for (let round = 0; round < rounds; round++) {
        await rig.start();
        await rig.moreArrived(1000);
        broker.pause();
        try {
          await sleep(3000);
          await rig.kill9();
        } finally {
          broker.resume();
        }
      }
      await rig.start();
      return rig.finishAfterKills(`${rounds} times`);
    }),
};

const frozenBroker: Fault = {
  name: 'frozen-broker',
  numbers: [8],
  what: 'the broker is frozen by SIGSTOP, connections and all, longer than requests and transactions may last, and goes on',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, clientLimits(trial), async rig => {
      const broker = await trial.arena.broker();
      const seconds = scaled(trial, { short: 8, usual: 15, long: 150 });
      rig.feeder.start();
      const worker = await rig.start();
      await rig.moreArrived(1000);
      broker.pause();
      try {
        await sleep(seconds * 1000);
      } finally {
        broker.resume();
      }
      await rig.moreArrived(1000);
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean(`${seconds} s`);
    }),
};

const stopWithoutBroker: Fault = {
  name: 'sigterm-without-broker',
  numbers: [5],
  what: 'SIGTERM while the broker is down; the worker ends by its deadline',
  modes: SOURCE_MODES,
  short: ['exactly-once'],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const broker = await trial.arena.broker();
      rig.feeder.start();
      const worker = await rig.start();
      await rig.moreArrived(1000);
      await broker.kill();
      await sleep(500);
      const asked = performance.now();
      const exit = await worker.stop(20_000);
      const tookMs = performance.now() - asked;
      await broker.restart();
      assert.deepEqual(exit, { code: 143, signal: null });
      assert(tookMs < STOP_WITHOUT_BROKER_MS, `SIGTERM took ${tookMs.toFixed(0)} ms`);
      rig.noteCommit();
      await rig.start();
      return rig.finishAfterKills(`ended after ${(tookMs / 1000).toFixed(1)} s`);
    }),
};

const brokerAway: Fault = {
  name: 'broker-away',
  numbers: [7, 8],
  what: 'no broker for ten minutes (scaled) while lines go on: flat memory, no restart, little said',
  modes: SOURCE_MODES,
  short: ['at-least-once'],
  alone: true,
  run: trial =>
    SourceRig.use(trial, { worker: { 'producer.request.timeout.ms': 3000 } }, async rig => {
      const broker = await trial.arena.broker();
      const seconds = scaled(trial, { short: 8, usual: 40, long: 600 });
      rig.feeder.start();
      const worker = await rig.start();
      await rig.moreArrived(5000);
      const before = worker.rssKiB / 1024;
      await broker.shutDown();
      let most = 0;
      for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(500)) most = Math.max(most, worker.rssKiB / 1024);
      assert.match((await worker.get('/connectors/lines/status')).text, /"state":"RUNNING".*"state":"RUNNING"/);
      await broker.restart();
      await rig.moreArrived(5000);
      assert(most - before < GROWTH_MIB, `the memory of the worker grew from ${before.toFixed(0)} to ${most.toFixed(0)} MiB`);
      await rig.lastLine();
      const [first, highest, last] = [before, most, worker.rssKiB / 1024].map(mib => mib.toFixed(0));
      const outcome = await rig.finishClean(
        `${seconds} s away; ${first} MiB before, at most ${highest} MiB meanwhile, ${last} MiB when all had come`,
      );
      const loud = worker.output.split('\n').filter(line => / (WARN|ERROR) /.test(line));
      assert(loud.length < LINES_AT_ONCE + seconds * LINES_PER_SECOND, `it said too much:\n${loud.slice(0, 40).join('\n')}`);
      return outcome;
    }),
};

const brokerKilled: Fault = {
  name: 'broker-killed',
  numbers: [9],
  what: 'the broker gets `kill -9` under load and starts again on what its disk holds',
  modes: SOURCE_MODES,
  short: [],
  run: trial =>
    SourceRig.use(trial, {}, async rig => {
      const broker = await trial.arena.broker();
      const rounds = scaled(trial, { short: 1, usual: 3, long: 10 });
      rig.feeder.start();
      const worker = await rig.start();
      for (let round = 0; round < rounds; round++) {
        await rig.moreArrived(20_000);
        await broker.kill();
        await broker.restart();
      }
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean(`${rounds} times`);
    }),
};

const connectionsCut: Fault = {
  name: 'connections-cut',
  numbers: [11],
  what: 'a proxy cuts all connections after requests went through and before their answers came back',
  modes: SOURCE_MODES,
  short: [],
  run: async trial => {
    const proxy = await trial.arena.proxy();
    return SourceRig.use(trial, { bootstrap: proxy.bootstrap }, async rig => {
      const rounds = scaled(trial, { short: 10, usual: 40, long: 200 });
      const before = proxy.cuts;
      rig.feeder.start();
      const worker = await rig.start();
      for (let round = 0; round < rounds; round++) {
        await rig.moreArrived(500);
        await proxy.cut();
      }
      assert(proxy.cuts > before, 'no answer was ever cut off');
      await worker.waitState('lines', 'RUNNING');
      return rig.finishClean(`${proxy.cuts - before} connections cut with answers on their way`);
    });
  },
};

export const BROKER_FAULTS: readonly Fault[] = [frozenThenKill, frozenBroker, stopWithoutBroker, brokerAway, brokerKilled, connectionsCut];
