import { chmodSync, existsSync, readFileSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { ConnectorStateFile, type KeptState } from '../../../src/herder/kept/connector-state-file';
import { TempDir } from '../../helpers/temp-dir';

let dir: TempDir;
let path: string;
beforeEach(() => {
  dir = new TempDir('state');
  path = dir.file('connectors.json');
});
afterEach(() => dir.remove());

const state = (...names: string[]): KeptState => ({
  connectors: new Map(names.map(name => [name, { config: { name, 'x.password': 'pa55' }, target: 'PAUSED', file: null }])),
  deleted: new Map([['gone', 'fingerprint']]),
});

async function save(...states: KeptState[]): Promise<void> {
  const { file } = await ConnectorStateFile.open(path);
  for (const one of states) await file.save(one);
  await file.close();
}

async function load(): Promise<KeptState> {
  const { file, state: loaded } = await ConnectorStateFile.open(path);
  await file.close();
  return loaded;
}

test('what was saved is loaded, in its order, whatever the names are', async () => {
  const odd = state('b', 'a', '__proto__', 'ü "\\ \n', '1');
  await save(odd);
  const loaded = await load();
  expect(loaded).toEqual(odd);
  expect([...loaded.connectors.keys()]).toEqual(['b', 'a', '__proto__', 'ü "\\ \n', '1']);
});

test('a file that is not there is empty, and is made by the first save', async () => {
  expect(await load()).toEqual({ connectors: new Map(), deleted: new Map() });
  expect(existsSync(path)).toBe(false);
});

test('only the owner may read it, also where a careless file was left over', async () => {
  writeFileSync(`${path}.next`, 'x', { mode: 0o666 });
  chmodSync(`${path}.next`, 0o666);
  await save(state('a'), state('b'));
  for (const name of [path, `${path}.previous`]) expect(statSync(name).mode & 0o777).toBe(0o600);
});

test('saves that come together are written together; the last one counts', async () => {
  const { file } = await ConnectorStateFile.open(path);
  await Promise.all(['a', 'b', 'c', 'd'].map(name => file.save(state(name))));
  await file.close();
  expect([...(await load()).connectors.keys()]).toEqual(['d']);
});

test('behind a symbolic link the file is replaced, not the link', async () => {
  const link = dir.file('link');
  symlinkSync(path, link);
  await save(state('before'));
  const { file } = await ConnectorStateFile.open(link);
  await file.save(state('a'));
  await file.close();
  expect([...(await load()).connectors.keys()]).toEqual(['a']);
  expect(readFileSync(link, 'utf8')).toBe(readFileSync(path, 'utf8'));
});

test('torn at any place it is never taken for another: the generation before takes over, and the torn one is kept', async () => {
  await save(state('before'), state('now'));
  const whole = readFileSync(path);
  const previous = readFileSync(`${path}.previous`);
  for (const length of [0, 1, 20, 60, 130, Math.floor(whole.length / 2), whole.length - 3]) {
    writeFileSync(path, whole.subarray(0, length));
    writeFileSync(`${path}.previous`, previous);
    expect([length, [...(await load()).connectors.keys()]]).toEqual([length, ['before']]);
    expect(readFileSync(`${path}.damaged`)).toHaveLength(length);
  }
});

test('a single changed letter is noticed', async () => {
  await save(state('a'), state('b'));
  writeFileSync(path, readFileSync(path, 'utf8').replace('PAUSED', 'STOPPE'));
  expect([...(await load()).connectors.keys()]).toEqual(['a']);
});

test('damaged with nothing before it: an error, and the file stays', async () => {
  await save(state('a'));
  const torn = readFileSync(path).subarray(0, 100);
  writeFileSync(path, torn);
  await expect(load()).rejects.toThrow(`Connector state file ${path} is damaged. Restore it, or move it away`);
  expect(readFileSync(path)).toEqual(torn);
});

test('moved away by mistake: the generation before is used', async () => {
  await save(state('a'), state('b'));
  unlinkSync(path);
  expect([...(await load()).connectors.keys()]).toEqual(['a']);
});

test.each(['bootstrap.servers=a', '{"connectors":{}}', '[]', '{"format":"something else"}'])(
  'a foreign file (%s) is an error, and stays',
  async text => {
    writeFileSync(path, text);
    await expect(load()).rejects.toThrow(`${path} was not written by this worker and is left as it is.`);
    expect(readFileSync(path, 'utf8')).toBe(text);
  },
);

test('two workers cannot share it', async () => {
  const { file } = await ConnectorStateFile.open(path);
  await expect(ConnectorStateFile.open(path)).rejects.toThrow(
    `Connector state file ${path} is in use by another worker (pid ${process.pid}). Stop that worker or give this one its own connectors.state.file`,
  );
  await file.close();
  await load();
});

test('a folder that is not there is told at once', async () => {
  await expect(ConnectorStateFile.open(dir.file('no/such/file'))).rejects.toThrow('no such file or folder');
});
