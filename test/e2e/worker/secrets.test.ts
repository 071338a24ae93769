/** What a config provider supplies shows nowhere, whatever the setting that it is for, and whatever becomes of the connector. */
import type { ConfigKey } from '../../../src/api/config-def';
import { CLIENT_DEFS } from '../../../src/config/clients/client-keys';
import { connectorDef } from '../../../src/config/keys/connector-def';
import { RESTART_DEF } from '../../../src/config/keys/restart-policy';
import { SOURCE_DEAD_LETTER_DEF } from '../../../src/config/keys/source-dead-letters';
import { createPluginTable } from '../../../src/plugins/builtins';
import { pluginLookup } from '../../../src/plugins/table-lookup';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { TempDir } from '../../helpers/temp-dir';
import { variable } from '../../helpers/vectors/fixtures';

jest.setTimeout(180_000);

const SECRET = 'pa55-W0rd-x9';
const plugins = pluginLookup(createPluginTable());

let dir: TempDir;
let worker: WorkerProcess;
let planted: string;

beforeAll(async () => {
  dir = new TempDir('secrets');
  planted = variable(`file:${dir.write('secrets', `password=${SECRET}\n`)}:password`);
  const provider = 'org.apache.kafka.common.config.provider.FileConfigProvider';
  worker = await startWorker({
    bootstrap: 'embedded',
    dir,
    worker: { 'config.providers': 'file', 'config.providers.file.class': provider },
  });
});
afterAll(async () => {
  await worker.kill9();
  dir.remove();
});

const SOURCE = { 'connector.class': 'FileStreamSource', topic: 't', 'tasks.max': 1 };
const SINK = { 'connector.class': 'FileStreamSink', topics: 't', 'errors.deadletterqueue.topic.name': 'd' };
const CREATION = { 'topic.creation.default.partitions': 1, 'topic.creation.default.replication.factor': 1, 'topic.creation.groups': 'g' };

type Case = readonly [key: string, settings: Settings];

const below = (prefix: string, keys: Iterable<ConfigKey>, settings: Settings): Case[] =>
  [...keys].map(({ name }) => [prefix + name, settings]);

const CASES: readonly Case[] = [
  ...below('', connectorDef('source').keys.values(), SOURCE),
  ...below('', connectorDef('sink').keys.values(), SINK),
  ...below('', [...RESTART_DEF.keys.values(), ...SOURCE_DEAD_LETTER_DEF.keys.values()], SOURCE),
  ...[...plugins.list('source'), ...plugins.list('sink')].flatMap(({ className, type, createConnector }) =>
    below('', createConnector().config().keys.values(), {
      ...(type === 'source' ? SOURCE : SINK),
      'connector.class': className,
      'connection.url': 'jdbc:postgresql://127.0.0.1:1/x',
      'connection.attempts': 1,
      mode: 'bulk',
    }),
  ),
  ...below('producer.override.', CLIENT_DEFS.producer.keys.values(), SOURCE),
  ...below('admin.override.', CLIENT_DEFS.admin.keys.values(), { ...SOURCE, ...CREATION }),
  ...below('consumer.override.', CLIENT_DEFS.consumer.keys.values(), SINK),
  ...['default.partitions', 'default.include', 'g.replication.factor', 'g.exclude', 'g.cleanup.policy'].map(
    (name): Case => [`topic.creation.${name}`, { ...SOURCE, ...CREATION }],
  ),
  ...plugins
    .list('converter')
    .flatMap(({ className, create }) =>
      below('value.converter.', create().config().keys.values(), { ...SOURCE, 'value.converter': className }),
    ),
  ...plugins
    .list('transformation')
    .flatMap(({ className, create }) =>
      ['type', 'predicate', 'negate', ...create().config().keys.keys()].map(
        (name): Case => [`transforms.x.${name}`, { ...SOURCE, transforms: 'x', 'transforms.x.type': className }],
      ),
    ),
  ['no.such.key', SOURCE],
];

test('a secret in any setting shows in no 400, no trace, no warning and no line of the log', async () => {
  const shown: string[] = [];
  const look = (what: string, text: string): void => {
    if (text.includes(SECRET)) shown.push(`${what}: ${text.slice(Math.max(0, text.indexOf(SECRET) - 100)).slice(0, 200)}`);
  };
  for (const [i, [key, settings]] of CASES.entries()) {
    const config = { ...settings, [key]: planted };
    const name = `c${i}`;
    const className = String(settings['connector.class']);
    look(`validate ${key}`, (await worker.rest('PUT', `/connector-plugins/${className}/config/validate`, { name, ...config })).text);
    const created = await worker.rest('POST', '/connectors', { name, config });
    look(`POST ${key}`, created.text);
    expect([key, created.status === 201 || created.status === 400 ? 'answered' : created.text]).toEqual([key, 'answered']);
    if (created.status !== 201) continue;
    look(`status ${key}`, (await worker.get(`/connectors/${name}/status`)).text);
    look(`tasks ${key}`, (await worker.get(`/connectors/${name}/tasks`)).text);
    await worker.rest('DELETE', `/connectors/${name}`);
  }
  for (const line of worker.output.split('\n')) look('log', line);
  expect(shown).toEqual([]);
  await worker.waitLog(planted);
});
