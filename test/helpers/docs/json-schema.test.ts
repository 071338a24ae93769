import { SCHEMAS } from '../../../src/rest/openapi/schemas';
import { schemaProblems } from './json-schema';

const state = { id: 0, state: 'RUNNING', worker_id: 'w', version: null };

test.each([
  ['TaskState', state, []],
  ['TaskState', { ...state, trace: 't' }, []],
  ['TaskState', { ...state, id: -1 }, ['$.id is below 0']],
  ['TaskState', { ...state, id: 0.5 }, ['$.id is no integer: 0.5']],
  ['TaskState', { ...state, state: 'FINE' }, [expect.stringContaining('$.state is none of UNASSIGNED')]],
  ['TaskState', { ...state, worker_id: null }, ['$.worker_id is null']],
  ['TaskState', { ...state, more: 1 }, ['$.more is not foreseen']],
  ['TaskState', { id: 0 }, ['$.state is missing', '$.worker_id is missing', '$.version is missing']],
  ['TaskState', [], ['$ is no object: []']],
  ['Names', ['a', 1], ['$[1] is no string: 1']],
  ['Config', { a: 'b', c: null }, ['$.c is null']],
  ['Connectors', ['a'], []],
  ['Connectors', { a: {} }, []],
  ['Connectors', { a: { status: 1 } }, ['$ is no array: {"a":{"status":1}}', '$.a.status is no object: 1']],
  ['ConnectorInfo', { name: 'n', config: {}, tasks: [{ connector: 'n' }], type: 'sink' }, ['$.tasks[0].task is missing']],
] as const)('%s: %j', (name, value, problems) => expect(schemaProblems(value, SCHEMAS[name], SCHEMAS)).toEqual(problems));

test('a word or a name that nobody knows fails', () => {
  expect(() => schemaProblems(1, { $ref: '#/components/schemas/None' }, SCHEMAS)).toThrow('no schema');
  expect(() => schemaProblems(1, { pattern: 'x' } as object, SCHEMAS)).toThrow('unknown word in a schema: pattern');
});
