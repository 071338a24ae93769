import { Int8 } from '../../src/data/java/boxed';
import type { Header } from '../../src/data/record/record';
import { INT8_SCHEMA, STRING_SCHEMA } from '../../src/data/schema/connect-schema';
import { sinkRecord, sourceRecord } from '../../src/testing/data/sample-records';
import { dropHeadersPlugin } from '../../src/transforms/drop-headers';
import { insertHeaderPlugin } from '../../src/transforms/insert-header';
import { hasHeaderKeyPlugin } from '../../src/transforms/predicates/has-header-key';
import { configured } from '../helpers/fakes/configured';

const header = (key: string, value: unknown = 'v'): Header => ({ key, schema: STRING_SCHEMA, value });
const HEADERS = [header('a', '1'), header('b'), header('a', '2'), header('A'), header('')];

const keysOf = (record: { readonly headers: readonly Header[] }) => record.headers.map(({ key, value }) => `${key}=${value}`);

describe('DropHeaders', () => {
  test.each([
    ['a', ['b=v', 'A=v', '=v']],
    ['a,b,nobody', ['A=v', '=v']],
    ['a, a', ['b=v', 'A=v', '=v']],
    ['nobody', ['a=1', 'b=v', 'a=2', 'A=v', '=v']],
  ])('without %s the others stay in order', (headers, left) => {
    const transformation = configured([dropHeadersPlugin], 'DropHeaders', { headers });
    expect(keysOf(transformation.apply(sourceRecord({ headers: HEADERS })))).toEqual(left);
  });
});

describe('InsertHeader', () => {
  test('comes behind the headers of the record, also behind one of the same key', () => {
    const transformation = configured([insertHeaderPlugin], 'InsertHeader', { header: 'a', 'value.literal': ' 5 ' });
    const added = { key: 'a', schema: INT8_SCHEMA, value: Int8.of(5) };
    for (const record of [sinkRecord({ headers: HEADERS }), sourceRecord()]) {
      expect(transformation.apply(record)).toEqual({ ...record, headers: [...record.headers, added] });
    }
  });

  test('has neither schema nor value for the text null', () => {
    const transformation = configured([insertHeaderPlugin], 'InsertHeader', { header: 'n', 'value.literal': 'null' });
    expect(transformation.apply(sourceRecord()).headers).toEqual([{ key: 'n', schema: null, value: null }]);
  });
});

describe('HasHeaderKey', () => {
  test.each([
    ['a', true],
    ['A', true],
    ['B', false],
  ])('of %s is %s, by exact key', (name, answer) => {
    const predicate = hasHeaderKeyPlugin.create();
    predicate.configure({ name });
    expect(predicate.test(sourceRecord({ headers: HEADERS }))).toBe(answer);
    expect(predicate.test(sourceRecord())).toBe(false);
  });
});
