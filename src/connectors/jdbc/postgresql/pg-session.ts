/** The required settings of a session, and how they are kept, behind a pooler too. */
import type { Properties } from '../url/jdbc-address';
import { pgLiteral } from './pg-literal';

/** Settings that reading and writing rely on, whatever the defaults of server, database or user. */
const OWN_SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ['datestyle', 'ISO'],
  ['intervalstyle', 'postgres'],
  ['extra_float_digits', '3'],
  ['bytea_output', 'hex'],
  ['timezone', 'UTC'],
  ['lc_monetary', 'C'],
  // A backslash in a literal is a plain character.
  ['standard_conforming_strings', 'on'],
  // NULL in the arrays of a batch is not a text.
  ['array_nulls', 'on'],
  ['transform_null_equals', 'off'],
];

/**
 * The settings of a session. A pooler may run each transaction in another session of the server, and give that session to other clients
 * afterwards: then the settings are set in each transaction, and statements are not named.
 */
export class PgSession {
  private isolationSql = '';

  /** @param isShared true if other clients may use the server's session between two transactions */
  constructor(
    readonly isShared: boolean,
    private readonly properties: Properties,
  ) {}

  /** True if statements may be prepared under a name; as in pgjdbc, `prepareThreshold=0` and `preferQueryMode=simple` prevent it. */
  get namesStatements(): boolean {
    const mode = this.properties.get('preferQueryMode')?.toLowerCase();
    return !this.isShared && mode !== 'simple' && this.properties.getNumber('prepareThreshold') !== 0;
  }

  /** The statement that sets up a session that is not shared. */
  get prepareSql(): string {
    return settingsSql([...OWN_SETTINGS, ...schemaSetting(this.properties)], false);
  }

  /** The statement that begins a transaction. */
  get beginSql(): string {
    if (!this.isShared) return 'BEGIN';
    // A pooler may have ignored the options of the URL.
    const settings = [...optionSettings(this.properties), ...OWN_SETTINGS, ...schemaSetting(this.properties)];
    return `BEGIN; ${this.isolationSql}${settingsSql(settings, true)}`;
  }

  /**
   * Notes a statement that sets something for all later transactions.
   * @returns the statement to run now; null if it is run in each transaction
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

/** One statement for all settings; a list is one text. */
function settingsSql(settings: Iterable<readonly [string, string]>, isLocal: boolean): string {
  const calls = [...settings].map(([name, value]) => `pg_catalog.set_config(${pgLiteral(name)}, ${pgLiteral(value)}, ${isLocal})`);
  return `SELECT ${calls.join(', ')}`;
}

/** The settings in `options=-c name=value --name=value`; a blank within a value is escaped by a backslash. */
function optionSettings(properties: Properties): [string, string][] {
  const words = (properties.get('options') ?? '').match(/(?:\\.|[^\s\\])+/gs) ?? [];
  const text = words.map(word => word.replace(/\\(.)/gs, '$1'));
  return text.flatMap((word, i): [string, string][] => {
    const setting = text[i - 1] === '-c' ? word : (/^(?:-c|--)(.+)$/s.exec(word)?.[1] ?? '');
    const equals = setting.indexOf('=');
    return equals < 1 ? [] : [[setting.slice(0, equals).replaceAll('-', '_'), setting.slice(equals + 1)]];
  });
}
