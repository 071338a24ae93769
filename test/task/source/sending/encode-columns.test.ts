/** Whatever the columns of a batch hold, they must come out as the same records do one by one. */
import type { Converter, HeaderConverter } from '../../../../src/api/converter';
import type { SourceBatch } from '../../../../src/api/source';
import { stageSettings } from '../../../../src/config/tasks/stage-settings';
import { ByteArrayConverter } from '../../../../src/converters/byte-array-converter';
import { JsonConverter } from '../../../../src/converters/json/json-converter';
import { SimpleHeaderConverter } from '../../../../src/converters/simple-header-converter';
import { StringConverter } from '../../../../src/converters/string-converter';
import { recordsOf } from '../../../../src/data/batch/batch-records';
import { ByteColumn } from '../../../../src/data/batch/byte-column';
import { type Column, type HeaderColumn, NO_COLUMN, type RecordBatch } from '../../../../src/data/batch/record-batch';
import { RowColumn } from '../../../../src/data/batch/row-column';
import { Runs } from '../../../../src/data/batch/runs';
import { Int32 } from '../../../../src/data/java/boxed';
import type { SourcePartition, SourceRecord } from '../../../../src/data/record/record';
import { INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../../../src/data/schema/schema-builder';
import type { Rejection } from '../../../../src/kafka/clients/record-outlet';
import type { WireBatch } from '../../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../../src/pipeline/error-handler';
import { TransformationChain } from '../../../../src/pipeline/transformation-chain';
import type { TaskConverters } from '../../../../src/task/shared/task-converters';
import { sendBatch } from '../../../../src/task/source/sending/send-batch';
import { randomBytes, randomText, seeded } from '../../../../src/testing/data/random';
import { fakeLogger } from '../../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../../helpers/fakes/settings';
import { fakeSourceRun } from '../../../helpers/fakes/source-run';
import { stagePlugins } from '../../../helpers/fakes/test-stages';

type Random = ReturnType<typeof seeded>;

const ROW = SchemaBuilder.struct().name('row').field('n', INT32_SCHEMA).field('s', OPTIONAL_STRING_SCHEMA).build();
const TOPICS = ['a', 'b', 'no such topic!'] as const;

const configured = <C extends Converter | HeaderConverter>(converter: C, props: Record<string, string> = {}): C => {
  converter.configure(props, 'value');
  return converter;
};
const CONVERTERS: Readonly<Record<string, () => Converter>> = {
  'JSON with schemas': () => configured(new JsonConverter()),
  'JSON without schemas': () => configured(new JsonConverter(), { 'schemas.enable': 'false' }),
  String: () => configured(new StringConverter()),
  'String in Latin-1': () => configured(new StringConverter(), { 'converter.encoding': 'ISO-8859-1' }),
  ByteArray: () => configured(new ByteArrayConverter()),
};

function randomColumn(random: Random, count: number): Column {
  const fill = (append: (column: ByteColumn) => void): ByteColumn => {
    const column = new ByteColumn(count, 0);
    for (let i = 0; i < count; i++) append(column);
    return column;
  };
  switch (random(5)) {
    case 0:
      return NO_COLUMN;
    case 1:
      return { kind: 'bytes', bytes: fill(column => column.append(random(4) === 0 ? null : randomBytes(random))) };
    case 2:
      return { kind: 'text', texts: fill(column => column.append(Buffer.from(randomText(random)))) };
    case 3: {
      const rows = new RowColumn(ROW);
      for (let i = 0; i < count; i++) rows.cells.push(random(9) === 0 ? null : random(1000), random(3) === 0 ? null : randomText(random));
      rows.count = count;
      return { kind: 'rows', rows };
    }
    default: {
      const values = Array.from(
        { length: count },
        () => [null, Int32.of(random(100)), randomText(random), Symbol('no value')][random(8)] ?? null,
      );
      const schemas = values.map(value =>
        value === null || random(2) === 0 ? null : value instanceof Int32 ? INT32_SCHEMA : STRING_SCHEMA,
      );
      return { kind: 'values', schemas, values };
    }
  }
}

function randomHeaders(random: Random, count: number): HeaderColumn {
  const ends = new Int32Array(count);
  const keys: string[] = [];
  for (let i = 0; i < count; i++) {
    for (let more = random(3); more > 0; more--) keys.push(`h${random(2)}`);
    ends[i] = keys.length;
  }
  return { ends, keys, values: randomColumn(random, keys.length) };
}

const runsOf = <T>(values: readonly T[]): Runs<T> => {
  const runs = new Runs<T>();
  for (const value of values) runs.append(value);
  return runs;
};

function randomBatch(random: Random): RecordBatch {
  const count = 1 + random(12);
  const each = <T>(make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
  const partitions: readonly SourcePartition[] = [{ p: 1 }, { p: 2 }];
  let topic = 0;
  const nextTopic = (): string => {
    if (random(4) === 0) topic = random(20) === 0 ? 2 : random(2);
    return TOPICS[topic] as string;
  };
  return {
    kind: 'batch',
    count,
    topics: runsOf(each(nextTopic)),
    partitions: random(2) === 0 ? null : Int32Array.from(each(() => random(3) - 1)),
    timestamps: random(2) === 0 ? null : Float64Array.from(each(() => (random(15) === 0 ? -2 : random(3) === 0 ? -1 : random(1000)))),
    headers: random(2) === 0 ? null : randomHeaders(random, count),
    key: randomColumn(random, count),
    value: randomColumn(random, count),
    sources: runsOf(each(() => partitions[random(4) === 0 ? 1 : 0] as SourcePartition)),
    positions: random(2) === 0 ? null : Float64Array.from(each(i => 10 * i)),
    offsetAt: position => ({ position }),
  };
}

/** All of a record on the wire. */
function wireRecord(
  { topics, keys, values, headerNames, headerValues, headerEnds, partitions, timestamps, ...wire }: WireBatch,
  i: number,
) {
  const headers: string[] = [];
  const { needsCalls } = wire;
  if (needsCalls)
    for (let h = i === 0 ? 0 : (headerEnds[i - 1] as number); h < (headerEnds[i] as number); h++)
      headers.push(`${headerNames.textAt(h)}=${headerValues.at(h)?.toString('hex')}`);
  return {
    topic: topics.at(i),
    key: keys.count === 0 ? undefined : keys.at(i)?.toString('hex'),
    value: values.at(i)?.toString('hex'),
    headers,
    partition: needsCalls ? partitions[i] : -1,
    timestamp: needsCalls ? timestamps[i] : -1,
  };
}

/** Sends a batch, with tolerance, and shows what went out, what was left out, and what may be committed. Failures of columns are logged sooner. */
async function send(batch: SourceBatch, converters: TaskConverters, transforms: Record<string, string>) {
  const logger = fakeLogger();
  const errors = new ErrorHandler('c-0', { ...readErrorSettings({ 'errors.log.enable': 'true' }), tolerance: 'all' }, logger);
  const sent: unknown[] = [];
  const slots: number[] = [];
  const outlet = {
    inFlight: 0,
    room: () => 3,
    warmUp: () => {},
    send: (wire: WireBatch, from: number, count: number, rejections: Rejection[]): number => {
      expect(wire.topics.endOf(from)).toBeGreaterThanOrEqual(from + count);
      expect(rejections).toEqual([]);
      for (let i = from; i < from + count; i++) {
        sent.push(wireRecord(wire, i));
        slots.push(wire.slots[i] as number);
      }
      return count;
    },
  };
  const chain = new TransformationChain<SourceRecord>({ stages: stageSettings(transforms), plugins: stagePlugins(), logger });
  const run = fakeSourceRun({ outlet, errors, logger, chain, converters });
  const failure = await sendBatch(run, batch).catch(String);
  for (const slot of slots) run.acknowledged(slot, 0, 0);
  return { failure, sent, counters: run.counts.totals(), committable: run.submitted.takeCommittable(), log: [...logger.lines].sort() };
}

const named = (className: string, converter: Converter) => ({ className, version: '1', converter });

describe.each(Object.keys(CONVERTERS))('columns through %s', name => {
  test.each([1, 2, 3, 4])('are what their records are, errors included, seed %d', async seed => {
    const random = seeded(seed);
    for (let n = 0; n < 50; n++) {
      const batch = randomBatch(random);
      const pick = (other: string): Converter => (CONVERTERS[random(2) === 0 ? name : other] as () => Converter)();
      const converters: TaskConverters = {
        key: named('K', pick('String')),
        value: named('V', (CONVERTERS[name] as () => Converter)()),
        header: { className: 'H', version: '1', converter: configured(new SimpleHeaderConverter()) },
      };
      const records = Array.from({ length: batch.count }, (_, i) => recordsOf(batch)(i));
      expect(await send(batch, converters, {})).toEqual(await send(records, converters, {}));
    }
  });
});
