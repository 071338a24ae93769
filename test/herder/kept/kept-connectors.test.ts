import { readFileSync } from 'node:fs';
import type { ConnectorFile } from '../../../src/config/files/connector-file';
import type { Herder } from '../../../src/herder/herder';
import { KeptConnectors } from '../../../src/herder/kept/kept-connectors';
import { FakeWorld, SOURCE } from '../../helpers/fakes/herder-fakes';
import { TempDir } from '../../helpers/temp-dir';

/** A variable, as it stands in a file. */
const SECRET = ['$', '{secret}'].join('');

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('kept');
});
afterEach(() => dir.remove());

const file = (name: string, more: Record<string, string> = {}, initialState: ConnectorFile['initialState'] = null): ConnectorFile => ({
  name,
  config: { name, 'connector.class': SOURCE, ...more },
  settings: [],
  initialState,
});

/** One life of a worker, from its command line to its end. @returns states and settings of its connectors, as they were at last */
async function live(
  files: readonly ConnectorFile[],
  act: (herder: Herder) => Promise<unknown> = async () => {},
): Promise<Record<string, unknown>> {
  const kept = new KeptConnectors(dir.file('state'));
  await kept.open();
  const herder = await new FakeWorld().started({ connectorStore: kept });
  const wanted = [...files.flatMap(one => kept.fromFile(one) ?? []), ...kept.fromRest()];
  for (const { name, config, target } of wanted) {
    await herder.putConnectorConfig(name, config, { initialState: target, allowReplace: false }).catch(() => {});
  }
  await act(herder);
  const all = herder.connectors().map(name => {
    const { 'connector.class': _class, name: _name, ...own } = herder.connectorInfo(name).config;
    return [name, `${herder.connectorStatus(name).connector.state} ${JSON.stringify(own)}`];
  });
  await herder.stop();
  await kept.close();
  return Object.fromEntries(all);
}

const put = (herder: Herder, name: string, more: Record<string, string>) =>
  herder.putConnectorConfig(name, file(name, more).config, { allowReplace: true });

test('connectors made over REST come back as they were wanted, with their variables', async () => {
  await live([], async herder => {
    await put(herder, 'a', { password: SECRET });
    await put(herder, 'b', {});
    await put(herder, 'c', {});
    await herder.pauseConnector('b');
    await herder.stopConnector('c');
  });
  const again = await live([]);
  expect(again).toEqual({ a: `RUNNING {"password":"${SECRET}"}`, b: 'PAUSED {}', c: 'STOPPED {}' });
  expect(readFileSync(dir.file('state'), 'utf8')).not.toContain('opened');
  expect(await live([], herder => herder.resumeConnector('b'))).toMatchObject({ b: 'RUNNING {}' });
  expect(await live([])).toMatchObject({ b: 'RUNNING {}' });
});

test('what was patched and deleted stays so', async () => {
  await live([], async herder => {
    await put(herder, 'a', { x: '1', y: '1' });
    await put(herder, 'b', {});
    await herder.patchConnectorConfig('a', { x: '2', y: null });
    await herder.deleteConnector('b');
  });
  expect(await live([])).toEqual({ a: 'RUNNING {"x":"2"}' });
});

test('a connector that could not be started is kept all the same', async () => {
  await live([], herder => put(herder, 'a', { fail: 'start' }).catch(() => {}));
  expect(await live([])).toEqual({ a: 'FAILED {"fail":"start"}' });
});

describe('a connector of a file', () => {
  test('keeps what was done over REST while its file stays the same', async () => {
    const files = [file('a', { x: '1' }, 'PAUSED')];
    expect(await live(files)).toEqual({ a: 'PAUSED {"x":"1"}' });
    await live(files, async herder => {
      await herder.resumeConnector('a');
      await put(herder, 'a', { x: '2' });
    });
    expect(await live(files)).toEqual({ a: 'RUNNING {"x":"2"}' });
  });

  test('has the settings of its file again when that was edited; a pause stays unless the file says more', async () => {
    await live([file('a', { x: '1' })], async herder => {
      await put(herder, 'a', { x: '2' });
      await herder.pauseConnector('a');
    });
    expect(await live([file('a', { x: '3' })])).toEqual({ a: 'PAUSED {"x":"3"}' });
    expect(await live([file('a', { x: '3' }, 'STOPPED')])).toEqual({ a: 'STOPPED {"x":"3"}' });
  });

  test('stays deleted until its file is edited', async () => {
    const files = [file('a', { x: '1' })];
    await live(files, herder => herder.deleteConnector('a'));
    expect(await live(files)).toEqual({});
    expect(await live(files)).toEqual({});
    expect(await live([file('a', { x: '2' })])).toEqual({ a: 'RUNNING {"x":"2"}' });
    expect(await live([file('a', { x: '2' })])).toEqual({ a: 'RUNNING {"x":"2"}' });
  });

  test('may be made again over REST after it was deleted', async () => {
    const files = [file('a', { x: '1' })];
    await live(files, async herder => {
      await herder.deleteConnector('a');
      await put(herder, 'a', { x: '2' });
    });
    expect(await live(files)).toEqual({ a: 'RUNNING {"x":"2"}' });
  });

  test('is forgotten when its file is not named any more', async () => {
    await live([file('a'), file('b')]);
    expect(await live([file('b')], herder => herder.pauseConnector('b'))).toEqual({ b: 'PAUSED {}' });
    expect(await live([file('a'), file('b')])).toEqual({ a: 'RUNNING {}', b: 'PAUSED {}' });
  });

  test('wins over one of the same name that was made over REST', async () => {
    await live([], herder => put(herder, 'a', { x: 'rest' }));
    expect(await live([file('a', { x: 'file' })])).toEqual({ a: 'RUNNING {"x":"file"}' });
  });

  test('does not mind another order of its settings', async () => {
    const given = { name: 'a', config: { name: 'a', 'connector.class': SOURCE, x: '1' }, settings: [], initialState: null };
    await live([given], herder => put(herder, 'a', { x: '2' }));
    const turned = { ...given, config: { x: '1', 'connector.class': SOURCE, name: 'a' } };
    expect(await live([turned])).toEqual({ a: 'RUNNING {"x":"2"}' });
  });
});

test('a change that cannot be kept is made, and said not to be kept', async () => {
  const connectorStore = { keep: () => Promise.reject(new Error('disk full')), forget: () => Promise.reject(new Error('disk full')) };
  const herder = await new FakeWorld().started({ connectorStore });
  await expect(put(herder, 'a', {})).rejects.toThrow('disk full');
  expect(herder.connectors()).toEqual(['a']);
  await expect(herder.deleteConnector('a')).rejects.toThrow('disk full');
  expect(herder.connectors()).toEqual([]);
  await herder.stop();
});
