/** A chain over whole batches must do what it does to the same records one by one. */
import { stageSettings } from '../../src/config/tasks/stage-settings';
import { JsonConverter } from '../../src/converters/json/json-converter';
import { recordsOf } from '../../src/data/batch/batch-records';
import { ByteColumn } from '../../src/data/batch/byte-column';
import { type Column, NO_COLUMN, type RecordBatch } from '../../src/data/batch/record-batch';
import { cellCount, plainOf, RowColumn } from '../../src/data/batch/row-column';
import { Runs } from '../../src/data/batch/runs';
import type { ConnectRecord, SourceRecord } from '../../src/data/record/record';
import type { Schema } from '../../src/data/schema/schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { type Carrier, TransformationChain } from '../../src/pipeline/transformation-chain';
import { type Random, randomText, seeded } from '../../src/testing/data/random';
import { randomPrimitive } from '../../src/testing/data/random-data';
import { fakeLogger } from '../helpers/fakes/fake-logger';
import { stagePlugins } from '../helpers/fakes/test-stages';

const K = 'org.apache.kafka.connect.transforms';
const FIELDS = ['a', 'b', 'c', 'in', 'x'];
const TYPES = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64', 'boolean', 'string'];

const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)] as T;

/** Settings of random transformations; `$Key` and `$Value` where there are two forms. */
const MAKERS: readonly ((random: Random) => [type: string, settings: Record<string, string>])[] = [
  random => ['HoistField', { field: pick(random, FIELDS) }],
  random => ['ExtractField', { field: pick(random, FIELDS) }],
  random => [
    'InsertField',
    {
      [pick(random, [
        'static.field',
        'topic.field',
        'timestamp.field',
        'partition.field',
      ])]: `${pick(random, FIELDS)}${pick(random, ['', '!', '?'])}`,
      ...fixed(random),
    },
  ],
  random => [
    'ReplaceField',
    { [pick(random, ['exclude', 'include'])]: pick(random, FIELDS), renames: `${pick(random, FIELDS)}:${pick(random, FIELDS)}` },
  ],
  random => ['Cast', { spec: random(4) === 0 ? pick(random, TYPES) : `${pick(random, FIELDS)}:${pick(random, TYPES)}` }],
  random => ['MaskField', { fields: pick(random, FIELDS), ...(random(2) === 0 && { replacement: pick(random, ['7', 'xx']) }) }],
  random => [
    'TimestampConverter',
    {
      field: random(3) === 0 ? '' : pick(random, FIELDS),
      'target.type': pick(random, ['string', 'unix', 'Date', 'Time', 'Timestamp']),
      format: 'yyyy-MM-dd HH',
    },
  ],
  random => ['SetSchemaMetadata', { 'schema.name': pick(random, FIELDS) }],
  random => ['Flatten', { delimiter: pick(random, ['.', '_']) }],
  random => ['HeaderFrom', { fields: pick(random, FIELDS), headers: 'h', operation: pick(random, ['move', 'copy']) }],
  random => ['!ValueToKey', { fields: random(2) === 0 ? pick(random, FIELDS) : 'a,b' }],
  random => ['!RegexRouter', { regex: pick(random, ['t(.*)', 'no']), replacement: 'r$1' }],
  () => ['!TimestampRouter', {}],
  random => ['!InsertHeader', { header: pick(random, ['h', 'i']), 'value.literal': pick(random, ['1', 'text', '[1]']) }],
  random => ['!DropHeaders', { headers: pick(random, ['h', 'i']) }],
  () => ['!Filter', {}],
];

function fixed(random: Random): Record<string, string> {
  return random(2) === 0 ? { 'static.field': 'x', 'static.value': '5' } : { 'static.value': 'v' };
}

function randomChain(random: Random): Record<string, string> {
  const settings: Record<string, string> = {
    predicates: 'p,q,r',
    'predicates.p.type': `${K}.predicates.TopicNameMatches`,
    'predicates.p.pattern': pick(random, ['t', 'r.*', '.*']),
    'predicates.q.type': `${K}.predicates.HasHeaderKey`,
    'predicates.q.name': 'h',
    'predicates.r.type': `${K}.predicates.RecordIsTombstone`,
  };
  const aliases = Array.from({ length: 1 + random(4) }, (_, i) => `s${i}`);
  settings.transforms = aliases.join(',');
  for (const alias of aliases) {
    const [type, own] = pick(random, MAKERS)(random);
    settings[`transforms.${alias}.type`] = type.startsWith('!')
      ? `${K}.${type.slice(1)}`
      : `${K}.${type}$${random(4) === 0 ? 'Key' : 'Value'}`;
    for (const [key, value] of Object.entries(own)) settings[`transforms.${alias}.${key}`] = value;
    if (random(3) > 0 && type !== '!Filter') continue;
    settings[`transforms.${alias}.predicate`] = pick(random, ['p', 'q', 'r']);
    settings[`transforms.${alias}.negate`] = String(random(2) === 0);
  }
  return settings;
}

