/** Finds the tables that a source copies, and warns of tables that its settings probably exclude by mistake. */
import type { ParsedConfig } from '../../../api/config-def';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import type { Dialect, FoundTable, TableSearch } from '../database/dialect';
import { unquotedName } from '../database/table-id';
import type { Flavour } from '../database/values/flavour';
import type { JdbcAddress } from '../url/jdbc-address';
import { createTableChoice, namedBy, namesWithoutTable, type TableChoice } from './table-filter';

/** The most names in one message; the others are counted. */
const MAX_SHOWN = 5;

/** Types of tables that can be read, unlike indexes. */
const READABLE: readonly string[] = ['TABLE', 'VIEW', 'PARTITIONED TABLE', 'MATERIALIZED VIEW', 'FOREIGN TABLE', 'SYNONYM'];

/** What the settings exclude. */
interface LeftOut {
  /** Names of the whitelist without a table. */
  readonly missing: readonly string[];
  /** Tables of a wanted name but another type. */
  readonly otherKinds: readonly FoundTable[];
  /** True if no table is left. */
  readonly nothing: boolean;
}

/** Options of the search besides the settings. */
export interface TableSearchOptions {
  readonly dialect: Dialect;
  readonly address: JdbcAddress;
  readonly flavour: Flavour;
  readonly logger: Logger;
}

export class SourceTables {
  private readonly search: TableSearch & { readonly types: readonly string[] };
  private readonly choose: TableChoice;
  private told = '';

  constructor(
    private readonly config: ParsedConfig,
    private readonly options: TableSearchOptions,
  ) {
    this.choose = createTableChoice(config, options.dialect.identifiers, options.flavour);
    this.search = {
      catalogPattern: config.getStringOrNull('catalog.pattern'),
      schemaPattern: config.getStringOrNull('schema.pattern'),
      types: config.getList('table.types').map(type => type.toUpperCase()),
    };
  }

  /** The tables to copy. Warns, after each change, of wanted tables that are not among them; Java is silent. @throws DatabaseError */
  async list(connection: Connection): Promise<FoundTable[]> {
    const { dialect, logger } = this.options;
    const wanted = this.choose(await dialect.listTables(connection, { ...this.search, types: this.kinds }));
    const tables = wanted.filter(table => this.isRead(table));
    const left: LeftOut = {
      missing: namesWithoutTable(this.config, dialect.identifiers, tables),
      otherKinds: wanted.filter(table => !this.isRead(table)),
      nothing: tables.length === 0,
    };
    const state = JSON.stringify(left);
    if (state !== this.told) {
      this.told = state;
      const warning = left.missing.length > 0 ? await this.describeMissing(connection, left) : this.describeLeftOut(left);
      const again = `They are looked for again every ${this.config.getLong('table.poll.interval.ms')} ms (table.poll.interval.ms).`;
      if (warning !== '') logger.warn(`${warning} ${again}`);
    }
    return tables;
  }

  /** Types of tables to list: those to read, and those to warn of. */
  private get kinds(): string[] {
    return [...new Set([...this.search.types, ...READABLE])];
  }

  private isRead({ type }: FoundTable): boolean {
    return this.search.types.includes(type);
  }

  private describeLeftOut({ otherKinds, nothing }: LeftOut): string {
    const types = this.search.types.join(',');
    if (!nothing) return otherKinds.length === 0 ? '' : `Not read, as table.types=${types}: ${shownList(otherKinds)}.`;
    const kinds = otherKinds.length === 0 ? '' : ` What is there is of other kinds: ${shownList(otherKinds)}.`;
    return `The database has no table that the settings ask for: there is nothing to read. Looked for ${this.place()}.${kinds}`;
  }

  private async describeMissing(connection: Connection, { missing, otherKinds }: LeftOut): Promise<string> {
    const search = { catalogPattern: '%', schemaPattern: null, types: this.kinds };
    const outside = await this.options.dialect.listTables(connection, search);
    const shown = missing.map(name => this.whereIs(name, [...otherKinds, ...outside]));
    return `No table exists for these names of table.whitelist: ${shown.join('; ')}.`;
  }

  private whereIs(name: string, others: readonly FoundTable[]): string {
    const { dialect } = this.options;
    const other = others.find(namedBy([name], dialect.identifiers));
    if (other === undefined) {
      const tooLong = dialect.identifiers.lengthProblem(name.slice(name.lastIndexOf('.') + 1));
      return `${name} (${tooLong ?? `looked for ${this.place()}`})`;
    }
    const where = `${other.schema === null ? 'catalog.pattern' : 'schema.pattern'} so that ${unquotedName(other)} is looked at`;
    const kind = `table.types=${[...this.search.types, other.type].join(',')}, as it is a ${other.type}`;
    return `${name} (set ${this.isRead(other) ? where : kind})`;
  }

  /** The settings that limit the search, for messages. */
  private place(): string {
    const { address, dialect } = this.options;
    const { catalogPattern, schemaPattern, types } = this.search;
    const ofUrl = address.database === '' ? 'not set, and the URL names no database' : `not set: ${address.database} of the URL`;
    const catalog = `catalog.pattern ${catalogPattern ?? ofUrl}`;
    const schema = `schema.pattern ${schemaPattern ?? 'not set'}`;
    const where = dialect.name.startsWith('MySql') ? catalog : dialect.name.startsWith('Sqlite') ? null : schema;
    return [where, `table.types=${types.join(',')}`].filter(part => part !== null).join(', ');
  }
}

function shownList(tables: readonly FoundTable[]): string {
  const shown = tables.slice(0, MAX_SHOWN).map(table => `${unquotedName(table)} (${table.type})`);
  if (tables.length > MAX_SHOWN) shown.push(`${tables.length - MAX_SHOWN} more`);
  return shown.join(', ');
}
