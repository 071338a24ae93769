/** Reads and writes topics through kcat, a client that shares no code with ours. */
import { randomBytes } from 'node:crypto';
import { type Result, runCommand } from '../processes/child';
import { type WaitOptions, waitFor } from '../wait-for';

/** A record to write. Null means null; a text is written as UTF-8. */
export interface NewRecord {
  readonly key?: string | Uint8Array | null;
  readonly value: string | Uint8Array | null;
  /** Texts without commas; kcat writes no null and no binary headers. */
  readonly headers?: readonly (readonly [string, string])[];
  readonly partition?: number;
}

/** A record that was read. */
export interface ReadRecord {
  readonly partition: number;
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In order; kcat writes a null header as `NULL`. */
  readonly headers: readonly (readonly [string, string])[];
}

/** kcat against one broker; throws when kcat fails. */
async function kcat(bootstrap: string, args: readonly string[], input: string | Uint8Array = '', timeoutMs = 60_000): Promise<Result> {
  const result = await runCommand('kcat', ['-b', bootstrap, '-X', 'topic.metadata.refresh.interval.ms=1000', ...args], {
    input,
    timeoutMs,
  });
  if (result.code !== 0) throw new Error(`kcat ${args.join(' ')}: ${result.stderr}`);
  return result;
}

/** Writes records in order and waits until all are acknowledged. Neighbours with the same headers and partition go in one call. */
export async function produce(bootstrap: string, topic: string, records: readonly NewRecord[]): Promise<void> {
  for (const run of runsOfEqual(records, record => JSON.stringify([record.headers ?? [], record.partition ?? -1]))) {
    const [first] = run;
    const headers = (first?.headers ?? []).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
    const partition = first?.partition === undefined ? [] : ['-p', String(first.partition)];
    const [between, end] = [mark(), mark()];
    // kcat takes a record without the key mark as one without key, and with -Z an empty key or value as null.
    const input = Buffer.concat(run.flatMap(({ key, value }) => [bytes(key), between, bytes(value), end].map(part => Buffer.from(part))));
    const marks = ['-K', between, '-D', end];
    await kcat(bootstrap, ['-P', '-t', topic, '-Z', '-X', 'acks=all', ...partition, ...headers, ...marks], input);
  }
}

/** Writes one record for each text. */
export async function produceValues(bootstrap: string, topic: string, values: readonly (string | Uint8Array | null)[]): Promise<void> {
  await produce(
    bootstrap,
    topic,
    values.map(value => ({ value })),
  );
}

/** Writes the lines of a file, as `kcat -P -l`, idempotent and with acks=all. */
export async function produceFile(bootstrap: string, topic: string, file: string, timeoutMs = 300_000): Promise<void> {
  await kcat(bootstrap, ['-P', '-t', topic, '-l', '-X', 'acks=all', '-X', 'enable.idempotence=true', file], '', timeoutMs);
}

