/** What a session must be like, and how it is kept so, behind a pooler too. */
import type { Properties } from '../url/jdbc-address';
import { pgLiteral } from './pg-literal';

/** What reading and writing rely on, whatever the server, the database or the user has as default. */
const OWN_SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['datestyle', 'ISO'],
  ['intervalstyle', 'postgres'],
  ['extra_float_digits', '3'],
  ['bytea_output', 'hex'],
  ['timezone', 'UTC'],
  ['lc_monetary', 'C'],
  // a backslash in a literal is a backslash
  ['standard_conforming_strings', 'on'],
  // batches go as arrays, in which NULL is not a text
  ['array_nulls', 'on'],
  ['transform_null_equals', 'off'],
];

/**
 * The settings of a session. A pooler may hand each transaction to another session of the server, and that session to others afterwards: there
 * the settings hold for one transaction each, and no statement has a name.
 */
export class PgSession {
  private isolationSql = '';

  /** @param isShared whether other clients may use the session of the server between two transactions */
  constructor(
    readonly isShared: boolean,
    private readonly properties: Properties,
  ) {}

  /** Whether statements may be prepared under a name: `prepareThreshold=0` and `preferQueryMode=simple` ask for none, as in pgjdbc. */
  get namesStatements(): boolean {
    const mode = this.properties.get('preferQueryMode')?.toLowerCase();
    return !this.isShared && mode !== 'simple' && this.properties.getNumber('prepareThreshold') !== 0;
  }

  /** The statement that makes a session of our own what it must be. */
  get prepareSql(): string {
    return settingsSql([...OWN_SETTINGS, ...schemaSetting(this.properties)], false);
  }

  /** How a transaction begins. */
  get beginSql(): string {
    if (!this.isShared) return 'BEGIN';
    // a pooler may have left out the options of the URL
    const settings = [...optionSettings(this.properties), ...OWN_SETTINGS, ...schemaSetting(this.properties)];
    return `BEGIN; ${this.isolationSql}${settingsSql(settings, true)}`;
  }

  /**
   * Takes a statement that sets something for all transactions to come.
   * @returns the statement to run for it now, or null: it is part of each transaction
   */
  keep(sql: string): string | null {
    if (!this.isShared) return sql;
    this.isolationSql = `${sql.replace('SESSION CHARACTERISTICS AS ', '')}; `;
    return null;
  }
}

const schemaSetting = (properties: Properties): [string, string][] => {
  const schema = properties.get('currentSchema');
  return schema === undefined ? [] : [['search_path', schema]];
};

/** One statement for all; values that are lists come as one text. */
function settingsSql(settings: Iterable<readonly [string, string]>, isLocal: boolean): string {
  const calls = [...settings].map(([name, value]) => `pg_catalog.set_config(${pgLiteral(name)}, ${pgLiteral(value)}, ${isLocal})`);
  return `SELECT ${calls.join(', ')}`;
}

/** What `options=-c name=value --name=value` sets; a blank within a value is escaped by a backslash. */
export function optionSettings(properties: Properties): [string, string][] {
  const words = (properties.get('options') ?? '').match(/(?:\\.|[^\s\\])+/gs) ?? [];
  const text = words.map(word => word.replace(/\\(.)/gs, '$1'));
  return text.flatMap((word, i): [string, string][] => {
    const setting = text[i - 1] === '-c' ? word : (/^(?:-c|--)(.+)$/s.exec(word)?.[1] ?? '');
    const equals = setting.indexOf('=');
    return equals < 1 ? [] : [[setting.slice(0, equals).replaceAll('-', '_'), setting.slice(equals + 1)]];
  });
}
