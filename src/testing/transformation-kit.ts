/** What every transformation and every predicate must do. */
import {
  ConnectError,
  type ConnectRecord,
  type Predicate,
  type PredicatePlugin,
  type Props,
  type SchemaAndValue,
  type SinkRecord,
  type SourceRecord,
  type Transformation,
  type TransformationPlugin,
  validateValue,
} from '../api';
import { type Check, check, demand, errorOf, errorText, shortened } from './check';
import { emptyRecords, randomRecords } from './data/sample-records';
import { textOf } from './data/text-of';
import { settingsChecks } from './settings-checks';

interface CommonSubject {
  /** Settings that will do; none where it is absent. */
  readonly props?: Props;
  /** Values that will not do, by setting; those of a wrong type are tried anyway. */
  readonly badSettings?: Props;
  /** Records that it is made for, with these settings: none of them may be refused. */
  readonly samples: readonly ConnectRecord[];
}

export interface TransformationSubject extends CommonSubject {
  readonly plugin: TransformationPlugin;
}

export interface PredicateSubject extends CommonSubject {
  readonly plugin: PredicatePlugin;
}

/** The checks of a transformation. */
export function transformationChecks(subject: TransformationSubject): Check[] {
  const { plugin } = subject;
  return stepChecks<Transformation>({
    ...subject,
    create: () => plugin.create(),
    apply: (transformation, record) => transformation.apply(record),
    resultName: 'a sound record, or null',
    faultOf: faultOfResult,
  });
}

/** The checks of a predicate. */
export function predicateChecks(subject: PredicateSubject): Check[] {
  const { plugin } = subject;
  return stepChecks<Predicate>({
    ...subject,
    create: () => plugin.create(),
    apply: (predicate, record) => predicate.test(record),
    resultName: 'true or false',
    faultOf: (_, result) => (typeof result === 'boolean' ? null : `it is ${textOf(result)}`),
  });
}

/** What both kinds are to the checks. */
interface StepSubject<T> extends CommonSubject {
  readonly create: () => T;
  readonly apply: (step: T, record: ConnectRecord) => unknown;
  /** What results must be, for the name of a check. */
  readonly resultName: string;
  /** What is wrong with a result, in words; null if nothing is. */
  readonly faultOf: (record: ConnectRecord, result: unknown) => string | null;
}

const RANDOM_RECORDS = 200;

function stepChecks<T extends Transformation | Predicate>(subject: StepSubject<T>): Check[] {
  const { props = {}, badSettings = {}, samples, create, apply, faultOf } = subject;
  const configured = (): T => {
    const step = create();
    step.configure(props);
    return step;
  };
  const all = (): ConnectRecord[] => [...samples, ...emptyRecords(), ...randomRecords(RANDOM_RECORDS)];
  return [
    ...settingsChecks({
      method: 'configure',
      config: () => create().config(),
      use: run =>
        run(props, given => {
          const step = create();
          try {
            step.configure(given);
          } finally {
            tried(() => step.close());
          }
        }),
      badSettings,
      takesMore: false,
    }),
    check('the records that it is made for are taken', () => {
      const step = configured();
      demand(samples.length > 0, 'there are no samples');
      for (const record of samples) apply(step, record);
    }),
    check('records in which something is missing are taken, or refused in words', () => checkRefusals(configured(), apply, emptyRecords())),
    check('records of every kind are taken, or refused in words', () => checkRefusals(configured(), apply, randomRecords(RANDOM_RECORDS))),
    check('records are not changed', () => {
      const step = configured();
      for (const record of all()) {
        const before = textOf(record);
        tried(() => apply(step, record));
        demand(textOf(record) === before, `${shortened(before)} has become ${shortened(textOf(record))}`);
      }
    }),
    check(`a result is ${subject.resultName}`, () => {
      const step = configured();
      for (const record of all()) {
        const result = tried(() => apply(step, record));
        const fault = result === undefined ? null : faultOf(record, result.value);
        demand(fault === null, `the result of ${shortened(textOf(record))} is no good: ${fault}`);
      }
    }),
    check('the same record has the same result again, and with another instance', () => {
      const [step, other] = [configured(), configured()];
      for (const record of all()) {
        const [first, again, others] = [step, step, other].map(each => textOf(tried(() => apply(each, record))));
        for (const next of [again, others])
          demand(first === next, `${shortened(textOf(record))} becomes ${shortened(String(first))}, and then ${shortened(String(next))}`);
      }
    }),
    check('close may come twice, and without configure', async () => {
      const step = configured();
      for (const close of [() => step.close(), () => step.close(), () => create().close()]) {
        const error = await errorOf(close);
        demand(error === undefined, `close has failed: ${errorText(error)}`);
      }
    }),
  ];
}

/** The result of a step in an object of its own; undefined if it has refused the record. */
function tried(step: () => unknown): { readonly value: unknown } | undefined {
  try {
    return { value: step() };
  } catch {
    return undefined;
  }
}

function checkRefusals<T>(step: T, apply: (step: T, record: ConnectRecord) => unknown, records: Iterable<ConnectRecord>): void {
  for (const record of records) {
    try {
      apply(step, record);
    } catch (error) {
      demand(error instanceof ConnectError, `${shortened(textOf(record))} is refused with ${errorText(error)}, not with a ConnectError`);
    }
  }
}

function faultOfResult(record: ConnectRecord, result: unknown): string | null {
  if (result === null) return null;
  if (!isRecord(result)) return `it is ${shortened(textOf(result))}, no record`;
  if (textOf(placeOf(result)) !== textOf(placeOf(record))) return `it says that it comes from ${textOf(placeOf(result))}`;
  const { keySchema, key, valueSchema, value } = result;
  for (const data of [{ schema: keySchema, value: key }, { schema: valueSchema, value }, ...result.headers]) {
    const fault = faultOfData(data);
    if (fault !== null) return fault;
  }
  return null;
}

/** As in Java, null is taken under any schema. */
function faultOfData({ schema, value }: SchemaAndValue): string | null {
  if (schema === null || value === null) return null;
  try {
    validateValue(null, schema, value);
    return null;
  } catch (error) {
    return errorText(error);
  }
}

function isRecord(result: unknown): result is ConnectRecord {
  const { topic, headers, timestamp, kafkaPartition } = result as Partial<ConnectRecord>;
  return (
    typeof topic === 'string' &&
    topic !== '' &&
    Array.isArray(headers) &&
    headers.every(header => typeof header?.key === 'string') &&
    [timestamp, kafkaPartition].every(number => number === null || typeof number === 'number')
  );
}

/** Where a record comes from, which no transformation may change. */
function placeOf(record: ConnectRecord): unknown {
  const { sourcePartition, sourceOffset } = record as Partial<SourceRecord>;
  const { kafkaOffset, originalTopic, originalKafkaPartition, originalKafkaOffset } = record as Partial<SinkRecord>;
  return [sourcePartition, sourceOffset, kafkaOffset, originalTopic, originalKafkaPartition, originalKafkaOffset];
}
