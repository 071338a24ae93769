/** Groups the rows of one table into few statements: collapsed by key, with deletions in order. */
import type { BindValue } from '../database/connection';
import type { RowPlan } from './row-plan';

/** A record as a row to write, or as a key to delete. */
export interface PlannedRow {
  readonly plan: RowPlan;
  readonly values: readonly BindValue[];
}

/** Rows of one plan, for one call of a writer. */
export interface RowGroup {
  readonly plan: RowPlan;
  readonly rows: readonly (readonly BindValue[])[];
}

/**
 * Groups of rows, to be written in order. The order of rows with the same key is kept: of several upserts or updates the last one counts,
 * and a deletion stays between the writes before and after it. Rows with different keys may be reordered.
 */
export function groupRows(rows: readonly PlannedRow[]): RowGroup[] {
  const [first] = rows;
  if (first && first.plan.write.mode !== 'delete' && rows.every(row => row.plan === first.plan)) return [groupOfPlan(first.plan, rows)];
  const groups: RowGroup[] = [];
  let batch = new Batch();
  for (const row of rows) {
    if (batch.conflictsWith(row)) {
      groups.push(...batch.groups());
      batch = new Batch();
    }
    batch.add(row);
  }
  return [...groups, ...batch.groups()];
}

/** Nearly all batches: rows of one plan, and no deletions. */
function groupOfPlan(plan: RowPlan, rows: readonly PlannedRow[]): RowGroup {
  if (plan.write.mode === 'insert') return { plan, rows: rows.map(row => row.values) };
  const last = new Map<string | null, readonly BindValue[]>();
  for (const { values } of rows) {
    const key = keyText(plan, values);
    last.delete(key);
    last.set(key, values);
  }
  return { plan, rows: [...last.values()] };
}

/** Writes that may be reordered, followed by deletions. */
class Batch {
  private readonly writes = new Map<RowPlan, Map<string, readonly BindValue[]>>();
  private readonly deletions = new Map<RowPlan, Map<string, readonly BindValue[]>>();
  /** The plan of each key. */
  private readonly planOfKey = new Map<string, RowPlan>();
  private readonly deletedKeys = new Set<string>();
  private count = 0;

  conflictsWith({ plan, values }: PlannedRow): boolean {
    if (plan.write.mode === 'delete') return false;
    const key = keyText(plan, values);
    if (key === null) return false;
    const other = this.planOfKey.get(key);
    return this.deletedKeys.has(key) || (other !== undefined && other !== plan);
  }

  add({ plan, values }: PlannedRow): void {
    const isDeletion = plan.write.mode === 'delete';
    const side = isDeletion ? this.deletions : this.writes;
    const rows = side.get(plan) ?? new Map<string, readonly BindValue[]>();
    side.set(plan, rows);
    const key = keyText(plan, values);
    // Every insert is a row of its own; the table decides whether a key may repeat.
    const place = key === null || plan.write.mode === 'insert' ? `#${this.count++}` : key;
    rows.delete(place);
    rows.set(place, values);
    if (key === null) return;
    if (isDeletion) this.deletedKeys.add(key);
    else this.planOfKey.set(key, plan);
  }

  groups(): RowGroup[] {
    return [...this.writes, ...this.deletions].map(([plan, rows]) => ({ plan, rows: [...rows.values()] }));
  }
}

/** The rows that may be reordered with all others, since their key occurs once. */
export function withoutNamesakes<Row extends PlannedRow>(rows: readonly Row[]): Row[] {
  const counts = new Map<string | null, number>();
  const keyOf = ({ plan, values }: Row): string | null => (plan.write.mode === 'insert' ? null : keyText(plan, values));
  for (const row of rows) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return rows.filter(row => keyOf(row) === null || counts.get(keyOf(row)) === 1);
}

/** The key of a row as a text; null for inserts without a key. An update without a key applies to all rows, so the last one counts. */
function keyText({ write: { keys, mode } }: RowPlan, values: readonly BindValue[]): string | null {
  if (keys.length === 0 && mode === 'insert') return null;
  if (keys.length === 1) return shownKey(values[0]);
  let text = '';
  for (let i = 0; i < keys.length; i++) {
    const shown = shownKey(values[i]);
    text += `${shown.length}:${shown}`;
  }
  return text;
}

const shownKey = (value: BindValue = null): string => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));
