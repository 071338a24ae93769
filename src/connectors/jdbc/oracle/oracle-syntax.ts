/** How Oracle writes names and MERGE. */
import type { MergeSyntax } from '../database/merge-statement';
import { IdentifierRules } from '../database/table-id';

/** Double quotes; without them names are folded to upper case. */
export const ORACLE_IDENTIFIERS = new IdentifierRules('"', '"', 'upper', '$#');

export const MERGE_SYNTAX: MergeSyntax = { target: 'target', from: ' FROM dual', end: '', parameter: place => `:${place}` };
