/**
 * The transformations of a task on whole batches. A chain goes over the shape of a batch once, for each topic and schema; what comes out says for
 * each cell of the new batch where its value comes from, and one loop makes them all.
 */
import { type Column, NO_COLUMN, NO_TIMESTAMP, type RecordBatch, valueBatch } from '../data/batch/record-batch';
import {
  type Cell,
  type ChangedShape,
  cellsOf,
  type FieldShape,
  isCellSchema,
  type PartShape,
  type RecordShape,
  structShape,
} from '../data/batch/record-shape';
import { boxOf, type PlainValue, type RowColumn } from '../data/batch/row-column';
import { LruCache } from '../data/lru-cache';
import { OPTIONAL_BYTES_SCHEMA, STRING_SCHEMA } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { ColumnMaker, type Input, type Output, type PartPlan, type RowCells } from './column-maker';

/** Changes the shape of a batch, as a transformation with its predicate does. */
export type ShapeStep = (shape: RecordShape) => ChangedShape;

/** Plans kept; a source with more topics makes them anew. */
const MAX_PLANS = 500;

/** Records `from .. from + count` of a batch, after the chain: in columns of their own, with index 0 for the first; null where all are dropped. */
export interface ChangedRecords {
  readonly count: number;
  readonly batch: RecordBatch | null;
}

const NOTHING: PartPlan = { kind: 'none' };

/** What a chain makes of the batches of one shape. */
interface Plan {
  readonly keySchema: Schema | null;
  readonly valueSchema: Schema | null;
  readonly kinds: string;
  /** Null where records have to be made. */
  readonly output: Output | null;
}

const NO_BATCH = valueBatch('', NO_COLUMN, 0, {}, () => null);

export class ColumnChain {
  private readonly rowCells: RowCells = { key: [], value: [] };
  /** What the cells of all plans read; one for all, so that a plan that waits for its next batch keeps none alive. */
  private readonly input: Input = { batch: NO_BATCH, nowMs: 0 };
  private readonly plans = new LruCache<string, Plan>(MAX_PLANS);

  /** @param steps at least one; null for one that needs records */
  constructor(private readonly steps: readonly ShapeStep[]) {}

  /**
   * Takes records of a batch from `from` on, before `limit`, through the chain, as long as they go to one topic.
   * @returns null where the first of them is to go through the chain as a record
   */
  change(batch: RecordBatch, from: number, limit: number): ChangedRecords | null {
    if (batch.partitions !== null || batch.headers !== null) return null;
    this.input.batch = batch;
    this.input.nowMs = Date.now();
    const { output } = this.planFor(batch, batch.topics.at(from));
    if (output === null) return null;
    const most = Math.min(limit, batch.topics.endOf(from)) - from;
    const made = new ColumnMaker(output, this.input, from, most, this.rowCells);
    return made.count === 0 ? null : { count: made.count, batch: output.isDropped ? null : made.batch() };
  }

  private planFor(batch: RecordBatch, topic: string): Plan {
    const { key, value } = batch;
    const known = this.plans.get(topic);
    const kinds = `${key.kind} ${value.kind}`;
    const keySchema = rowSchema(key);
    const valueSchema = rowSchema(value);
    if (known && known.kinds === kinds && known.keySchema === keySchema && known.valueSchema === valueSchema) return known;
    const plan: Plan = { keySchema, valueSchema, kinds, output: this.compile(topic) };
    this.plans.put(topic, plan);
    return plan;
  }

  /** @returns null where a step needs records, or would refuse them */
  private compile(topic: string): Plan['output'] {
    const { input } = this;
    let readsTimestamps = false;
    const key = inputPart(input, 'key');
    const value = inputPart(input, 'value');
    if (key === null || value === null) return null;
    const changed = new Set<Cell>();
    let isDropped = false;
    let shape: RecordShape = {
      topic,
      key,
      value,
      headers: [],
      timestamps: () => {
        readsTimestamps = true;
        return i => timestampAt(input, i);
      },
    };
    try {
      for (const step of this.steps) {
        const next = step(shape);
        if (next === null) return null;
        isDropped = next === 'dropped';
        if (next === 'dropped') break;
        shape = next;
        for (const cell of cellsOfShape(shape)) if (cell.changes) changed.add(cell);
      }
    } catch {
      // A record shows what is wrong, and with which one.
      return null;
    }
    const headers = shape.headers.flatMap(({ key: name, part }) => (part.kind === 'cell' ? [{ key: name, ...withBox(part.cell) }] : []));
    if (headers.length < shape.headers.length) return null;
    const sources = { key, value };
    const read = isDropped ? [] : cellsOfShape(shape);
    return {
      isDropped,
      checked: notRead([...changed], read),
      topic: shape.topic,
      key: isDropped ? NOTHING : partPlan(shape.key, sources),
      value: isDropped ? NOTHING : partPlan(shape.value, sources),
      headers: isDropped ? [] : headers,
      readsTimestamps,
    };
  }
}

