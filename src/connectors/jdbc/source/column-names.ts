/** The columns by which new rows of a table are found: named for all tables, or by regular expressions for names of tables. */
import type { ParsedConfig } from '../../../api/config-def';
import { ConnectError } from '../../../errors';
import { JavaPattern } from '../../../java/regex/regex';
import { labelOf, type ReadSubject } from './source-offset';

/** Column names from the settings. */
export interface ColumnNames {
  /** Of several the first that is not NULL counts; empty if the mode uses none. */
  readonly timestamps: readonly string[];
  /** Empty: the auto-increment column. Null if the mode uses none. */
  readonly incrementing: string | null;
}

/** Finds the names for a table. @throws ConnectException for a table that matches no entry of a mapping, or several */
export type ColumnNamer = (subject: ReadSubject) => ColumnNames;

/** One entry of `incrementing.column.mapping` or `timestamp.columns.mapping`. */
interface MappingEntry {
  readonly pattern: JavaPattern;
  readonly columns: readonly string[];
}

/** The column namer of these settings. */
export function createColumnNamer(config: ParsedConfig, mode: string, hasMappings: boolean): ColumnNamer {
  const [usesTimestamp, usesIncrementing] = [mode.startsWith('timestamp'), mode.endsWith('incrementing')];
  const entriesOf = (key: string): MappingEntry[] => (hasMappings ? config.getList(key).map(readEntry) : []);
  const [incrementing, timestamps] = [entriesOf('incrementing.column.mapping'), entriesOf('timestamp.columns.mapping')];
  const plain = { incrementing: config.getString('incrementing.column.name'), timestamps: config.getList('timestamp.column.name') };
  return subject => ({
    timestamps: !usesTimestamp ? [] : timestamps.length > 0 ? entryFor(subject, timestamps, 'timestamp.columns.mapping') : plain.timestamps,
    incrementing: !usesIncrementing
      ? null
      : incrementing.length > 0
        ? (entryFor(subject, incrementing, 'incrementing.column.mapping')[0] ?? '')
        : plain.incrementing,
  });
}

/** `regex:column` or `regex:[column|column]`; the form was validated with the settings. */
function readEntry(text: string): MappingEntry {
  const colon = text.lastIndexOf(':');
  const columns = text.slice(colon + 1).replace(/^\[|\]$/g, '');
  return { pattern: new JavaPattern(text.slice(0, colon)), columns: columns.split('|').map(column => column.trim()) };
}

function entryFor(subject: ReadSubject, entries: readonly MappingEntry[], key: string): readonly string[] {
  const matching = entries.filter(({ pattern }) => pattern.matches(labelOf(subject)));
  const [only] = matching;
  if (only !== undefined && matching.length === 1) return only.columns;
  throw new ConnectError('ConnectException', `${labelOf(subject)} matches ${matching.length} entries of ${key}: it must match one`);
}
