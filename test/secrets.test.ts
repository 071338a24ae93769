import { StatusStore } from '../src/herder/status';
import { layoutLine } from '../src/log';
import { toErrorReply } from '../src/rest/error-mapper';
import { hideSecrets, hideValues, rememberSecret } from '../src/secrets';
import { variable } from './helpers/vectors/fixtures';

const PASSWORD = variable('file:/s:password');

beforeAll(() => {
  rememberSecret(' pa55-W0rd-x9 \n', PASSWORD);
  rememberSecret('kurz', variable('p:short'));
  rememberSecret('-----BEGIN KEY-----\nMIIEvgIBADANBg\n-----END KEY-----\n', variable('p:pem'));
  rememberSecret('a"b.*(quoted', variable('p:quoted'));
  rememberSecret('s3cret one, s3cret-two,a', variable('p:list'));
  rememberSecret('0012345678', variable('p:number'));
  for (const plain of ['true', '8083', 'abc', '']) rememberSecret(plain, variable('p:plain'));
});

test('what was supplied is hidden wherever it leaves: log, trace of a log line, status, answer', () => {
  const error = new Error('login with pa55-W0rd-x9 failed', { cause: new Error('pa55-W0rd-x9') });
  const statuses = new StatusStore('w');
  statuses.failTask({ connector: 'c', task: 0 }, error, null);
  statuses.failConnector('c', error, null);
  statuses.addToTrace('c', null, 'again with pa55-W0rd-x9');
  const line = layoutLine({ atMs: 0, level: 'INFO', logger: 'l', context: '', message: 'use pa55-W0rd-x9', trace: 'pa55-W0rd-x9' });
  const all = [line, JSON.stringify([statuses.connector('c'), statuses.tasksOf('c')]), toErrorReply(error, '/').text];
  expect(all.join()).not.toContain('pa55');
  expect(all.map(text => text.split(PASSWORD).length - 1)).toEqual([2, 5, 1]);
});

test.each([
  ['a value within a longer word', 'xpa55-W0rd-x9y', `x${PASSWORD}y`],
  ['a short one only alone', 'kurz, kurze, (kurz)', `${variable('p:short')}, kurze, (${variable('p:short')})`],
  ['a line of a key', 'near MIIEvgIBADANBg', `near ${variable('p:pem')}`],
  ['a text with signs', 'a"b.*(quoted', variable('p:quoted')],
  ['the same as JSON', 'in {"k":"a\\"b.*(quoted"}', `in {"k":"${variable('p:quoted')}"}`],
  ['an item of a list', 'Invalid value s3cret-two for topics', `Invalid value ${variable('p:list')} for topics`],
  ['a number without its zeros', 'Invalid value 12345678: too much', `Invalid value ${variable('p:number')}: too much`],
  ['words that every text may have stay', 'true abc 8083', 'true abc 8083'],
])('%s', (_, text, wanted) => {
  expect(hideSecrets(text)).toBe(wanted);
});

test('within one request every value is hidden, however short, the longest of two that begin alike', () => {
  expect(
    hideValues('5ms 5', [
      ['5', 'A'],
      ['5ms', 'B'],
      [' ', 'C'],
    ]),
  ).toBe('B A');
});

describe('long values', () => {
  const mib = 1024 * 1024;
  const long = Array.from({ length: mib / 16 }, (_, i) => String(i).padStart(16, '.')).join('');

  test('a megabyte in one line is hidden, as far as it is there, and lets all other lines through', () => {
    rememberSecret(long, variable('p:long'));
    expect(hideSecrets('a line')).toBe('a line');
    expect(hideSecrets(`x ${long} y`)).toBe(`x ${variable('p:long')} y`);
    expect(hideSecrets(`cut: ${long.slice(0, 5000)}, end`)).toBe(`cut: ${variable('p:long')}, end`);
    expect(hideValues(`x ${long} y`, [[long, 'L']])).toBe('x L y');
  });

  test('of many that begin alike the right one is hidden, in a time that does not grow with them', () => {
    const alike = Array.from({ length: 900 }, (_, i) => `${'a'.repeat(5000)}${i}`);
    const hidden = alike.map((value, i) => [value, `<${i}>`] as const);
    const before = process.cpuUsage().user;
    expect(hideValues(`${alike[7]} ${alike[77]}`, hidden)).toBe('<7> <77>');
    expect(hideValues('a'.repeat(200_000), hidden)).not.toContain('aa');
    expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
  });

  test('signs of two halves at the place where a long value is cut for the search', () => {
    const value = `${'k'.repeat(63)}\u{1f511}-and-more`;
    expect(hideValues(`(${value})`, [[value, 'K']])).toBe('(K)');
  });
});