function cellsOfShape({ key, value, headers }: RecordShape): Cell[] {
  const parts = [key, value, ...headers.map(({ part }) => part)];
  return parts.flatMap(part => (part.kind === 'none' ? [] : cellsOf(part)));
}

/** Those of some cells that are read neither for themselves nor for others that are. */
function notRead(cells: readonly Cell[], read: readonly Cell[]): Cell[] {
  const known = new Set<Cell>();
  for (const cell of read) for (let at: Cell | undefined = cell; at; at = at.changes) known.add(at);
  const rest: Cell[] = [];
  // The last change of a value reads all before it.
  for (const cell of [...cells].reverse()) {
    if (known.has(cell)) continue;
    rest.push(cell);
    for (let at: Cell | undefined = cell; at; at = at.changes) known.add(at);
  }
  return rest;
}

/** Null for a column of which only its records can say what they hold. */
function inputPart(input: Input, of: 'key' | 'value'): PartShape | null {
  const column = input.batch[of];
  switch (column.kind) {
    case 'none':
      return column;
    case 'text':
      return { kind: 'cell', cell: { schema: STRING_SCHEMA, at: i => columnOf(input, of, 'text').texts.textAt(i) } };
    case 'bytes':
      return { kind: 'cell', cell: { schema: OPTIONAL_BYTES_SCHEMA, at: i => copyOf(columnOf(input, of, 'bytes').bytes.at(i)) } };
    case 'rows':
      return rowShape(column.rows.schema, () => columnOf(input, of, 'rows').rows, { at: 0 });
    case 'values':
      return null;
  }
}

function columnOf<K extends Column['kind']>({ batch }: Input, of: 'key' | 'value', _kind: K): Extract<Column, { kind: K }> {
  return batch[of] as Extract<Column, { kind: K }>;
}

/** @param next the cell of a row that comes next; counted on */
function rowShape(schema: Schema, rows: () => RowColumn, next: { at: number }): FieldShape | null {
  const fields = (schema.fields ?? []).map(({ schema: field }): FieldShape | null => {
    if (field.type === 'STRUCT') return rowShape(field, rows, next);
    const place = next.at++;
    if (!isCellSchema(field)) return null;
    const at = (i: number): PlainValue | null => {
      const { cells, width } = rows();
      return cells[i * width + place] ?? null;
    };
    return { kind: 'cell', cell: { schema: field, at } };
  });
  return fields.every(field => field !== null) ? structShape(schema, fields) : null;
}

function copyOf(bytes: Buffer | null): Buffer | null {
  return bytes && Buffer.from(bytes);
}

function timestampAt({ batch: { timestamps }, nowMs }: Input, i: number): number | null {
  if (timestamps === null) return null;
  if (timestamps === 'now') return nowMs;
  const timestamp = timestamps[i] as number;
  return timestamp === NO_TIMESTAMP ? null : timestamp;
}

function rowSchema(column: Column): Schema | null {
  return column.kind === 'rows' ? column.rows.schema : null;
}

function withBox(cell: Cell): { readonly cell: Cell; readonly box: (plain: PlainValue) => unknown } {
  return { cell, box: boxOf(cell.schema) };
}

function partPlan(part: PartShape, sources: { readonly key: PartShape; readonly value: PartShape }): PartPlan {
  if (part.kind === 'none') return part;
  if (part === sources.key) return { kind: 'same', part: 'key' };
  if (part === sources.value) return { kind: 'same', part: 'value' };
  if (part.kind === 'cell') return { kind: 'cell', ...withBox(part.cell) };
  return { kind: 'rows', cells: cellsOf(part), schema: part.schema };
}
