/** Chooses the tables that a source copies. */
import type { ParsedConfig } from '../../../api/config-def';
import { JavaPattern } from '../../../java/regex/regex';
import type { IdentifierRules, TableId } from '../database/table-id';
import { unquotedName } from '../database/table-id';
import type { Flavour } from '../database/values/flavour';

/** True for tables that a filter accepts. */
export type TableFilter = (table: TableId) => boolean;

/** Selects the tables to copy from a list. @throws ConnectException for a pattern that takes too many steps */
export type TableChoice = <T extends TableId>(tables: readonly T[]) => T[];

/**
 * The choice of the settings: exact names of the whitelist, or else all but those of the blacklist; or regular expressions. Names may have
 * a schema or not, and may be quoted.
 */
export function createTableChoice(config: ParsedConfig, rules: IdentifierRules, flavour: Flavour): TableChoice {
  const [whitelist, blacklist] = [config.getList('table.whitelist'), config.getList('table.blacklist')];
  if (whitelist.length > 0) return tables => tables.filter(namedBy(whitelist, rules));
  if (blacklist.length > 0) {
    const excluded = namedBy(blacklist, rules);
    return tables => tables.filter(table => !excluded(table));
  }
  return flavour === 'confluent' ? byPatterns(config) : tables => [...tables];
}

/** Names of the whitelist without a table: a misspelt name, a missing right, or a table that does not exist yet. */
export function namesWithoutTable(config: ParsedConfig, rules: IdentifierRules, tables: readonly TableId[]): string[] {
  return config.getList('table.whitelist').filter(name => !tables.some(namedBy([name], rules)));
}

/** A filter that accepts tables with one of these names. */
export function namedBy(names: readonly string[], rules: IdentifierRules): TableFilter {
  const wanted = new Set(names);
  return table => [table.table, rules.quote(table.table), unquotedName(table), rules.table(table)].some(name => wanted.has(name));
}

function byPatterns(config: ParsedConfig): TableChoice {
  const patterns = (key: string): JavaPattern[] => config.getList(key).map(pattern => new JavaPattern(pattern));
  const [included, excluded] = [patterns('table.include.list'), patterns('table.exclude.list')];
  if (included.length === 0) return tables => [...tables];
  return tables => {
    const wanted = new Set(included.flatMap(pattern => pattern.matching(tables.map(unquotedName))));
    for (const pattern of excluded) for (const name of pattern.matching([...wanted])) wanted.delete(name);
    return tables.filter(table => wanted.has(unquotedName(table)));
  };
}
