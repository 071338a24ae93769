import { canonicalJson, JsonTextError } from '../../src/offsets/canonical-json';
import { canonicalKey, formatOffsetKey, parseOffsetKey } from '../../src/offsets/offset-key';

const SAME: [string, string][] = [
  ['["c",{"a":1,"b":2}]', '["c",{"b":2,"a":1}]'],
  ['["c",{"a":{"x":1,"y":[1,2]}}]', ' [ "c" , {"a" : {"y":[1 , 2],"x":1}} ] '],
  ['["c",{"f":"\\u00e9/"}]', '["c",{"f":"é\\/"}]'],
  ['["c",{"a":1.50}]', '["c",{"a":15e-1}]'],
  ['["c",{"a":1,"a":2}]', '["c",{"a":2}]'],
];
test.each(SAME)('%s equals %s', (one, other) => expect(canonicalKey(one)).toBe(canonicalKey(other)));

const DIFFERENT: [string, string][] = [
  ['["c",{"a":9007199254740993}]', '["c",{"a":9007199254740992}]'],
  ['["c",{"a":1}]', '["c",{"a":1.0}]'],
  ['["c",{"a":1}]', '["c",{"a":"1"}]'],
  ['["c",{"a":null}]', '["c",{}]'],
  ['["c",{"a":[1,2]}]', '["c",{"a":[2,1]}]'],
];
test.each(DIFFERENT)('%s differs from %s', (one, other) => expect(canonicalKey(one)).not.toBe(canonicalKey(other)));

const NO_JSON = [
  '',
  ' ',
  'x',
  '{',
  '[1,]',
  '{"a"}',
  '{"a":}',
  '{a:1}',
  '"\\x"',
  '"\u0001"',
  '01',
  '1 2',
  '[1}',
  '}',
  ':',
  '[',
  '"a',
  `${'['.repeat(2000)}`,
];
test.each(NO_JSON)('%j is no JSON', text => expect(() => canonicalJson(text)).toThrow(JsonTextError));

test('a key is taken apart and put together', () => {
  const key = formatOffsetKey('quelle-"ü"', '{"b":1,"a":1.50}');
  expect(parseOffsetKey(key)).toEqual({ connector: 'quelle-"ü"', partition: '{"b":1,"a":1.50}' });
});

const PROBLEMS: [string, string][] = [
  ['no json', 'unknown serialization. Expected json.'],
  ['{"a":1}', 'an unexpected format. Expected type: java.util.List, actual type: java.util.HashMap'],
  ['["a"]', 'an unexpected number of elements. Expected: 2, actual: 1'],
  ['[1,{}]', 'the first element in the partition key list. Expected type: java.lang.String, actual type: java.lang.Long'],
  ['["a",true]', 'the second element in the partition key list. Expected type: java.util.Map, actual type: java.lang.Boolean'],
];
test.each(PROBLEMS)('%s: %s', (key, problem) => {
  expect(parseOffsetKey(key)).toEqual({ problem: expect.stringContaining(problem) });
});
