/** From source records to their wire form: transformations, then headers, key and value through the converters, in Java's order. */
import type { Converter } from '../api/converter';
import type { PackedTexts } from '../data/packed-texts';
import type { SourceRecord } from '../data/record';
import type { Schema } from '../data/schema';
import { ConnectError } from '../errors';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED, type PackedRecords } from '../kafka/packed-records';
import type { ErrorHandler, Stage } from '../pipeline/error-handler';
import type { TransformationChain } from '../pipeline/transformation-chain';
import type { TaskConverters } from './task-converters';

export class RecordPacker {
  constructor(
    private readonly chain: TransformationChain<SourceRecord>,
    private readonly converters: TaskConverters,
    private readonly errors: ErrorHandler,
  ) {}

  /**
   * Appends a record as it goes to Kafka.
   * @returns false if it is left out: dropped by a transformation, or failed and tolerated
   * @throws ConnectException when it fails and errors are not tolerated
   */
  pack(record: SourceRecord, slot: number, out: PackedRecords): boolean {
    const transformed = this.chain.apply(record);
    if (transformed === null) return false;
    out.begin();
    if (!this.convert(transformed, out)) return false;
    out.add(transformed.topic, transformed.kafkaPartition ?? PARTITION_UNASSIGNED, wireTimestamp(transformed), slot);
    return true;
  }

  /** @returns false when a converter has failed and that is tolerated */
  private convert(record: SourceRecord, out: PackedRecords): boolean {
    const { key, value, header } = this.converters;
    const { topic } = record;
    let stage: Stage = 'HEADER_CONVERTER';
    let { className } = header;
    try {
      for (const h of record.headers) {
        out.headerValues.append(header.converter.fromConnectHeader(topic, h.key, h.schema, h.value));
        out.headerNames.appendText(`${h.key}\0`);
      }
      stage = 'KEY_CONVERTER';
      className = key.className;
      append(key.converter, topic, record.keySchema, record.key, out.keys);
      stage = 'VALUE_CONVERTER';
      className = value.className;
      append(value.converter, topic, record.valueSchema, record.value, out.values);
      return true;
    } catch (error) {
      this.errors.skipOrThrow({ stage, className, error, describe: () => describeSource(record) });
      return false;
    }
  }
}

function append(converter: Converter, topic: string, schema: Schema | null, value: unknown, out: PackedTexts): void {
  if (converter.appendConnectData) converter.appendConnectData(topic, schema, value, out);
  else out.append(converter.fromConnectData(topic, schema, value));
}

/** Which record it is, for the log. */
export function describeSource({ sourcePartition, topic }: SourceRecord): string {
  return `source record is = SourceRecord{sourcePartition=${JSON.stringify(sourcePartition)}, topic='${topic}'}`;
}

/** Java's rule for timestamps: none is for the broker to give, -1 is none, less is an error. */
function wireTimestamp({ timestamp }: SourceRecord): number {
  if (timestamp === null) return NO_TIMESTAMP;
  if (timestamp < NO_TIMESTAMP) throw new ConnectError('DataException', `Invalid record timestamp ${timestamp}`);
  return timestamp;
}
