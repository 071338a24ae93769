/** From the parts of a name to a table. */
import { ConnectError } from '../../../errors';
import type { IdentifierRules, TableId } from './table-id';

const MAX_PARTS = 3;

/**
 * A table's name in one to three parts, quoted or not.
 * @param owner what the second of two parts from the right is: MySQL knows databases (catalogues), others schemas
 * @throws ConnectException for empty parts and for more than three
 */
export function tableOfParts(rules: IdentifierRules, name: string, owner: 'schema' | 'catalog'): TableId {
  const parts = rules.split(name);
  if (parts.length > MAX_PARTS || parts.some(part => part === '')) {
    throw new ConnectError(
      'ConnectException',
      `${JSON.stringify(name)} is no name of a table: it has ${parts.length} parts, or empty ones`,
    );
  }
  const [table = '', second = null, third = null] = parts.reverse();
  if (owner === 'catalog') return { catalog: second ?? third, schema: null, table };
  return { catalog: third, schema: second, table };
}
