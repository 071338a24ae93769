/** Which of the tables there are a source copies. */
import type { ParsedConfig } from '../../../api/config-def';
import { JavaPattern } from '../../../java/regex/regex';
import type { IdentifierRules, TableId } from '../database/table-id';
import { unquotedName } from '../database/table-id';
import type { Flavour } from '../database/values/flavour';

/** Tells whether a table is to be copied. */
export type TableFilter = (table: TableId) => boolean;

/**
 * The filter of the settings: exact names of the whitelist, or else all but those of the blacklist; or regular expressions. Names may be
 * bare, with their schema, and each quoted or not.
 */
export function createTableFilter(config: ParsedConfig, rules: IdentifierRules, flavour: Flavour): TableFilter {
  const [whitelist, blacklist] = [config.getList('table.whitelist'), config.getList('table.blacklist')];
  if (whitelist.length > 0) return namedBy(whitelist, rules);
  if (blacklist.length > 0) {
    const excluded = namedBy(blacklist, rules);
    return table => !excluded(table);
  }
  return flavour === 'confluent' ? byPatterns(config) : () => true;
}

/** Names of the whitelist that none of these tables has: a slip of the pen, a missing right, or a table that is still to come. */
export function namesWithoutTable(config: ParsedConfig, rules: IdentifierRules, tables: readonly TableId[]): string[] {
  return config.getList('table.whitelist').filter(name => !tables.some(namedBy([name], rules)));
}

/** Tells whether a table is one of these names. */
export function namedBy(names: readonly string[], rules: IdentifierRules): TableFilter {
  const wanted = new Set(names);
  return table => [table.table, rules.quote(table.table), unquotedName(table), rules.table(table)].some(name => wanted.has(name));
}

function byPatterns(config: ParsedConfig): TableFilter {
  const patterns = (key: string): JavaPattern[] => config.getList(key).map(pattern => new JavaPattern(pattern));
  const [included, excluded] = [patterns('table.include.list'), patterns('table.exclude.list')];
  if (included.length === 0) return () => true;
  return table => {
    const name = unquotedName(table);
    return included.some(pattern => pattern.matches(name)) && !excluded.some(pattern => pattern.matches(name));
  };
}
