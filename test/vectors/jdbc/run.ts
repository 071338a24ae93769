/** `npm run vectors -- DIR --jdbc [CASE...]`: the vectors of the JDBC connectors, which need databases, a broker and a worker. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { toError } from '../../../src/errors';
import { Broker } from '../../helpers/broker';
import { inRepository } from '../../helpers/paths';
import { startWorker } from '../../helpers/worker-process';
import { runSourceCase, type SourceCase } from './source-vectors';
import { VECTOR_DATABASES } from './vector-database';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
/** Cases that differ from Java on purpose: `file: case  reason`. */
const DIFFERENCES = 'test/vectors/jdbc/differences.txt';

/** Runs the source files below a folder that there are. @returns the exit code: 0 if all cases hold, or differ on purpose */
export async function runJdbcVectors(folder: string, wanted: readonly string[]): Promise<number> {
  const intended = readDifferences(readFileSync(inRepository(DIFFERENCES), 'utf8'));
  const broker = await Broker.start();
  const converters = { 'key.converter': JSON_CONVERTER, 'value.converter': JSON_CONVERTER };
  const worker = await startWorker({ bootstrap: broker.bootstrap, worker: converters });
  const counts = { passed: 0, differing: 0, failed: 0 };
  try {
    for (const [file, start] of Object.entries(VECTOR_DATABASES)) {
      const place = path.join(folder, `${file}.json`);
      if (!existsSync(place)) continue;
      const { cases } = JSON.parse(readFileSync(place, 'utf8')) as { cases: SourceCase[] };
      const database = await start();
      try {
        for (const test of cases.filter(candidate => wanted.length === 0 || wanted.includes(candidate.case))) {
          const difference = await runSourceCase(test, database, worker, broker.bootstrap).catch(error => String(toError(error).message));
          const label = `${file}: ${test.case}`;
          const reason = intended.get(label);
          if (difference === null) counts.passed++;
          else if (reason !== undefined) counts.differing++;
          else counts.failed++;
          const verdict =
            difference === null
              ? `ok - ${label}`
              : reason === undefined
                ? `not ok - ${label}: ${difference}`
                : `differs - ${label}: ${reason}`;
          process.stdout.write(`${verdict}\n`);
        }
      } finally {
        await database.stop();
      }
    }
  } finally {
    await worker.kill9();
    await broker.stop();
  }
  process.stdout.write(`${counts.passed} passed, ${counts.differing} differ on purpose, ${counts.failed} failed\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

/** Reasons by `file: case`; empty lines and those that begin with # do not count. */
export function readDifferences(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'));
  return new Map(
    lines.map(line => [
      line.split(/\s{2,}/)[0] ?? '',
      line
        .split(/\s{2,}/)
        .slice(1)
        .join(' '),
    ]),
  );
}
