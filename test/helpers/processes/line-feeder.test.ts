import { TempDir } from '../temp-dir';
import { judge, judgeFile, numberedLine } from './line-feeder';

// What the fault tests judge by must itself be able to say no.
test.each([
  [[0, 1, 2, 3], { lost: 0, duplicates: 0, backTo: [], odd: 0 }],
  [[0, 1, 3], { lost: 1, duplicates: 0, backTo: [], odd: 1 }],
  [[0, 1, 2, 1, 2, 3], { lost: 0, duplicates: 2, backTo: [1], odd: 0 }],
  [[0, 2, 1, 3], { lost: 0, duplicates: 0, backTo: [1], odd: 2 }],
  [[0, 1], { lost: 2, duplicates: 0, backTo: [], odd: 0 }],
])('judge(%j)', (numbers, verdict) => {
  expect(judge(numbers.map(numberedLine).join(''), 4)).toEqual(verdict);
});

test('a torn line is odd', () => {
  expect(judge(`${numberedLine(0)}${numberedLine(1).slice(5)}${numberedLine(1)}`, 2)).toMatchObject({ lost: 0, odd: 1 });
});

test('a file is judged as its text is, wherever it is cut into pieces', async () => {
  const dir = new TempDir('lines');
  const lines = Array.from({ length: 40_000 }, (_, i) => numberedLine(i));
  const odd = ['x\n', `${numberedLine(7).slice(9)}`, numberedLine(40_001)];
  const text = `${lines.join('')}${odd.join('')}${numberedLine(39_998)}${numberedLine(39_999)}torn`;
  const verdict = { lost: 0, duplicates: 2, backTo: [39_998], odd: 4 };
  expect((await judgeFile(dir.write('lines', text), 40_000)).verdict()).toEqual(verdict);
  dir.remove();
});
