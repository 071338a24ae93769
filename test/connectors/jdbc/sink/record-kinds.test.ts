/** Records of which no row can be made: the error says which record, what it is, which setting asks for more, and what would do. */
import { JdbcSinkTask } from '../../../../src/connectors/jdbc/sink/jdbc-sink-task';
import type { SinkRecord } from '../../../../src/data/record/record';
import { ConnectError } from '../../../../src/errors';
import { FakeSinkContext } from '../../../../src/testing/sink/sink-context';
import { sinkRecord } from '../../../helpers/fakes/sink-record';
import { TempDir } from '../../../helpers/temp-dir';

const STRUCT = { schema: { type: 'struct', fields: [{ field: 'id', type: 'int64', optional: true }] }, payload: { id: 1 } };
const NESTED = {
  schema: {
    type: 'struct',
    fields: [
      { field: 'id', type: 'int64' },
      { field: 'tags', type: 'map', keys: { type: 'string' }, values: { type: 'string' } },
    ],
  },
  payload: { id: 1, tags: {} },
};
const KEY = { schema: { type: 'int64', optional: false }, payload: 7 };
const LIST_KEY = { schema: { type: 'array', items: { type: 'int32' } }, payload: [1] };

type Half = Partial<Pick<SinkRecord, 'key' | 'value'>>;

/** Settings, the record, and what the error says besides its place. */
type Case = readonly [settings: Record<string, string>, key: unknown, value: unknown, bare: Half, says: readonly RegExp[]];

const CASES: Readonly<Record<string, Case>> = {
  'a map without a schema, and no table': [
    {},
    null,
    null,
    { value: new Map([['id', 1]]) },
    [/value a map without a schema/, /schemas\.enable=true/],
  ],
  'a list without a schema': [{}, null, null, { value: [1] }, [/value a list without a schema/, /structs/, /HoistField/]],
  'bytes without a schema': [{}, null, null, { value: Buffer.from('secret') }, [/value bytes without a schema/, /structs/]],
  'a number with a schema': [{}, null, KEY, {}, [/value of type INT64/, /structs/, /HoistField/]],
  'a tombstone, pk.mode=none': [
    { 'pk.mode': 'none' },
    KEY,
    null,
    {},
    [/value null/, /pk\.mode is none/, /delete\.enabled=true/, /RecordIsTombstone/],
  ],
  'a tombstone, pk.mode=kafka': [{ 'pk.mode': 'kafka' }, null, null, {}, [/value null/, /pk\.mode is kafka/, /delete\.enabled/]],
  'a tombstone, pk.mode=record_value': [
    { 'pk.mode': 'record_value', 'pk.fields': 'id' },
    null,
    null,
    {},
    [/value null/, /pk\.mode is record_value/],
  ],
  'a tombstone, deletes disabled': [
    { 'pk.mode': 'record_key', 'pk.fields': 'id' },
    KEY,
    null,
    {},
    [/value null/, /delete\.enabled is false/],
  ],
  'no key': [
    { 'pk.mode': 'record_key', 'pk.fields': 'id' },
    null,
    STRUCT,
    {},
    [/key null/, /pk\.mode=record_key wants a key/, /ValueToKey/],
  ],
  'a key that is a list': [{ 'pk.mode': 'record_key' }, LIST_KEY, STRUCT, {}, [/key of type ARRAY/, /pk\.mode=record_key/]],
  'a plain key without a column': [{ 'pk.mode': 'record_key' }, KEY, STRUCT, {}, [/key of type INT64/, /pk\.fields names the one column/]],
  'a key field that is not there': [
    { 'pk.mode': 'record_value', 'pk.fields': 'nr' },
    null,
    STRUCT,
    {},
    [/does not contain field: nr/, /that are there: id/],
  ],
  'a key field of a list': [
    { 'pk.mode': 'record_value', 'pk.fields': 'nr' },
    null,
    null,
    { value: [1] },
    [/a list without a schema/, /structs/],
  ],
  'upsert without keys': [{ 'insert.mode': 'upsert' }, null, STRUCT, {}, [/insert\.mode=upsert/, /pk\.mode is none/]],
  'a key that is null': [
    { 'pk.mode': 'record_value', 'pk.fields': 'id' },
    null,
    { ...STRUCT, payload: { id: null } },
    {},
    [/key column id is null/, /pk\.mode and pk\.fields/],
  ],
  'a map as a column': [{}, null, NESTED, {}, [/field tags is not a plain value/, /Flatten/]],
  'nothing left by the whitelist': [{ 'fields.whitelist': 'other' }, null, STRUCT, {}, [/fields\.whitelist/, /value of type STRUCT/]],
};

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('record-kinds');
});
afterEach(() => dir.remove());

async function put(settings: Record<string, string>, record: SinkRecord): Promise<void> {
  const props = { name: 'sink', topics: 'orders', 'connection.url': `jdbc:sqlite:${dir.file('a.db')}`, 'auto.create': 'true', ...settings };
  const task = new JdbcSinkTask('confluent');
  task.start(props, new FakeSinkContext(props, null));
  await task.put([record]).finally(() => task.stop());
}

test.each(Object.entries(CASES))('%s', async (_, [settings, key, value, bare, says]) => {
  const record: SinkRecord = { ...sinkRecord('orders', 42, key, value), ...bare };
  const error: unknown = await put(settings, { ...record, originalKafkaPartition: 3 }).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectError);
  const { message } = error as ConnectError;
  expect(message).toContain("topic 'orders', partition 3, offset 42");
  expect(message).not.toContain('secret');
  for (const text of says) expect(message).toMatch(text);
});

test('a table that is missing names the settings', async () => {
  await expect(put({ 'auto.create': 'false' }, sinkRecord('orders', 0, null, STRUCT))).rejects.toThrow(
    /auto\.create=true.*table\.name\.format/,
  );
});
