/** org.apache.kafka.connect.converters.BooleanConverter: one byte, 1 for true and 0 for false. */
import type { ConfigDef } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Converter, ConverterType, HeaderConverter } from '../api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugin';
import { javaClassOf } from '../data/java/java-class';
import type { SchemaAndValue } from '../data/record/record';
import { OPTIONAL_BOOLEAN_SCHEMA } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import { CONVERTER_TYPE, newConverterConfigDef } from './converter-type';

const CONFIG_DEF: ConfigDef = newConverterConfigDef();
const WRONG_SIZE = 'Size of data received by BooleanDeserializer is not 1';

function readBoolean(bytes: Buffer): boolean {
  const [byte = 0] = bytes;
  if (bytes.length === 1 && byte <= 1) return byte === 1;
  const problem = bytes.length === 1 ? `Unexpected byte received by BooleanDeserializer: ${(byte << 24) >> 24}` : WRONG_SIZE;
  throw new ConnectError('DataException', 'Failed to deserialize boolean: ', new ConnectError('SerializationException', problem));
}

/** Booleans; anything else is an error. */
export class BooleanConverter implements Converter, HeaderConverter {
  config(): ConfigDef {
    return CONFIG_DEF;
  }

  configure(props: Props, type: ConverterType): void {
    CONFIG_DEF.parse({ ...props, [CONVERTER_TYPE]: type });
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Buffer | null {
    if (schema && schema.type !== 'BOOLEAN') {
      throw new ConnectError('DataException', `Invalid schema type for BooleanConverter: ${schema.type}`);
    }
    if (value === null || value === undefined) return null;
    if (typeof value === 'boolean') return Buffer.of(value ? 1 : 0);
    throw new ConnectError('DataException', `BooleanConverter is not compatible with objects of type class ${javaClassOf(value)}`);
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    return { schema: OPTIONAL_BOOLEAN_SCHEMA, value: bytes && readBoolean(bytes) };
  }

  fromConnectHeader(topic: string, _headerKey: string, schema: Schema | null, value: unknown): Buffer | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

const DESCRIPTION = { className: 'org.apache.kafka.connect.converters.BooleanConverter', version: KAFKA_VERSION } as const;

/** The descriptors: it converts keys and values, and headers. */
export const booleanConverterPlugins: readonly [ConverterPlugin, HeaderConverterPlugin] = [
  { ...DESCRIPTION, type: 'converter', create: () => new BooleanConverter() },
  { ...DESCRIPTION, type: 'header_converter', create: () => new BooleanConverter() },
];
