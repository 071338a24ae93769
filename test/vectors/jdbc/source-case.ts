/** Runs what a JDBC source of Java wrote for given tables against ours: a real database, the real worker, a real broker. */
import { readTopic } from '../../helpers/servers/kafka-io';
import { type Facts, membersOf, sortedJson } from './facts';
import { errorOf, type Place, settle, type TaskState, taskState } from './running-case';
import type { VectorDatabase } from './vector-database';

/** What was seen at one moment. */
interface Seen {
  readonly records: readonly { readonly key: string | null; readonly schema: number; readonly payload: string }[];
  readonly offsets: unknown;
  readonly state: TaskState;
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

/** A record, its schema as text without blanks. */
interface Written {
  readonly key: string | null;
  readonly schema: string;
  readonly payload: string;
}

/** What Java wrote, and how it stood then. */
export function factsOfSource(test: SourceCase): Facts {
  const facts = ({ records, offsets, state }: Seen, prefix: string): Facts => ({
    ...stateFacts(state, offsets, prefix),
    ...recordFacts(
      records.map(({ key, schema, payload }) => ({ key, payload, schema: JSON.stringify(test.schemas[schema]) })),
      prefix,
    ),
  });
  return { ...facts(test, ''), ...(test.then && facts(test.then, THEN)) };
}

const THEN = 'then ';

function stateFacts({ connector, task, error }: TaskState, offsets: unknown, prefix: string): Facts {
  return {
    [`${prefix}connector`]: String(connector),
    [`${prefix}task`]: String(task),
    ...(error !== undefined && { [`${prefix}error`]: error }),
    [`${prefix}offsets`]: sortedJson(offsets),
  };
}

function recordFacts(records: readonly Written[], prefix: string): Facts {
  const facts: Record<string, string> = { [`${prefix}records`]: String(records.length) };
  const schemas = [...new Set(records.map(({ schema }) => schema))];
  for (const [i, text] of schemas.entries()) {
    const { fields = [], ...rest } = JSON.parse(text) as { fields?: { field: string }[] };
    facts[`${prefix}schema ${i}`] = sortedJson({ ...rest, fields: fields.map(({ field }) => field) });
    for (const field of fields) facts[`${prefix}schema ${i} ${field.field}`] = JSON.stringify(field);
  }
  for (const [i, { key, schema, payload }] of records.entries()) {
    const name = `${prefix}record ${i}`;
    facts[name] = `key ${key}, schema ${schemas.indexOf(schema)}`;
    for (const [field, value] of membersOf(payload)) facts[`${name} ${field}`] = value;
  }
  return facts;
}

let count = 0;

/**
 * Runs one case in a database of its own, until all is as it should be, or nothing changes any more.
 * @param expected ends the waiting; the facts of Java but for what is meant to differ
 * @returns the facts as they are here
 */
export async function runSourceCase(test: SourceCase, expected: Facts, database: VectorDatabase, place: Place): Promise<Facts> {
  await database.renew();
  await database.sql([test.ddl, ...test.rows].join('\n'));
  // topics and offsets of other cases must not count
  const prefix = `${test.config['topic.prefix']}${count++}-`;
  const topic = test.topic.replace(String(test.config['topic.prefix']), prefix);
  const name = `source-${prefix}`;
  const config = { ...test.config, ...database.settings(String(test.config['connection.url'])), 'topic.prefix': prefix };
  const made = await place.worker.rest('POST', '/connectors', { name, config });
  if (made.status !== 201) return { refused: made.text };
  const look = async (seen: Seen, facts: string, from: number): Promise<Facts> => {
    const state = await taskState(place.worker, name);
    const offsets = ((await place.worker.get(`/connectors/${name}/offsets`)).json as { offsets?: unknown } | undefined)?.offsets;
    // why a task has failed is of interest only where Java's has not
    const error = seen.state.task === 'FAILED' ? {} : errorOf(state);
    const records = (await readTopic(place.bootstrap, topic)).slice(from).map(({ key, value }) => written(key, value));
    return { ...stateFacts({ ...state, ...error }, offsets, facts), ...recordFacts(records, facts) };
  };
  try {
    const first = await settle(() => look(test, '', 0), expected, { onlyBefore: THEN });
    if (test.then === undefined) return first;
    await database.sql(test.then.rows.join('\n'));
    const from = Number(first.records);
    const { then } = test;
    return { ...first, ...(await settle(() => look(then, THEN, from), expected, { onlyWith: THEN })) };
  } finally {
    await place.worker.rest('DELETE', `/connectors/${name}`);
  }
}

/** The parts of an envelope, the payload in the very words of the text. */
function written(key: Buffer | null, value: Buffer | null): Written {
  const text = value?.toString() ?? '';
  const { schema } = JSON.parse(text) as { schema: unknown };
  const payload = text.slice(text.indexOf(',"payload":') + ',"payload":'.length, -1);
  return { key: key?.toString() ?? null, schema: JSON.stringify(schema), payload };
}
