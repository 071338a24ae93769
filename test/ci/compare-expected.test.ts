import { compareWithNotYet, parseNotYet, parseResults } from './compare-expected';

const passes = (label: string) => ({ label, passed: true });
const fails = (label: string) => ({ label, passed: false });

describe('results of a run', () => {
  test('are read from ok and not ok lines, without their durations', () => {
    const output = 'ok - cli: starts (0.4 s)\nnot ok - cli: stops: at once (12 s)\n    ok - inside a message\n# 3 s\nok - a (b) (3 ms)\n';
    expect(parseResults(output)).toEqual([passes('cli: starts'), fails('cli: stops: at once'), passes('a (b)')]);
  });

  test('the list leaves out comments and blank lines', () => {
    expect(parseNotYet('# why\n\n cli: stops \r\nrest: x\n')).toEqual(['cli: stops', 'rest: x']);
  });
});

describe('a run against the list of what does not hold yet', () => {
  const cases = [
    ['a case beside the list passes', [passes('a: x')], [], { passed: 1, notYet: 0, problems: [] }],
    ['a case beside the list fails', [fails('a: x'), passes('a: y')], [], { passed: 1, notYet: 0, problems: ['failed: a: x'] }],
    ['a case on the list fails', [fails('a: x'), passes('a: y')], ['a: x'], { passed: 1, notYet: 1, problems: [] }],
    [
      'a case on the list passes',
      [passes('a: x')],
      ['a: x'],
      { passed: 0, notYet: 0, problems: ['on the list, but passes (take it off): a: x'] },
    ],
    ['a listed case was renamed', [passes('a: y')], ['a: x'], { passed: 1, notYet: 0, problems: ['on the list, but no such case: a: x'] }],
    ['a whole theme is listed', [fails('a: x'), passes('a: y')], ['a'], { passed: 1, notYet: 1, problems: [] }],
    [
      'a whole theme is listed and passes',
      [passes('a: x')],
      ['a'],
      { passed: 1, notYet: 0, problems: ['on the list, but passes (take it off): a'] },
    ],
    ['nothing ran', [], [], { passed: 0, notYet: 0, problems: ['no case has run'] }],
  ] as const;
  test.each(cases)('%s', (_, results, list, expected) => {
    expect(compareWithNotYet(results, list)).toEqual(expected);
  });
});
