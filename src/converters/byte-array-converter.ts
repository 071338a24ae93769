/** org.apache.kafka.connect.converters.ByteArrayConverter: bytes as they are. */
import type { ConfigDef } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Converter, ConverterType, HeaderConverter } from '../api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugin';
import type { ByteColumn } from '../data/batch/byte-column';
import type { Column } from '../data/batch/record-batch';
import { ByteBuffer } from '../data/java/byte-buffer';
import { javaClassOf } from '../data/java/java-class';
import type { SchemaAndValue } from '../data/record/record';
import { OPTIONAL_BYTES_SCHEMA } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import { CONVERTER_TYPE, newConverterConfigDef } from './converter-type';
import { countUpTo } from './packed-utf8';

const CONFIG_DEF: ConfigDef = newConverterConfigDef();

/** Passes bytes through; anything else is an error. */
export class ByteArrayConverter implements Converter, HeaderConverter {
  readonly readsAnyBytes = true;
  config(): ConfigDef {
    return CONFIG_DEF;
  }

  configure(props: Props, type: ConverterType): void {
    CONFIG_DEF.parse({ ...props, [CONVERTER_TYPE]: type });
  }

  fromConnectData(_topic: string, schema: Schema | null, value: unknown): Buffer | null {
    if (schema && schema.type !== 'BYTES') {
      throw new ConnectError('DataException', `Invalid schema type for ByteArrayConverter: ${schema.type}`);
    }
    if (value === null || value === undefined) return null;
    if (value instanceof Uint8Array) return Buffer.from(value);
    if (value instanceof ByteBuffer) return Buffer.from(value.remaining());
    throw new ConnectError('DataException', `ByteArrayConverter is not compatible with objects of type class ${javaClassOf(value)}`);
  }

  encode(_topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
    if (column.kind !== 'bytes') return 0;
    const taken = countUpTo(column.bytes, from, count, maxBytes - out.used);
    if (out.count === 0) out.borrow(column.bytes, from, taken);
    else for (let i = from; i < from + taken; i++) out.append(column.bytes.at(i));
    return taken;
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    return { schema: OPTIONAL_BYTES_SCHEMA, value: bytes && Buffer.from(bytes) };
  }

  fromConnectHeader(topic: string, _headerKey: string, schema: Schema | null, value: unknown): Buffer | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

const DESCRIPTION = { className: 'org.apache.kafka.connect.converters.ByteArrayConverter', version: KAFKA_VERSION } as const;

/** The descriptors: it converts keys and values, and headers. */
export const byteArrayConverterPlugins: readonly [ConverterPlugin, HeaderConverterPlugin] = [
  { ...DESCRIPTION, type: 'converter', create: () => new ByteArrayConverter() },
  { ...DESCRIPTION, type: 'header_converter', create: () => new ByteArrayConverter() },
];
