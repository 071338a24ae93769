import { unknownWorkerKeys } from '../../../src/config/keys/unknown-keys';
import { classHint } from '../../../src/config/validation/class-hints';
import { classLookup } from '../../../src/config/validation/plugin-lookup';
import { WorkerConfig } from '../../../src/config/worker-config';
import { createPluginTable } from '../../../src/plugins/builtins';
import { pluginLookup } from '../../../src/plugins/table-lookup';

const table = createPluginTable();
const lookUp = classLookup(pluginLookup(table));

test.each([
  ['FileStreamSorce', 'Did you mean FileStreamSource?'],
  ['FilestreamSink', 'Did you mean FileStreamSink?'],
  ['org.apache.kafka.connect.file.FileStreamSourceConector', 'Did you mean org.apache.kafka.connect.file.FileStreamSourceConnector?'],
  ['org.apache.kafka.connect.file.FileStreamSource', 'Did you mean org.apache.kafka.connect.file.FileStreamSourceConnector?'],
  ['org.apache.kafka.connect.converters.StringConverter', 'Did you mean org.apache.kafka.connect.storage.StringConverter?'],
  ['org.apache.kafka.connect.transforms.HoistFeld$Value', 'Did you mean org.apache.kafka.connect.transforms.HoistField$Value?'],
  ['Nope', ''],
  ['com.example.MyThing', ''],
])('%s: %s', (name, hint) => {
  expect(classHint(name, table.list())).toBe(hint);
});

test.each([
  ['io.confluent.connect.avro.AvroConverter', /not supported here. Use org\.apache\.kafka\.connect\.json\.JsonConverter/],
  ['AvroConverter', /JsonConverter/],
  ['io.confluent.connect.protobuf.ProtobufConverter', /JsonConverter/],
  ['io.confluent.connect.json.JsonSchemaConverter', /JsonConverter/],
  ['io.apicurio.registry.utils.converter.AvroConverter', /JsonConverter/],
  ['io.debezium.connector.postgresql.PostgresConnector', /Use io\.confluent\.connect\.jdbc\.JdbcSourceConnector/],
  ['io.debezium.connector.jdbc.JdbcSinkConnector', /JdbcSinkConnector/],
  ['io.debezium.transforms.ExtractNewRecordState', /Java plugin, which this worker cannot run/],
  ['io.confluent.connect.transforms.Filter$Value', /transforms\.Filter/],
  ['io.confluent.connect.s3.S3SinkConnector', /Java plugin, which this worker cannot run/],
  ['com.mongodb.kafka.connect.MongoSinkConnector', /Java plugin/],
  ['org.apache.kafka.connect.mirror.MirrorSourceConnector', /connect-mirror-maker/],
  ['com.github.jcustenborder.kafka.connect.spooldir.SpoolDirLineDelimitedSourceConnector', /FileStreamSource/],
])('%s of others is known, whatever it is named for', (name, wanted) => {
  expect(() => lookUp(name)).toThrow(wanted);
  expect(() => table.connector(name)).toThrow(wanted);
});

test('a misspelt connector gets a short answer that begins as in Java', () => {
  expect(() => table.connector('FileStreamSorce')).toThrow(
    /^Failed to find any class that implements Connector and which name matches FileStreamSorce, available connectors are: [\w., ]*\borg\.apache\.kafka\.connect\.file\.FileStreamSinkConnector, [\w., ]{1,400}\. Did you mean FileStreamSource\?$/,
  );
});

test('connect-distributed.properties is told for what it is', () => {
  const props = {
    'bootstrap.servers': 'b:1',
    'group.id': 'connect-cluster',
    'config.storage.topic': 'c',
    'key.converter': 'x',
    'value.converter': 'x',
  };
  expect(() => new WorkerConfig(props)).toThrow(
    'Missing required configuration "offset.storage.file.filename" which has no default value. This is a file for connect-distributed (it has group.id, config.storage.topic)',
  );
  expect(() => new WorkerConfig({ ...props, 'offset.storage.file.filename': '/x' })).not.toThrow();
});

test.each([
  [{ 'rest.port': '8084' }, 'set listeners=http://:8084 in its place'],
  [{ 'rest.port': '' }, 'set listeners=http://:8083 in its place'],
  [{ 'rest.host.name': 'h' }, 'set listeners=http://h:8083 in its place'],
])('%j: %s', (props, hint) => {
  expect(unknownWorkerKeys(props, {}).map(unknown => unknown.hint)).toEqual([hint]);
});
