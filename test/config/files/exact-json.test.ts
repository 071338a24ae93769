import { parseJson, stringifyJson } from '../../../src/config/files/exact-json';

describe('parseJson', () => {
  test.each([
    ['9007199254740993', 9007199254740993n],
    ['-5', -5n],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['"\\u00e9\\n\\ud83d\\ude00 é"', 'é\n😀 é'],
    [' [ 1 , {"a" : null , "b":true} , [] , {} ] ', [1n, { a: null, b: true }, [], {}]],
    ['{"a":1,"a":2}', { a: 2n }],
    ['false', false],
  ])('%s', (text, expected) => expect(parseJson(text)).toEqual(expected));

  test('long strings and many escapes take no stack', () => {
    const text = '\\u0041\\"\\\\'.repeat(500_000);
    expect(parseJson(`"${text}"`)).toBe('A"\\'.repeat(500_000));
  });

  test('a number of more digits than anyone needs is refused, whatever is made of it', () => {
    expect(parseJson('9'.repeat(1000))).toBe(BigInt('9'.repeat(1000)));
    for (const read of [undefined, (text: string) => text])
      expect(() => parseJson('9'.repeat(1001), read)).toThrow(/more than 1000 digits/);
  });

  test('__proto__ is a name like any other', () => {
    expect(Object.keys(parseJson('{"__proto__":{"a":1}}') as object)).toEqual(['__proto__']);
  });

  test('numbers can keep their spelling', () => expect(parseJson('[1.50,1E2]', text => text)).toEqual(['1.50', '1E2']));

  test.each([
    '',
    '   ',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,}',
    '[1,]',
    '[1 2]',
    '{a:1}',
    "{'a':1}",
    '01',
    '1.',
    '.5',
    '+1',
    'nul',
    '"x',
    '"\t"',
    '"\\x"',
    '"\\',
    '"\\"',
    '{"a\\":1}',
    '{"a":1}}',
    '[] []',
    ',',
    ':',
    'NaN',
    '{,}',
    '{1:2}',
  ])('refuses %p', text => {
    expect(() => parseJson(text)).toThrow(/^Malformed JSON: /);
    expect(() => JSON.parse(text)).toThrow();
  });

  test('says where', () => expect(() => parseJson('{"a": 1,\n "b" 2}')).toThrow(/\(line 2, column \d+\)$/));

  test('deep nesting is refused, not fatal', () => {
    expect(() => parseJson('['.repeat(200_000))).toThrow('nested deeper');
  });

  test('reads what JSON.parse reads', () => {
    let seed = 7;
    const random = (n: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff;
      return seed % n;
    };
    const value = (depth: number): unknown =>
      [
        () => random(1000) / 8,
        () => `t${String.fromCharCode(random(0xd7ff))}"\\`,
        () => null,
        () => random(2) === 0,
        () => (depth > 4 ? 1.5 : Array.from({ length: random(4) }, () => value(depth + 1))),
        () => (depth > 4 ? 'x' : Object.fromEntries(Array.from({ length: random(4) }, (_, i) => [`k${i} é`, value(depth + 1)]))),
      ][random(6)]?.();
    for (let i = 0; i < 500; i++) {
      const made = value(0);
      expect(parseJson(JSON.stringify(made, null, random(3)), Number)).toEqual(made);
    }
  });
});

test('stringifyJson keeps int64 and doubles apart', () => {
  const text = '{"a":9223372036854775807,"b":1.0,"c":[null,true,"x\\"é"],"d":0.25,"e":{}}';
  expect(stringifyJson(parseJson(text))).toBe(text);
});
