import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from '../helpers/processes/child';
import { cpuMs, peakRssKiB } from '../helpers/processes/process-tree';

/** What one run of one subject has shown. Rates count from the first observation with something there to the last record. */
export interface Run {
  readonly perSecond: number;
  readonly peakRssMiB: number;
  /** User and system time of the process tree from its start to the last record. */
  readonly cpuSeconds: number;
}

/** A quantity that grows, such as an end offset or the size of a file. */
export type Gauge = () => Promise<number> | number;

const LOOK_EVERY_MS = 4;
const SAMPLE_EVERY_MS = 50;
const STALLED_MS = 120_000;

/**
 * Watches a gauge until it has reached `target`, and the process while it does. Throws when the process ends before, or when
 * nothing has grown for two minutes.
 */
export async function watchGrowth(child: Child, gauge: Gauge, target: number): Promise<Run> {
  const sampler = new Sampler(child.pid);
  let first: { at: number; value: number } | undefined;
  let last = { at: performance.now(), value: 0 };
  while (last.value < target) {
    const { alive } = child; // read before looking: what it did at its end counts
    const value = await gauge();
    const at = performance.now();
    if (value > 0) first ??= { at, value };
    if (value > last.value) last = { at, value };
    else if (!alive) throw new Error(`ended at ${value} of ${target} (${JSON.stringify(child.exit)}):\n${child.output.slice(-4000)}`);
    else if (at - last.at > STALLED_MS) throw new Error(`stalled at ${value} of ${target}:\n${child.output.slice(-4000)}`);
    sampler.sample();
    if (last.value < target) await sleep(LOOK_EVERY_MS);
  }
  sampler.sample(true);
  return { perSecond: rate(first ?? last, last), ...sampler.result() };
}

/** Growth a second between two observations; not a number when there was only one. */
export function rate(first: { at: number; value: number }, last: { at: number; value: number }): number {
  return last.at > first.at ? ((last.value - first.value) / (last.at - first.at)) * 1000 : Number.NaN;
}

/** Highest memory and latest CPU time of a process tree; a process that has ended keeps what was seen last. */
class Sampler {
  #peakKiB = 0;
  #cpuMs = 0;
  #next = 0;

  constructor(private readonly pid: number) {}

  sample(now = false): void {
    if (!now && performance.now() < this.#next) return;
    this.#next = performance.now() + SAMPLE_EVERY_MS;
    this.#peakKiB = Math.max(this.#peakKiB, peakRssKiB(this.pid));
    this.#cpuMs = Math.max(this.#cpuMs, cpuMs(this.pid));
  }

  result(): { peakRssMiB: number; cpuSeconds: number } {
    return { peakRssMiB: this.#peakKiB / 1024, cpuSeconds: this.#cpuMs / 1000 };
  }
}

/** Middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** SHA-256 of a file, in hex. */
export async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
