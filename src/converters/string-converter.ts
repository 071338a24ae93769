/** org.apache.kafka.connect.storage.StringConverter: the text of a value as Java's toString gives it. */
import type { ConfigDef } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Converter, ConverterType, HeaderConverter } from '../api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugin';
import type { ByteColumn } from '../data/batch/byte-column';
import type { Column } from '../data/batch/record-batch';
import { javaText } from '../data/java/java-text';
import { nestingError } from '../data/nesting';
import type { SchemaAndValue } from '../data/record/record';
import { OPTIONAL_STRING_SCHEMA } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { decodeUtf8, encodeUtf8 } from '../data/utf8';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import { type Charset, findCharset, UTF8 } from './charset';
import { CONVERTER_TYPE, newConverterConfigDef } from './converter-type';
import { appendUtf8, countUpTo, shareUtf8 } from './packed-utf8';

const CONFIG_DEF: ConfigDef = newConverterConfigDef().define({
  name: 'converter.encoding',
  type: 'STRING',
  defaultValue: 'UTF-8',
  importance: 'HIGH',
  doc: 'The name of the Java character set to use for encoding strings as byte arrays.',
  width: 'MEDIUM',
  displayName: 'Encoding',
});

function requireCharset(name: string): Charset {
  const charset = findCharset(name);
  if (!charset) throw new ConnectError('SerializationException', `Unsupported encoding ${name}`);
  return charset;
}

/** Writes texts in the configured encoding and reads any bytes as a text. */
export class StringConverter implements Converter, HeaderConverter {
  readonly readsAnyBytes = true;
  private charset = UTF8;

  config(): ConfigDef {
    return CONFIG_DEF;
  }

  /** @throws SerializationException for an encoding that is not known */
  configure(props: Props, type: ConverterType): void {
    const config = CONFIG_DEF.parse({ ...props, [CONVERTER_TYPE]: type });
    this.charset = requireCharset(config.getString('converter.encoding'));
  }

  fromConnectData(_topic: string, _schema: Schema | null, value: unknown): Buffer | null {
    if (value === null || value === undefined) return null;
    try {
      return this.charset.encode(javaText(value));
    } catch (error) {
      throw nestingError(error);
    }
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    return { schema: OPTIONAL_STRING_SCHEMA, value: bytes && this.charset.decode(bytes) };
  }

  encode(_topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
    if (column.kind !== 'text') return 0;
    const { texts } = column;
    if (this.charset === UTF8) {
      const taken = countUpTo(texts, from, count, maxBytes - out.used);
      shareUtf8(texts, from, taken, out);
      return taken;
    }
    let done = 0;
    for (; done < count && out.used < maxBytes; done++) {
      const text = texts.at(from + done);
      out.append(text && this.charset.encode(decodeUtf8(text)));
    }
    return done;
  }

  decode(_topic: string, payloads: ByteColumn, from: number, count: number, out: ByteColumn): number {
    if (this.charset === UTF8) appendUtf8(payloads, from, count, out);
    else {
      for (let i = from; i < from + count; i++) {
        const payload = payloads.at(i);
        out.append(payload && encodeUtf8(this.charset.decode(payload)));
      }
    }
    return count;
  }

  fromConnectHeader(topic: string, _headerKey: string, schema: Schema | null, value: unknown): Buffer | null {
    return this.fromConnectData(topic, schema, value);
  }

  toConnectHeader(topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    return this.toConnectData(topic, bytes);
  }
}

const DESCRIPTION = { className: 'org.apache.kafka.connect.storage.StringConverter', version: KAFKA_VERSION } as const;

/** The descriptors: it converts keys and values, and headers. */
export const stringConverterPlugins: readonly [ConverterPlugin, HeaderConverterPlugin] = [
  { ...DESCRIPTION, type: 'converter', create: () => new StringConverter() },
  { ...DESCRIPTION, type: 'header_converter', create: () => new StringConverter() },
];
