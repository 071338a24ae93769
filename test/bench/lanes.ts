/**
 * What is measured. Every lane says exactly from where to where; all is seen from outside the process that is measured, and
 * what arrived is compared byte by byte.
 */
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs, rssKiB } from '../helpers/processes/process-tree';
import { dumpValues, produceFile } from '../helpers/servers/kafka-io';
import type { KafkaWire } from '../helpers/servers/kafka-wire';
import { TempDir } from '../helpers/temp-dir';
import type { Inputs } from './inputs';
import { type Gauge, sha256, watchGrowth } from './measure';
import { type Job, type SubjectName, startSubject } from './subjects';

/** Figures of one run by the name of their column. */
export type Figures = Readonly<Record<string, number>>;

/** What lanes work with. */
export interface Bench {
  readonly bootstrap: string;
  readonly wire: KafkaWire;
  readonly inputs: Inputs;
  /** A name that no topic has. */
  readonly freshTopic: () => string;
}

/** A thing to measure: who can do it, and one run of it. */
export interface Lane {
  readonly name: string;
  readonly what: string;
  readonly subjects: readonly SubjectName[];
  /** True for columns of which more is better. */
  readonly higherIsBetter: readonly string[];
  /** Too long to be repeated: it runs once, without warm-up, and only when it is asked for by name. */
  readonly once?: boolean;
  /** Runs only when it is asked for by name. */
  readonly byName?: boolean;
  /** Figures of another run to compare with, printed below the table. */
  readonly note?: string;
  run(bench: Bench, subject: SubjectName): Promise<Figures>;
}

/** From the start of the process until its first record can be read from a topic that exists already. */
const startup: Lane = {
  name: 'startup',
  what: 'start of the process until the first record is in the topic (which exists)',
  subjects: ['ours', 'java', 'kcat'],
  higherIsBetter: [],
  async run({ bootstrap, wire, freshTopic }, subject) {
    const dir = new TempDir('bench');
    const topic = freshTopic();
    await wire.createTopic(topic);
    const job: Job = { kind: 'source', format: 'string', file: dir.write('in.txt', 'the first line\n'), topic };
    const began = performance.now();
    const child = await startSubject(subject, bootstrap, dir, [job]);
    while ((await wire.endOffset(topic)) === 0) {
      if (performance.now() - began > 60_000) throw new Error(`no record after 60 s:\n${child.output.slice(-4000)}`);
      await sleep(1);
    }
    const ms = performance.now() - began;
    await child.stop();
    dir.remove();
    return { ms };
  },
};

const IDLE_AFTER_MS = 30_000;
const IDLE_FOR_MS = 20_000;

/** One source and one sink that have moved a record and then have nothing to do. */
const idle: Lane = {
  name: 'idle',
  what: `one source and one sink at rest: memory ${IDLE_AFTER_MS / 1000} s after the first record, CPU over the next ${IDLE_FOR_MS / 1000} s`,
  subjects: ['ours', 'java'],
  higherIsBetter: [],
  async run({ bootstrap, wire, freshTopic }, subject) {
    const dir = new TempDir('bench');
    const topic = freshTopic();
    await wire.createTopic(topic);
    const source: Job = { kind: 'source', format: 'string', file: dir.write('in.txt', 'the only line\n'), topic };
    const sink: Job = { kind: 'sink', format: 'string', file: dir.file('out.txt'), topic };
    const child = await startSubject(subject, bootstrap, dir, [source, sink]);
    await watchGrowth(child, sizeOf(sink.file), 'the only line\n'.length);
    await sleep(IDLE_AFTER_MS);
    const rssMiB = rssKiB(child.pid) / 1024;
    const cpuBefore = cpuMs(child.pid);
    await sleep(IDLE_FOR_MS);
    const cpuPercent = ((cpuMs(child.pid) - cpuBefore) / IDLE_FOR_MS) * 100;
    await child.stop();
    dir.remove();
    return { 'RSS MiB': rssMiB, 'CPU %': cpuPercent };
  },
};

function sourceLane(format: Job['format'], subjects: readonly SubjectName[]): Lane {
  return {
    name: `source-${format}`,
    what: `file to topic, ${format}: first record in the topic until the last`,
    subjects,
    higherIsBetter: ['records/s'],
    async run({ bootstrap, wire, inputs, freshTopic }, subject) {
      const dir = new TempDir('bench');
      const topic = freshTopic();
      await wire.createTopic(topic);
      const child = await startSubject(subject, bootstrap, dir, [{ kind: 'source', format, file: inputs.string.file, topic }]);
      const run = await watchGrowth(child, () => wire.endOffset(topic), inputs.lines);
      await child.stop();
      await dumpValues(bootstrap, topic, dir.file('dump'));
      await sameBytes(dir.file('dump'), inputs[format].sha256, `${subject}, source-${format}`);
      await wire.deleteTopic(topic);
      dir.remove();
      return { 'records/s': run.perSecond, 'peak RSS MiB': run.peakRssMiB, 'CPU s': run.cpuSeconds };
    },
  };
}

/** Topics that sinks read, filled once. */
const filled = new Map<Job['format'], Promise<string>>();

async function fillTopic({ bootstrap, wire, inputs, freshTopic }: Bench, format: Job['format']): Promise<string> {
  const topic = freshTopic();
  await wire.createTopic(topic);
  await produceFile(bootstrap, topic, inputs[format].file);
  return topic;
}

function sinkLane(format: Job['format'], subjects: readonly SubjectName[]): Lane {
  return {
    name: `sink-${format}`,
    what: `topic to file, ${format}: first bytes in the file until the last`,
    subjects,
    higherIsBetter: ['records/s'],
    async run(bench, subject) {
      const { bootstrap, inputs } = bench;
      if (!filled.has(format)) filled.set(format, fillTopic(bench, format));
      const topic = (await filled.get(format)) ?? '';
      const dir = new TempDir('bench');
      const file = dir.file('out.txt');
      const child = await startSubject(subject, bootstrap, dir, [{ kind: 'sink', format, file, topic }]);
      const run = await watchGrowth(child, sizeOf(file), inputs.string.bytes);
      await child.stop();
      await sameBytes(file, inputs.string.sha256, `${subject}, sink-${format}`);
      dir.remove();
      return { 'records/s': (run.perSecond / inputs.string.bytes) * inputs.lines, 'peak RSS MiB': run.peakRssMiB, 'CPU s': run.cpuSeconds };
    },
  };
}

export const WORKER_LANES: readonly Lane[] = [
  startup,
  idle,
  sourceLane('string', ['ours', 'java', 'kcat']),
  sourceLane('json', ['ours', 'java']),
  sinkLane('string', ['ours', 'java', 'kcat']),
  sinkLane('json', ['ours', 'java']),
];

/** The size of a file, 0 while there is none. */
export function sizeOf(file: string): Gauge {
  return () => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

async function sameBytes(file: string, expected: string, who: string): Promise<void> {
  const actual = await sha256(file);
  if (actual !== expected) throw new Error(`${who}: other bytes have arrived (SHA-256 ${actual}, expected ${expected})`);
}
