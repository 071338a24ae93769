import { IdentifierRules } from '../database/table-id';

const LIMIT = { product: 'PostgreSQL', max: 63, unit: 'bytes' } as const;

/** Double quotes; without them names are folded to lower case. The server would truncate longer names. */
export const PG_IDENTIFIERS = new IdentifierRules('"', '"', 'lower', '$', LIMIT);
