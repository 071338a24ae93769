/** Records whose schemas are made to be SQL, through the sink into real databases: no other table is read, changed or made. */
import { JdbcSinkTask } from '../../../src/connectors/jdbc/sink/jdbc-sink-task';
import { ConnectError } from '../../../src/errors';
import { FakeSinkContext } from '../../../src/testing/sink/sink-context';
import { sinkRecord } from '../../helpers/fakes/sink-record';
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';

jest.setTimeout(180_000);

interface Subject {
  readonly settings: Record<string, string>;
  sql(text: string): Promise<string>;
  stop(): Promise<void>;
  /** Lists each column of each table as `table.column`. */
  readonly columnsSql: string;
}

const CATALOGUE = (schema: string): string =>
  `SELECT DISTINCT CONCAT(table_name, '.', column_name) FROM information_schema.columns WHERE table_schema = '${schema}' ORDER BY 1`;

const SUBJECTS: Readonly<Record<string, () => Promise<Subject>>> = {
  async PostgreSQL() {
    const server = await Postgres.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), columnsSql: CATALOGUE('public') };
  },
  async MariaDB() {
    const server = await MariaDb.start();
    return { settings: server.settings(), sql: text => server.sql(text), stop: () => server.stop(), columnsSql: CATALOGUE('test') };
  },
  async SQLite() {
    const dir = new TempDir('hostile');
    const file = dir.file('sink.db');
    return {
      settings: { 'connection.url': `jdbc:sqlite:${file}` },
      sql: async text => runSqlite(file, text),
      stop: async () => dir.remove(),
      columnsSql: "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY 1",
    };
  },
};

const HOSTILE: readonly string[] = [
  '2) AS SELECT * FROM victim; --',
  '2) SELECT secret FROM victim',
  '2), stolen DECIMAL(1,0',
  '2) NULL, ADD stolen DECIMAL(1,0',
  '0), stolen INT DEFAULT (SELECT 1',
  '2) NULL, DROP COLUMN secret, ADD stolen DECIMAL(1,0',
  "x'; DROP TABLE victim; --",
  "\\'; DROP TABLE victim; -- ",
  '" INT); DROP TABLE victim; --',
  '` INT); DROP TABLE victim; -- ',
  'x# ',
  'x/*',
  'true',
  'constructor',
  '\u{ff07}; DROP TABLE victim; --',
];

const DECIMAL = 'org.apache.kafka.connect.data.Decimal';

/** A field for each place of a schema that a text can stand in; payloads are null, so that only the schema speaks. */
const FIELDS: Readonly<Record<string, (text: string) => Record<string, unknown>>> = {
  scale: text => ({ field: 'n', type: 'bytes', name: DECIMAL, version: 1, parameters: { scale: text, 'connect.decimal.precision': text } }),
  name: text => ({ field: 'n', type: 'string', name: text, parameters: { [text]: text, length: text } }),
  doc: text => ({ field: 'n', type: 'int32', doc: text, version: 7 }),
  default: text => ({ field: 'n', type: 'string', default: text }),
  field: text => ({ field: text, type: 'int32' }),
};

describe.each(Object.entries(SUBJECTS))('%s', (_, start) => {
  let subject: Subject;
  let count = 0;
  beforeAll(async () => {
    subject = await start();
    await subject.sql('CREATE TABLE victim (secret int);\nINSERT INTO victim VALUES (4711);');
  });
  afterAll(() => subject?.stop());

  /** @returns the error of the sink, if there is one */
  async function put(topic: string, field: Record<string, unknown>, quoting: string): Promise<ConnectError | null> {
    const settings = { 'auto.create': 'true', 'auto.evolve': 'true', 'max.retries': '0', 'quote.sql.identifiers': quoting };
    const keys = { 'insert.mode': 'upsert', 'pk.mode': 'record_value', 'pk.fields': 'id' };
    const props = { name: 'sink', topics: topic, ...subject.settings, ...settings, ...keys };
    const task = new JdbcSinkTask('confluent');
    task.start(props, new FakeSinkContext(props, null));
    const fields = [
      { field: 'id', type: 'int32', optional: false },
      { optional: true, ...field },
    ];
    const value = { schema: { type: 'struct', optional: false, fields }, payload: { id: 1, [String(field.field)]: null } };
    try {
      await task.put([sinkRecord(topic, 0, null, value)]);
      return null;
    } catch (error) {
      if (error instanceof ConnectError) return error;
      throw error;
    } finally {
      await task.stop();
    }
  }

  test.each(Object.keys(FIELDS).flatMap(place => ['always', 'never'].map(quoting => [place, quoting] as const)))(
    'what stands as %s of a schema is no SQL (quoting %s)',
    async (place, quoting) => {
      for (const text of HOSTILE) {
        const field = FIELDS[place]?.(text) ?? {};
        const [created, widened] = [`c${count}`, `w${count++}`];
        await subject.sql(`CREATE TABLE ${widened} (id int NOT NULL PRIMARY KEY)`);
        const names = ['id', String(field.field)];
        for (const topic of [created, widened]) await put(topic, field, quoting);
        const columns = (await subject.sql(subject.columnsSql)).split('\n');
        const strange = columns.filter(column => {
          const [table = '', name = ''] = [column.slice(0, column.indexOf('.')), column.slice(column.indexOf('.') + 1)];
          return (table === created || table === widened) && !names.some(each => each.trimEnd() === name.trimEnd());
        });
        expect([text, strange]).toEqual([text, []]);
        expect(columns).toContain('victim.secret');
        expect(new Set(columns.map(column => column.slice(0, column.indexOf('.'))).filter(table => !/^[cw]\d+$/.test(table)))).toEqual(
          new Set(['victim']),
        );
      }
      expect(await subject.sql('SELECT secret FROM victim')).toBe('4711');
    },
  );
});
