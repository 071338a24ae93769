import { failureText, inOneLine, remedyFor } from '../../src/cli/start-failure';
import { WORKER_DEF } from '../../src/config/keys/worker-keys';
import { ConnectError, SettingError } from '../../src/errors';

function errorsOf(props: Record<string, string>): ConnectError[] {
  const errors: ConnectError[] = [];
  WORKER_DEF.parseAll(props, (_key, error) => void errors.push(error));
  return errors;
}

const GOOD = {
  'bootstrap.servers': 'localhost:9092',
  'key.converter': 'a.B',
  'value.converter': 'a.B',
  'offset.storage.file.filename': 'o',
};

test.each<[Record<string, string>, RegExp]>([
  [{ 'offset.flush.timeout.ms': 'x y' }, /^\. Expected .* a whole number: .*offset\.flush\.timeout\.ms=5000$/],
  [{ 'plugin.path': '' }, /^\. Expected for plugin\.path /],
  [{ listeners: ',' }, /listeners=http:\/\/:8083$/],
  [{ 'response.http.headers.config': 'put a:b' }, /response\.http\.headers\.config=/],
])('%j: what would be right', (props, remedy) => {
  const errors = errorsOf({ ...GOOD, ...props });
  expect(errors).toHaveLength(1);
  expect(remedyFor(errors[0], WORKER_DEF.keys)).toMatch(remedy);
});

test('a setting that is missing: what would be right', () => {
  const remedies = errorsOf({}).map(error => remedyFor(error, WORKER_DEF.keys));
  expect(remedies).toHaveLength(4);
  expect(remedies[0]).toMatch(/^ Expected for bootstrap\.servers .*bootstrap\.servers=localhost:9092$/);
});

test.each([
  new Error('Something else'),
  new ConnectError('ConfigException', 'Invalid value x for configuration listeners: of which the error knows nothing'),
  new SettingError('no.such.key', 'bad'),
])('%s: nothing to say', error => {
  expect(remedyFor(error, WORKER_DEF.keys)).toBe('');
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
