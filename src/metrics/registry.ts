/** Where everybody who has metrics gives them; whoever shows them asks here. */
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
export type MeasurementSource = (nowMs: number) => readonly Measurement[];

export class MetricsRegistry {
  private readonly sources: MeasurementSource[] = [];

  add(source: MeasurementSource): void {
    this.sources.push(source);
  }

  /** Everything, in the order in which it was added. @param nowMs epoch milliseconds */
  measure(nowMs: number): Measurement[] {
    return this.sources.flatMap(source => source(nowMs));
  }
}
