import { IdentifierRules } from '../database/table-id';

const LIMIT = { product: 'MySQL (or MariaDB)', max: 64, unit: 'characters' } as const;

/** Back quotes. */
export const MYSQL_IDENTIFIERS = new IdentifierRules('`', '`', 'none', '$', LIMIT);
