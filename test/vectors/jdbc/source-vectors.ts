/** Runs what a JDBC source of Java wrote for given tables against ours: a real database, the real worker, a real broker. */
import { isDeepStrictEqual } from 'node:util';
import { readTopic } from '../../helpers/kafka-io';
import { staysTrue, waitFor } from '../../helpers/wait-for';
import type { WorkerProcess } from '../../helpers/worker-process';
import type { VectorDatabase } from './vector-database';

/** What was seen at one moment. */
interface Seen {
  readonly records: readonly { readonly key: string | null; readonly schema: number; readonly payload: string }[];
  readonly offsets: unknown;
  readonly state: { readonly connector: string; readonly task: string };
}

/** A case of the files `postgresql.json`, `mariadb.json` and `sqlite.json`. */
export interface SourceCase extends Seen {
  readonly case: string;
  readonly ddl: string;
  readonly rows: readonly string[];
  readonly config: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly schemas: readonly unknown[];
  readonly then?: Seen & { readonly rows: readonly string[] };
}

/** How long nothing more must come. */
const QUIET_MS = 700;
const WAIT = { timeoutMs: 10_000, everyMs: 100 };

/** Runs one case in a database of its own. @returns what differs; null if all is as in Java */
export async function runSourceCase(
  test: SourceCase,
  database: VectorDatabase,
  worker: WorkerProcess,
  bootstrap: string,
): Promise<string | null> {
  await database.renew();
  await database.sql([test.ddl, ...test.rows].join('\n'));
  // topics of other cases and of earlier runs must not count
  const prefix = `${test.config['topic.prefix']}${Date.now().toString(36)}-`;
  const topic = test.topic.replace(String(test.config['topic.prefix']), prefix);
  // offsets are stored by this name
  const name = prefix;
  const config = { ...test.config, ...database.settings(String(test.config['connection.url'])), 'topic.prefix': prefix };
  const made = await worker.rest('POST', '/connectors', { name, config });
  if (made.status !== 201) return `the connector is refused: ${made.text}`;
  try {
    const first = await compare(name, topic, test, test.schemas, 0, worker, bootstrap);
    if (first !== null || test.then === undefined) return first;
    await database.sql(test.then.rows.join('\n'));
    return await compare(name, topic, test.then, test.schemas, test.records.length, worker, bootstrap);
  } finally {
    await worker.rest('DELETE', `/connectors/${name}`);
  }
}

async function compare(
  name: string,
  topic: string,
  seen: Seen,
  schemas: readonly unknown[],
  from: number,
  worker: WorkerProcess,
  bootstrap: string,
): Promise<string | null> {
  const expected = seen.records.map(({ key, schema, payload }) => ({ key, schema: schemas[schema], payload }));
  let difference: string | null = 'nothing was read';
  const holds = async (): Promise<boolean> => {
    const got = (await readTopic(bootstrap, topic).catch(() => [])).slice(from).map(({ key, value }) => ({
      key: key?.toString() ?? null,
      ...partsOf(value?.toString() ?? ''),
    }));
    difference = differenceOf(expected, got) ?? (await differenceOfState(name, seen, worker));
    return difference === null;
  };
  const held = await waitFor(name, holds, WAIT)
    .then(() => staysTrue(name, holds, QUIET_MS).then(() => true))
    .catch(() => false);
  return held ? null : difference;
}

/** The envelope's schema parsed, its payload as text. */
function partsOf(value: string): { schema: unknown; payload: string } {
  const { schema } = JSON.parse(value) as { schema: unknown };
  return { schema, payload: value.slice(value.indexOf(',"payload":') + ',"payload":'.length, -1) };
}

function differenceOf(expected: readonly unknown[], got: readonly unknown[]): string | null {
  const at = Math.max(expected.length, got.length);
  for (let i = 0; i < at; i++) {
    if (!isDeepStrictEqual(expected[i], got[i]))
      return `record ${i}: expected ${JSON.stringify(expected[i])}, got ${JSON.stringify(got[i])}`;
  }
  return null;
}

async function differenceOfState(name: string, seen: Seen, worker: WorkerProcess): Promise<string | null> {
  const status = (await worker.get(`/connectors/${name}/status`)).json as
    | { connector: { state: string }; tasks: { state: string }[] }
    | undefined;
  const state = { connector: status?.connector?.state, task: status?.tasks?.[0]?.state };
  if (!isDeepStrictEqual(state, seen.state)) return `state: expected ${JSON.stringify(seen.state)}, got ${JSON.stringify(state)}`;
  const { offsets } = ((await worker.get(`/connectors/${name}/offsets`)).json ?? {}) as { offsets?: unknown };
  return isDeepStrictEqual(offsets, seen.offsets)
    ? null
    : `offsets: expected ${JSON.stringify(seen.offsets)}, got ${JSON.stringify(offsets)}`;
}
