/** Makes the columns of a batch by what a chain has said of its shape: for each cell of the new batch where its value comes from. */
import { ByteColumn } from '../data/batch/byte-column';
import { type Column, type HeaderColumn, NO_COLUMN, type RecordBatch } from '../data/batch/record-batch';
import type { Cell } from '../data/batch/record-shape';
import { type PlainValue, RowColumn } from '../data/batch/row-column';
import { Runs } from '../data/batch/runs';
import type { Schema } from '../data/schema/schema';

/** The batch that the cells of a plan read from. */
export interface Input {
  batch: RecordBatch;
  nowMs: number;
}

/** How a part of the new batch is made. */
export type PartPlan =
  | { readonly kind: 'none' }
  /** As it is in the old one. */
  | { readonly kind: 'same'; readonly part: 'key' | 'value' }
  | { readonly kind: 'cell'; readonly cell: Cell; readonly box: (plain: PlainValue) => unknown }
  | { readonly kind: 'rows'; readonly cells: readonly Cell[]; readonly schema: Schema };

/** Arrays for the cells of rows, used again for each batch of whatever plan: only one batch is on its way. */
export interface RowCells {
  readonly key: (PlainValue | null)[];
  readonly value: (PlainValue | null)[];
}

/** What a chain makes of the batches of one shape. */
export interface Output {
  /** True where all records are dropped. */
  readonly isDropped: boolean;
  /** Values that nothing holds any more, but for which a record may have failed before. */
  readonly checked: readonly Cell[];
  readonly topic: string;
  readonly key: PartPlan;
  readonly value: PartPlan;
  readonly headers: readonly { readonly key: string; readonly cell: Cell; readonly box: (plain: PlainValue) => unknown }[];
  /** True if a transformation has read the timestamps: then records must go out with those. */
  readonly readsTimestamps: boolean;
}

/** Makes the new columns of some records, up to one whose values cannot be made: `count` says how many. */
export class ColumnMaker {
  count: number;
  private readonly key: Column;
  private readonly value: Column;
  private readonly headers: HeaderColumn | null;

  constructor(
    private readonly output: Output,
    private readonly input: Input,
    private readonly from: number,
    most: number,
    rowCells: RowCells,
  ) {
    this.count = most;
    if (output.checked.length > 0) this.count = this.fill(output.checked, []);
    this.value = this.make(output.value, rowCells.value);
    this.key = this.make(output.key, rowCells.key);
    this.headers = this.makeHeaders();
  }

  batch(): RecordBatch {
    const { count, from } = this;
    const { topic, readsTimestamps } = this.output;
    const { batch, nowMs } = this.input;
    const { timestamps } = batch;
    const kept = timestamps === 'now' && readsTimestamps ? new Float64Array(count).fill(nowMs) : timestamps;
    return {
      ...batch,
      count,
      topics: Runs.of(topic, count),
      timestamps: kept instanceof Float64Array && kept === timestamps ? kept.subarray(from, from + count) : kept,
      headers: this.headers,
      key: this.key,
      value: this.value,
    };
  }

  /** @param used where the cells of rows go */
  private make(plan: PartPlan, used: (PlainValue | null)[]): Column {
    switch (plan.kind) {
      case 'none':
        return NO_COLUMN;
      case 'same':
        return sliceOf(this.input.batch[plan.part], this.from, this.count);
      case 'cell': {
        const values: unknown[] = [];
        this.count = this.fill([plan.cell], values);
        for (let i = 0; i < values.length; i++) values[i] = values[i] === null ? null : plan.box(values[i] as PlainValue);
        return { kind: 'values', schemas: values.map(() => plan.cell.schema), values };
      }
      case 'rows': {
        const rows = new RowColumn(plan.schema, 0, used);
        this.count = this.fill(plan.cells, used);
        rows.count = this.count;
        return { kind: 'rows', rows };
      }
    }
  }

  /** Fills cells record by record. @returns how many records are whole */
  private fill(cells: readonly Cell[], out: unknown[]): number {
    const { from, count } = this;
    let done = 0;
    let to = 0;
    try {
      for (; done < count; done++) {
        for (let c = 0; c < cells.length; c++) {
          const cell = cells[c] as Cell;
          const value = cell.at(from + done);
          if (value === null && !cell.schema.optional) return done;
          out[to++] = value;
        }
      }
    } catch {
      // The record shows what is wrong with it.
    }
    return done;
  }

  private makeHeaders(): HeaderColumn | null {
    const { headers } = this.output;
    if (headers.length === 0) return null;
    const cells: unknown[] = [];
    this.count = this.fill(
      headers.map(({ cell }) => cell),
      cells,
    );
    const ends = Int32Array.from({ length: this.count }, (_, n) => (n + 1) * headers.length);
    const places = Array.from({ length: this.count * headers.length }, (_, at) => headers[at % headers.length] as (typeof headers)[number]);
    const values = places.map(({ box }, at) => (cells[at] === null ? null : box(cells[at] as PlainValue)));
    return { ends, keys: places.map(({ key }) => key), values: { kind: 'values', schemas: places.map(({ cell }) => cell.schema), values } };
  }
}

/** Entries `from .. from + count` of a column, with index 0 for the first. */
function sliceOf(column: Column, from: number, count: number): Column {
  switch (column.kind) {
    case 'none':
      return column;
    case 'text':
      return { kind: 'text', texts: borrowed(column.texts, from, count) };
    case 'bytes':
      return { kind: 'bytes', bytes: borrowed(column.bytes, from, count) };
    case 'rows': {
      const { schema, cells, width } = column.rows;
      const rows = new RowColumn(schema, count);
      for (let at = 0; at < count * width; at++) rows.cells[at] = cells[from * width + at] ?? null;
      rows.count = count;
      return { kind: 'rows', rows };
    }
    case 'values':
      return { kind: 'values', schemas: column.schemas.slice(from, from + count), values: column.values.slice(from, from + count) };
  }
}

function borrowed(column: ByteColumn, from: number, count: number): ByteColumn {
  const view = new ByteColumn(0, 0);
  view.borrow(column, from, count);
  return view;
}
