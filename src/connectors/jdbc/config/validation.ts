/** Checks across settings, and whether the database can be reached at all. */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import type { Props } from '../../../api/connector';
import { toError } from '../../../errors';
import { getLogger } from '../../../log';
import { DatabaseError } from '../database/database-error';
import { columnsOfQuery, describedStatement } from '../database/query-statement';
import { readConnectionSettings } from './connection-settings';

const logger = getLogger('io.aiven.connect.jdbc.util.ConnectionProvider');

/** A check may not take longer, as a request waits for it. */
const TIMEOUT_MS = 15_000;

/** Values by name, to read them and to say what is wrong. */
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

  /** True if there is anything in a text or list. */
  isGiven(name: string): boolean {
    const value = this.byName.get(name)?.value;
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined && value !== '';
  }

  /** Adds an error to the first of these settings that there is in this set. */
  fail(message: string, ...names: readonly string[]): void {
    const name = names.find(candidate => this.byName.has(candidate));
    if (name !== undefined) this.byName.get(name)?.errors.push(message);
  }

  get hasErrors(): boolean {
    return this.values.some(value => value.errors.length > 0);
  }
}

/**
 * Connects, and has the database describe the query, if there is one, as the mode runs it. A server that is away is not a mistake in the
 * settings: it may come back, so it is only logged. A wrong password, an unknown host or database, a bad query are.
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

/** A host without an address is most likely a slip of the pen. */
function isAway(error: unknown): boolean {
  return error instanceof DatabaseError && error.retriable && !error.message.includes('ENOTFOUND');
}
