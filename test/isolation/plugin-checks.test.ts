import { ConnectorThreads } from '../../src/isolation/connector-thread-handle';
import { PluginChecks } from '../../src/isolation/plugin-checks';
import { logLevels } from '../../src/log';
import { readSettings } from '../../src/worker/settings/read';
import { TempDir } from '../helpers/temp-dir';

const WORKER = `bootstrap.servers=b:1
key.converter=StringConverter
value.converter=StringConverter
offset.storage.file.filename=o
`;

test('settings by which a connector opens a file are validated in a thread, others at once', async () => {
  const dir = new TempDir('checks');
  const workerFile = dir.write('w.properties', WORKER);
  const inspect = (): never => {
    throw new Error('there is no plugin to look into');
  };
  const { settings } = await readSettings({ workerFile, embeddedBroker: false }, inspect);
  const threads = new ConnectorThreads(logLevels, () => {});
  const started = jest.spyOn(threads, 'start');
  const checks = new PluginChecks(settings, threads);
  const common = { name: 'c', topics: 't', topic: 't' };
  const jdbc = { ...common, 'connector.class': 'JdbcSink', 'pk.mode': 'none' };

  const file = await checks.validate({ ...common, 'connector.class': 'FileStreamSource', file: dir.file('in') });
  const missing = await checks.validate(jdbc);
  expect(started).not.toHaveBeenCalled();
  const sqlite = await checks.validate({
    ...jdbc,
    'connection.url': ` jdbc:sqlite:${dir.write('a.db', 'lines of text, not a database\n'.repeat(99))}`,
  });
  expect(started).toHaveBeenCalledTimes(1);

  const errorsOf = ({ configs }: typeof file): string[] => configs.flatMap(({ value }) => value?.errors ?? []);
  expect(errorsOf(file)).toEqual([]);
  expect(errorsOf(missing)).toEqual([expect.stringContaining('connection.url')]);
  expect(errorsOf(sqlite)).toEqual([expect.stringContaining('Cannot connect to the database')]);
  expect(await threads.close(5000)).toBe(true);
  dir.remove();
});
