import { tasksMax } from '../../../src/config/tasks/tasks-max';

test.each([
  [{}, { count: 1, isEnforced: true }],
  [
    { 'tasks.max': ' 12 ', 'tasks.max.enforce': 'FALSE' },
    { count: 12, isEnforced: false },
  ],
])('%j', (props, parsed) => {
  expect(tasksMax({ name: 'x', ...props })).toEqual(parsed);
});

test.each([
  ['0', 'Invalid value 0 for configuration tasks.max: Value must be at least 1'],
  ['many', 'Invalid value many for configuration tasks.max: Not a number of type INT'],
])('tasks.max=%s, which a variable may stand for since validation, is refused', (text, message) => {
  expect(() => tasksMax({ 'tasks.max': text })).toThrow(message);
});
