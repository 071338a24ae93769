/**
 * Values over the last while, as Kafka keeps them (org.apache.kafka.common.metrics.stats.SampledStat): in a few samples of a span of time
 * each. A sample begins with the first value behind the one before, and is forgotten once its last value is as old as all spans together.
 */

/** `metrics.num.samples` and `metrics.sample.window.ms` of the worker. */
export interface SampleSettings {
  readonly samples: number;
  readonly windowMs: number;
}

/** What Kafka has by default. */
export const DEFAULT_SAMPLES: SampleSettings = { samples: 2, windowMs: 30_000 };

interface Sample {
  startMs: number;
  lastMs: number;
  sum: number;
  count: number;
  highest: number;
  lowest: number;
}

export class Samples {
  private readonly samples: Sample[] = [];
  private current = 0;

  constructor(private readonly settings: SampleSettings) {}

  /** Notes a value, or the sum of `count` values. @param nowMs epoch milliseconds, here as everywhere */
  record(nowMs: number, value: number, count = 1): void {
    const sample = this.currentSample(nowMs);
    sample.lastMs = nowMs;
    sample.sum += value;
    sample.count += count;
    sample.highest = Math.max(sample.highest, value);
    sample.lowest = Math.min(sample.lowest, value);
  }

  /** Sum of the values by the second, over the time since the oldest sample began, at least all spans but one. */
  rate(nowMs: number): number {
    this.forget(nowMs);
    // As in Kafka: asked for a rate before there is a value, it begins here.
    if (this.samples.length === 0) this.samples.push(beginSample(nowMs));
    const { samples, windowMs } = this.settings;
    const oldestMs = this.samples.reduce((oldest, { startMs }) => Math.min(oldest, startMs), nowMs);
    const elapsedMs = nowMs - oldestMs;
    const missing = Math.max(0, samples - 1 - Math.floor(elapsedMs / windowMs));
    return this.sum() / (Math.max(1, elapsedMs + missing * windowMs) / 1000);
  }

  /** Not a number where there is no value. */
  average(nowMs: number): number {
    this.forget(nowMs);
    const count = this.samples.reduce((all, sample) => all + sample.count, 0);
    return count === 0 ? Number.NaN : this.sum() / count;
  }

  /** Not a number where there is no value. */
  highest(nowMs: number): number {
    this.forget(nowMs);
    return finite(Math.max(...this.samples.map(({ highest }) => highest)));
  }

  /** Not a number where there is no value. */
  lowest(nowMs: number): number {
    this.forget(nowMs);
    return finite(Math.min(...this.samples.map(({ lowest }) => lowest)));
  }

  private sum(): number {
    return this.samples.reduce((all, { sum }) => all + sum, 0);
  }

  private currentSample(nowMs: number): Sample {
    const { samples, windowMs } = this.settings;
    const known = this.samples[this.current];
    if (known && nowMs - known.startMs < windowMs) return known;
    // One more than are asked for: that which the monitored time only just touches.
    if (known) this.current = (this.current + 1) % (samples + 1);
    const next = beginSample(nowMs);
    this.samples[this.current] = next;
    return next;
  }

  private forget(nowMs: number): void {
    const maxAgeMs = this.settings.samples * this.settings.windowMs;
    for (const [i, { lastMs }] of this.samples.entries()) if (nowMs - lastMs >= maxAgeMs) this.samples[i] = beginSample(nowMs);
  }
}

function beginSample(nowMs: number): Sample {
  return { startMs: nowMs, lastMs: nowMs, sum: 0, count: 0, highest: Number.NEGATIVE_INFINITY, lowest: Number.POSITIVE_INFINITY };
}

const finite = (value: number): number => (Number.isFinite(value) ? value : Number.NaN);