/** All records that the topic holds now, by partition and offset; none when there is no such topic. */
export async function readTopic(bootstrap: string, topic: string): Promise<ReadRecord[]> {
  if ((await partitionCount(bootstrap, topic)) === 0) return [];
  const end = mark();
  const format = `%p %o %T %K %S\\n%k%s%h${end}`;
  const isolation = ['-X', 'isolation.level=read_committed'];
  const { stdout } = await kcat(bootstrap, ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', ...isolation, '-f', format]);
  return parseRecords(stdout, end).sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Waits until the topic holds `count` records, and returns all that it holds then. */
export async function consume(bootstrap: string, topic: string, count: number, wait: WaitOptions = {}): Promise<ReadRecord[]> {
  let last: ReadRecord[] = [];
  try {
    return await waitFor(
      `${count} records in ${topic}`,
      async () => {
        last = await readTopic(bootstrap, topic);
        return last.length >= count && last;
      },
      { timeoutMs: 20_000, everyMs: 100, ...wait },
    );
  } catch (error) {
    const seen = last.slice(0, 20).map(record => JSON.stringify(record.value?.toString() ?? null));
    throw new Error(`${error instanceof Error ? error.message : error}; there are ${last.length}: ${seen.join(' ')}`, { cause: error });
  }
}

/** Waits until the topic holds `count` records; the values of all that it holds then, as text. */
export async function consumeValues(bootstrap: string, topic: string, count: number, wait: WaitOptions = {}): Promise<(string | null)[]> {
  return (await consume(bootstrap, topic, count, wait)).map(record => record.value?.toString() ?? null);
}

/** Writes all values of the topic, each with a newline, into a file: for comparing millions of records by their hash. */
export async function dumpValues(bootstrap: string, topic: string, file: string, timeoutMs = 300_000): Promise<void> {
  const command = 'exec kcat -b "$0" -C -t "$1" -X isolation.level=read_committed -o beginning -e -q -f "%s\\n" > "$2"';
  const result = await runCommand('sh', ['-c', command, bootstrap, topic, file], { timeoutMs });
  if (result.code !== 0) throw new Error(`kcat could not read ${topic}: ${result.stderr}`);
}

/** Some of the last values of a topic with one partition, as texts; what belongs to no finished transaction is not among them. */
export async function lastValues(bootstrap: string, topic: string): Promise<string[]> {
  if ((await partitionCount(bootstrap, topic)) === 0) return [];
  const { stdout } = await kcat(bootstrap, ['-C', '-t', topic, '-o', '-100', '-e', '-q', '-X', 'isolation.level=read_committed']);
  return stdout.toString().split('\n').slice(0, -1);
}

/** Sum of the end offsets of all partitions; 0 when there is no such topic. Markers of transactions count too. */
export async function endOffset(bootstrap: string, topic: string): Promise<number> {
  const partitions = await partitionCount(bootstrap, topic);
  if (partitions === 0) return 0;
  const queries = Array.from({ length: partitions }, (_, partition) => ['-t', `${topic}:${partition}:-1`]).flat();
  const { stdout } = await kcat(bootstrap, ['-Q', ...queries]);
  return [...stdout.toString().matchAll(/offset (\d+)/g)].reduce((total, match) => total + Number(match[1]), 0);
}

/** Number of partitions; 0 when there is no such topic. Does not make the topic. */
export async function partitionCount(bootstrap: string, topic: string): Promise<number> {
  return (await listTopics(bootstrap)).get(topic) ?? 0;
}

/** The topics of the broker with their numbers of partitions. */
export async function listTopics(bootstrap: string): Promise<Map<string, number>> {
  const { stdout } = await kcat(bootstrap, ['-L', '-J']);
  const listing: unknown = JSON.parse(stdout.toString());
  const { topics } = listing as { topics: { topic: string; partitions: unknown[] }[] };
  return new Map(topics.map(({ topic, partitions }) => [topic, partitions.length]));
}

const mark = (): string => `<${randomBytes(12).toString('hex')}>`;

function bytes(content: string | Uint8Array | null | undefined): string | Uint8Array {
  return content ?? '';
}

function runsOfEqual<T>(items: readonly T[], kind: (item: T) => string): T[][] {
  const runs: T[][] = [];
  let last: string | undefined;
  for (const item of items) {
    const current = kind(item);
    if (current !== last) runs.push([]);
    runs.at(-1)?.push(item);
    last = current;
  }
  return runs;
}

function parseRecords(output: Buffer, end: string): ReadRecord[] {
  const records: ReadRecord[] = [];
  for (let at = 0; at < output.length; ) {
    const eol = output.indexOf('\n', at);
    const [partition = 0, offset = 0, timestamp = 0, keySize = -1, valueSize = -1] = output
      .toString('utf8', at, eol)
      .split(' ')
      .map(Number);
    const keyAt = eol + 1;
    const valueAt = keyAt + Math.max(keySize, 0);
    const headersAt = valueAt + Math.max(valueSize, 0);
    const endAt = output.indexOf(end, headersAt);
    records.push({
      partition,
      offset,
      timestamp,
      key: keySize < 0 ? null : output.subarray(keyAt, valueAt),
      value: valueSize < 0 ? null : output.subarray(valueAt, headersAt),
      headers: parseHeaders(output.toString('utf8', headersAt, endAt)),
    });
    at = endAt + end.length;
  }
  return records;
}

function parseHeaders(text: string): (readonly [string, string])[] {
  if (text === '') return [];
  return text.split(',').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const);
}
