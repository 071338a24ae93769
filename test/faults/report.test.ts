import { readFileSync } from 'node:fs';
import { FAULTS_PAGE, inRepository } from '../helpers/paths';
import { FAULTS } from './catalogue';
import { type Fault, type Outcome, violations } from './fault';
import { faultList, faultsInReadme, faultTable, holds, putIntoReadme, type Row } from './report';

const clean: Outcome = { lost: 0, duplicated: 0, reordered: 0, mayRepeat: 'none', tooMany: 0, note: '5 lines' };
const fault = (name: string): Fault => ({
  name,
  numbers: [1, 2],
  what: 'something | breaks',
  modes: ['at-least-once', 'exactly-once'],
  short: [],
  run: async () => clean,
});
const row = (name: string, outcome: Row['outcome'], mode: Row['mode'] = 'at-least-once'): Row => ({
  fault: fault(name),
  mode,
  outcome,
  seconds: 1,
});

test.each([
  [{ lost: 1 }, ['1 lost']],
  [{ reordered: 2 }, ['2 reordered']],
  [{ duplicated: 9, tooMany: 3 }, ['3 duplicated beyond what is allowed']],
  [{ duplicated: 9 }, []],
])('an outcome with %j is judged', (change, wrong) => {
  const outcome = { ...clean, ...change };
  expect(violations(outcome)).toEqual(wrong);
  expect(holds(row('a', outcome))).toBe(wrong.length === 0);
});

test('a fault that ended with an error does not hold', () => {
  const broken = row('a', { error: 'the worker | ended\nwith a trace' });
  expect(holds(broken)).toBe(false);
  expect(faultTable([broken])).toMatch(/^\| `a` \| 1, 2 \| at-least-once \| .*\| \*\*no\*\* \| the worker \\\| ended \|$/m);
});

describe('putting rows into README', () => {
  const empty = 'before\n<!-- faults:start -->\n<!-- faults:end -->\nafter\n';

  test('keeps what was not run, replaces what was, drops what there is no more', () => {
    const faults = [fault('a'), fault('b')];
    const first = putIntoReadme(empty, faults, [row('a', clean), row('b', clean), row('b', clean, 'exactly-once')]);
    expect(faultsInReadme(first)).toEqual(['a at-least-once', 'b at-least-once', 'b exactly-once']);
    const second = putIntoReadme(first, faults, [row('b', { ...clean, lost: 7 })]);
    expect(faultsInReadme(second)).toEqual(faultsInReadme(first));
    expect(second).toMatch(/`b` \| 1, 2 \| at-least-once \| 7 \|/);
    expect(second).toContain(faultList(faults));
    expect(faultsInReadme(putIntoReadme(second, [fault('a')], []))).toEqual(['a at-least-once']);
    expect(second).toMatch(/^before\n[\s\S]*\nafter\n$/);
  });

  test('fails where there is no place', () => {
    expect(() => putIntoReadme('nothing', [], [])).toThrow('no place');
  });
});

test('its page shows every fault of the suite in every mode, and no other', () => {
  const names = FAULTS.flatMap(({ name, modes }) => modes.map(mode => `${name} ${mode}`));
  const page = readFileSync(inRepository(FAULTS_PAGE), 'utf8');
  expect(faultsInReadme(page)).toEqual(names);
  expect(page).toContain(faultList(FAULTS));
});

test('faults have names of their own', () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});
