import { parseHeaderRules } from '../../../src/config/keys/rest-keys';

test.each([
  ['', []],
  ['set X-Frame-Options: DENY', [{ action: 'set', name: 'X-Frame-Options', value: 'DENY' }]],
  [
    'ADD a:1, "set Cache-Control: no-cache, no-store" , setdate Expires:0',
    [
      { action: 'add', name: 'a', value: '1' },
      { action: 'set', name: 'Cache-Control', value: 'no-cache, no-store' },
      { action: 'setDate', name: 'Expires', value: '0' },
    ],
  ],
  ['"set a: \\"x\\""', [{ action: 'set', name: 'a', value: '"x"' }]],
])('response.http.headers.config %j', (setting, wanted) => {
  expect(parseHeaderRules(setting)).toEqual(wanted);
});
