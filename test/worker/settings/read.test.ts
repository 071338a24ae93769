import { describeFinding } from '../../../src/config/validation/findings';
import { type LogEntry, setLogSink } from '../../../src/log';
import type { WorkerFinding } from '../../../src/worker/settings/findings';
import { readSettings, type WorkerSettings } from '../../../src/worker/settings/read';
import { TempDir } from '../../helpers/temp-dir';
import { variable } from '../../helpers/vectors/fixtures';

let dir: TempDir;
let log: LogEntry[] = [];
beforeEach(() => {
  dir = new TempDir('read-settings');
  log = [];
  setLogSink(entry => log.push(entry));
});
afterEach(() => {
  dir.remove();
  setLogSink(() => {});
});

interface Read {
  readonly settings: WorkerSettings;
  readonly findings: readonly WorkerFinding[];
  readonly texts: readonly string[];
}

async function read(lines: readonly string[], embeddedBroker = false): Promise<Read> {
  const workerFile = dir.write('w.properties', lines.join('\n'));
  const inspect = (): never => {
    throw new Error('there is no plugin to look into');
  };
  const { settings, findings } = await readSettings({ workerFile, embeddedBroker }, inspect);
  return { settings, findings, texts: findings.map(finding => describeFinding(finding, workerFile)) };
}

const GOOD = [
  'bootstrap.servers=b:1',
  'key.converter=StringConverter',
  'value.converter=StringConverter',
  'offset.storage.file.filename=o',
];

test('a good file has settings and no findings; what is odd about it is told with its line', async () => {
  const { settings, findings } = await read([...GOOD, 'ofset.flush.interval.ms=1', 'plugin.discovery=only_scan']);
  expect(findings).toEqual([]);
  expect(settings.worker.offsetFlushIntervalMs).toBe(60_000);
  const warnings = log.filter(({ level }) => level === 'WARN').map(({ message }) => message);
  expect(warnings).toEqual([
    expect.stringMatching(/no effect in this worker: plugin\.discovery at \S+w\.properties:6$/),
    expect.stringMatching(/ofset\.flush\.interval\.ms \(did you mean offset\.flush\.interval\.ms\?\) at \S+w\.properties:5$/),
  ]);
});

test('all mistakes are found in one go, each with its line, the first as Java says it', async () => {
  process.env.CONNECT_TEST_WORD = 'ab';
  const { settings, findings, texts } = await read([
    '# a file with mistakes',
    'bootstrap.servers=localhost',
    'key.converter=FileStreamSource',
    'value.converter=Nope',
    'offset.flush.interval.ms=soon',
    'offset.flush.timeout.ms=\\u00',
    'listeners=http://:8083,foo',
    'admin.listeners=https:/x',
    'producer.client.id=a\\nb',
    'connector.client.config.override.policy=Foo',
    'rest.extension.classes=a.B',
    'file.allowed.paths=relative',
    'config.providers=env,none,bad',
    'config.providers.none.class=no.such.Provider',
    'config.providers.bad.class=org.apache.kafka.common.config.provider.FileConfigProvider',
    `tasks.max.limit=${variable('bad:/no/such/file:key')}`,
    `task.threads.max=${variable('env:CONNECT_TEST_WORD')}`,
    'config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider',
    'offset.flush.intervall.ms=1',
  ]);
  expect(findings.map(({ key }) => key)).toEqual([
    'offset.flush.timeout.ms',
    'config.providers.none.class',
    'tasks.max.limit',
    'value.converter',
    'offset.flush.interval.ms',
    'offset.storage.file.filename',
    'task.threads.max',
    'producer.client.id',
    'bootstrap.servers',
    'key.converter',
    'rest.extension.classes',
    'connector.client.config.override.policy',
    'file.allowed.paths',
    'listeners',
    'admin.listeners',
  ]);
  expect(texts[0]).toMatch(/^Malformed .*offset\.flush\.intervall\.ms \(did you mean offset\.flush\.interval\.ms\?\) \(line 19\)\./);
  expect(texts.slice(1).map(text => /\((line \d+[^)]*)\)$/.exec(text)?.[1])).toEqual([
    'line 14',
    `line 16, from ${variable('bad:/no/such/file:key')}`,
    'line 4',
    'line 5',
    undefined,
    `line 17, from ${variable('env:CONNECT_TEST_WORD')}`,
    'line 9',
    'line 2',
    'line 3',
    'line 11',
    'line 10',
    'line 12',
    'line 7',
    'line 8',
  ]);
  expect(texts[4]).toBe('Invalid value soon for configuration offset.flush.interval.ms: Not a number of type LONG (line 5)');
  expect(texts[5]).toBe('Missing required configuration "offset.storage.file.filename" which has no default value.');
  expect(texts[6]).toContain(`Invalid value ${variable('env:CONNECT_TEST_WORD')} for configuration task.threads.max`);
  expect(settings.worker.offsetFlushIntervalMs).toBe(60_000);
  expect(log.filter(({ level }) => level === 'WARN')).toEqual([]);
});

