/** Faults of a file sink: its worker is killed between the write and the commit. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { judgeFile, LINE_BYTES, numberedLine } from '../../helpers/processes/line-feeder';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { produceFile } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';
import { type Fault, type Outcome, scaled, type Trial } from '../fault';

/** Said at the start when the file was ahead of the offsets. */
const TAKEN_BACK = 'are taken back, and their records come again';

const killedSink: Fault = {
  name: 'sink-kill-storm',
  numbers: [32],
  what: '`kill -9` at random moments while a file sink writes a topic, so that lines are in the file and their offsets are not committed; with `file.exactly.once` they are taken back',
  modes: ['at-least-once', 'exactly-once'],
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
  const once = trial.mode === 'exactly-once';
  const connector = { 'connector.class': 'FileStreamSink', 'tasks.max': 1, topics: topic, 'file.exactly.once': once };
  const start = (): Promise<WorkerProcess> =>
    startWorker({
      bootstrap,
      dir,
      worker: { 'offset.flush.interval.ms': 100, 'consumer.session.timeout.ms': 1500, 'consumer.heartbeat.interval.ms': 300 },
      connectors: [{ ...connector, name: topic, file: dir.file('out') }],
      startTimeoutMs: 120_000,
    });
  let takenBack = 0;
  for (let kill = 0; kill < kills; kill++) {
    const worker = await start();
    try {
      const before = dir.size('out');
      await waitFor('some lines', () => dir.size('out') > before, { timeoutMs: 60_000, everyMs: 5 });
      await sleep(Math.random() * 60);
    } finally {
      await worker.kill9();
    }
    if (worker.output.includes(TAKEN_BACK)) takenBack++;
  }
  const worker = await start();
  try {
    await waitFor('the last line', () => endOf(dir.file('out')) === numberedLine(lines - 1), { timeoutMs: 120_000 });
  } finally {
    await worker.stop();
  }
  if (worker.output.includes(TAKEN_BACK)) takenBack++;
  const ledger = await judgeFile(dir.file('out'), lines);
  const { lost, duplicates, odd } = ledger.verdict();
  // A life goes on at the last commit, so there are at most as many returns as kills.
  const tooMany = once ? duplicates : ledger.repeats.slice(kills).reduce((sum, repeat) => sum + repeat.lines, 0);
  const figure = once ? `${takenBack} times lines were taken back` : `${ledger.repeats.length} of them before a commit`;
  const note = `${lines.toLocaleString('en')} lines; ${kills} kills, ${figure}`;
  return { lost, duplicated: duplicates, reordered: odd, mayRepeat: once ? 'none' : 'after the last commit', tooMany, note };
}

/** As many bytes from the end of a file as a line has. */
function endOf(file: string): string {
  const bytes = Buffer.alloc(LINE_BYTES);
  const fd = fs.openSync(file, 'r');
  try {
    fs.readSync(fd, bytes, 0, LINE_BYTES, Math.max(0, fs.fstatSync(fd).size - LINE_BYTES));
  } finally {
    fs.closeSync(fd);
  }
  return bytes.toString('latin1');
}

export const SINK_FAULTS: readonly Fault[] = [killedSink];
