/** How Oracle writes names and MERGE. */
import type { MergeSyntax } from '../database/merge-statement';
import { IdentifierRules } from '../database/table-id';

/** The limit of version 12.2 and later. */
const LIMIT = { product: 'Oracle', max: 128, unit: 'bytes' } as const;

/** Double quotes; without them names are folded to upper case. */
export const ORACLE_IDENTIFIERS = new IdentifierRules('"', '"', 'upper', '$#', LIMIT);

export const MERGE_SYNTAX: MergeSyntax = { target: 'target', from: ' FROM dual', end: '', parameter: place => `:${place}` };
