/** Checks across settings, and of the connection to the database. */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import type { Props } from '../../../api/connector';
import { toError } from '../../../errors';
import { getLogger } from '../../../log';
import { DatabaseError } from '../database/database-error';
import { columnsOfQuery, describedStatement } from '../database/query-statement';
import { readConnectionSettings } from './connection-settings';

const logger = getLogger('io.aiven.connect.jdbc.util.ConnectionProvider');

/** The time limit of the check, since a request waits for it. */
const TIMEOUT_MS = 15_000;

/** Values by name, for checks to read and to add errors to. */
export class CheckedValues {
  private readonly byName: ReadonlyMap<string, ConfigValue>;

  constructor(readonly values: ConfigValue[]) {
    this.byName = new Map(values.map(value => [value.name, value]));
  }

  text(name: string): string {
    return String(this.byName.get(name)?.value ?? '');
  }

  list(name: string): readonly string[] {
    const value = this.byName.get(name)?.value;
    return Array.isArray(value) ? value : [];
  }

  /** True if a text or list is not empty. */
  isGiven(name: string): boolean {
    const value = this.byName.get(name)?.value;
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== '';
  }

  /** Adds an error to the first of these settings that this flavour has. */
  fail(message: string, ...names: readonly string[]): void {
    const name = names.find(candidate => this.byName.has(candidate));
    if (name !== undefined) this.byName.get(name)?.errors.push(message);
  }

  get hasErrors(): boolean {
    return this.values.some(value => value.errors.length > 0);
  }
}

/**
 * Connects, and has the database describe the query, if there is one, as the mode runs it. A server that is away may come back and is only
 * logged. A wrong password, an unknown host or database, or a bad query is an error of the settings.
 */
export async function checkConnection(def: ConfigDef, props: Props, checked: CheckedValues, query: string | null): Promise<void> {
  try {
    const { dialect, options } = readConnectionSettings(def.parse(props), 'main');
    const connection = await dialect.connect({ ...options, timeoutMs: TIMEOUT_MS, looksOnly: true });
    try {
      if (query !== null) {
        const text = dialect.queryText?.(query) ?? query;
        const statement = describedStatement(text, checked.text('mode').toLowerCase(), checked.text('query.suffix'));
        await columnsOfQuery(connection, statement);
      }
    } catch (error) {
      if (isAway(error)) logger.warn(`The query was not checked: ${toError(error).message}`);
      else checked.fail(`The database refuses the query: ${toError(error).message}`, 'query');
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (isAway(error)) logger.warn(`The database cannot be reached now: ${toError(error).message}`);
    else checked.fail(`Cannot connect to the database: ${toError(error).message}`, 'connection.url');
  }
}

/** True if the server cannot be reached now. A host name that does not resolve does not count: it is probably misspelt. */
function isAway(error: unknown): boolean {
  return error instanceof DatabaseError && error.retriable && !error.message.includes('ENOTFOUND');
}
