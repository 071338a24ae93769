/** How SQL Server writes names and MERGE. */
import type { WritePlan } from '../database/connection';
import type { MergeSyntax } from '../database/merge-statement';
import { IdentifierRules } from '../database/table-id';

const LIMIT = { product: 'SQL Server', max: 128, unit: 'characters' } as const;

/** Brackets. */
export const SQLSERVER_IDENTIFIERS = new IdentifierRules('[', ']', 'none', '$#', LIMIT);

/** HOLDLOCK keeps two tasks that upsert the same new key from both inserting it. */
export function mergeSyntax({ mergesWithoutLock }: WritePlan): MergeSyntax {
  return { target: mergesWithoutLock ? 'AS target' : 'WITH (HOLDLOCK) AS target', from: '', end: ';', parameter: place => `@p${place}` };
}
