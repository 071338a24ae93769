/** Faults of the JDBC source and sink: a storm in which worker, database and broker are killed in turn, and all at once. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../../helpers/processes/worker-process';
import { type Fault, type Mode, modeSettings, type Outcome, type Scale, SOURCE_MODES, scaled, type Trial } from '../fault';
import { type DatabaseName, JdbcStorm, type Target } from './jdbc-storm';

/** Who is killed, in this order; some rows come before each. */
const ROUND: readonly Target[] = ['database', 'worker', 'broker'];
const ROUNDS: Readonly<Record<Scale, readonly Target[]>> = {
  short: ROUND,
  usual: ROUND,
  long: Array.from({ length: 15 }, () => [...ROUND, 'all', 'worker'] satisfies Target[]).flat(),
};

/** Rows that come before each blow, and how long a blow may wait once the first of them have arrived. */
const CHUNK_ROWS = 40_000;
const BLOW_WITHIN_MS = 150;
/** In which what came twice would show. */
const SETTLE_MS = 1000;

const NAMES: Readonly<Record<DatabaseName, string>> = { postgresql: 'PostgreSQL', mariadb: 'MariaDB' };

const sourceStorm = (database: DatabaseName): Fault => ({
  name: `jdbc-source-${database}`,
  numbers: [31],
  what: `\`kill -9\` of worker, ${NAMES[database]} and broker in turn, while a JDBC source reads rows of equal timestamps`,
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  run: trial => JdbcStorm.use(trial, database, storm => runSource(trial, storm)),
});

async function runSource(trial: Trial, storm: JdbcStorm): Promise<Outcome> {
  await storm.createSourceTable();
  const connector: Settings = {
    'connector.class': 'JdbcSource',
    // rows of one statement share their timestamp, so ties go across pages
    mode: 'timestamp+incrementing',
    'incrementing.column.name': 'id',
    'timestamp.column.name': 'ts',
    query: `SELECT id, ts, v FROM ${storm.table}`,
    'topic.prefix': storm.topic,
    'poll.interval.ms': 50,
    'batch.max.rows': 500,
    'connection.attempts': 10_000,
    transforms: 'line',
    'transforms.line.type': 'org.apache.kafka.connect.transforms.ExtractField$Value',
    'transforms.line.field': 'v',
  };
  const start = (): Promise<void> => storm.startWorker({ 'offset.flush.interval.ms': 200, ...modeSettings(trial.mode) }, connector);
  const { rows, kills, note } = await blows(trial, storm, start, {
    give: (from, to) => storm.insertRows(from, to),
    arrived: () => storm.reached(),
  });
  await storm.lastLine(rows);
  await sleep(SETTLE_MS);
  const ledger = await storm.judgeTopic(rows);
  const { lost, duplicates, odd } = ledger.verdict();
  // only the death of a worker may take it back, to the last commit
  const repeats = trial.mode === 'exactly-once' ? ledger.repeats : ledger.repeats.slice(kills);
  return {
    lost,
    duplicated: duplicates,
    reordered: odd,
    mayRepeat: trial.mode === 'exactly-once' ? 'none' : 'after the last commit',
    tooMany: repeats.reduce((sum, { lines }) => sum + lines, 0),
    note,
  };
}

/** What makes each mode of the sink repeat nothing: keys, and offsets in the transaction of the rows. */
const SINK_MODES: Readonly<Record<Mode, Settings>> = {
  'at-least-once': { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' },
  // without a key whatever came twice would be there twice
  'exactly-once': { 'insert.mode': 'insert', 'offsets.table': 'consumed_offsets' },
};

const sinkStorm = (database: DatabaseName): Fault => ({
  name: `jdbc-sink-${database}`,
  numbers: [32],
  what: `the same for a JDBC sink that writes a topic to ${NAMES[database]}: \`insert.mode=upsert\`, then \`offsets.table\` without a key`,
  modes: SOURCE_MODES,
  short: SOURCE_MODES,
  run: trial => JdbcStorm.use(trial, database, storm => runSink(trial, storm)),
});

async function runSink(trial: Trial, storm: JdbcStorm): Promise<Outcome> {
  const connector: Settings = {
    'connector.class': 'JdbcSink',
    topics: storm.topic,
    'table.name.format': storm.table,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'auto.create': true,
    'retry.backoff.ms': 200,
    // many transactions, this many places to be killed at
    'consumer.override.max.poll.records': 100,
    ...SINK_MODES[trial.mode],
  };
  const worker = { 'offset.flush.interval.ms': 200, 'consumer.session.timeout.ms': 1500, 'consumer.heartbeat.interval.ms': 300 };
  const { rows, note } = await blows(trial, storm, () => storm.startWorker(worker, connector), {
    give: (from, to) => storm.produceRows(from, to),
    arrived: () => storm.arrivedRows(),
  });
  const all = async (): Promise<boolean> => (await storm.arrivedRows()) >= rows;
  await storm.alive('all rows', all);
  await sleep(SETTLE_MS);
  const counts = await storm.countRows();
  return {
    lost: rows - counts.ids,
    duplicated: counts.rows - counts.ids,
    reordered: counts.wrong,
    mayRepeat: 'none',
    tooMany: counts.rows - counts.ids,
    note,
  };
}

/** The way of the rows. */
interface Way {
  /** Brings rows `from .. to - 1`. */
  give(from: number, to: number): Promise<void>;
  /** How many have arrived, or a little more. */
  arrived(): Promise<number>;
}

const MORE_BLOWS = 10;

/** The storm itself: rows, then a blow while they arrive. Ends with a worker, a database and a broker that run. */
async function blows(
  trial: Trial,
  storm: JdbcStorm,
  start: () => Promise<void>,
  { give, arrived }: Way,
): Promise<{ rows: number; kills: number; note: string }> {
  const targets = scaled(trial, ROUNDS);
  let [rows, cut, kills] = [0, 0, 0];
  await start();
  const blow = async (target: (typeof targets)[number], waits: boolean): Promise<void> => {
    const before = await arrived();
    await give(rows, rows + CHUNK_ROWS);
    rows += CHUNK_ROWS;
    if (waits) await storm.alive('rows to arrive', async () => (await arrived()) > before, 10);
    await sleep(Math.random() * BLOW_WITHIN_MS);
    if ((await arrived()) < rows) cut++;
    await storm.strike(target);
    if (target !== 'worker' && target !== 'all') return;
    kills++;
    await start();
  };
  for (const target of targets) await blow(target, true);
  // Rows of one transaction arrive all at once: then the blow does not wait for the first of them.
  for (let more = 0; cut === 0 && more < MORE_BLOWS; more++) await blow('worker', false);
  // or it was not a storm
  assert(cut > 0, 'all rows had arrived at each blow');
  return { rows, kills, note: `${rows.toLocaleString('en')} rows; ${cut} of ${targets.length} blows in the middle of them` };
}

/** The storms by direction and database. */
export const JDBC_FAULTS: readonly Fault[] = [
  sourceStorm('postgresql'),
  sourceStorm('mariadb'),
  sinkStorm('postgresql'),
  sinkStorm('mariadb'),
];
