/** What each built-in transformation and converter makes of an example, worked out by itself, for the pages of both. */
import type { Plugin } from '../../../src/api/plugin';
import { JsonConverter } from '../../../src/converters/json/json-converter';
import { Float32, Int16, Int32 } from '../../../src/data/java/boxed';
import { javaClassOf } from '../../../src/data/java/java-class';
import type { ConnectRecord, SinkRecord } from '../../../src/data/record/record';
import { INT64_SCHEMA, STRING_SCHEMA } from '../../../src/data/schema/connect-schema';
import type { Schema } from '../../../src/data/schema/schema';
import { valueText } from '../../../src/data/values/value-text';
import { sinkRecord } from '../../../src/testing/data/sample-records';
import { structOf, structSchema } from '../fakes/structs';

interface TransformationExample {
  /** Settings below the alias of the transformation. */
  readonly props: Readonly<Record<string, string>>;
  /** The record before; its value as JSON without schema. */
  readonly before: Partial<Omit<SinkRecord, 'value'>> & { readonly json: string };
}

const header = (key: string, value: string) => ({ key, schema: STRING_SCHEMA, value });

/** By the simple name of the class; of two halves the one for values is shown. */
const TRANSFORMATIONS: Readonly<Record<string, TransformationExample>> = {
  Cast: { props: { spec: 'price:float64,sold:boolean' }, before: { json: '{"price":"12.5","sold":"true"}' } },
  DropHeaders: { props: { headers: 'trace' }, before: { json: '1', headers: [header('trace', 'a1'), header('host', 'web1')] } },
  ExtractField: { props: { field: 'line' }, before: { json: '{"line":"GET /","host":"web1"}' } },
  Filter: { props: {}, before: { json: '"any"' } },
  Flatten: { props: { delimiter: '_' }, before: { json: '{"at":{"x":1,"y":2}}' } },
  HeaderFrom: { props: { fields: 'host', headers: 'from', operation: 'move' }, before: { json: '{"line":"GET /","host":"web1"}' } },
  HoistField: { props: { field: 'line' }, before: { json: '"GET /"' } },
  InsertField: { props: { 'static.field': 'site', 'static.value': 'berlin' }, before: { json: '{"line":"GET /"}' } },
  InsertHeader: { props: { header: 'site', 'value.literal': 'berlin' }, before: { json: '1' } },
  MaskField: { props: { fields: 'password', replacement: '***' }, before: { json: '{"user":"ada","password":"secret"}' } },
  RegexRouter: { props: { regex: 'app-(.*)', replacement: 'logs-$1' }, before: { json: '1', topic: 'app-web' } },
  ReplaceField: { props: { exclude: 'tmp', renames: 'a:b' }, before: { json: '{"a":1,"tmp":2}' } },
  SetSchemaMetadata: { props: { 'schema.name': 'com.example.Order', 'schema.version': '2' }, before: { json: '{"id":7}' } },
  TimestampConverter: {
    props: { field: 'at', 'target.type': 'string', format: 'yyyy-MM-dd HH:mm' },
    before: { json: '{"at":1700000000123}' },
  },
  TimestampRouter: {
    props: { 'topic.format': `\${topic}-\${timestamp}`, 'timestamp.format': 'yyyyMM' },
    before: { json: '1', topic: 'logs' },
  },
  ValueToKey: { props: { fields: 'id' }, before: { json: '{"id":7,"name":"ada"}' } },
};

/** SetSchemaMetadata works on schemas only. */
const WITH_SCHEMA = structSchema({ id: INT64_SCHEMA });

const code = (text: string): string => `\`${text}\``;
const simpleName = ({ className }: Plugin): string => className.slice(className.lastIndexOf('.') + 1);
const plainJson = new JsonConverter();
plainJson.configure({ 'schemas.enable': 'false' }, 'value');

/** The parts of a record that a transformation may change, as text; empty where there is nothing. */
function partsOf({ topic, key, keySchema, value, valueSchema, headers }: ConnectRecord): Readonly<Record<string, string>> {
  const json = (schema: Schema | null, data: unknown): string =>
    data === null ? '' : String(plainJson.fromConnectData(topic, schema, data));
  return {
    topic,
    key: json(keySchema, key),
    value: json(valueSchema, value),
    headers: headers.map(({ key: name, value: content }) => `${name}=${String(content)}`).join(', '),
    schema: valueSchema?.name ? `${valueSchema.name}, version ${valueSchema.version}` : '',
  };
}

/** The named parts, the value without its name. */
function shown(parts: Readonly<Record<string, string>>, names: readonly string[]): string {
  return names
    .filter(name => parts[name])
    .map(name => (name === 'value' ? code(parts[name] ?? '') : `${name} ${code(parts[name] ?? '')}`))
    .join(', ');
}

function exampleRecord(name: string, { json, ...parts }: TransformationExample['before']): SinkRecord {
  const plain = plainJson.toConnectData('t', Buffer.from(json));
  if (name !== 'SetSchemaMetadata') return sinkRecord({ ...parts, value: plain.value });
  return sinkRecord({
    ...parts,
    valueSchema: WITH_SCHEMA,
    value: structOf(WITH_SCHEMA, Object.fromEntries(plain.value as Map<string, unknown>)),
  });
}

