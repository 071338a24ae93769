/**
 * The sink's part of `npm run vectors -- DIR --jdbc [CASE...]`: the recorded cases `sink-*.json` against our task on real databases.
 * A difference that `test/vectors/jdbc/sink-differences.txt` names is meant to be, and counts as passed when it is still there.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { toError } from '../../../src/errors';
import { type CaseDatabase, readSinkCases, runSinkCase, type SinkCase } from '../../helpers/jdbc-sink-cases';
import { MariaDb } from '../../helpers/mariadb';
import { inRepository } from '../../helpers/paths';
import { Postgres } from '../../helpers/postgres';
import { TempDir } from '../../helpers/temp-dir';

/** What came of one file. */
interface SinkFileResult {
  readonly passed: number;
  readonly failed: number;
  readonly lines: readonly string[];
}

interface Server extends CaseDatabase {
  /** Makes what the next case needs: an empty database. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

const SERVERS: Readonly<Record<string, () => Promise<Server>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return {
      settings: () => server.settings(),
      clean: async () => void (await server.sql('DROP SCHEMA public CASCADE; CREATE SCHEMA public')),
      stop: () => server.stop(),
    };
  },
  async mariadb() {
    const server = await MariaDb.start();
    return {
      settings: url => ({ ...server.settings(), 'connection.url': server.url('test', url.startsWith('jdbc:mysql') ? 'mysql' : 'mariadb') }),
      clean: async () => void (await server.sql('DROP DATABASE test; CREATE DATABASE test', '')),
      stop: () => server.stop(),
    };
  },
  async sqlite() {
    const dir = new TempDir('sqlite');
    let count = 0;
    return {
      settings: () => ({ 'connection.url': `jdbc:sqlite:${dir.file(`${count}.db`)}` }),
      clean: async () => void count++,
      stop: async () => dir.remove(),
    };
  },
};

/** Names of cases that are meant to differ, by file: `postgresql CASE: reason`. */
function readDifferences(): ReadonlySet<string> {
  const lines = readFileSync(inRepository('test/vectors/jdbc/sink-differences.txt'), 'utf8').split('\n');
  return new Set(lines.flatMap(line => (line === '' || line.startsWith('#') ? [] : [line.slice(0, line.indexOf(':'))])));
}

/** Runs the cases of every file that there is. @param wanted names of cases; empty: all */
async function runSinkFiles(folder: string, wanted: readonly string[]): Promise<SinkFileResult> {
  const differences = readDifferences();
  const lines: string[] = [];
  let failed = 0;
  let passed = 0;
  for (const [kind, start] of Object.entries(SERVERS)) {
    const file = path.join(folder, `sink-${kind}.json`);
    if (!existsSync(file)) continue;
    const server = await start();
    try {
      for (const test of readSinkCases(file).filter(one => wanted.length === 0 || wanted.includes(one.case))) {
        const problem = await problemOf(test, server, differences.has(`${kind} ${test.case}`));
        const label = `jdbc/sink-${kind}: ${test.case}`;
        lines.push(...(problem === null ? [`ok - ${label}`] : [`not ok - ${label}`, problem]));
        if (problem === null) passed++;
        else failed++;
      }
    } finally {
      await server.stop();
    }
  }
  return { passed, failed, lines };
}

async function problemOf(test: SinkCase, server: Server, differs: boolean): Promise<string | null> {
  await server.clean();
  try {
    const { expected, got } = await runSinkCase(test, server);
    if (differs) return expected === got ? '    listed as a difference, but there is none' : null;
    return expected === got ? null : `    expected ${expected}\n    got      ${got}`;
  } catch (error) {
    return `    ${toError(error).stack}`;
  }
}

/** Runs the files of a folder and prints what came of them. @returns the exit code: 0 if all cases hold, or differ on purpose */
export async function runSinkVectors(folder: string, wanted: readonly string[]): Promise<number> {
  const { passed, failed, lines } = await runSinkFiles(folder, wanted);
  for (const line of lines) process.stdout.write(`${line}\n`);
  process.stdout.write(`sink: ${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}
