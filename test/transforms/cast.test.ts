/** What holds for Cast, Flatten, MaskField, ReplaceField and SetSchemaMetadata alike. */
import { Int8, Int32 } from '../../src/data/java/boxed';
import type { SinkRecord } from '../../src/data/record/record';
import { INT32_SCHEMA, OPTIONAL_STRING_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { TIMESTAMP_SCHEMA } from '../../src/data/schema/logical';
import type { Schema } from '../../src/data/schema/schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { sinkRecord } from '../../src/testing/data/sample-records';
import { castPlugins } from '../../src/transforms/cast';
import { flattenPlugins } from '../../src/transforms/flatten';
import { maskFieldPlugins } from '../../src/transforms/mask-field';
import { replaceFieldPlugins } from '../../src/transforms/replace-field';
import { setSchemaMetadataPlugins } from '../../src/transforms/set-schema-metadata';
import { configured } from '../helpers/fakes/configured';
import { structOf, structSchema, valuesOf } from '../helpers/fakes/structs';
import { type Json, recordToJson } from '../helpers/vectors/tagged-data';

const PLUGINS = [...castPlugins, ...flattenPlugins, ...maskFieldPlugins, ...replaceFieldPlugins, ...setSchemaMetadataPlugins];

const transformation = (name: string, config: Readonly<Record<string, string>>) => configured(PLUGINS, name, config);
const recordWith = (valueSchema: Schema | null, value: unknown): SinkRecord => sinkRecord({ key: 'k', valueSchema, value });

const applied = (name: string, config: Readonly<Record<string, string>>, record: SinkRecord): SinkRecord =>
  transformation(name, config).apply(record);

const WITH_DEFAULT = new SchemaBuilder('INT32').optional().defaultValue(Int32.of(7)).build();
const INNER = structSchema({ x: INT32_SCHEMA, y: OPTIONAL_STRING_SCHEMA });
const SCHEMA = structSchema({ a: INT32_SCHEMA, b: STRING_SCHEMA, d: WITH_DEFAULT, t: TIMESTAMP_SCHEMA, in: INNER });

const structRecord = (): SinkRecord =>
  recordWith(
    SCHEMA,
    structOf(SCHEMA, { a: Int32.of(300), b: '5', t: new Date(77), in: structOf(INNER, { x: Int32.of(1) }), d: Int32.of(3) }),
  );

const mapRecord = (): SinkRecord =>
  recordWith(
    null,
    new Map<string, unknown>([
      ['a', Int32.of(300)],
      ['b', '5'],
      ['in', new Map([['x', Int32.of(1)]])],
      ['l', [1, 2]],
    ]),
  );

/** Each changes something of both records, except that SetSchemaMetadata takes no map. */
const CHANGES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  ['Cast', { spec: 'a:int8,b:int64' }],
  ['Flatten', { delimiter: '_' }],
  ['MaskField', { fields: 'a,b' }],
  ['ReplaceField', { exclude: 'a', renames: 'b:c' }],
];
const STRUCT_CHANGES = [...CHANGES, ['SetSchemaMetadata', { 'schema.name': 'n' }]] as const;

const swapped = (record: SinkRecord): SinkRecord => ({
  ...record,
  keySchema: record.valueSchema,
  key: record.value,
  valueSchema: record.keySchema,
  value: record.key,
});

describe.each(STRUCT_CHANGES)('%s', (name, config) => {
  const records = name === 'SetSchemaMetadata' ? [structRecord] : [structRecord, mapRecord];

  test('does to the key what it does to the value, and nothing else', () => {
    for (const make of records) {
      const changed = applied(`${name}$Value`, config, make());
      expect(recordToJson(applied(`${name}$Key`, config, swapped(make())))).toEqual(recordToJson(swapped(changed)));
      expect({ ...changed, value: null, valueSchema: null }).toEqual({ ...make(), value: null, valueSchema: null });
    }
  });

  test('follows schemas that change from record to record, as if each were the first', () => {
    const other = structSchema({ b: STRING_SCHEMA, e: INT32_SCHEMA, a: SchemaBuilder.struct().optional().build() });
    const evolved = structSchema({ a: INT32_SCHEMA, b: STRING_SCHEMA, n: OPTIONAL_STRING_SCHEMA });
    const inputs = [
      structRecord(),
      ...(name === 'Cast' || name === 'MaskField' ? [] : [recordWith(other, structOf(other, { b: '6', e: Int32.of(2) }))]),
      recordWith(evolved, structOf(evolved, { a: Int32.of(4), b: '7', n: 'new' })),
      structRecord(),
    ];
    const kept = transformation(`${name}$Value`, config);
    const texts = [...inputs, ...inputs].map(record => JSON.stringify(recordToJson(kept.apply(record))));
    const fresh = inputs.map(record => JSON.stringify(recordToJson(applied(`${name}$Value`, config, record))));
    expect(texts).toEqual([...fresh, ...fresh]);
  });

  test('makes one schema for all records of a schema', () => {
    const kept = transformation(`${name}$Value`, config);
    const [first, second] = [kept.apply(structRecord()), kept.apply(structRecord())];
    expect(first?.valueSchema).toMatchObject({ type: 'STRUCT' });
    expect(first?.valueSchema).toBe(second?.valueSchema);
  });
});

