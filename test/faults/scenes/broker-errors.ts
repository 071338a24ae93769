/** Faults of a cluster of several brokers: leaders that move, brokers that leave, errors in answers. On librdkafka's mock cluster. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger, type Verdict } from '../../helpers/processes/line-feeder';
import { waitFor } from '../../helpers/wait-for';
import { MockCluster } from '../arena/mock-cluster';
import { SourceRig } from '../arena/source-rig';
import { TopicFollower } from '../arena/topic-follower';
import { type Fault, type Outcome, scaled, type Trial } from '../fault';

/** Lines a second: what the cluster keeps in memory (5 MB a topic) must be read before it forgets it, however slow the machine. */
const RATE = 1500;

function judge(lines: readonly string[], count: number): Verdict {
  const ledger = new Ledger(count);
  for (const line of lines) ledger.add(line);
  return ledger.verdict();
}

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
  const reader = new TopicFollower(cluster.bootstrap, rig.topic);
  try {
    rig.feeder.start();
    const worker = await rig.start({ 'topic.creation.enable': false });
    let round = 0;
    for (const end = Date.now() + seconds * 1000; Date.now() < end; round++) await trouble(cluster, rig.topic, round);
    rig.feeder.stop();
    // The last line may be there before others: this cluster appends batches behind one that has failed.
    const settled = (): boolean => judge(reader.take(), rig.feeder.count).lost === 0;
    await waitFor('all lines', settled, { timeoutMs: 120_000, everyMs: 1000 }).catch(() => {});
    await worker.waitState('lines', 'RUNNING');
    const { lost, duplicates, odd } = judge(reader.take(), rig.feeder.count);
    const renewed = worker.output.split('The producer has failed').length - 1;
    const note = `${rig.feeder.count.toLocaleString('en')} lines; ${round} times in ${seconds} s; ${renewed} new producers`;
    return { lost, duplicated: duplicates, reordered: odd, mayRepeat: 'none', tooMany: duplicates, note };
  } finally {
    await reader.stop();
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
  COORDINATOR_LOAD_IN_PROGRESS: 14,
  NOT_ENOUGH_REPLICAS: 19,
  KAFKA_STORAGE_ERROR: 56,
} as const;

/** Errors of a produce request that librdkafka does not try again, other than Java's producer. */
const REFUSALS = { NETWORK_EXCEPTION: 13, FENCED_LEADER_EPOCH: 74, UNKNOWN_LEADER_EPOCH: 75 } as const;

/** Has produce requests fail with one error after the other. */
async function failProducing(cluster: MockCluster, codes: readonly number[], round: number): Promise<void> {
  const code = codes[round % codes.length] ?? 6;
  await cluster.order({ type: 'fail', errors: [code, 0, code, code] });
}

const produceErrors: Fault = {
  name: 'produce-errors',
  numbers: [10],
  what: 'produce requests are answered with NOT_LEADER_FOR_PARTITION, NOT_ENOUGH_REPLICAS and other errors that pass, some in a row',
  modes: ['at-least-once'],
  short: [],
  run: trial =>
    underTrouble(trial, scaled(trial, { short: 10, usual: 30, long: 300 }), async (cluster, _, round) => {
      await failProducing(cluster, Object.values(PASSING_ERRORS), round);
      await sleep(300);
    }),
};

const produceRefusals: Fault = {
  name: 'produce-refusals',
  numbers: [10],
  what: 'produce requests are answered with NETWORK_EXCEPTION and other errors after which only a new producer can go on',
  modes: ['at-least-once'],
  short: [],
  run: async trial => {
    const outcome = await underTrouble(trial, scaled(trial, { short: 10, usual: 30, long: 300 }), async (cluster, _, round) => {
      await failProducing(cluster, Object.values(REFUSALS), round);
      await sleep(3000);
    });
    // This cluster appends the batches behind one that failed, which real ones refuse (OUT_OF_ORDER_SEQUENCE_NUMBER): they come too early,
    // and again in their place.
    return { ...outcome, reordered: 0, mayRepeat: 'what was in flight', tooMany: 0 };
  },
};

export const CLUSTER_FAULTS: readonly Fault[] = [leaderMoves, produceErrors, produceRefusals];
