import { describeFindings, findingsOf } from '../../../src/config/validation/findings';

const value = { value: null, recommended_values: [], visible: true };
const infos = {
  name: 'c',
  error_count: 2,
  groups: [],
  configs: [
    { definition: null, value: { ...value, name: 'a', errors: ['a is bad'] } },
    { definition: null, value: { ...value, name: 'b', errors: ['b is worse', 'b is missing'] } },
    { definition: null, value: null },
  ],
};

test('what validation found keeps its keys and origins; Java’s count stays', () => {
  const found = findingsOf(infos, key => ({ by: 'file', file: 'c.json', line: key === 'a' ? 2 : 7 }));
  expect(found.findings.map(({ key, text }) => [key, text])).toEqual([
    ['a', 'a is bad'],
    ['b', 'b is worse'],
    ['b', 'b is missing'],
  ]);
  expect(describeFindings(found).split('\n')).toEqual([
    'Connector configuration is invalid and contains the following 2 error(s):',
    'a is bad (c.json:2)',
    'b is worse (c.json:7)',
    'b is missing (c.json:7)',
    expect.stringContaining('/connector-plugins/'),
  ]);
});

test('for REST the text is Java’s, and what only we find stands in one line', () => {
  expect(describeFindings(findingsOf(infos))).toMatch(/:\na is bad\nb is worse\nb is missing\nYou can also /);
  const own = { key: null, text: 'too far away', origin: { by: 'REST' } } as const;
  expect(describeFindings({ errorCount: 0, findings: [own, { ...own, text: 'too big' }] })).toBe(
    'Connector configuration is invalid: too far away; too big',
  );
});
