/** Lists of tables as text, which the connector passes to its tasks. */
import type { IdentifierRules, TableId } from '../database/table-id';

/** Tables without schema and catalogue, to be resolved by the session; each name once. */
export function bareTables(tables: readonly TableId[]): TableId[] {
  return [...new Set(tables.map(({ table }) => table))].map(table => ({ catalog: null, schema: null, table }));
}

/** Quoted names, separated by commas. */
export function writeTableList(tables: readonly TableId[], rules: IdentifierRules): string {
  return tables.map(table => rules.table(table)).join(',');
}

/** The quoted names of `writeTableList`; a comma within quotes is part of a name. */
export function splitTableList(text: string, rules: IdentifierRules): string[] {
  const names: string[] = [];
  let name = '';
  let inQuotes = false;
  for (const char of text) {
    // A doubled quote closes and opens again.
    if (inQuotes ? char === rules.close : char === rules.open) inQuotes = !inQuotes;
    if (char === ',' && !inQuotes) {
      names.push(name);
      name = '';
    } else name += char;
  }
  return name === '' ? names : [...names, name];
}

/** Contiguous groups, as even as possible, the larger ones first (ConnectorUtils.groupPartitions). */
export function groupEvenly<T>(items: readonly T[], groups: number): T[][] {
  const count = Math.min(groups, items.length);
  const [size, larger] = count === 0 ? [0, 0] : [Math.floor(items.length / count), items.length % count];
  return Array.from({ length: count }, (_, i) => {
    const start = i * size + Math.min(i, larger);
    return items.slice(start, start + size + (i < larger ? 1 : 0));
  });
}
