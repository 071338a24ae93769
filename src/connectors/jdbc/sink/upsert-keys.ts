/** Which keys an upsert matches, on databases that match any unique key of the table. */
import type { Connection } from '../database/connection';
import type { Dialect } from '../database/dialect';
import type { RecordShape } from './record-shape';
import { columnFor, type TableDefinition } from './table-definitions';

/**
 * The risk that an upsert changes rows with another key than the record's; null if the database matches that key alone.
 * @throws DatabaseError
 */
export async function describeUpsertRisk(
  dialect: Dialect,
  connection: Connection,
  definition: TableDefinition,
  shape: RecordShape,
): Promise<string | null> {
  const unique = await dialect.uniqueKeys?.(connection, definition.table);
  if (unique === undefined) return null;
  const fields = shape.fields.filter(({ primaryKey }) => primaryKey).map(({ name }) => columnFor(definition, name)?.name ?? name);
  const key = fields.join(', ');
  const others = unique.filter(({ columns }) => !isSame(columns, fields));
  const isKey = others.length < unique.length;
  const shown = others.map(({ name, columns }) => `${name} (${columns.join(', ')})`).join(', ');
  const risks = [
    ...(isKey ? [] : [`no unique key of ${definition.shown} is made of ${key}, so a record may insert a second row of its key`]),
    ...(others.length === 0 ? [] : [`a record changes the row that has its values in another unique key, whatever its ${key}: ${shown}`]),
  ];
  if (risks.length === 0) return null;
  return `insert.mode=upsert on ${definition.shown}: ${risks.join('; ')}. ON DUPLICATE KEY UPDATE of ${dialect.product} goes by any unique key.`;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every(name => b.includes(name));
