import { intendedChanges, readJdbcDifferences } from './differences';
import { changesBetween, type Facts, membersOf, sameFacts, withChanges } from './facts';
import { settle } from './running-case';
import { parseSinkCases } from './sink-case';

test.each([
  ['{}', []],
  ['null', [['', 'null']]],
  [
    '{"a":1.0E10,"b,":"}{,\\"","c":{"d":[1,{"e":2}]}}',
    [
      ['a', '1.0E10'],
      ['b,', '"}{,\\""'],
      ['c', '{"d":[1,{"e":2}]}'],
    ],
  ],
  ['{"x\\"y":"\\u0000"}', [['x"y', '"\\u0000"']]],
])('the members of %s keep their very words', (json, expected) => {
  expect(membersOf(json)).toEqual(expected);
});

test('changes name what differs, what is gone and what is new, and lead from the one to the other', () => {
  const [java, ours] = [
    { same: '1', other: '1', gone: '1' },
    { same: '1', other: '2', added: '3' },
  ];
  const changes = changesBetween(java, ours);
  expect(changes).toEqual({ other: '2', gone: null, added: '3' });
  expect(sameFacts(withChanges(java, changes), ours)).toBe(true);
  expect(sameFacts(java, ours)).toBe(false);
});

test('a fact has one reason', () => {
  const list = [
    { reason: 'a', cases: { 'f: c': { x: '1' } } },
    { reason: 'b', cases: { 'f: c': { y: null } } },
  ];
  expect(intendedChanges(list).get('f: c')).toEqual({ x: '1', y: null });
  expect(() => intendedChanges([...list, { reason: 'c', cases: { 'f: c': { y: '2' } } }])).toThrow('two reasons for y');
  expect(intendedChanges(readJdbcDifferences()).size).toBeGreaterThan(0);
});

test('waiting ends when all is as expected and stays so, not at the first sight of it', async () => {
  const started = Date.now();
  const look = async (): Promise<Facts> => ({ n: Date.now() - started < 300 ? 'early' : 'late' });
  expect(await settle(look, { n: 'late' })).toEqual({ n: 'late' });
});

test('cases of a sink that share a topic get one each; large numbers stay what they are', () => {
  const one = { config: { topics: 'snk_a' }, records: [{ key: null, value: 9007199254740992 }] };
  const text = JSON.stringify({
    cases: [
      { case: 'x', ...one },
      { case: 'y', ...one },
    ],
  }).replaceAll('9007199254740992', '9007199254740993');
  const [x, y] = parseSinkCases(text);
  expect([x?.config.topics, y?.config.topics, y?.case]).toEqual(['snk_a', 'snm_a', 'y']);
  expect(JSON.stringify(x?.records)).toContain('9007199254740993');
});
