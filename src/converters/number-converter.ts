/**
 * ShortConverter, IntegerConverter, LongConverter, FloatConverter, DoubleConverter (org.apache.kafka.connect.converters): one number,
 * big-endian.
 */
import type { ConfigDef } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Converter, ConverterType, HeaderConverter } from '../api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugin';
import { Float32, Int16, Int32 } from '../data/java/boxed';
import { javaClassOf } from '../data/java/java-class';
import type { SchemaAndValue } from '../data/record/record';
import {
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
} from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { fitsType } from '../data/schema/validate-value';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import { CONVERTER_TYPE, newConverterConfigDef } from './converter-type';

const CONFIG_DEF: ConfigDef = newConverterConfigDef();

/** One kind of number on the wire. */
interface NumberForm {
  /** As messages call it. */
  readonly typeName: string;
  /** Java's class that reads it, as messages call it. */
  readonly deserializer: string;
  readonly schema: Schema;
  readonly sizeBytes: number;
  /** Writes a value of the schema's type into a buffer of that size. */
  write(bytes: Buffer, value: unknown): void;
  read(bytes: Buffer): unknown;
}

const SHORT: NumberForm = {
  typeName: 'short',
  deserializer: 'ShortDeserializer',
  schema: OPTIONAL_INT16_SCHEMA,
  sizeBytes: 2,
  write: (bytes, value) => bytes.writeInt16BE(Number(value)),
  read: bytes => Int16.of(bytes.readInt16BE()),
};
const INTEGER: NumberForm = {
  typeName: 'integer',
  deserializer: 'IntegerDeserializer',
  schema: OPTIONAL_INT32_SCHEMA,
  sizeBytes: 4,
  write: (bytes, value) => bytes.writeInt32BE(Number(value)),
  read: bytes => Int32.of(bytes.readInt32BE()),
};
const LONG: NumberForm = {
  typeName: 'long',
  deserializer: 'LongDeserializer',
  schema: OPTIONAL_INT64_SCHEMA,
  sizeBytes: 8,
  // beyond 64 bits, as nothing keeps a bigint from being, the low ones count
  write: (bytes, value) => bytes.writeBigInt64BE(BigInt.asIntN(64, value as bigint)),
  read: bytes => bytes.readBigInt64BE(),
};
const FLOAT: NumberForm = {
  typeName: 'float',
  deserializer: 'Deserializer',
  schema: OPTIONAL_FLOAT32_SCHEMA,
  sizeBytes: 4,
  write: (bytes, value) => bytes.writeFloatBE(Number(value)),
  read: bytes => Float32.of(bytes.readFloatBE()),
};
const DOUBLE: NumberForm = {
  typeName: 'double',
  deserializer: 'Deserializer',
  schema: OPTIONAL_FLOAT64_SCHEMA,
  sizeBytes: 8,
  write: (bytes, value) => bytes.writeDoubleBE(Number(value)),
  read: bytes => bytes.readDoubleBE(),
};

/** Numbers of one type. What the schema says does not matter for writing, only the class of the value. */
class NumberConverter implements Converter, HeaderConverter {
  constructor(private readonly form: NumberForm) {}

  config(): ConfigDef {
    return CONFIG_DEF;
  }

  configure(props: Props, type: ConverterType): void {
    CONFIG_DEF.parse({ ...props, [CONVERTER_TYPE]: type });
  }

  fromConnectData(_topic: string, _schema: Schema | null, value: unknown): Buffer | null {
    const { typeName, schema, sizeBytes } = this.form;
    if (value === null || value === undefined) return null;
    if (!fitsType(schema.type, value)) {
      throw new ConnectError('DataException', `Failed to serialize to ${typeName} (was class ${javaClassOf(value)}): `);
    }
    const bytes = Buffer.alloc(sizeBytes);
    this.form.write(bytes, value);
    return bytes;
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    const { typeName, deserializer, schema, sizeBytes } = this.form;
    if (bytes === null) return { schema, value: null };
    if (bytes.length !== sizeBytes) {
      const cause = new ConnectError('SerializationException', `Size of data received by ${deserializer} is not ${sizeBytes}`);
      throw new ConnectError('DataException', `Failed to deserialize ${typeName}: `, cause);
    }
    return { schema, value: this.form.read(bytes) };
  }

  fromConnectHeader(topic: string, _headerKey: string, schema: Schema | null, value: unknown): Buffer | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

function describe(simpleName: string, form: NumberForm): readonly [ConverterPlugin, HeaderConverterPlugin] {
  const description = { className: `org.apache.kafka.connect.converters.${simpleName}`, version: KAFKA_VERSION } as const;
  return [
    { ...description, type: 'converter', create: () => new NumberConverter(form) },
    { ...description, type: 'header_converter', create: () => new NumberConverter(form) },
  ];
}

/** The descriptors: each converts keys and values, and headers. */
export const numberConverterPlugins: readonly (ConverterPlugin | HeaderConverterPlugin)[] = [
  ...describe('DoubleConverter', DOUBLE),
  ...describe('FloatConverter', FLOAT),
  ...describe('IntegerConverter', INTEGER),
  ...describe('LongConverter', LONG),
  ...describe('ShortConverter', SHORT),
];
