/** Parts of statements that write rows. */
import type { BindValue, WritePlan } from './connection';
import type { Dialect } from './dialect';

/** Names of a plan's columns as they stand in SQL. */
export interface PlanNames {
  readonly table: string;
  readonly keys: readonly string[];
  readonly others: readonly string[];
  /** Keys, then others: the order of values in a row. */
  readonly all: readonly string[];
}

/** All names of a plan, escaped. */
export function namesOf(dialect: Pick<Dialect, 'identifiers'>, { table, keys, others, quoting }: WritePlan): PlanNames {
  const name = (column: { readonly name: string }): string => dialect.identifiers.name(column.name, quoting);
  const [keyNames, otherNames] = [keys.map(name), others.map(name)];
  return { table: dialect.identifiers.table(table, quoting), keys: keyNames, others: otherNames, all: [...keyNames, ...otherNames] };
}

/** The condition of an UPDATE; without a key it applies to all rows. */
export const whereClause = (found: string): string => (found === '' ? '' : ` WHERE ${found}`);

/** The values of a row in the order of placeholders without numbers: UPDATE names the other columns before the keys. */
export function paramsInOrder({ mode, keys }: WritePlan, row: readonly BindValue[]): readonly BindValue[] {
  return mode === 'update' ? [...row.slice(keys.length), ...row.slice(0, keys.length)] : row;
}
