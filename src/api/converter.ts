/** The contract of converters: between Connect data and the bytes in Kafka. */

import type { ByteColumn } from '../data/batch/byte-column';
import type { Column } from '../data/batch/record-batch';
import type { SchemaAndValue } from '../data/record/record';
import type { Schema } from '../data/schema/schema';
import type { ConfigDef } from './config-def';
import type { Props } from './connector';

/** What a converter is used for; also arrives as `converter.type`. */
export type ConverterType = 'key' | 'value' | 'header';

/**
 * Converts keys or values (org.apache.kafka.connect.storage.Converter). Configured once, then pure: same input, same output. Each task
 * has instances of its own, on its thread, one for keys and one for values. All methods are synchronous; a promise would be taken
 * for the result; one that must ask somebody first throws `NotReady`. What `fromConnectData` or `toConnectData` throws counts against the record (`errors.tolerance`), whatever it is.
 */
export interface Converter {
  /** The settings it knows; called also on instances that are never configured. */
  config(): ConfigDef;
  /**
   * Called once, before any data, with the settings below the converter's prefix. An error makes the task FAILED.
   * @throws ConfigException
   */
  configure(props: Props, type: ConverterType): void;
  /**
   * Connect data as bytes; null is a null key or value of the record. The result belongs to the caller.
   * @throws DataException for data this converter cannot write
   */
  fromConnectData(topic: string, schema: Schema | null, value: unknown): Buffer | null;
  /**
   * The bulk form of `fromConnectData`: appends the bytes of entries `from .. from + count` of a column to `out`, none once `out` holds
   * `maxBytes`. Where they stay as they are, an empty `out` may borrow them. Absent: entries are converted one by one.
   * @returns how many were done; fewer than asked where the next one is for `fromConnectData`, or would be beyond `maxBytes`
   * @throws DataException as `fromConnectData`, for the first of them only; then nothing was appended
   */
  encode?(topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number;
  /**
   * Bytes as Connect data. The bytes stay the caller's and are reused: copy what is kept.
   * @throws DataException for bytes this converter cannot read
   */
  toConnectData(topic: string, bytes: Buffer | null): SchemaAndValue;
  /**
   * True if `toConnectData` never throws, whatever the bytes are: then keys that nobody needs are not even looked at.
   */
  readonly readsAnyBytes?: boolean;
  /**
   * The bulk form of `toConnectData` for those who need only the text of each value (Java's toString, as UTF-8; null stays null): appends
   * those of payloads `from .. from + count` to `out`. Absent: payloads are converted one by one.
   * @returns how many were done; fewer than asked: the next one is for `toConnectData`, which may refuse it
   */
  decode?(topic: string, payloads: ByteColumn, from: number, count: number, out: ByteColumn): number;
}

/** Converts header values (org.apache.kafka.connect.storage.HeaderConverter); threads, errors and buffers as with `Converter`. */
export interface HeaderConverter {
  /** The settings it knows; called also on instances that are never configured. */
  config(): ConfigDef;
  /**
   * Called once, before any header, with the settings below `header.converter.`; the type is always `header`. An error makes the task
   * FAILED. @throws ConfigException
   */
  configure(props: Props, type: ConverterType): void;
  /** A header's value as bytes. The result belongs to the caller. @throws DataException for data this converter cannot write */
  fromConnectHeader(topic: string, headerKey: string, schema: Schema | null, value: unknown): Buffer | null;
  /** True if `toConnectHeader` never throws, whatever the bytes are. */
  readonly readsAnyBytes?: boolean;
  /** Bytes as a header's value. The bytes stay the caller's: copy what is kept. @throws DataException for bytes it cannot read */
  toConnectHeader(topic: string, headerKey: string, bytes: Buffer | null): SchemaAndValue;
}
