import { PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { planRows } from '../../../../src/connectors/jdbc/sink/row-plan';
import { readSinkSettings } from '../../../../src/connectors/jdbc/sink/sink-settings';
import { timestampBuilder } from '../../../../src/data/schema/logical';
import { sinkRecord } from '../../../helpers/fakes/sink-record';

const SUMMER_NOON = new Date('2024-07-15T12:00:00Z');

test('a timestamp is a wall clock time of db.timezone, but for a column of instants, whose sessions run in UTC', () => {
  const props = { 'connection.url': 'jdbc:postgresql://127.0.0.1/x', 'db.timezone': 'Europe/Berlin' };
  const settings = readSinkSettings(props, 'confluent');
  const columns = [false, true].map(withTimeZone => ({
    ...PLAIN_COLUMN,
    name: `c${withTimeZone}`,
    type: 'TIMESTAMP' as const,
    typeName: withTimeZone ? 'timestamptz' : 'timestamp',
    withTimeZone,
  }));
  const schema = timestampBuilder().build();
  const shape = {
    fields: columns.map(({ name }) => ({ name, schema, primaryKey: false, read: () => SUMMER_NOON })),
    schemaless: false,
  };
  const definition = { table: { catalog: null, schema: null, table: 't' }, shown: 't', columns };
  expect(planRows(shape, definition, settings, false).row(sinkRecord('t', 0, null, null))).toEqual([
    '2024-07-15 14:00:00.000',
    '2024-07-15 12:00:00.000',
  ]);
});
