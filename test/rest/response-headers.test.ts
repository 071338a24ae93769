import { createHeadersFor } from '../../src/rest/response-headers';

const allowed = (allowOrigin: string, origin: string): boolean =>
  'access-control-allow-origin' in
  createHeadersFor({ allowOrigin, allowMethods: '', headers: '' })({ method: 'GET', origin, requestMethod: undefined });

test.each([
  ['*', 'https://any.example', true],
  ['http://a.example', 'http://A.example', true],
  ['http://a.example', 'http://axexample', false],
  ['http://*.example', 'http://a.b.example', true],
  ['https?://(.*\\.)?intern.example(:[0-9]+)?', 'https://x.intern.example:8443', true],
  ['https://.*\\.a.example,http://b.example', 'http://b.example', true],
])('%s and %s: %s', (pattern, origin, expected) => {
  expect(allowed(pattern, origin)).toBe(expected);
});

test('No pattern is kept busy by an origin, whatever stars it has', () => {
  const begin = process.cpuUsage().user;
  for (const pattern of ['http://.*.*.*x', 'http://*.*.*.example', '(.*a){14}x', '(a*)*b', '.*a.*a.*a.*a.*a.*x']) {
    for (const origin of ['.'.repeat(4000), `http://${'.'.repeat(290)}`, 'a'.repeat(300), `${'a'.repeat(40)}!`]) {
      expect(allowed(pattern, origin)).toBe(false);
    }
  }
  // seconds to aeons without bounds
  expect(process.cpuUsage().user - begin).toBeLessThan(3_000_000);
});

test('An origin of more than 300 characters is none', () => {
  expect([allowed('*', `http://${'a'.repeat(293)}`), allowed('*', `http://${'a'.repeat(294)}`)]).toEqual([true, false]);
});

test('A pattern that is none is refused', () => {
  expect(() => allowed('http://(a', 'x')).toThrow('Invalid value http://(a for configuration access.control.allow.origin: not a pattern');
});
