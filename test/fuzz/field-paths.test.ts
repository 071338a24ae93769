import { ConnectError } from '../../src/errors';
import { seeded } from '../../src/testing/data/random';
import { splitFieldPath } from '../../src/transforms/field-path';

const LETTERS = ['a', 'b', '.', '.', '`', '`', '\\', ' ', '\u{1F600}'];

/** The shortest way to write steps: backticks where a step needs them, backslashes before those inside that would end it. */
function join(steps: readonly string[]): string {
  const wrap = (step: string): string => `\`${step.replace(/`(?=\.)/g, '\\`')}\``;
  // a path of one empty step would be the empty path, which has none
  if (steps.length === 1 && steps[0] === '') return '``';
  return steps.map(step => (step.includes('.') || step.startsWith('`') ? wrap(step) : step)).join('.');
}

function splitOrRefusal(path: string): readonly string[] | string {
  try {
    return splitFieldPath(path);
  } catch (error) {
    if (error instanceof ConnectError && error.code === 'ConfigException') return error.message;
    throw error;
  }
}

test('Any text is a path that survives being written anew, or is refused with the place of its backtick', () => {
  const random = seeded(821);
  const seen = { split: 0, refused: 0 };
  for (let round = 0; round < 20_000; round++) {
    const path = Array.from({ length: random(14) }, () => LETTERS[random(LETTERS.length)]).join('');
    const steps = splitOrRefusal(path);
    if (typeof steps === 'string') {
      seen.refused++;
      const position = Number(/at position (\d+) to escape it$/.exec(steps)?.[1]);
      expect([path, path[position]]).toEqual([path, '`']);
      expect([path, position === 0 || path[position - 1] === '.']).toEqual([path, true]);
    } else {
      seen.split++;
      expect([path, splitFieldPath(join(steps))]).toEqual([path, steps]);
    }
  }
  // both happen often enough to mean something
  expect(Math.min(seen.split, seen.refused)).toBeGreaterThan(1000);
});

test.each([
  ['backticks', '`'],
  ['escaped backticks before dots', '\\`.'],
  ['dots', '.'],
  ['wrapped steps', '`a.b`.'],
])('A long path of %s takes linear time', (_, unit) => {
  const path = `\`${unit.repeat(200_000)}`;
  const startedMs = Date.now();
  splitOrRefusal(path);
  expect(Date.now() - startedMs).toBeLessThan(2000);
});
