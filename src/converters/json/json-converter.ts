/** org.apache.kafka.connect.json.JsonConverter: Connect data as JSON, with its schema or without. */
import type { ConfigDef } from '../../api/config-def';
import { caseInsensitiveValidString } from '../../api/config-validators';
import type { Props } from '../../api/connector';
import type { Converter, ConverterType, HeaderConverter } from '../../api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../../api/plugin';
import { ByteColumn } from '../../data/batch/byte-column';
import type { Column, ValueColumn } from '../../data/batch/record-batch';
import { nestingError } from '../../data/nesting';
import type { SchemaAndValue } from '../../data/record/record';
import type { Schema } from '../../data/schema/schema';
import { ConnectError } from '../../errors';
import { KAFKA_VERSION } from '../../version';
import { CONVERTER_TYPE, newConverterConfigDef } from '../converter-type';
import { countUpTo } from '../packed-utf8';
import { JsonDecoder } from './json-decoder';
import { asUtf8 } from './json-encoding';
import { EnvelopeReader } from './json-envelope';
import type { JsonOptions } from './json-options';
import { quoteTexts } from './json-quoting';
import { JsonReader } from './json-reader';
import { JsonRowWriter } from './json-row-writer';
import { JsonSchemaWriter, readSchema } from './json-schema';
import { BARE_STRING, payloadTexts, stringFormOf } from './json-texts';
import type { JsonValue } from './json-value';
import { JsonWriter } from './json-writer';

const CONFIG_DEF: ConfigDef = newConverterConfigDef()
  .define({
    name: 'schemas.enable',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'HIGH',
    doc: 'Include schemas within each of the serialized values and keys.',
    group: 'Schemas',
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Enable Schemas',
  })
  .define({
    name: 'schemas.cache.size',
    type: 'INT',
    defaultValue: 1000,
    importance: 'HIGH',
    doc: 'The maximum number of schemas that can be cached in this converter instance.',
    group: 'Schemas',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Schema Cache Size',
  })
  .define({
    name: 'schema.content',
    type: 'STRING',
    defaultValue: null,
    importance: 'HIGH',
    // worded as in Java, the missing space too
    doc:
      'When set, this is used as the schema for all messages, and the schemas within each of the message will be ignored.' +
      'Otherwise, the schema will be included in the content of each message. ' +
      "This configuration applies only 'schemas.enable' is true, and it exclusively affects the sink connector.",
    group: 'Schemas',
    orderInGroup: 2,
    width: 'MEDIUM',
    displayName: 'Schema Content',
  })
  .define({
    name: 'decimal.format',
    type: 'STRING',
    defaultValue: 'BASE64',
    validator: caseInsensitiveValidString('BASE64', 'NUMERIC'),
    importance: 'LOW',
    doc:
      'Controls which format this converter will serialize decimals in. ' +
      "This value is case insensitive and can be either 'BASE64' (default) or 'NUMERIC'",
    group: 'Serialization',
    orderInGroup: 0,
    width: 'MEDIUM',
    displayName: 'Decimal Format',
  })
  .define({
    name: 'replace.null.with.default',
    type: 'BOOLEAN',
    defaultValue: true,
    importance: 'LOW',
    doc:
      'Whether to replace fields that have a default value and that are null to the default value. ' +
      'When set to true, the default value is used, otherwise null is used.',
    group: 'Serialization',
    orderInGroup: 1,
    width: 'MEDIUM',
    displayName: 'Replace null with default',
  });

/** What stands before and after the escaped text in an envelope of the required STRING schema. */
const ENVELOPE_HEAD = Buffer.from('{"schema":{"type":"string","optional":false},"payload":"');
const ENVELOPE_TAIL = Buffer.from('"}');
const QUOTE = Buffer.from('"');
const READ_ERROR = 'Converting byte[] to Kafka Connect data failed due to serialization error: ';
const CONTENT_ERROR = 'Failed to parse schema in converter config due to serialization error: ';

/** Runs a step that may find malformed JSON, which counts as a DataException with this text. */
function asDataException<T>(message: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'SerializationException') throw new ConnectError('DataException', message, error);
    throw error;
  }
}

/** Everything that follows from the settings. */
interface JsonCodec {
  readonly options: JsonOptions;
  readonly writer: JsonWriter;
  readonly rowWriter: JsonRowWriter;
  /** What opens the object around a value of a schema; null where values stand alone. */
  readonly headOf: ((schema: Schema | null) => Buffer) | null;
  readonly reader: JsonReader;
  readonly decoder: JsonDecoder;
  readonly envelopes: EnvelopeReader;
  /** The schema from `schema.content`. */
  readonly fixedSchema: Schema | null;
}

