import { IdentifierRules } from '../database/table-id';

/** Double quotes, as SQL has them; back quotes would do as well. */
export const SQLITE_IDENTIFIERS = new IdentifierRules('"');
