import { failureText, inOneLine, remedyFor } from '../../src/cli/start-failure';
import { WORKER_DEF } from '../../src/config/keys/worker-keys';
import { ConnectError } from '../../src/errors';

test.each([
  [
    'Missing required configuration "bootstrap.servers" which has no default value.',
    /^ Expected for bootstrap\.servers .*bootstrap\.servers=localhost:9092$/,
  ],
  [
    'Invalid value x y for configuration offset.flush.timeout.ms: Not a number of type LONG',
    /^\. Expected .* a whole number: .*offset\.flush\.timeout\.ms=5000$/,
  ],
  ["Configuration 'plugin.path' must not be empty. Valid values include: any non-empty value", /^\. Expected for plugin\.path /],
  ['Empty URL found when parsing listeners list.', /listeners=http:\/\/:8083$/],
  ["Invalid header config action: 'put'. Expected one of [set, add, setDate, addDate]", /response\.http\.headers\.config=/],
])('%s: what would be right', (message, remedy) => {
  expect(remedyFor(message, WORKER_DEF.keys)).toMatch(remedy);
});

test.each(['Something else', 'Invalid value x for configuration no.such.key: bad'])('%s: nothing to say', message => {
  expect(remedyFor(message, WORKER_DEF.keys)).toBe('');
});

test('several reasons stand in one line, the first as if it were alone', () => {
  expect(inOneLine(['w.properties: A.'])).toBe('w.properties: A.');
  expect(inOneLine(['w.properties: A.', 'B (line 2).', 'C'])).toBe('w.properties: A. And 2 more: (2) B (line 2). (3) C');
});

test('causes follow once each, and the file stands first unless the message names it', () => {
  const cause = new Error('refused', { cause: new Error('no route') });
  expect(failureText(new ConnectError('ConnectException', 'no broker', cause), 'w.properties')).toBe(
    'w.properties: no broker; because: refused; because: no route',
  );
  expect(failureText(new ConnectError('IOException', 'w.properties (gone)', new Error('gone')), 'w.properties')).toBe(
    'w.properties (gone)',
  );
});
