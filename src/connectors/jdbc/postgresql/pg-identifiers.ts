import { IdentifierRules } from '../database/table-id';

const LIMIT = { product: 'PostgreSQL', max: 63, unit: 'bytes' } as const;

/** Double quotes; without them names are folded to lower case. What is longer the server would cut. */
export const PG_IDENTIFIERS = new IdentifierRules('"', '"', 'lower', '$', LIMIT);
