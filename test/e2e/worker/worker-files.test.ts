import { chmodSync, mkdirSync } from 'node:fs';
import { runCommand } from '../../helpers/processes/child';
import { ourBinary, propertiesText, STRING_CONVERTERS, startWorker } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { TempDir } from '../../helpers/temp-dir';

const bootstrap = sharedBootstrap();
let dir: TempDir;

beforeEach(() => {
  dir = new TempDir('worker-files');
});

afterEach(() => {
  dir.remove();
});

/** Runs a worker that is to fail; `undefined` takes a setting out. */
async function fail(changes: Record<string, string | undefined>): Promise<{ code: number | null; output: string }> {
  const settings: Record<string, string | undefined> = {
    'bootstrap.servers': bootstrap,
    listeners: `http://127.0.0.1:${await freePort()}`,
    'offset.storage.file.filename': dir.file('offsets'),
    ...STRING_CONVERTERS,
    ...changes,
  };
  const given = Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const file = dir.write('worker.properties', propertiesText(Object.fromEntries(given)));
  const { code, stdout } = await runCommand(ourBinary, [file], { cwd: dir.path });
  return { code, output: stdout.toString() };
}

test.each<[string, Record<string, string | undefined>, string]>([
  ['no brokers', { 'bootstrap.servers': undefined }, 'Missing required configuration "bootstrap.servers" which has no default value.'],
  ['an empty list of brokers', { 'bootstrap.servers': '' }, "Configuration 'bootstrap.servers' must not be empty."],
  ['a broker without a port', { 'bootstrap.servers': 'localhost' }, 'Invalid url in bootstrap.servers: localhost. Expected host:port'],
  [
    'a broker nobody knows',
    { 'bootstrap.servers': 'no.such.host.invalid:9092' },
    'No resolvable bootstrap urls given in bootstrap.servers',
  ],
  ['no key converter', { 'key.converter': undefined }, 'Missing required configuration "key.converter" which has no default value.'],
  [
    'an unknown converter',
    { 'value.converter': 'Nope' },
    'Invalid value Nope for configuration value.converter: Class Nope could not be found.',
  ],
  ['a connector as converter', { 'value.converter': 'FileStreamSource' }, 'does not implement the Converter interface'],
  ['a word for a boolean', { 'topic.creation.enable': 'yes' }, 'Invalid value yes for configuration topic.creation.enable'],
  [
    'an unknown policy',
    { 'connector.client.config.override.policy': 'Foo' },
    'which name matches Foo, available policies are: All, Allowlist',
  ],
  ['a listener without a protocol', { listeners: 'foo' }, "(protocol://hostname:port). Found 'foo' in listeners"],
  ['an address of another machine', { listeners: 'http://203.0.113.7:8083' }, 'failed to bind to listener http://203.0.113.7:8083'],
  ['an extension in Java', { 'rest.extension.classes': 'a.B' }, 'Invalid value a.B for configuration rest.extension.classes'],
  ['a bad header rule', { 'response.http.headers.config': 'foo' }, "Invalid format of header config 'foo'"],
])('%s: exit 2 and one line that says so', async (_name, changes, text) => {
  const { code, output } = await fail(changes);
  expect(code).toBe(2);
  const errors = output.split('\n').filter(line => line.includes('] ERROR '));
  expect(errors).toEqual([expect.stringContaining(text)]);
  expect(errors[0]).toContain('worker.properties: ');
  expect(output).not.toMatch(/^\tat /m);
});

test('a broker that is away: exit 2 after default.api.timeout.ms, naming the address', async () => {
  const { code, output } = await fail({ 'bootstrap.servers': '127.0.0.1:1', 'default.api.timeout.ms': '500', 'request.timeout.ms': '400' });
  expect(code).toBe(2);
  expect(output).toMatch(
    /Failed to connect to and describe Kafka cluster\. Check worker's broker connection.*bootstrap\.servers=127\.0\.0\.1:1/,
  );
});

test.each<[string, (path: string) => void, RegExp]>([
  ['its folder is missing', () => {}, /no such file or folder.*Create the folder/],
  ['it is a folder', path => mkdirSync(path, { recursive: true }), /it is not a regular file/],
])('the offset file: %s: exit 3', async (_name, prepare, text) => {
  const path = dir.file('no/such/offsets');
  prepare(path);
  const { code, output } = await fail({ 'offset.storage.file.filename': path });
  expect(code).toBe(3);
  expect(output).toMatch(/ERROR Failed to start Connect: /);
  expect(output).toMatch(text);
  expect(output).toContain('Kafka Connect stopped');
});

const asRoot = process.getuid?.() === 0;
(asRoot ? test.skip : test)(
  `the offset file: its folder is read-only: exit 3${asRoot ? ' (SKIPPED: root may write everywhere)' : ''}`,
  async () => {
    mkdirSync(dir.file('locked'));
    chmodSync(dir.file('locked'), 0o500);
    const { code, output } = await fail({ 'offset.storage.file.filename': dir.file('locked/offsets') });
    expect(code).toBe(3);
    expect(output).toContain('locked/offsets');
  },
);

test('the offset file: in use by another worker: exit 3, naming its pid; the first goes on', async () => {
  const first = await startWorker({ bootstrap, dir });
  try {
    const { code, output } = await fail({ 'offset.storage.file.filename': dir.file('offsets') });
    expect(code).toBe(3);
    expect(output).toContain(`is in use by another worker (pid ${first.pid})`);
    expect((await first.get('/health')).status).toBe(200);
  } finally {
    await first.stop();
  }
});

test('the offset file: empty, as touch leaves it: a new one', async () => {
  dir.write('offsets', '');
  const worker = await startWorker({ bootstrap, dir });
  await worker.waitLog('is empty (0 bytes)');
  expect((await worker.stop()).code).toBe(143);
});
