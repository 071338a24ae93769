/** Definitions of tables: cached, read again after changes, created and altered (io.aiven.connect.jdbc.sink.DbStructure). */
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import type { NewColumn } from '../database/dialect';
import { REMEDY_FOR_LENGTH, type TableId } from '../database/table-id';
import { type Column, columnNamed } from '../database/values/column';
import { withHint } from './record-kinds';
import { nothingToWrite, type RecordShape, type ShapeField } from './record-shape';
import type { SinkSettings } from './sink-settings';

/** A table as it was last described. */
export interface TableDefinition {
  readonly table: TableId;
  /** The name in messages. */
  readonly shown: string;
  readonly columns: readonly Column[];
}

const MISSING_HINT = 'create it, set auto.create=true, or name another by table.name.format';

/** A table is missing and must not be created: no record can be written, so it is no error of a record. */
export class MissingTable extends ConnectError {
  constructor(message: string) {
    super('ConnectException', message);
  }
}

const NO_SCHEMA_HINT =
  'schemaless data has no types for new columns: create the table or column yourself, or send schemas (JsonConverter with value.converter.schemas.enable=true)';

/** A table in messages: in double quotes, as Java shows it on every database. */
const shownTable = ({ catalog, schema, table }: TableId): string =>
  [catalog, schema, table].flatMap(part => (part ? [`"${part}"`] : [])).join('.');

/** The column for a field. */
export const columnFor = ({ columns }: TableDefinition, name: string): Column | null => columnNamed(columns, name);

export class TableDefinitions {
  private readonly known = new Map<string, TableDefinition>();
  private changes = 0;

  constructor(
    private readonly settings: SinkSettings,
    private readonly logger: Logger,
  ) {}

  /** Number of changes so far: created tables and added columns. */
  get changeCount(): number {
    return this.changes;
  }

  /** Clears the cache: after a rollback, and when an error shows that a definition is outdated. */
  clear(): void {
    this.known.clear();
  }

  /**
   * The table with a column for each field; creates or alters it if the settings allow that, within the caller's transaction.
   * @throws MissingTable; ConnectException for fields without a column; DatabaseError
   */
  async resolve(connection: Connection, name: string, shape: RecordShape): Promise<TableDefinition> {
    const remembered = this.known.get(name);
    if (remembered && missingFields(remembered, shape).length === 0) return remembered;
    const found = (await this.read(connection, name)) ?? (await this.create(connection, name, shape));
    this.known.set(name, found);
    const missing = missingFields(found, shape);
    if (missing.length === 0) return found;
    return this.widen(connection, name, found, missing);
  }

  private async read(connection: Connection, name: string): Promise<TableDefinition | null> {
    const { dialect } = this.settings.connection;
    const table = await dialect.findTable(connection, this.idOf(name), this.settings.tableTypes);
    return table && { table, shown: shownTable(this.idOf(name)), columns: await connection.columnsOfTable(table) };
  }

  /** The exact name; names without quotes are folded as the database does. */
  private idOf(name: string): TableId {
    const { dialect, quoting } = this.settings.connection;
    const id = dialect.parseTable(name);
    if (quoting === 'always') return id;
    const fold = (part: string | null): string | null => part && dialect.identifiers.folded(part);
    return { catalog: fold(id.catalog), schema: fold(id.schema), table: dialect.identifiers.folded(id.table) };
  }

  private async create(connection: Connection, name: string, shape: RecordShape): Promise<TableDefinition> {
    const { dialect, quoting } = this.settings.connection;
    const id = this.idOf(name);
    if (shape.schemaless) throw nothingToWrite(name, NO_SCHEMA_HINT);
    const tooLong = dialect.identifiers.lengthProblem(id.table);
    if (tooLong !== null) throw new MissingTable(`Table ${shownTable(id)} cannot exist, as ${tooLong}. ${REMEDY_FOR_LENGTH}`);
    for (const field of shape.fields) dialect.identifiers.checkLength(field.name);
    await this.refuseOtherKind(connection, id);
    if (!this.settings.autoCreate)
      throw new MissingTable(`Table ${shownTable(id)} is missing and auto-creation is disabled\n  Hint: ${MISSING_HINT}`);
    const sql = dialect.createTable(
      id,
      shape.fields.map(field => this.newColumn(field)),
      { quoting, flavour: this.settings.flavour },
    );
    this.logger.info(`Creating table with sql: ${sql}`);
    this.changes++;
    await connection.query(sql);
    const created = await this.read(connection, name);
    if (created === null) throw new ConnectError('ConnectException', `Table ${name} was created but cannot be found`);
    return created;
  }

  /** Reports an object of another type with the same name, for which "missing" would be wrong. @throws MissingTable */
  private async refuseOtherKind(connection: Connection, id: TableId): Promise<void> {
    const { connection: by, tableTypes, flavour } = this.settings;
    const other = await by.dialect.findTable(connection, id, null);
    if (other === null) return;
    const types = tableTypes.join(',');
    const setting = flavour === 'confluent' ? `set table.types=${types},${other.type} if it can be written to, or ` : '';
    throw new MissingTable(
      `${shownTable(id)} exists, but its type is ${other.type}, and rows go to table.types=${types} only: ${setting}name another table (table.name.format)`,
    );
  }

  private async widen(
    connection: Connection,
    name: string,
    found: TableDefinition,
    missing: readonly ShapeField[],
  ): Promise<TableDefinition> {
    const { dialect, quoting } = this.settings.connection;
    const { shown } = found;
    for (const field of missing) dialect.identifiers.checkLength(field.name);
    if (!this.settings.autoEvolve || missing.some(field => field.schema === null)) {
      const names = missing.map(field => field.name).join(', ');
      const hint =
        missing.some(field => field.schema === null) && this.settings.autoEvolve
          ? NO_SCHEMA_HINT
          : 'add the columns, set auto.evolve=true, or leave the fields out by fields.whitelist or the transformation ReplaceField';
      throw withHint(`Table ${shown} has no column for the fields ${names}, and auto-evolution is disabled`, hint);
    }
    const columns = missing.map(field => this.newColumn(field));
    for (const { name: field, schema, primaryKey } of columns) {
      if (schema.optional || (schema.defaultValue !== null && schema.defaultValue !== undefined)) continue;
      throw new ConnectError(
        'ConnectException',
        `Cannot ALTER to add missing field SinkRecordField{schema=Schema{${schema.name ?? schema.type}}, name='${field}', ` +
          `isPrimaryKey=${primaryKey}}, as it is not optional and does not have a default value`,
      );
    }
    for (const sql of dialect.addColumns(found.table, columns, { quoting, flavour: this.settings.flavour })) {
      this.logger.info(`Amending table with sql: ${sql}`);
      this.changes++;
      await connection.query(sql);
    }
    const widened = { ...found, columns: await connection.columnsOfTable(found.table) };
    this.known.set(name, widened);
    return widened;
  }

  private newColumn({ name, schema, primaryKey }: ShapeField): NewColumn {
    if (schema === null) throw nothingToWrite(name, NO_SCHEMA_HINT);
    const { timestampFields, timestampDigits } = this.settings;
    return { name, schema, primaryKey, ...(timestampFields.includes(name) && { secondDigits: timestampDigits }) };
  }
}

const missingFields = (definition: TableDefinition, shape: RecordShape): ShapeField[] =>
  shape.fields.filter(field => columnFor(definition, field.name) === null);