test('the embedded broker is not started while settings are read; what it overrides says so', async () => {
  const { settings, findings, texts } = await read(
    ['bootstrap.servers=b:1', 'topic.creation.enable=maybe', 'exactly.once.source.support=enabled', ...GOOD.slice(1)],
    true,
  );
  expect(texts).toEqual([
    'Invalid value enabled for configuration exactly.once.source.support: the embedded broker does not keep transactions. Use a real broker. (line 3)',
  ]);
  expect(findings.map(({ origin }) => origin)).toEqual([{ by: 'file', file: dir.file('w.properties'), line: 3 }]);
  expect(settings).toMatchObject({ wantsEmbeddedBroker: true, worker: { bootstrapServers: 'embedded', topicCreationEnable: false } });
  expect(log).toEqual([]);
});

test('the admin client of the worker is judged too, once for each setting', async () => {
  const sasl = ['security.protocol=SASL_PLAINTEXT', 'sasl.mechanism=PLAIN', 'admin.sasl.jaas.config=garbage'];
  const { settings, findings, texts } = await read([...GOOD, ...sasl]);
  expect(findings.map(({ key }) => key)).toEqual(['admin.sasl.jaas.config']);
  expect(texts[0]).toMatch(/^Invalid value \[hidden\] for configuration sasl\.jaas\.config: .*JAAS config \(line 7\)$/);
  expect(settings.adminSettings).toBeNull();
  const wrong = await read(['bootstrap.servers=localhost', ...GOOD.slice(1), 'sasl.kerberos.service.name=-x']);
  expect(wrong.findings.map(({ key }) => key)).toEqual(['sasl.kerberos.service.name', 'bootstrap.servers']);
  const good = await read(GOOD);
  expect(good.settings.adminSettings?.settings['bootstrap.servers']).toBe('b:1');
});

test('what is too much of many settings together is a mistake of none in particular', async () => {
  const provider = ['config.providers=env', 'config.providers.env.class=org.apache.kafka.common.config.provider.EnvVarConfigProvider'];
  const many = Array.from({ length: 501 }, (_, i) => `producer.x${i}=${variable(`env:NO_SUCH_${i}`)}`);
  const { findings } = await read([...GOOD, ...provider, ...many]);
  expect(findings).toMatchObject([{ key: null, text: expect.stringContaining('more than 500 values'), origin: { by: 'default' } }]);
});

test('a file that is not there is one mistake, not as many as there are settings', async () => {
  const inspect = (): never => {
    throw new Error('not asked');
  };
  await expect(readSettings({ workerFile: dir.file('none'), embeddedBroker: false }, inspect)).rejects.toThrow('No such file or directory');
});

describe('the files of the REST API', () => {
  const P = 'listeners.https.ssl.';
  const https = (...lines: readonly string[]): string[] => [...GOOD, 'listeners=https://127.0.0.1:0', ...lines];

  test('all that is wrong is told at once, each with its line, and no warning besides', async () => {
    const users = dir.write('users', 'ann\nbob=scrypt$none\neve=clear\n');
    const { texts } = await read(
      https(
        `${P}keystore.location=${dir.file('no-keys')}`,
        `${P}keystore.password=hunter2`,
        `${P}truststore.location=${dir.write('no-store', 'nothing')}`,
        `${P}client.auth=maybe`,
        `${P}enabled.protocols=SSLv3`,
        `${P}cipher.suites=TLS_NO_SUCH_SUITE`,
        `rest.auth.basic.file=${users}`,
        'rest.auth.bearer.token=\\ ',
        'access.control.allow.origin=http://(',
        'admin.listeners=ftp://x:1',
      ),
    );
    const at = (line: number): string => ` \\(line ${line}\\)$`;
    const patterns = [
      `^Listener protocol must be .* in admin\\.listeners.*${at(15)}`,
      `: the user ann has no password; the hash of the user bob .*${at(12)}`,
      `rest\\.auth\\.bearer\\.token: it is empty${at(13)}`,
      `^Invalid value http://\\( for configuration access\\.control\\.allow\\.origin: not a pattern${at(14)}`,
      `no-keys for configuration ${P}keystore\\.location: the file cannot be read \\(ENOENT\\).*${at(6)}`,
      `no-store for configuration ${P}truststore\\.location: the file cannot be used: .*${at(8)}`,
      `^Invalid value maybe for configuration ${P}client\\.auth: .*${at(9)}`,
      `^Invalid value SSLv3 for configuration ${P}enabled\\.protocols: .*${at(10)}`,
    ];
    expect(texts).toEqual(patterns.map(pattern => expect.stringMatching(pattern)));
    expect(texts.join()).not.toContain('hunter2');
    expect(log.filter(({ level }) => level === 'WARN')).toEqual([]);
  });

  test('a key store that both listeners share is told of once; one that is not named, with the line of the listener', async () => {
    const shared = await read([
      ...https(`ssl.keystore.location=${dir.file('none')}`, 'ssl.keystore.password=x'),
      'admin.listeners=https://127.0.0.1:0',
    ]);
    expect(shared.texts).toEqual([expect.stringMatching(/ssl\.keystore\.location: the file cannot be read .*\(line 6\)$/)]);
    expect((await read(https())).texts).toEqual([
      expect.stringMatching(
        /^An https listener needs a key and a certificate: set listeners\.https\.ssl\.keystore\.location .*\(line 5\)$/,
      ),
    ]);
  });

  test('key stores of listeners that are not https are not read', async () => {
    expect((await read([...GOOD, `${P}keystore.location=${dir.file('none')}`])).texts).toEqual([]);
  });
});
