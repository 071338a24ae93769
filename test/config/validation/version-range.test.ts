import { VersionRange } from '../../../src/config/validation/version-range';

describe('ranges, as Maven reads them', () => {
  test.each([
    ['4.3.0', '[4.3.0,4.3.0]', true],
    ['4.3', '[4.3,4.3]', true],
    ['1.0', '[1.0,1.0]', false],
    ['[1.0,2.0)', '[1.0,2.0)', false],
    ['[4.0,5.0)', '[4.0,5.0)', true],
    ['(4.3.0,]', '(4.3.0,]', false],
    ['(,4.3.0]', '(,4.3.0]', true],
    ['(,)', '(,)', true],
    ['[1.0,2.0),[4.0,4.10]', '[1.0,2.0),[4.0,4.10]', true],
    ['[4.3.0-rc1,4.3.0)', '[4.3.0-rc1,4.3.0)', false],
    ['', '[,]', false],
    ['x', '[x,x]', false],
  ])('%s', (setting, text, contains) => {
    const range = VersionRange.parse(setting);
    expect([String(range), range?.contains('4.3.0')]).toEqual([text, contains]);
  });

  test.each([null, undefined, 'latest'])('%s is any version', setting => {
    expect(VersionRange.parse(setting)).toBeNull();
  });

  test.each([
    ['[1.0', 'Unbounded range: [1.0'],
    ['(1.0]', 'Single version must be surrounded by []: (1.0]'],
    ['[2.0,1.0]', 'Range defies version ordering: [2.0,1.0]'],
    ['[1.0,1.0)', 'Range defies version ordering: [1.0,1.0)'],
    ['[1.0,2.0],[1.5,3.0]', 'Ranges overlap: [1.0,2.0],[1.5,3.0]'],
    ['1.0]', 'Only fully-qualified sets allowed in multiple set scenario: [1.0]]'],
  ])('%s is refused', (setting, problem) => {
    expect(() => VersionRange.parse(setting)).toThrow(problem);
  });
});

test.each([
  ['1.0', '1', 0],
  ['1.0-SNAPSHOT', '1.0', -1],
  ['1.10', '1.9', 1],
  ['1.0-alpha', '1.0-beta', -1],
  ['1.0-1', '1.0', 1],
  ['1.a', '1.1', -1],
  ['1.0-ga', '1.0', 0],
  ['1.0-sp', '1.0', 1],
])('version %s against %s', (left, right, order) => {
  const contains = (range: string): boolean | undefined => VersionRange.parse(range)?.contains(left);
  expect([contains(`(,${right})`), contains(`[${right}]`), contains(`(${right},)`)]).toEqual([order < 0, order === 0, order > 0]);
});
