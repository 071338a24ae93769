/** Builds a table from the parts of a name. */
import { ConnectError } from '../../../errors';
import type { Connection } from './connection';
import { DatabaseError } from './database-error';
import { type IdentifierRules, type TableId, unquotedName } from './table-id';

const MAX_PARTS = 3;

/**
 * A table's name in one to three parts, quoted or not.
 * @param owner the kind of the part before the table: MySQL has databases (catalogues), others have schemas
 * @param maxParts 2 if the database has no third level, since ignoring a part would name another table
 * @throws ConnectException for empty parts and for too many
 */
export function tableOfParts(rules: IdentifierRules, name: string, owner: 'schema' | 'catalog', maxParts: 2 | 3 = MAX_PARTS): TableId {
  const parts = rules.split(name);
  if (parts.length > maxParts || parts.some(part => part === '')) {
    throw new ConnectError(
      'ConnectException',
      `${JSON.stringify(name)} is not the name of a table: it has ${parts.length} parts, where at most ${maxParts} are allowed, or empty ones. Quote it if the dots are part of it`,
    );
  }
  const [table = '', second = null, third = null] = parts.reverse();
  if (owner === 'catalog') return { catalog: second, schema: null, table };
  return { catalog: third, schema: second, table };
}

/**
 * Refuses a table of another database than the connected one, as PostgreSQL does in SQL.
 * @param currentSql query for the name of the connected one
 * @throws DatabaseError (`permanent`)
 */
export async function requireConnectedDatabase(connection: Connection, id: TableId, currentSql: string): Promise<void> {
  if (id.catalog === null) return;
  const [row] = await connection.query(currentSql);
  const current = String(row?.[0]);
  if (current === id.catalog) return;
  throw new DatabaseError(
    'permanent',
    `cross-database references are not implemented: "${unquotedName(id)}" is in the database ${JSON.stringify(id.catalog)}, ` +
      `but connection.url leads to ${JSON.stringify(current)}. Connect to that one, or leave the database out of the table's name`,
    '0A000',
  );
}
