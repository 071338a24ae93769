import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { sinkRecord } from '../../src/testing/data/sample-records';
import { flattenPlugins } from '../../src/transforms/flatten';
import { configured } from '../helpers/fakes/configured';
import { structOf, structSchema, valuesOf } from '../helpers/fakes/structs';

test('two paths that join to the same name are refused with a schema; without one the last wins', () => {
  const inner = structSchema({ b: INT32_SCHEMA });
  const schema = structSchema({ a: inner, 'a.b': STRING_SCHEMA });
  const record = sinkRecord({ valueSchema: schema, value: structOf(schema, { a: structOf(inner, { b: Int32.of(1) }), 'a.b': 'x' }) });
  expect(() => configured(flattenPlugins, 'Flatten$Value', {}).apply(record)).toThrow(
    'Cannot create field because of field name duplication a.b',
  );

  const map = new Map<string, unknown>([
    ['a', new Map([['b', 1]])],
    ['a.b', 'x'],
  ]);
  expect(configured(flattenPlugins, 'Flatten$Value', {}).apply(sinkRecord({ value: map })).value).toEqual(new Map([['a.b', 'x']]));
});

test('a parent that may be null makes its children optional, and its null is theirs', () => {
  const inner = SchemaBuilder.struct().field('x', INT32_SCHEMA).optional().build();
  const schema = structSchema({ in: inner, s: STRING_SCHEMA });
  const flattened = configured(flattenPlugins, 'Flatten$Value', {});
  const without = flattened.apply(sinkRecord({ valueSchema: schema, value: structOf(schema, { s: 'z' }) }));
  const having = flattened.apply(
    sinkRecord({ valueSchema: schema, value: structOf(schema, { s: 'z', in: structOf(inner, { x: Int32.of(5) }) }) }),
  );
  expect(without.valueSchema?.field('in.x')?.schema.optional).toBe(true);
  expect([valuesOf(without.value), valuesOf(having.value)]).toEqual([
    { 'in.x': null, s: 'z' },
    { 'in.x': Int32.of(5), s: 'z' },
  ]);
});

test('a map as deep as a careless producer makes it is flattened', () => {
  const depth = 2000;
  let map = new Map<string, unknown>([['n', 1]]);
  for (let i = 1; i < depth; i++) map = new Map([['n', map]]);
  const flat = configured(flattenPlugins, 'Flatten$Value', {}).apply(sinkRecord({ value: map })).value;
  expect(flat).toEqual(new Map([[Array(depth).fill('n').join('.'), 1]]));
});

test('a value that is no struct under a schema of structs is refused as by the cast of Java', () => {
  const schema = structSchema({ a: structSchema({ b: INT32_SCHEMA }) });
  const unchecked = structOf(schema, {});
  Object.assign(unchecked.values, ['x']);
  expect(() => configured(flattenPlugins, 'Flatten$Value', {}).apply(sinkRecord({ valueSchema: schema, value: unchecked }))).toThrow(
    expect.objectContaining({ code: 'ClassCastException' }),
  );
});
