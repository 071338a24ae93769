import { Int32 } from '../../src/data/boxed';
import { INT32_SCHEMA, STRING_SCHEMA } from '../../src/data/connect-schema';
import { recordWith, structOf, structSchema, transformation, valuesOf } from '../helpers/transform-records';

const SCHEMA = structSchema({ a: INT32_SCHEMA, b: INT32_SCHEMA, c: STRING_SCHEMA });
const RECORD = recordWith(SCHEMA, structOf(SCHEMA, { a: Int32.of(1), b: Int32.of(2), c: 'x' }));

test('fields can swap their names', () => {
  const swapped = transformation('ReplaceField$Value', { renames: 'a:b,b:a' }).apply(RECORD);
  expect(valuesOf(swapped?.value)).toEqual({ b: Int32.of(1), a: Int32.of(2), c: 'x' });
});

describe('as in Java, a field that already has the new name of another one', () => {
  test('takes the value of that other one, even if that is excluded', () => {
    const result = transformation('ReplaceField$Value', { exclude: 'a', renames: 'a:b' }).apply(RECORD);
    expect(valuesOf(result?.value)).toEqual({ b: Int32.of(1), c: 'x' });
  });

  test('fails for want of that other one, for every record', () => {
    const replace = transformation('ReplaceField$Value', { renames: 'zz:b' });
    expect(() => replace.apply(RECORD)).toThrow('zz is not a valid field name');
    expect(() => replace.apply(RECORD)).toThrow('zz is not a valid field name');
  });

  test('overwrites it in a map, where the last one wins', () => {
    const map = new Map([
      ['a', 1],
      ['b', 2],
    ]);
    const result = transformation('ReplaceField$Value', { renames: 'a:b' }).apply(recordWith(null, map));
    expect(result?.value).toEqual(new Map([['b', 2]]));
  });
});
