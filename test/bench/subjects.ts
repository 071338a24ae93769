import { openSync } from 'node:fs';
import { Child } from '../helpers/processes/child';
import { javaWorkerCommand } from '../helpers/processes/java-worker';
import { ourBinary, type Settings, startWorker } from '../helpers/processes/worker-process';
import type { TempDir } from '../helpers/temp-dir';

/** Who is measured. */
export type SubjectName = 'ours' | 'java' | 'kcat';

/** What a subject shall do: bring the lines of a file to a topic (source), or a topic to a file (sink). */
export interface Job {
  readonly kind: 'source' | 'sink';
  readonly format: 'string' | 'json';
  readonly file: string;
  readonly topic: string;
  /** Further settings of the connector. */
  readonly more?: Settings;
}

const CONVERTER = {
  string: 'org.apache.kafka.connect.storage.StringConverter',
  json: 'org.apache.kafka.connect.json.JsonConverter',
} as const;

/** Starts a subject on its jobs, a worker with further settings, without waiting for anything. A worker does all in one process; kcat does one job only. */
export async function startSubject(
  name: SubjectName,
  bootstrap: string,
  dir: TempDir,
  jobs: readonly Job[],
  settings: Settings = {},
): Promise<Child> {
  if (name === 'kcat') return startKcat(bootstrap, jobs);
  const command = name === 'ours' ? ([ourBinary] as const) : javaWorkerCommand();
  const connectors = jobs.map(connectorOf);
  const worker = await startWorker({
    bootstrap,
    dir,
    connectors,
    worker: settings,
    until: 'started',
    command: [...command] as [string, ...string[]],
  });
  return worker.child;
}

let serial = 0;

/** A name that no run had before: the group of a sink is named after it, and what another has committed must not count. */
const freshName = (): string => `bench-${process.pid}-${Date.now()}-${++serial}`;

function connectorOf({ kind, format, file, topic, more }: Job): Settings {
  const common = { name: freshName(), 'value.converter': CONVERTER[format], file, ...more };
  return kind === 'source'
    ? { ...common, 'connector.class': 'FileStreamSource', topic }
    : { ...common, 'connector.class': 'FileStreamSink', topics: topic };
}

function startKcat(bootstrap: string, [job]: readonly Job[]): Child {
  if (job === undefined) throw new Error('kcat needs a job');
  const common = ['-b', bootstrap, '-t', job.topic];
  if (job.kind === 'source') {
    const safe = ['-X', 'acks=all', '-X', 'enable.idempotence=true'];
    return new Child('kcat', ['-P', ...common, ...safe, '-l', job.file]);
  }
  const out = openSync(job.file, 'w');
  return new Child('kcat', ['-C', ...common, '-o', 'beginning', '-e', '-q'], { stdio: ['ignore', out, 'pipe'] });
}
