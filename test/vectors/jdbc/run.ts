/**
 * `npm run vectors -- DIR --jdbc [FILE|CASE...]`: the vectors of the JDBC connectors, on real databases, a real broker and the real worker.
 * Differences that `differences.json` lists must be there, exactly as listed: one that has gone is a failure too.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { toError } from '../../../src/errors';
import { startWorker } from '../../helpers/processes/worker-process';
import { Broker } from '../../helpers/servers/broker';
import { intendedChanges, readJdbcDifferences } from './differences';
import { changesBetween, describeChanges, type FactChanges, type Facts, withChanges } from './facts';
import type { Place } from './running-case';
import { factsOfSink, parseSinkCases, runSinkCase } from './sink-case';
import { factsOfSource, runSourceCase, type SourceCase } from './source-case';
import { SOURCE_DATABASE, VECTOR_SERVERS, type VectorDatabase, type VectorServer } from './vector-database';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

/** A case of a source or a sink. */
interface VectorCase {
  readonly name: string;
  readonly java: Facts;
  run(expected: Facts, database: VectorDatabase, place: Place): Promise<Facts>;
}

/** A file of cases, which run one after the other. */
interface VectorFile {
  readonly label: string;
  readonly database: string;
  readonly cases: readonly VectorCase[];
}

interface Counts {
  passed: number;
  differing: number;
  failed: number;
}

/** Runs the files below a folder that there are. @returns the exit code: 0 if all cases hold, or differ as they are meant to */
export async function runJdbcVectors(folder: string, wanted: readonly string[]): Promise<number> {
  const intended = intendedChanges(readJdbcDifferences());
  const counts: Counts = { passed: 0, differing: 0, failed: 0 };
  const broker = await Broker.start();
  const settings = { 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER, 'offset.flush.interval.ms': 300 };
  const worker = await startWorker({ bootstrap: broker.bootstrap, worker: settings });
  const place = { worker, bootstrap: broker.bootstrap };
  try {
    // databases of different kinds do not disturb each other
    await Promise.all(
      Object.entries(VECTOR_SERVERS).map(async ([kind, start]) => {
        const files = filesOf(folder, kind, wanted).filter(({ cases }) => cases.length > 0);
        if (files.length > 0) await runFiles(files, await start(), place, intended, counts);
      }),
    );
  } finally {
    await worker.kill9();
    await broker.stop();
  }
  process.stdout.write(`${counts.passed} passed, ${counts.differing} differ on purpose, ${counts.failed} failed\n`);
  return counts.failed === 0 && counts.passed + counts.differing > 0 ? 0 : 1;
}

async function runFiles(
  files: readonly VectorFile[],
  server: VectorServer,
  place: Place,
  intended: ReadonlyMap<string, FactChanges>,
  counts: Counts,
): Promise<void> {
  const runFile = async ({ label, database, cases }: VectorFile): Promise<void> => {
    const ownDatabase = server.database(database);
    for (const test of cases) {
      const name = `${label}: ${test.name}`;
      const { verdict, lines } = await judge(name, test, intended.get(name) ?? {}, ownDatabase, place);
      counts[verdict]++;
      process.stdout.write(lines.map(line => `${line}\n`).join(''));
    }
  };
  try {
    await Promise.all(files.map(runFile));
  } finally {
    await server.stop();
  }
}

/** Runs a case and says what came of it. */
async function judge(
  name: string,
  test: VectorCase,
  meant: FactChanges,
  database: VectorDatabase,
  place: Place,
): Promise<{ readonly verdict: keyof Counts; readonly lines: readonly string[] }> {
  const expected = withChanges(test.java, meant);
  const idle = Object.keys(meant).filter(fact => !(fact in changesBetween(test.java, expected)));
  if (idle.length > 0) return { verdict: 'failed', lines: [`not ok - ${name}`, `    listed, but no difference: ${idle.join(', ')}`] };
  try {
    const unmeant = changesBetween(expected, await test.run(expected, database, place));
    if (Object.keys(unmeant).length > 0) return { verdict: 'failed', lines: [`not ok - ${name}`, ...describeChanges(expected, unmeant)] };
  } catch (error) {
    return { verdict: 'failed', lines: [`not ok - ${name}`, `    ${toError(error).stack}`] };
  }
  if (Object.keys(meant).length === 0) return { verdict: 'passed', lines: [`ok - ${name}`] };
  return { verdict: 'differing', lines: [`differs - ${name}`] };
}

function filesOf(folder: string, kind: string, wanted: readonly string[]): VectorFile[] {
  const read = (file: string): string => {
    const place = path.join(folder, file);
    return existsSync(place) ? readFileSync(place, 'utf8') : '{"cases":[]}';
  };
  const wantedOf = (label: string, cases: readonly VectorCase[]): readonly VectorCase[] =>
    cases.filter(({ name }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(label));
  const sources = (JSON.parse(read(`${kind}.json`)) as { cases: SourceCase[] }).cases.map(test => ({
    name: test.case,
    java: factsOfSource(test),
    run: (expected: Facts, database: VectorDatabase, place: Place) => runSourceCase(test, expected, database, place),
  }));
  const sinks = parseSinkCases(read(`sink-${kind}.json`)).map(test => ({
    name: test.case,
    java: factsOfSink(test),
    run: (expected: Facts, database: VectorDatabase, place: Place) => runSinkCase(test, expected, database, place),
  }));
  return [
    { label: kind, database: SOURCE_DATABASE, cases: wantedOf(kind, sources) },
    { label: `sink-${kind}`, database: 'sink', cases: wantedOf(`sink-${kind}`, sinks) },
  ];
}