function buildCodec(options: JsonOptions, schemaContent: string | null): JsonCodec {
  const writer = new JsonWriter(options);
  const decoder = new JsonDecoder(options);
  const reader = new JsonReader();
  const envelopes = new EnvelopeReader(reader, decoder, options.cacheSize);
  const schemaWriter = new JsonSchemaWriter(writer, options.cacheSize);
  const readContent = (): JsonValue => (schemaContent ? reader.read(asUtf8(Buffer.from(schemaContent))) : null);
  const fixedSchema = readSchema(asDataException(CONTENT_ERROR, readContent), decoder);
  const rowWriter = new JsonRowWriter(options.numericDecimals);
  const headOf = options.schemasEnabled ? (schema: Schema | null) => schemaWriter.envelopeHead(schema) : null;
  return { options, writer, rowWriter, headOf, reader, decoder, envelopes, fixedSchema };
}

/** Keys, values or headers as JSON. */
export class JsonConverter implements Converter, HeaderConverter {
  private codec: JsonCodec = buildCodec({ schemasEnabled: true, cacheSize: 0, numericDecimals: false, replaceNullWithDefault: true }, null);
  /** Where `fromConnectData` writes. */
  private readonly written = new ByteColumn(1, 1024);

  config(): ConfigDef {
    return CONFIG_DEF;
  }

  configure(props: Props, type: ConverterType): void {
    const config = CONFIG_DEF.parse({ ...props, [CONVERTER_TYPE]: type });
    const options: JsonOptions = {
      schemasEnabled: config.getBoolean('schemas.enable'),
      cacheSize: config.getInt('schemas.cache.size'),
      numericDecimals: config.getString('decimal.format').toUpperCase() === 'NUMERIC',
      replaceNullWithDefault: config.getBoolean('replace.null.with.default'),
    };
    this.codec = buildCodec(options, config.getStringOrNull('schema.content'));
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Buffer | null {
    if (!schema && (value === null || value === undefined)) return null;
    this.written.clear();
    this.append(schema, value, this.written);
    const text = this.written.at(0);
    return text && Buffer.from(text);
  }

  encode(_topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
    switch (column.kind) {
      case 'text':
        return this.encodeTexts(column.texts, from, countUpTo(column.texts, from, count, maxBytes - out.used), out, maxBytes);
      case 'rows':
        return this.codec.rowWriter.append(column.rows, from, count, out, maxBytes, this.codec.headOf);
      case 'values':
        return this.encodeValues(column, from, count, out, maxBytes);
      default:
        return 0;
    }
  }

  private encodeTexts(texts: ByteColumn, from: number, count: number, out: ByteColumn, maxBytes: number): number {
    const before = out.count;
    if (this.codec.options.schemasEnabled) quoteTexts(texts, from, count, out, ENVELOPE_HEAD, ENVELOPE_TAIL);
    else quoteTexts(texts, from, count, out, QUOTE, QUOTE);
    // Quoted they are longer, and those that came too late are given back.
    while (out.count > before + 1 && (out.starts[out.count - 1] as number) >= maxBytes) out.used = out.starts[--out.count] as number;
    return out.count - before;
  }

  private encodeValues({ schemas, values }: ValueColumn, from: number, count: number, out: ByteColumn, maxBytes: number): number {
    let done = 0;
    try {
      for (; done < count && out.used < maxBytes; done++) this.append(schemas[from + done] ?? null, values[from + done], out);
    } catch (error) {
      if (done === 0) throw error;
    }
    return done;
  }

  private append(schema: Schema | null, value: unknown, out: ByteColumn): void {
    const { writer, headOf } = this.codec;
    if (!schema && (value === null || value === undefined)) out.append(null);
    else {
      try {
        writer.append(out, headOf?.(schema) ?? null, schema, value);
      } catch (error) {
        throw nestingError(error);
      }
    }
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    const { options, reader, decoder, envelopes, fixedSchema } = this.codec;
    const utf8 = asUtf8(bytes);
    if (options.schemasEnabled && !fixedSchema) {
      const plain = envelopes.readPlain(utf8);
      if (plain !== null) return plain;
      const { schema, payload } = asDataException(READ_ERROR, () => envelopes.read(utf8));
      return { schema, value: decoder.decode(schema, payload) };
    }
    const schema = options.schemasEnabled ? fixedSchema : null;
    return {
      schema,
      value: decoder.decode(
        schema,
        asDataException(READ_ERROR, () => reader.read(utf8)),
      ),
    };
  }

  decode(_topic: string, payloads: ByteColumn, from: number, count: number, out: ByteColumn): number {
    const { options, envelopes, fixedSchema } = this.codec;
    const plain = !options.schemasEnabled || fixedSchema?.type === 'STRING';
    const form = plain ? () => BARE_STRING : () => stringFormOf(fixedSchema ? null : envelopes.head);
    return payloadTexts(payloads, from, count, out, form, payload => this.toConnectData('', payload).value);
  }

  fromConnectHeader(topic: string, _headerKey: string, schema: Schema | null, value: unknown): Buffer | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

const DESCRIPTION = { className: 'org.apache.kafka.connect.json.JsonConverter', version: KAFKA_VERSION } as const;

/** The descriptors: it converts keys and values, and headers. */
export const jsonConverterPlugins: readonly [ConverterPlugin, HeaderConverterPlugin] = [
  { ...DESCRIPTION, type: 'converter', create: () => new JsonConverter() },
  { ...DESCRIPTION, type: 'header_converter', create: () => new JsonConverter() },
];
