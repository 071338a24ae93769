/** Names of tables, and how a database quotes names (io.aiven.connect.jdbc.util.TableId, IdentifierRules). */
import { ConnectError } from '../../../errors';

/** The exact name of a table; parts that the database does not have are null. */
export interface TableId {
  readonly catalog: string | null;
  readonly schema: string | null;
  readonly table: string;
}

/** True for the same table. */
export function sameTable(a: TableId, b: TableId): boolean {
  return a.catalog === b.catalog && a.schema === b.schema && a.table === b.table;
}

/** Words that SQL takes for values, not columns: unquoted, `WHERE true IN (1)` would apply to every row. */
const VALUE_WORDS: ReadonlySet<string> = new Set(
  `true false null unknown default user uid level rownum rowid sysdate systimestamp sessiontimezone dbtimezone localtime localtimestamp
  session_user system_user current_catalog current_date current_path current_role current_schema current_time current_timestamp
  current_user utc_date utc_time utc_timestamp`.split(/\s+/),
);

/** What to do about a name that is too long. */
export const REMEDY_FOR_LENGTH =
  'Give a shorter one (table.name.format for a table; a transformation such as ReplaceField$Value with renames for a field)';

/** How long a name may be. */
export interface NameLimit {
  readonly product: string;
  readonly max: number;
  readonly unit: 'bytes' | 'characters';
}

/** How a database quotes and joins names. */
export class IdentifierRules {
  private readonly bareName: RegExp;

  /**
   * @param open the opening quote
   * @param close the closing quote; doubled within a name, so that no name can end early
   * @param fold how the database changes names without quotes
   * @param bareSigns special characters allowed in names without quotes, after the first letter; `#` begins a comment in MySQL
   * @param limit longer names are refused: some databases would truncate them silently, so that two names become one
   */
  constructor(
    readonly open: string,
    readonly close: string = open,
    readonly fold: 'lower' | 'upper' | 'none' = 'none',
    bareSigns: '$' | '$#' = '$',
    private readonly limit: NameLimit | null = null,
  ) {
    this.bareName = new RegExp(`^[\\p{L}_][\\p{L}\\p{N}_${bareSigns}]*$`, 'u');
  }

  /** The quoted name. @throws ConnectException for the empty name, for U+0000, and for one that is too long */
  quote(name: string): string {
    if (name === '' || name.includes('\0'))
      throw new ConnectError('ConnectException', `${JSON.stringify(name)} is not the name of a table or column`);
    this.checkLength(name);
    return this.open + name.replaceAll(this.close, this.close + this.close) + this.close;
  }

  /** What is wrong with the length of a name, or null. */
  lengthProblem(name: string): string | null {
    const { limit } = this;
    // A UTF-16 unit takes at most three bytes in UTF-8.
    if (limit === null || name.length * 3 <= limit.max) return null;
    const length = limit.unit === 'bytes' ? Buffer.byteLength(name) : name.length;
    if (length <= limit.max) return null;
    return `the name ${name} has ${length} ${limit.unit}, and ${limit.product} takes ${limit.max} at most`;
  }

  /** @throws ConnectException for a name that is too long */
  checkLength(name: string): void {
    const problem = this.lengthProblem(name);
    if (problem !== null) throw new ConnectError('ConnectException', `${problem.replace(/^t/, 'T')}. ${REMEDY_FOR_LENGTH}`);
  }

  /** The name in SQL: unquoted only if the user wants that and it is one plain word, which cannot contain SQL. */
  name(name: string, quoting: 'always' | 'never'): string {
    if (quoting === 'always' || !this.bareName.test(name)) return this.quote(name);
    this.checkLength(name);
    return VALUE_WORDS.has(name.toLowerCase()) ? this.quote(this.folded(name)) : name;
  }

  /** A table in SQL. */
  table(id: TableId, quoting: 'always' | 'never' = 'always'): string {
    return partsOf(id)
      .map(part => this.name(part, quoting))
      .join('.');
  }

  /** Splits `a.b.c` at dots outside quotes. @throws ConnectException for an unclosed quote */
  split(text: string): string[] {
    const parts: string[] = [];
    for (let at = 0; at <= text.length; ) {
      const { part, next } = text.startsWith(this.open, at) ? this.readQuoted(text, at) : readBare(text, at);
      parts.push(part);
      at = next + 1;
      if (next < text.length && text[next] !== '.') throw unreadable(text);
    }
    return parts;
  }

  private readQuoted(text: string, start: number): { part: string; next: number } {
    let part = '';
    for (let at = start + this.open.length; at < text.length; at++) {
      if (!text.startsWith(this.close, at)) part += text[at];
      else if (text.startsWith(this.close, at + this.close.length)) {
        part += this.close;
        at += this.close.length * 2 - 1;
      } else return { part, next: at + this.close.length };
    }
    throw unreadable(text);
  }

  /** A name without quotes as the database stores it. */
  folded(name: string): string {
    return this.fold === 'lower' ? name.toLowerCase() : this.fold === 'upper' ? name.toUpperCase() : name;
  }
}

function readBare(text: string, start: number): { part: string; next: number } {
  const dot = text.indexOf('.', start);
  const next = dot < 0 ? text.length : dot;
  return { part: text.slice(start, next), next };
}

function unreadable(text: string): ConnectError {
  return new ConnectError(
    'ConnectException',
    `${JSON.stringify(text)} is not the name of a table: a quote is not closed, or something follows one`,
  );
}

const partsOf = ({ catalog, schema, table }: TableId): string[] =>
  [catalog, schema, table].filter(part => part !== null && part !== '') as string[];

/** The name without quotes, as in topics, filters and stored offsets: `schema.table`. */
export function unquotedName(id: TableId): string {
  return partsOf(id).join('.');
}
