import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { sinkRecord } from '../../src/testing/data/sample-records';
import { replaceFieldPlugins } from '../../src/transforms/replace-field';
import { configured } from '../helpers/fakes/configured';
import { structOf, structSchema, valuesOf } from '../helpers/fakes/structs';

const SCHEMA = structSchema({ a: INT32_SCHEMA, b: INT32_SCHEMA, c: STRING_SCHEMA });
const RECORD = sinkRecord({ valueSchema: SCHEMA, value: structOf(SCHEMA, { a: Int32.of(1), b: Int32.of(2), c: 'x' }) });

test('fields can swap their names', () => {
  const swapped = configured(replaceFieldPlugins, 'ReplaceField$Value', { renames: 'a:b,b:a' }).apply(RECORD);
  expect(valuesOf(swapped.value)).toEqual({ b: Int32.of(1), a: Int32.of(2), c: 'x' });
});

describe('as in Java, a field that already has the new name of another one', () => {
  test('takes the value of that other one, even if that is excluded', () => {
    const result = configured(replaceFieldPlugins, 'ReplaceField$Value', { exclude: 'a', renames: 'a:b' }).apply(RECORD);
    expect(valuesOf(result.value)).toEqual({ b: Int32.of(1), c: 'x' });
  });

  test('fails for want of that other one, for every record', () => {
    const replace = configured(replaceFieldPlugins, 'ReplaceField$Value', { renames: 'zz:b' });
    expect(() => replace.apply(RECORD)).toThrow('zz is not a valid field name');
    expect(() => replace.apply(RECORD)).toThrow('zz is not a valid field name');
  });

  test('overwrites it in a map, where the last one wins', () => {
    const map = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    const result = configured(replaceFieldPlugins, 'ReplaceField$Value', { renames: 'a:b' }).apply(sinkRecord({ value: map }));
    expect(result.value).toEqual(new Map([['b', 2]]));
  });
});
