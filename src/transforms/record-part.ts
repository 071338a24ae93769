/** The two forms in which most transformations come: one for the key of a record, one for its value. */
import type { TransformationPlugin } from '../api/plugin';
import type { Transformation } from '../api/transformation';
import { changeRecord } from '../data/change-record';
import type { ConnectRecord } from '../data/record';
import type { Schema } from '../data/schema';

/** The part of a record that a transformation works on. */
export interface RecordPart {
  /** As the Java class is called inside its outer class. */
  readonly name: 'Key' | 'Value';
  schemaOf(record: ConnectRecord): Schema | null;
  valueOf(record: ConnectRecord): unknown;
  /** A new record with this part exchanged. */
  replace<R extends ConnectRecord>(record: R, schema: Schema | null, value: unknown): R;
}

export const KEY: RecordPart = {
  name: 'Key',
  schemaOf: record => record.keySchema,
  valueOf: record => record.key,
  replace: (record, keySchema, key) => changeRecord(record, { keySchema, key: key ?? null }),
};

export const VALUE: RecordPart = {
  name: 'Value',
  schemaOf: record => record.valueSchema,
  valueOf: record => record.value,
  replace: (record, valueSchema, value) => changeRecord(record, { valueSchema, value: value ?? null }),
};

/** Package of Kafka's own transformations. */
const PACKAGE = 'org.apache.kafka.connect.transforms';
const VERSION = '4.3.0';

/** The descriptors of a transformation that comes as `Name$Key` and `Name$Value`. */
export function keyAndValuePlugins(name: string, create: (part: RecordPart) => Transformation): readonly TransformationPlugin[] {
  return [KEY, VALUE].map(part => ({
    className: `${PACKAGE}.${name}$${part.name}`,
    version: VERSION,
    type: 'transformation',
    create: () => create(part),
  }));
}

/** The descriptor of a transformation that works on the whole record. */
export function wholeRecordPlugin(name: string, create: () => Transformation): TransformationPlugin {
  return { className: `${PACKAGE}.${name}`, version: VERSION, type: 'transformation', create };
}
