import fs from 'node:fs';
import type { Props } from '../../src/api/connector';
import { instanceOpener } from '../../src/isolation/connector-instances';
import { ConnectorThreads } from '../../src/isolation/connector-thread-handle';
import { getLogger, logLevels } from '../../src/log';
import { createPluginTable } from '../../src/plugins/builtins';
import { fakePluginMetrics } from '../helpers/fakes/task-metrics';
import { TempDir } from '../helpers/temp-dir';

const plugins = createPluginTable();
const dir = new TempDir('instances');
const threads = new ConnectorThreads(logLevels, () => {});
afterAll(async () => {
  expect(await threads.close(5000)).toBe(true);
  dir.remove();
});

let started: string[];
beforeEach(() => {
  started = [];
});
const open = (connectorClass: string) =>
  instanceOpener(
    {
      start: (label, modules, listener) => {
        started.push(`${label} ${modules.join()}`);
        return threads.start(label, modules, listener);
      },
    },
    () => undefined,
  )(plugins.connector(connectorClass), 'c');
const context = {
  logger: getLogger('test'),
  metrics: fakePluginMetrics(),
  requestTaskReconfiguration: () => {},
  raiseError: () => {},
  onMetrics: () => {},
};

const sqlite = (): Props => ({
  name: 'c',
  'connection.url': ` jdbc:sqlite:${dir.file('a.db')}`,
  mode: 'bulk',
  'topic.prefix': 'p-',
  query: 'SELECT 1',
});

test.each<[string, () => Props, string[]]>([
  ['FileStreamSource', () => ({ name: 'c', file: dir.file('a'), topic: 't' }), []],
  ['FileStreamSink', () => ({ name: 'c', file: dir.file('a'), topics: 't', 'file.exactly.once': 'true' }), []],
  ['JdbcSource', () => ({ ...sqlite(), 'connection.url': 'jdbc:postgresql://localhost/d' }), []],
  ['JdbcSource', sqlite, ['connector c ']],
  ['io.aiven.connect.jdbc.JdbcSourceConnector', sqlite, ['connector c ']],
])('%s has a thread if it opens a file itself', async (connectorClass, props, expected) => {
  const instance = open(connectorClass);
  await instance.start(props(), context);
  expect(await instance.taskConfigs(1)).toHaveLength(1);
  await instance.stop();
  instance.end();
  expect(started).toEqual(expected);
});

test('offsets of a sink whose file has a journal are changed in a thread: the main thread opens neither', async () => {
  const file = dir.write('sink.txt', 'one\n');
  const point = { connector: 'c', inode: '1', length: 4, before: 0, offsets: [{ topic: 't', partition: 0, offset: 9 }] };
  dir.write('sink.txt.journal', `${JSON.stringify({ format: 'connect-standalone file sink', version: 1, ...point })}\n`);
  const opened = jest.spyOn(fs, 'openSync');
  const instance = open('FileStreamSink');
  const props = { name: 'c', topics: 't', file, 'file.exactly.once': 'true' };
  expect(await instance.alterOffsets(props, [{ topic: 't', partition: 0, offset: 3 }])).toBe(true);
  instance.end();
  expect(opened.mock.calls.map(([path]) => String(path)).filter(path => path.startsWith(file))).toEqual([]);
  opened.mockRestore();
  expect(started).toEqual(['connector c ']);
  expect(fs.readFileSync(`${file}.journal`, 'utf8')).toContain('"offset":3');
});

test('what a connector says of offsets comes back from its thread as it was thrown', async () => {
  const instance = open('FileStreamSource');
  const refused = instance.alterOffsets({ name: 'c', topic: 't', file: 'a' }, [
    { partition: { filename: 'a' }, offset: { position: -1n } },
  ]);
  await expect(refused).rejects.toMatchObject({ code: 'ConnectException', message: expect.stringContaining('non-negative value') });
  instance.end();
});
