import type { ColumnMapping } from '../../../src/connectors/jdbc/database/values/column-mapping';
import { boxOf } from '../../../src/data/batch/row-column';

/** What a record has for a raw value of a column; null where the database has none, undefined for a column that is dropped. */
export function readValue(mapping: ColumnMapping | null, raw: unknown): unknown {
  if (mapping === null) return undefined;
  const plain = mapping.read(raw);
  return plain === null ? null : boxOf(mapping.schema)(plain);
}
