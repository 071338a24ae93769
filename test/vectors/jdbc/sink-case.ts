/** Runs what a JDBC sink of Java did with given records against ours: a real broker, the real worker, a real database. */
import { readConnectionSettings } from '../../../src/connectors/jdbc/config/connection-settings';
import { SINK_DEFS } from '../../../src/connectors/jdbc/config/sink-keys';
import { produce } from '../../helpers/servers/kafka-io';
import { type Facts, sortedJson } from './facts';
import { messagesOf, type Place, settle, type TaskState, taskState } from './running-case';
import { type RecordedTable, readTables, tableFacts } from './table-facts';
import type { VectorDatabase } from './vector-database';

/** A case of the files `sink-*.json`. */
export interface SinkCase {
  readonly case: string;
  readonly config: Readonly<Record<string, string>>;
  readonly pre?: readonly string[];
  readonly records?: readonly { readonly key: unknown; readonly value: unknown }[];
  /** The status with which the settings are refused. */
  readonly create_status?: number;
  readonly state?: TaskState;
  readonly offsets?: unknown;
  /** Lines of the stack trace without frames. */
  readonly error?: readonly string[];
  readonly tables?: readonly RecordedTable[];
}

/** Stands before whole numbers that a number of JavaScript does not hold, until they are JSON again. */
const LONG_MARK = 'whole number ';

/** The cases of a file. */
export function parseSinkCases(text: string): SinkCase[] {
  const marked = text.replace(/([[:,]\s*)(-?\d{16,})(?=\s*[,}\]])/g, `$1"${LONG_MARK}$2"`);
  const topics = new Set<string>();
  return (JSON.parse(marked) as { cases: SinkCase[] }).cases.map(test => {
    const topic = test.config.topics ?? '';
    const isKnown = topics.has(topic);
    topics.add(topic);
    // two cases with the topic of one another would read each other's records
    return isKnown ? { ...(JSON.parse(JSON.stringify(test).replaceAll('snk', 'snm')) as SinkCase), case: test.case } : test;
  });
}

/** What Java did. */
export function factsOfSink({ create_status, state = {}, offsets, error, tables = [] }: SinkCase): Facts {
  if (create_status !== undefined) return { refused: String(create_status) };
  const sentence = sentenceOf(error ?? []);
  return { ...stateFacts(state, offsets), ...(sentence !== null && { error: sentence }), ...tableFacts(tables) };
}

function stateFacts({ connector, task }: TaskState, offsets: unknown): Facts {
  return { connector: String(connector), task: String(task), offsets: sortedJson(offsets) };
}

/** The sentence of Connect where the failure is its own; what the database said is not compared word for word. */
function sentenceOf(messages: readonly string[]): string | null {
  return /^org\.apache\.kafka\.connect\.errors\.ConnectException: (?!java\.sql)(.*)$/.exec(messages[1] ?? '')?.[1] ?? null;
}

/**
 * Runs one case in a database of its own, until all is as it should be, or nothing changes any more.
 * @param expected ends the waiting; the facts of Java but for what is meant to differ
 * @returns the facts as they are here
 */
export async function runSinkCase(test: SinkCase, expected: Facts, database: VectorDatabase, { worker, bootstrap }: Place): Promise<Facts> {
  await database.renew();
  for (const sql of test.pre ?? []) await database.sql(sql);
  const { topics = '', 'connection.url': url = '' } = test.config;
  const records = (test.records ?? []).map(({ key, value }) => ({ key: envelope(key), value: envelope(value) }));
  await produce(bootstrap, topics, records);
  const config: Record<string, string> = { ...test.config, ...database.settings(url) };
  const name = `sink-${topics}`;
  const made = await worker.rest('POST', '/connectors', { name, config });
  if (made.status !== 201) return { refused: String(made.status) };
  const { dialect, options } = readConnectionSettings(SINK_DEFS.aiven.parse({ ...config, name }), 'task');
  const connection = await dialect.connect(options);
  const javaSentence = sentenceOf(test.error ?? []);
  const look = async (): Promise<Facts> => {
    const state = await taskState(worker, name);
    const offsets = ((await worker.get(`/connectors/${name}/offsets`)).json as { offsets?: unknown } | undefined)?.offsets;
    const messages = messagesOf(state.trace ?? '');
    const error = test.state?.task === 'FAILED' ? javaSentence && sentenceOf(messages) : messages[1];
    return { ...stateFacts(state, offsets), ...(error != null && { error }), ...tableFacts(await readTables(connection, dialect)) };
  };
  try {
    return await settle(look, expected);
  } finally {
    await connection.close();
    await worker.rest('DELETE', `/connectors/${name}`);
  }
}

function envelope(data: unknown): string | null {
  return data === null ? null : JSON.stringify(data).replace(new RegExp(`"${LONG_MARK}(-?\\d+)"`, 'g'), '$1');
}
