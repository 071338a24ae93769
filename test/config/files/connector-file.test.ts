import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConnectorFile } from '../../../src/config/files/connector-file';
import { variable } from '../../helpers/vectors/fixtures';

const directory = mkdtempSync(join(tmpdir(), 'connector-'));
let count = 0;

function file(content: string | Buffer): string {
  const path = join(directory, `connector-${count++}.txt`);
  writeFileSync(path, content);
  return path;
}

describe('forms, tried in this order whatever the extension', () => {
  test.each([
    ['flat JSON', '{"name":"a","k":"v"}', { name: 'a', config: { name: 'a', k: 'v' }, initialState: null }],
    [
      'scalars become the text they were written in',
      '{"name":"a","i":1,"f":1.50,"e":1e3,"big":12345678901234567890,"t":true}',
      { name: 'a', config: { name: 'a', i: '1', f: '1.50', e: '1e3', big: '12345678901234567890', t: 'true' }, initialState: null },
    ],
    ['a number inside a text stays', '{"name":"a \\"1\\" 2"}', { name: 'a "1" 2', config: { name: 'a "1" 2' }, initialState: null }],
    ['with a byte order mark', '\uFEFF{"name":"a"}', { name: 'a', config: { name: 'a' }, initialState: null }],
    [
      'create request, name inserted',
      '{"name":"a","config":{"k":1},"initial_state":"stopped"}',
      { name: 'a', config: { k: '1', name: 'a' }, initialState: 'STOPPED' },
    ],
    [
      'create request with unknown field and without state',
      '{"name":"a","config":{"name":"a"},"unknown":{"x":[1]}}',
      { name: 'a', config: { name: 'a' }, initialState: null },
    ],
    ['properties', 'name=a\nk: v', { name: 'a', config: { name: 'a', k: 'v' }, initialState: null }],
    ['variables stay raw', `name=a\nk=${variable('file:/x:y')}`, { config: { name: 'a', k: variable('file:/x:y') } }],
  ])('%s', (_what, content, wanted) => {
    expect(loadConnectorFile(file(content))).toMatchObject(wanted);
  });

  test('properties are ISO-8859-1, JSON is UTF-8', () => {
    expect(loadConnectorFile(file(Buffer.from('name=\xe9', 'latin1'))).name).toBe('é');
    expect(loadConnectorFile(file('{"name":"é"}')).name).toBe('é');
  });
});

test.each([
  [
    'properties',
    'name=a\n\nk=v\n',
    [
      ['name', 1],
      ['k', 3],
    ],
  ],
  [
    'flat JSON',
    '{\n  "k": "w",\n"name": "a",\n\n "k":\n "v"}',
    [
      ['k', 5],
      ['name', 3],
    ],
  ],
  [
    'a create request',
    '{"unknown": {"k": 1},\n"config": {\n"k": {"k": 1},\n"k": 2},\n"also": {"k": 1},\n"name": "a"}',
    [
      ['k', 4],
      ['name', 6],
    ],
  ],
])('each setting of %s has its line', (_what, content, lines) => {
  const path = file(content);
  const { settings, config } = loadConnectorFile(path);
  expect(settings.map(({ key, origin }) => [key, origin])).toEqual(lines.map(([key, line]) => [key, { by: 'file', file: path, line }]));
  expect(Object.fromEntries(settings.map(({ key, text }) => [key, text]))).toEqual(config);
});

describe('errors are final and name the file', () => {
  test.each([
    ['flat JSON without name', '{"k":"v"}', "is missing the mandatory 'name' configuration"],
    ['an empty file', '', "is missing the mandatory 'name' configuration"],
    ['properties without name', 'k=v', "is missing the mandatory 'name' configuration"],
    ['cut-off JSON', '{"name":"a",', "is missing the mandatory 'name' configuration"],
    ['request without name', '{"config":{"k":"v"}}', "is missing the mandatory 'name' configuration"],
    ['unknown initial_state', '{"name":"a","config":{},"initial_state":"x"}', "is missing the mandatory 'name' configuration"],
    ['request without config', '{"name":"a","tasks":[]}', "is missing the mandatory 'config' object"],
    ['null', '{"name":"a","k":null}', "has null as the value of 'k', where a text is needed"],
    ['null as name', '{"name":null}', "has null as the value of 'name', where a text is needed"],
  ])('%s', (_what, content, problem) => {
    const path = file(content);
    expect(() => loadConnectorFile(path)).toThrow(`Connector configuration at '${path}' ${problem}`);
  });

  test('different names', () => {
    const path = file('{"name":"a","config":{"name":"b"}}');
    expect(() => loadConnectorFile(path)).toThrow(
      `Connector name configuration in 'config' doesn't match the one specified in 'name' at '${path}'`,
    );
  });

  test('the cause tells why it is not JSON of a known form', () => {
    const path = file('{"name":"a","config":{},"initial_state":"x"}');
    const cause = expect.objectContaining({ message: "Invalid initial_state 'x'. Expected one of RUNNING, PAUSED, STOPPED" });
    expect(() => loadConnectorFile(path)).toThrow(expect.objectContaining({ cause }));
  });

  test('a missing file', () => {
    expect(() => loadConnectorFile('/no/such/file')).toThrow('/no/such/file (No such file or directory)');
  });
});