/**
 * Settings, a record before and the same after, for each built-in transformation.
 * @throws Error for one that has no example, and for one that changes nothing in its example
 */
export function transformationExamples(plugins: readonly Plugin[]): string[][] {
  return plugins.flatMap(plugin => {
    if (plugin.type !== 'transformation' || plugin.className.endsWith('$Key')) return [];
    const name = simpleName(plugin).replace('$Value', '');
    const example = TRANSFORMATIONS[name];
    if (example === undefined) throw new Error(`example-tables.ts has no example of ${name}`);
    const transformation = plugin.create();
    transformation.configure(example.props);
    const record = exampleRecord(name, example.before);
    const before = partsOf(record);
    const result = transformation.apply(record);
    const after = result && partsOf(result);
    const changed = Object.keys(before).filter(part => before[part] !== after?.[part]);
    if (changed.length === 0) throw new Error(`${name} does nothing in its example`);
    const props = Object.entries(example.props).map(([key, value]) => code(`${key}=${value}`));
    // a record that is dropped, or only gets something, is shown by its value
    const from = (after && shown(before, changed)) || shown(before, ['value']);
    return [[code(simpleName(plugin)), props.join(', '), from, after === null ? '*dropped*' : shown(after, changed)]];
  });
}

/** What a converter is given to write, by its simple name. */
const ROW = structSchema({ id: INT64_SCHEMA, name: STRING_SCHEMA });
const VALUES: Readonly<
  Record<string, readonly { readonly props?: Readonly<Record<string, string>>; readonly value: unknown; readonly schema?: Schema }[]>
> = {
  BooleanConverter: [{ value: true }],
  ByteArrayConverter: [{ value: Buffer.from([0, 255]) }],
  DoubleConverter: [{ value: 1.5 }],
  FloatConverter: [{ value: Float32.of(1.5) }],
  IntegerConverter: [{ value: Int32.of(7) }],
  LongConverter: [{ value: 7n }],
  ShortConverter: [{ value: Int16.of(7) }],
  JsonConverter: [
    { value: structOf(ROW, { id: 7n, name: 'ada' }), schema: ROW },
    { props: { 'schemas.enable': 'false' }, value: structOf(ROW, { id: 7n, name: 'ada' }), schema: ROW },
  ],
  StringConverter: [{ value: 'Grüße' }, { props: { 'converter.encoding': 'ISO-8859-1' }, value: 'Grüße' }],
  SimpleHeaderConverter: [{ value: 7n }, { value: new Map([['id', 7n]]) }],
};

/** Text as it is, other bytes in hexadecimal. */
function bytesText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) && !/\p{Cc}/u.test(text)
    ? code(text)
    : `${code(bytes.toString('hex').replace(/..(?=.)/g, '$& '))} (hex)`;
}

function dataText(value: unknown): string {
  if (Buffer.isBuffer(value)) return `bytes ${bytesText(value)}`;
  const type = value instanceof Map ? 'Map' : javaClassOf(value).replace(/^.*\./, '');
  return `${type} ${code(valueText(value))}`;
}

/**
 * A value, the bytes that a converter makes of it and what it reads from them, for each built-in converter.
 * @throws Error for one that has no example
 */
export function converterExamples(plugins: readonly Plugin[]): string[][] {
  const isFirst = ({ className }: Plugin, i: number): boolean => plugins.findIndex(other => other.className === className) === i;
  return plugins.filter(isFirst).flatMap(plugin => {
    if (plugin.type !== 'converter' && plugin.type !== 'header_converter') return [];
    const name = simpleName(plugin);
    const examples = VALUES[name];
    if (examples === undefined) throw new Error(`example-tables.ts has no example of ${name}`);
    return examples.map(({ props = {}, schema = null, value }, i) => {
      const { bytes, read } = throughConverter(plugin, props, schema, value);
      const settings = Object.entries(props).map(([key, text]) => code(`${key}=${text}`));
      return [i === 0 ? code(name) : '', settings.join(' '), dataText(value), bytesText(bytes), dataText(read)];
    });
  });
}

function throughConverter(
  plugin: Plugin & { readonly type: 'converter' | 'header_converter' },
  props: Readonly<Record<string, string>>,
  schema: Schema | null,
  value: unknown,
): { readonly bytes: Buffer; readonly read: unknown } {
  const made = (bytes: Buffer | null): Buffer => bytes ?? Buffer.alloc(0);
  if (plugin.type === 'converter') {
    const converter = plugin.create();
    converter.configure(props, 'value');
    const bytes = made(converter.fromConnectData('t', schema, value));
    return { bytes, read: converter.toConnectData('t', bytes).value };
  }
  const converter = plugin.create();
  converter.configure(props, 'header');
  const bytes = made(converter.fromConnectHeader('t', 'h', schema, value));
  return { bytes, read: converter.toConnectHeader('t', 'h', bytes).value };
}
