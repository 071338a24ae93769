/** Faults of a cluster of several brokers: leaders that move, brokers that leave, errors in answers. On librdkafka's mock cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from '../helpers/child';
import { Ledger } from '../helpers/line-feeder';
import { waitFor } from '../helpers/wait-for';
import { type Fault, type Outcome, scaled, type Trial } from './fault';
import { MockCluster } from './mock-cluster';
import { SourceRig } from './source-rig';

/** Lines a second: what the cluster keeps in memory must be read before it forgets it. */
const RATE = 3000;

/** Runs a source and a reader that follows it, while something happens to the cluster again and again. */
async function underTrouble(
  trial: Trial,
  seconds: number,
  trouble: (cluster: MockCluster, topic: string, round: number) => Promise<void>,
): Promise<Outcome> {
  const cluster = await MockCluster.start();
  try {
    // The cluster answers no admin client, so the worker itself has a real broker.
    const connector = { 'producer.override.bootstrap.servers': cluster.bootstrap, 'producer.override.reconnect.backoff.max.ms': 200 };
    return await SourceRig.use(trial, { linesPerSecond: RATE, connector }, rig => follow(rig, cluster, seconds, trouble));
  } finally {
    await cluster.stop();
  }
}

async function follow(
  rig: SourceRig,
  cluster: MockCluster,
  seconds: number,
  trouble: (cluster: MockCluster, topic: string, round: number) => Promise<void>,
): Promise<Outcome> {
  await cluster.order({ type: 'topic', topic: rig.topic });
  const settings = ['-X', 'isolation.level=read_committed', '-X', 'reconnect.backoff.max.ms=200', '-X', 'check.crcs=true'];
  const reader = new Child('kcat', ['-b', cluster.bootstrap, '-C', '-t', rig.topic, '-o', 'beginning', '-q', '-u', ...settings]);
  try {
    rig.feeder.start();
    const worker = await rig.start({ 'topic.creation.enable': false });
    let round = 0;
    for (const end = Date.now() + seconds * 1000; Date.now() < end; round++) await trouble(cluster, rig.topic, round);
    rig.feeder.stop();
    const last = String(rig.feeder.count - 1).padStart(9, '0');
    await waitFor('the last line', () => reader.stdout.includes(`\n${last}`), { timeoutMs: 120_000, everyMs: 500 }).catch(error => {
      throw new Error(`${error.message}\n${worker.output.slice(-3000)}`);
    });
    await worker.waitState('lines', 'RUNNING');
    const ledger = new Ledger(rig.feeder.count);
    for (const line of reader.stdout.split('\n').slice(0, -1)) ledger.add(line);
    const { lost, duplicates, odd } = ledger.verdict();
    const note = `${rig.feeder.count.toLocaleString('en')} lines; ${round} times in ${seconds} s`;
    return { lost, duplicated: duplicates, reordered: odd, mayRepeat: 'none', tooMany: duplicates, note };
  } finally {
    await reader.kill();
  }
}

const leaderMoves: Fault = {
  name: 'leader-moves',
  numbers: [10],
  what: 'another of three brokers becomes leader every 2 s (scaled), and the one before goes down for half of that',
  modes: ['at-least-once'],
  short: [],
  run: trial => {
    const everyMs = scaled(trial, { short: 1000, usual: 1000, long: 2000 });
    return underTrouble(trial, scaled(trial, { short: 10, usual: 30, long: 300 }), async (cluster, topic, round) => {
      const [old, next] = [(round % 3) + 1, ((round + 1) % 3) + 1];
      await cluster.order({ type: 'leader', topic, broker: next });
      await cluster.order({ type: 'down', broker: old });
      await sleep(everyMs / 2);
      await cluster.order({ type: 'up', broker: old });
      await sleep(everyMs / 2);
    });
  },
};

/** Errors of a produce request after which nothing was appended, and which pass. */
const PASSING_ERRORS = {
  LEADER_NOT_AVAILABLE: 5,
  NOT_LEADER_FOR_PARTITION: 6,
  REQUEST_TIMED_OUT: 7,
  NOT_ENOUGH_REPLICAS: 19,
  KAFKA_STORAGE_ERROR: 56,
} as const;

const produceErrors: Fault = {
  name: 'produce-errors',
  numbers: [10],
  what: 'produce requests are answered with NOT_LEADER_FOR_PARTITION, NOT_ENOUGH_REPLICAS and other errors that pass, some in a row',
  modes: ['at-least-once'],
  short: [],
  run: trial =>
    underTrouble(trial, scaled(trial, { short: 10, usual: 30, long: 300 }), async (cluster, _, round) => {
      const codes = Object.values(PASSING_ERRORS);
      const code = codes[round % codes.length] ?? 6;
      await cluster.order({ type: 'fail', errors: [code, 0, code, code] });
      await sleep(300);
    }),
};

export const CLUSTER_FAULTS: readonly Fault[] = [leaderMoves, produceErrors];
