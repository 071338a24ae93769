import { compileFullMatch } from '../../src/java/regex';

test.each([
  ['the whole text counts', 'a|b', 'ab', false],
  ['flags at the beginning', '(?i)LOGS-.*', 'logs-x', true],
  ['a quotation', '\\Qa.b\\E.*', 'a.bc', true],
  ['a quoted dot is no wildcard', '\\Qa.b\\E.*', 'axbc', false],
  ['an escaped hyphen', 'metrics\\-.*', 'metrics-1', true],
  ['an escaped backslash before a letter', 'a\\\\p', 'a\\p', true],
])('%s: %s', (_, pattern, text, matches) => {
  expect(compileFullMatch(pattern).test(text)).toBe(matches);
});

test.each(['\\p{Alpha}+', 'a\\z', '\\Aa', '\\h', 'a\\R'])('%s would be misread by JavaScript, so it is refused', pattern => {
  expect(() => compileFullMatch(pattern)).toThrow('is not supported here');
});