function randomRows(random: Random, count: number): RowColumn {
  const cells: { schema: Schema; make: () => unknown }[] = [];
  const struct = (names: readonly string[], nested: boolean): SchemaBuilder => {
    const builder = SchemaBuilder.struct();
    for (const name of names) {
      if (nested && name === 'in') {
        builder.field(name, struct(['a', 'x'].slice(0, 1 + random(2)), false).build());
        continue;
      }
      const { builder: field, value } = randomPrimitive(random);
      if (random(2) === 0) field.optional();
      if (random(20) === 0) field.doc('doc');
      const schema = field.build();
      builder.field(name, schema);
      cells.push({ schema, make: () => (schema.optional && random(3) === 0 ? null : value(schema)) });
    }
    return builder;
  };
  const rows = new RowColumn(struct(FIELDS.slice(0, 1 + random(4)), random(2) === 0).build());
  expect(cellCount(rows.schema)).toBe(cells.length);
  for (let i = 0; i < count; i++)
    for (const { schema, make } of cells) {
      const value = make();
      rows.cells.push(value === null ? null : plainOf(schema)(value));
    }
  rows.count = count;
  return rows;
}

function randomColumn(random: Random, count: number): Column {
  const kind = random(8);
  if (kind === 0) return NO_COLUMN;
  if (kind < 3) {
    const texts = new ByteColumn(count, 0);
    for (let i = 0; i < count; i++) texts.append(Buffer.from(random(3) === 0 ? String(random(300)) : randomText(random)));
    return { kind: 'text', texts };
  }
  return { kind: 'rows', rows: randomRows(random, count) };
}

function randomBatch(random: Random): RecordBatch {
  const count = 1 + random(6);
  return {
    kind: 'batch',
    count,
    topics: Runs.of(pick(random, ['t', 'u']), count),
    partitions: null,
    timestamps: random(3) === 0 ? null : Float64Array.from({ length: count }, () => (random(5) === 0 ? -1 : random(2 ** 31) * 1000)),
    headers: null,
    key: random(2) === 0 ? NO_COLUMN : randomColumn(random, count),
    value: randomColumn(random, count),
    sources: Runs.of({}, count),
    positions: null,
    offsetAt: position => ({ position }),
  };
}

/** What `apply` of each stage makes of a record: its bytes, or why it fails. */
function alone(chain: TransformationChain<SourceRecord>, record: SourceRecord): ConnectRecord | 'dropped' | 'fails' {
  const carrier: Carrier<SourceRecord> = { record };
  try {
    for (const step of chain.steps()) if (!step.run(carrier)) return 'dropped';
  } catch {
    return 'fails';
  }
  return carrier.record ?? 'dropped';
}

const converter = new JsonConverter();
converter.configure({}, 'value');

/** A record as it goes out, or 'fails'. */
function shown({ topic, keySchema, key, valueSchema, value, timestamp, headers }: ConnectRecord): unknown {
  const json = (schema: Schema | null, data: unknown): string | undefined => converter.fromConnectData('t', schema, data)?.toString();
  try {
    const shownHeaders = headers.map(header => [header.key, json(header.schema, header.value)]);
    return { topic, key: json(keySchema, key), value: json(valueSchema, value), timestamp, headers: shownHeaders };
  } catch {
    return 'fails';
  }
}

/** What the converter makes of a column in bulk, as far as it goes. */
function encoded(column: Column, i: number): string | null | undefined {
  const out = new ByteColumn(1, 16);
  return column.kind !== 'none' && converter.encode('t', column, i, 1, out, 1 << 20) === 1 ? out.textAt(0) : undefined;
}

/** Compares what came out of columns with what comes out of the same records. */
function compare(chain: TransformationChain<SourceRecord>, records: readonly SourceRecord[], got: RecordBatch | null, place: string): void {
  records.forEach((record, i) => {
    const expected = alone(chain, record);
    if (got === null) {
      expect([place, expected]).toEqual([place, 'dropped']);
      return;
    }
    const want = typeof expected === 'string' ? expected : shown(expected);
    expect([place, shown(recordsOf(got)(i))]).toEqual([place, want]);
    for (const part of ['key', 'value'] as const) {
      const bytes = encoded(got[part], i);
      if (bytes !== undefined) expect([place, bytes]).toEqual([place, (want as Record<string, unknown>)[part] ?? null]);
    }
  });
}

test.each([1, 2, 3, 4, 5, 6])('random chains, schemas and values come out of columns as out of records, seed %d', seed => {
  const random = seeded(seed);
  const outcomes = { changed: 0, dropped: 0, alone: 0 };
  for (let n = 0; n < 600; n++) {
    const settings = randomChain(random);
    const chain = new TransformationChain<SourceRecord>({ stages: stageSettings(settings), plugins: stagePlugins(), logger: fakeLogger() });
    const batch = randomBatch(random);
    const records = Array.from({ length: batch.count }, (_, i) => recordsOf(batch)(i));
    for (let from = 0; from < batch.count; ) {
      const changed = chain.columns()?.change(batch, from, batch.count) ?? null;
      if (changed) compare(chain, records.slice(from, from + changed.count), changed.batch, JSON.stringify({ settings, n, from }));
      outcomes[changed === null ? 'alone' : changed.batch === null ? 'dropped' : 'changed']++;
      from += changed?.count ?? 1;
    }
  }
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(5);
});

test('a transformation that knows records only has none for columns', () => {
  const make = (type: string): TransformationChain<SourceRecord> =>
    new TransformationChain({
      stages: stageSettings({ transforms: 'a', 'transforms.a.type': type }),
      plugins: stagePlugins(),
      logger: fakeLogger(),
    });
  expect([make('test.Append').columns(), make(`${K}.Filter`).columns() === null]).toEqual([null, false]);
});
