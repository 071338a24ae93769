/**
 * org.apache.kafka.connect.storage.SimpleHeaderConverter: header values as texts from which their type is guessed. The worker's default.
 */
import { ConfigDef } from '../api/config-def';
import type { HeaderConverter } from '../api/converter';
import type { HeaderConverterPlugin } from '../api/plugin';
import type { SchemaAndValue } from '../data/record/record';
import { BYTES_SCHEMA } from '../data/schema/connect-schema';
import type { Schema } from '../data/schema/schema';
import { decodeUtf8, encodeUtf8 } from '../data/utf8';
import { KAFKA_VERSION } from '../version';

// Loaded with the first header: most records have none.
const parserModule = (): typeof import('../data/values/value-parser') => require('../data/values/value-parser');
const textModule = (): typeof import('../data/values/value-text') => require('../data/values/value-text');

const CONFIG_DEF = new ConfigDef();

/** Writes any value as text and reads texts as what they look like. */
export class SimpleHeaderConverter implements HeaderConverter {
  readonly readsAnyBytes = true;
  config(): ConfigDef {
    return CONFIG_DEF;
  }

  configure(): void {}

  fromConnectHeader(_topic: string, _headerKey: string, _schema: Schema | null, value: unknown): Buffer | null {
    return value === null || value === undefined ? null : encodeUtf8(textModule().valueText(value));
  }

  /** A text that cannot be read for any reason, such as thousands of brackets, stays bytes. */
  toConnectHeader(_topic: string, _headerKey: string, bytes: Buffer | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    try {
      return parserModule().parseValueText(decodeUtf8(bytes));
    } catch {
      return { schema: BYTES_SCHEMA, value: Buffer.from(bytes) };
    }
  }
}

/** The descriptor. */
export const simpleHeaderConverterPlugin: HeaderConverterPlugin = {
  className: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
  version: KAFKA_VERSION,
  type: 'header_converter',
  create: () => new SimpleHeaderConverter(),
};
