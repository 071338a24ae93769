/** Faults of a file sink: its worker is killed between the write and the commit. */
import { setTimeout as sleep } from 'node:timers/promises';
import { produceFile } from '../helpers/kafka-io';
import { judgeFile, numberedLine } from '../helpers/line-feeder';
import { TempDir } from '../helpers/temp-dir';
import { waitFor } from '../helpers/wait-for';
import { startWorker, type WorkerProcess } from '../helpers/worker-process';
import { type Fault, type Outcome, scaled, type Trial } from './fault';

const killedSink: Fault = {
  name: 'sink-kill-storm',
  numbers: [32],
  what: '`kill -9` at random moments while a file sink writes a topic, so that lines are in the file and their offsets are not committed',
  modes: ['at-least-once'],
  short: [],
  run: async trial => {
    const dir = new TempDir('fault');
    try {
      return await stormOnSink(trial, dir);
    } finally {
      dir.remove();
    }
  },
};

async function stormOnSink(trial: Trial, dir: TempDir): Promise<Outcome> {
  const { bootstrap } = await trial.arena.broker();
  const topic = trial.arena.freshTopic();
  const kills = scaled(trial, { short: 3, usual: 20, long: 200 });
  const lines = kills * 100_000;
  const text = Array.from({ length: 10_000 }, (_, i) => i);
  const file = dir.write('in', '');
  for (let at = 0; at < lines; at += text.length) dir.append('in', text.map(i => numberedLine(at + i)).join(''));
  await produceFile(bootstrap, topic, file);
  const start = (): Promise<WorkerProcess> =>
    startWorker({
      bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 100, 'consumer.session.timeout.ms': 1500, 'consumer.heartbeat.interval.ms': 300 },
      connectors: [{ name: topic, 'connector.class': 'FileStreamSink', 'tasks.max': 1, topics: topic, file: dir.file('out') }],
      startTimeoutMs: 120_000,
    });
  for (let kill = 0; kill < kills; kill++) {
    const worker = await start();
    try {
      const before = dir.size('out');
      await waitFor('some lines', () => dir.size('out') > before, { timeoutMs: 60_000, everyMs: 5 });
      await sleep(Math.random() * 60);
    } finally {
      await worker.kill9();
    }
  }
  const worker = await start();
  try {
    const done = async (): Promise<boolean> => (await judgeFile(dir.file('out'), lines)).highest === lines - 1;
    await waitFor('the last line', done, { timeoutMs: 120_000, everyMs: 1000 });
  } finally {
    await worker.stop();
  }
  const ledger = await judgeFile(dir.file('out'), lines);
  const { lost, duplicates, odd } = ledger.verdict();
  // A life goes on at the last commit, so there are at most as many returns as kills.
  const tooMany = ledger.repeats.slice(kills).reduce((sum, repeat) => sum + repeat.lines, 0);
  const note = `${lines.toLocaleString('en')} lines; ${kills} kills, ${ledger.repeats.length} of them before a commit`;
  return { lost, duplicated: duplicates, reordered: odd, mayRepeat: 'after the last commit', tooMany, note };
}

export const SINK_FAULTS: readonly Fault[] = [killedSink];
