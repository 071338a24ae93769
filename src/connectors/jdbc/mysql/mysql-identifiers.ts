import { IdentifierRules } from '../database/table-id';

/** Back quotes. */
export const MYSQL_IDENTIFIERS = new IdentifierRules('`');