describe('thousands of fields', () => {
  const NAMES = Array.from({ length: 3000 }, (_, i) => `field${i}`);
  const WIDE = structSchema(Object.fromEntries(NAMES.map(field => [field, INT32_SCHEMA])));

  test.each([
    ['Cast', { spec: NAMES.map(field => `${field}:string`).join(',') }, 'field2999', '2999'],
    ['Flatten', {}, 'field2999', Int32.of(2999)],
    ['MaskField', { fields: NAMES.join(',') }, 'field2999', Int32.of(0)],
    ['ReplaceField', { renames: NAMES.map(field => `${field}:new_${field}`).join(',') }, 'new_field2999', Int32.of(2999)],
    ['SetSchemaMetadata', { 'schema.name': 'n' }, 'field2999', Int32.of(2999)],
  ])('pass through %s', (name, config: Readonly<Record<string, string>>, last, expected) => {
    const record = recordWith(WIDE, structOf(WIDE, Object.fromEntries(NAMES.map((field, i) => [field, Int32.of(i)]))));
    const values = valuesOf(applied(`${name}$Value`, config, record).value);
    expect(Object.keys(values)).toHaveLength(3000);
    expect(values[last]).toEqual(expected);
  });
});

describe('a tombstone', () => {
  test.each(['Cast', 'Flatten', 'ReplaceField', 'SetSchemaMetadata'])('passes %s as it is', name => {
    const [, config] = STRUCT_CHANGES.find(([change]) => change === name) ?? ['', {}];
    const tombstone = recordWith(null, null);
    expect(transformation(`${name}$Value`, config).apply(tombstone)).toBe(tombstone);
  });

  test('is refused by MaskField', () => {
    expect(() => applied('MaskField$Value', { fields: 'a' }, recordWith(null, null))).toThrow(
      'Only Map objects supported in absence of schema for [mask fields], found: null',
    );
  });
});

describe('replace.null.with.default', () => {
  const CONFIGS = [
    ['Cast', { spec: 'd:int8' }, Int8.of(7)],
    ['MaskField', { fields: 'd' }, Int32.of(0)],
    ['ReplaceField', { exclude: 'zz' }, Int32.of(7)],
    ['SetSchemaMetadata', { 'schema.version': '2' }, Int32.of(7)],
  ] as const;
  const schema = structSchema({ d: WITH_DEFAULT });

  test.each(CONFIGS)('%s writes the default where the field is null', (name, config, expected) => {
    expect(valuesOf(applied(`${name}$Value`, config, recordWith(schema, structOf(schema, {}))).value)).toEqual({ d: expected });
  });

  test.each(CONFIGS)('%s keeps the null if it is told so', (name, config) => {
    const keeping = { ...config, 'replace.null.with.default': 'false' };
    expect(valuesOf(applied(`${name}$Value`, keeping, recordWith(schema, structOf(schema, {}))).value)).toEqual({ d: null });
  });

  test('Flatten has no such setting and writes defaults', () => {
    const outer = structSchema({ in: schema });
    const record = recordWith(outer, structOf(outer, { in: structOf(schema, {}) }));
    expect(valuesOf(applied('Flatten$Value', {}, record).value)).toEqual({ 'in.d': Int32.of(7) });
  });
});

describe('errors of settings, as validation lists them', () => {
  const errorsOf = (name: string, config: Readonly<Record<string, string>>): Json => {
    const plugin = PLUGINS.find(({ className }) => className.endsWith(name));
    const results = plugin?.create().config().validate(config) ?? [];
    return Object.fromEntries(results.filter(({ errors }) => errors.length > 0).map(result => [result.name, result.errors]));
  };

  test.each([
    [
      'Cast$Value',
      {},
      { spec: ['Missing required configuration "spec" which has no default value.', 'Must specify at least one field to cast.'] },
    ],
    ['Cast$Value', { spec: '' }, { spec: ['Must specify at least one field to cast.'] }],
    ['Cast$Value', { spec: 'a:b:c' }, { spec: ['Invalid value [a:b:c] for configuration renames: Invalid rename mapping: a:b:c'] }],
    [
      'MaskField$Key',
      {},
      {
        fields: ['Missing required configuration "fields" which has no default value.', "Configuration 'fields' values must not be null."],
      },
    ],
    [
      'MaskField$Key',
      { fields: '', replacement: ' ' },
      {
        fields: ["Configuration 'fields' must not be empty. Valid values include: any non-empty value"],
        replacement: ['Invalid value  for configuration replacement: String must be non-empty'],
      },
    ],
    ['MaskField$Key', { fields: 'a,a,b' }, { fields: ["Configuration 'fields' values must not be duplicated."] }],
    [
      'ReplaceField$Value',
      { renames: 'a', exclude: 'a,' },
      {
        exclude: ["Configuration 'exclude' values must not be empty."],
        renames: ['Invalid value [a] for configuration renames: Invalid rename mapping: a'],
      },
    ],
    ['SetSchemaMetadata$Value', {}, {}],
    ['Flatten$Key', { delimiter: ' x ' }, {}],
  ])('%s with %j', (name, config: Readonly<Record<string, string>>, errors) => {
    expect(errorsOf(name, config)).toEqual(errors);
  });
});
