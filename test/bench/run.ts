/**
 * `npm run bench [LANE...]` (or the beginning of their names, `transforms`): this worker, the original Java worker and kcat on one real broker, in one run, turn and turn about.
 * Prints a markdown table. BENCH_LINES (2000000), BENCH_ROUNDS (3) and BENCH_WARMUPS (1) scale it, BENCH_SUBJECTS
 *  (ours,java,kcat) picks who runs; BENCH_CONNECTORS (200) and BENCH_CYCLES (10000) scale `npm run bench control`,
 * BENCH_ROWS (500000) and BENCH_NARROW_ROWS (10000000) `npm run bench jdbc`.
 */
import { Broker } from '../helpers/servers/broker';
import { KafkaWire } from '../helpers/servers/kafka-wire';
import { TempDir } from '../helpers/temp-dir';
import { CONTROL_LANES } from './control-lanes';
import { EXACTLY_ONCE_LANE } from './exactly-once-lane';
import { writeInputs } from './inputs';
import { stopDatabases } from './jdbc-databases';
import { JDBC_LANES } from './jdbc-lanes';
import { type Bench, type Figures, type Lane, WORKER_LANES } from './lanes';
import { MAP_SINK_LANES } from './map-sink-lanes';
import { format, markdownTable, type Result } from './report';
import type { SubjectName } from './subjects';
import { TRANSFORM_LANES } from './transform-lanes';

const LANES = [...WORKER_LANES, ...MAP_SINK_LANES, EXACTLY_ONCE_LANE, ...TRANSFORM_LANES, ...CONTROL_LANES, ...JDBC_LANES];
let topics = 0;
const freshTopic = (): string => `bench-${process.pid}-${++topics}`;

const setting = (name: string, fallback: number): number => Number(process.env[name] ?? fallback);
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Runs a lane: warm-up rounds, then rounds that count; each round begins with another subject. */
async function runLane(bench: Bench, lane: Lane, wanted: readonly string[]): Promise<Result[]> {
  const subjects = lane.subjects.filter(subject => wanted.includes(subject));
  const runs = new Map<SubjectName, Figures[]>(subjects.map(subject => [subject, []]));
  const warmups = lane.once ? 0 : setting('BENCH_WARMUPS', 1);
  const rounds = lane.once ? 1 : setting('BENCH_ROUNDS', 3);
  say(`${lane.name}: ${lane.what}`);
  for (let round = 0; round < warmups + rounds; round++) {
    const first = round % Math.max(1, subjects.length);
    for (const subject of [...subjects.slice(first), ...subjects.slice(0, first)]) {
      const figures = await lane.run(bench, subject);
      const shown = Object.entries(figures).map(([column, value]) => `${format(value)} ${column}`);
      say(`  ${round < warmups ? 'warm-up' : `round ${round - warmups + 1}`} ${subject}: ${shown.join(', ')}`);
      if (round >= warmups) runs.get(subject)?.push(figures);
    }
  }
  return subjects.map(subject => ({ lane, subject, runs: runs.get(subject) ?? [] }));
}

async function main(names: readonly string[]): Promise<void> {
  const isMeant = (lane: Lane, name: string): boolean => lane.name === name || lane.name.startsWith(`${name}-`);
  const unknown = names.filter(name => !LANES.some(lane => isMeant(lane, name)));
  if (unknown.length > 0) throw new Error(`no such lane: ${unknown.join(', ')}; there are ${LANES.map(lane => lane.name).join(', ')}`);
  const lanes = LANES.filter(lane => (names.length === 0 && !lane.once && !lane.byName) || names.some(name => isMeant(lane, name)));
  const wanted = (process.env.BENCH_SUBJECTS ?? 'ours,java,kcat').split(',');
  const given = process.env.CONNECT_TEST_BOOTSTRAP;
  const broker = given ? undefined : await Broker.start({ jvm: ['-Xmx1G'], settings: { 'log.segment.delete.delay.ms': '1000' } });
  const bootstrap = given ?? broker?.bootstrap ?? '';
  const dir = new TempDir('bench-inputs');
  const wire = await KafkaWire.connect(bootstrap);
  try {
    const bench = { bootstrap, wire, inputs: writeInputs(dir, setting('BENCH_LINES', 2_000_000)), freshTopic };
    const results: Result[] = [];
    for (const lane of lanes) results.push(...(await runLane(bench, lane, wanted)));
    process.stdout.write(`${markdownTable(results)}\n`);
    for (const { name, note } of lanes) if (note !== undefined) process.stdout.write(`${name}: ${note}\n`);
  } finally {
    await stopDatabases();
    wire.close();
    await broker?.stop();
    dir.remove();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
});
