/** What the cells of a task, and those of its plugin, make over time; on the main thread. */
import type { MetricType } from './metric';
import { type SampleSettings, Samples } from './samples';

/** A number that is made of cells. */
export interface CellRow {
  readonly type: MetricType;
  /** The cell; of a rate that of its total, of an average or share that of the part. */
  readonly part: number;
  /** Of an average or share the cell of the whole; otherwise `part` again. */
  readonly whole: number;
}

export class Readings {
  /** By row; only of those that are of a time and have a value. */
  private readonly samples: (Samples | undefined)[] = [];

  /** @param cells what they are before the first report */
  constructor(
    private readonly rows: readonly CellRow[],
    private cells: Readonly<Float64Array>,
    private readonly settings: SampleSettings,
  ) {}

  /** Takes a report. @param cells from here on they are not changed @param nowMs epoch milliseconds */
  take(cells: Readonly<Float64Array>, nowMs: number): void {
    const before = this.cells;
    this.cells = cells;
    for (const [i, { type, part, whole }] of this.rows.entries()) {
      const value = cells[part] as number;
      const grown = value - (before[part] as number);
      const counted = (cells[whole] as number) - (before[whole] as number);
      if (type === 'rate' && grown > 0) this.samplesOf(i).record(nowMs, grown);
      if ((type === 'average' || type === 'share') && counted > 0) this.samplesOf(i).record(nowMs, grown, counted);
      if ((type === 'highest' || type === 'lowest') && Number.isFinite(value)) this.samplesOf(i).record(nowMs, value);
    }
  }

  /** What a row is now. */
  value(i: number, nowMs: number): number {
    const row = this.rows[i];
    const samples = this.samples[i];
    switch (row?.type) {
      case 'rate':
        return samples?.rate(nowMs) ?? 0;
      case 'average':
        return samples?.average(nowMs) ?? Number.NaN;
      case 'share':
        return samples?.average(nowMs) || 0;
      case 'highest':
        return samples?.highest(nowMs) ?? Number.NaN;
      case 'lowest':
        return samples?.lowest(nowMs) ?? Number.NaN;
      default:
        return this.cells[row?.part ?? 0] as number;
    }
  }

  private samplesOf(i: number): Samples {
    const known = this.samples[i];
    if (known) return known;
    const made = new Samples(this.settings);
    this.samples[i] = made;
    return made;
  }
}
