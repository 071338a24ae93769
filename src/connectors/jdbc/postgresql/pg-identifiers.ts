import { IdentifierRules } from '../database/table-id';

/** Double quotes; without them names are folded to lower case. */
export const PG_IDENTIFIERS = new IdentifierRules('"', '"', 'lower');
