/** Where everybody who has metrics says what they are now; whoever shows them asks here. */
import type { Metric } from './metric';

/** A metric with what it belongs to, and what it is now. */
export interface Measurement {
  readonly metric: Pick<Metric, 'group' | 'name' | 'type' | 'unit' | 'help'>;
  /** In Java's order: connector, task, then the others. */
  readonly tags: Readonly<Record<string, string>>;
  /** Not a number where nothing was measured. */
  readonly value: number | string;
}

/** Gives what is now. @param nowMs epoch milliseconds */
export type MeasurementSource = (nowMs: number) => Iterable<Measurement>;

export class MetricsRegistry {
  private readonly sources = new Set<MeasurementSource>();

  /** @returns takes it out again */
  add(source: MeasurementSource): () => void {
    this.sources.add(source);
    return () => this.sources.delete(source);
  }

  /** Everything, in the order in which it was added. @param nowMs epoch milliseconds */
  measure(nowMs: number): Measurement[] {
    return [...this.sources].flatMap(source => [...source(nowMs)]);
  }
}
