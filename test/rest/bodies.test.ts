import { parseConfig, parseCreateRequest } from '../../src/rest/bodies';

test.each([
  ['a value', '{"file":"a\\ud800"}', /^The setting 'file' holds half of a character beyond U\+FFFF: a\\ud800$/],
  ['a key', '{"\\udfff":"x"}', /^The setting '\\udfff' holds half/],
  ['an object', '{"file":{}}', /must be a string, a number, or a boolean; found an object$/],
  ['an array', '{"file":["a"]}', /found an array$/],
])('%s that is no text of a setting', (_, body, problem) => {
  expect(() => parseConfig(body)).toThrow(problem);
  expect(() => parseCreateRequest(`{"name":"a","config":${body}}`)).toThrow(problem);
});

test('Other JSON values are taken as they are spelled, whole characters too', () => {
  expect(parseConfig('{"a":1.50,"b":12345678901234567890123,"c":true,"d":null,"e":"😀"}')).toEqual({
    a: '1.50',
    b: '12345678901234567890123',
    c: 'true',
    d: null,
    e: '😀',
  });
});

test('A configuration has at most 2000 settings', () => {
  const settings = (count: number): string => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, ''])));
  expect(Object.keys(parseConfig(settings(2000)))).toHaveLength(2000);
  expect(() => parseConfig(settings(2001))).toThrow('2001 settings are too many: at most 2000');
});
