/** From source records to their wire form: transformations, then headers, key and value through the converters, in Java's order. */
import type { Converter } from '../../../api/converter';
import type { ByteColumn } from '../../../data/batch/byte-column';
import { NO_TIMESTAMP, PARTITION_UNASSIGNED } from '../../../data/batch/record-batch';
import type { SourceRecord } from '../../../data/record/record';
import type { Schema } from '../../../data/schema/schema';
import { ConnectError } from '../../../errors';
import type { WireBatch } from '../../../kafka/producer/wire-batch';
import type { ErrorHandler, Outcome } from '../../../pipeline/error-handler';
import type { Stage } from '../../../pipeline/failed-record';
import { type RecordStep, RecordSteps } from '../../../pipeline/record-steps';
import type { Carrier, TransformationChain } from '../../../pipeline/transformation-chain';
import type { NamedConverter, TaskConverters } from '../../shared/task-converters';

/** A record on its way into wire form. */
interface Draft extends Carrier<SourceRecord> {
  readonly original: SourceRecord;
  readonly out: WireBatch;
}

export class RecordPacker {
  private readonly steps: RecordSteps<Draft>;

  constructor(chain: TransformationChain<SourceRecord>, converters: TaskConverters, errors: ErrorHandler) {
    const { key, value, header } = converters;
    const steps: RecordStep<Draft>[] = [
      ...chain.steps(),
      conversion('HEADER_CONVERTER', header, (record, out) => {
        // Headers of an attempt that has failed halfway are gone.
        out.begin();
        for (const h of record.headers) out.appendHeader(h.key, header.converter.fromConnectHeader(record.topic, h.key, h.schema, h.value));
      }),
      conversion('KEY_CONVERTER', key, (record, out) => append(key.converter, record.topic, record.keySchema, record.key, out.keys)),
      conversion('VALUE_CONVERTER', value, (record, out) =>
        append(value.converter, record.topic, record.valueSchema, record.value, out.values),
      ),
    ];
    this.steps = new RecordSteps(steps, errors, ({ original }) => ({ type: 'source', record: original }));
  }

  /**
   * Appends a record as it goes to Kafka, unless it is dropped or fails. A promise comes back only where something has failed; until it
   * is settled nothing else may be packed.
   * @throws ConnectException when it fails and errors are not tolerated, also as a rejection
   */
  pack(record: SourceRecord, slot: number, out: WireBatch): Outcome | Promise<Outcome> {
    const draft: Draft = { record, original: record, out };
    const outcome = this.steps.run(draft);
    return typeof outcome === 'string' ? finish(draft, slot, outcome) : outcome.then(late => finish(draft, slot, late));
  }
}

function finish({ record, out }: Draft, slot: number, outcome: Outcome): Outcome {
  if (outcome !== 'kept' || record === null) return outcome;
  out.add(record.topic, record.kafkaPartition ?? PARTITION_UNASSIGNED, wireTimestamp(record), slot);
  return outcome;
}

function conversion(
  stage: Stage,
  { className }: NamedConverter<unknown>,
  convert: (record: SourceRecord, out: WireBatch) => void,
): RecordStep<Draft> {
  const run = ({ record, out }: Draft): boolean => {
    if (record === null) return false;
    convert(record, out);
    return true;
  };
  return { stage, className, run };
}

/** A column of one value, used again for each. */
const ONE = { kind: 'values', schemas: [null] as (Schema | null)[], values: [null] as unknown[] } as const;

function append(converter: Converter, topic: string, schema: Schema | null, value: unknown, out: ByteColumn): void {
  ONE.schemas[0] = schema;
  ONE.values[0] = value;
  if (converter.encode?.(topic, ONE, 0, 1, out, Number.POSITIVE_INFINITY) !== 1)
    out.append(converter.fromConnectData(topic, schema, value));
}

/** Java's rule for timestamps: none is for the broker to give, -1 is none, less is an error. */
function wireTimestamp({ timestamp }: SourceRecord): number {
  if (timestamp === null) return NO_TIMESTAMP;
  if (timestamp < NO_TIMESTAMP) throw new ConnectError('DataException', `Invalid record timestamp ${timestamp}`);
  return timestamp;
}
