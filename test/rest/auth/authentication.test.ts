import { scryptSync } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { hostname } from 'node:os';
import { fromRest } from '../../../src/config/files/setting';
import { WorkerConfig } from '../../../src/config/worker-config';
import type { Herder } from '../../../src/herder/herder';
import { type LogEntry, setLogLevel, setLogSink } from '../../../src/log';
import type { RestServer } from '../../../src/rest/http/server';
import { readKeystore } from '../../../src/tls/tls-stores';
import { openRest } from '../../../src/worker/open-rest';
import { FindingCollector, UnusableWorkerSettings } from '../../../src/worker/settings/findings';
import { readRest } from '../../../src/worker/settings/rest-settings';
import { FakeWorld } from '../../helpers/fakes/herder-fakes';
import { exchange } from '../../helpers/processes/raw-client';
import { freePort } from '../../helpers/servers/free-port';
import { keystoreSettings, tlsFile, tlsText, truststoreSettings } from '../../helpers/servers/tls-fixtures';
import { TempDir } from '../../helpers/temp-dir';

type Settings = Readonly<Record<string, string>>;

const log: LogEntry[] = [];
let dir: TempDir;
let herder: Herder;
let rest: RestServer | undefined;

beforeAll(async () => {
  setLogSink(entry => void log.push(entry));
  dir = new TempDir('rest-security');
  herder = await new FakeWorld().started();
});
beforeEach(() => log.splice(0));
afterEach(() => rest?.stop());
afterAll(async () => {
  await herder.stop();
  setLogSink(() => {});
  dir.remove();
});

async function open(settings: Settings, listeners: string): Promise<RestServer> {
  const config = new WorkerConfig({
    'bootstrap.servers': 'localhost:9092',
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'offset.storage.file.filename': 'offsets',
    listeners,
    ...settings,
  });
  const collector = new FindingCollector();
  const read = readRest(config, collector);
  const findings = collector.list(fromRest, () => []);
  if (findings.length > 0) throw new UnusableWorkerSettings(findings, '');
  const server = await openRest(config, read);
  rest = server;
  server.initializeResources({
    herder,
    pluginConfigs: { describe: () => [], validate: async () => ({}) },
    onLogLevel: () => {},
  });
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

function call(port: number, path: string, options: https.RequestOptions & { secure?: boolean } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { request } = options.secure ? https : http;
    const sent = request({ host: '127.0.0.1', port, path, agent: false, ca: tlsText('ca.pem'), ...options }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const lines = (level: string): string[] => log.filter(entry => entry.level === level).map(({ message }) => message);

/** Key and chain of a client, for `call`. */
function clientOf(store: string): { key: string; cert: string } {
  const settings = keystoreSettings(store);
  const own = readKeystore({ get: key => settings[key], prefix: '' });
  return { key: own?.key ?? '', cert: own?.certificateChain ?? '' };
}

describe('https listeners', () => {
  const SERVER = keystoreSettings('server.p12', 'listeners.https.');
  const secure = { secure: true };

  test('serve beside http listeners, with the chain of their certificate', async () => {
    const second = await freePort();
    const server = await open(SERVER, `http://127.0.0.1:0,https://127.0.0.1:${second}`);
    expect((await call(server.advertised.port, '/')).status).toBe(200);
    expect(await call(second, '/', secure)).toMatchObject({ status: 200, text: expect.stringContaining('kafka_cluster_id') });
    await expect(call(second, '/', { ...secure, ca: tlsText('stranger-ca.pem') })).rejects.toThrow(/certificate/);
  });

  test('advertise https', async () => {
    expect((await open(SERVER, 'https://127.0.0.1:0')).advertisedUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });

  test('take settings without prefix where none has it, and only those with prefix where one has', async () => {
    expect((await call((await open(keystoreSettings('server.p12'), 'https://127.0.0.1:0')).advertised.port, '/', secure)).status).toBe(200);
    await rest?.stop();
    rest = undefined;
    const mixed = { ...keystoreSettings('server.p12'), 'listeners.https.ssl.client.auth': 'none' };
    await expect(open(mixed, 'https://127.0.0.1:0')).rejects.toThrow(
      /needs a key and a certificate: set listeners\.https\.ssl\.keystore\.location/,
    );
  });

  test('of admin.listeners have settings of their own', async () => {
    const admin = await freePort();
    await open(
      { ...SERVER, ...keystoreSettings('wrong-host.p12', 'admin.listeners.https.'), 'admin.listeners': `https://127.0.0.1:${admin}` },
      'https://127.0.0.1:0',
    );
    const checked: string[] = [];
    const checkServerIdentity = (_host: string, { subject }: { subject: { CN: string } }): undefined => void checked.push(subject.CN);
    expect((await call(admin, '/admin/loggers', { ...secure, checkServerIdentity: checkServerIdentity as never })).status).toBe(200);
    expect(checked).toEqual(['elsewhere.example']);
  });

  test('ask for certificates: required', async () => {
    const settings = {
      ...SERVER,
      ...truststoreSettings('truststore-openssl.p12', 'listeners.https.'),
      'listeners.https.ssl.client.auth': 'required',
    };
    const { port } = (await open(settings, 'https://127.0.0.1:0')).advertised;
    expect((await call(port, '/', { ...secure, ...clientOf('client.p12') })).status).toBe(200);
    await expect(call(port, '/', secure)).rejects.toThrow();
    await expect(call(port, '/', { ...secure, ...clientOf('stranger.p12') })).rejects.toThrow();
  });

  test('ask for certificates: requested, which lets in who has none, but nobody with one that is not trusted', async () => {
    const settings = {
      ...SERVER,
      ...truststoreSettings('truststore-openssl.p12', 'listeners.https.'),
      'listeners.https.ssl.client.auth': 'requested',
    };
    const { port } = (await open(settings, 'https://127.0.0.1:0')).advertised;
    expect((await call(port, '/', { ...secure, ...clientOf('client-ec.p12') })).status).toBe(200);
    expect((await call(port, '/', secure)).status).toBe(200);
    await expect(call(port, '/', { ...secure, ...clientOf('stranger.p12') })).rejects.toThrow();
  });

  test('keep to the protocols and ciphers of the settings', async () => {
    const settings = {
      ...SERVER,
      'listeners.https.ssl.enabled.protocols': 'TLSv1.2',
      'listeners.https.ssl.cipher.suites': 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
    };
    const { port } = (await open(settings, 'https://127.0.0.1:0')).advertised;
    await expect(call(port, '/', { ...secure, minVersion: 'TLSv1.3' })).rejects.toThrow();
    await expect(call(port, '/', { ...secure, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' })).rejects.toThrow();
    expect((await call(port, '/', { ...secure, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES256-GCM-SHA384' })).status).toBe(200);
  });

  test('survive clients that speak no TLS, and say so at DEBUG only', async () => {
    setLogLevel('org.apache.kafka.connect.runtime.rest.RestServer', 'DEBUG');
    const { port } = (await open(SERVER, 'https://127.0.0.1:0')).advertised;
    await expect(call(port, '/')).rejects.toThrow();
    setLogLevel('org.apache.kafka.connect.runtime.rest.RestServer', 'INFO');
    expect(lines('DEBUG').join()).toMatch(/TLS handshake at https:\/\/127\.0\.0\.1:0 failed/);
    expect((await call(port, '/', secure)).status).toBe(200);
  });

  const REFUSED: [string, Settings, RegExp][] = [
    ['no keystore', {}, /needs a key and a certificate/],
    [
      'a wrong password',
      { ...SERVER, 'listeners.https.ssl.keystore.password': 'hunter2' },
      /listeners\.https\.ssl\.keystore\.location: the password is wrong.*Check listeners\.https\.ssl\.keystore\.password/,
    ],
    [
      'a file that is not there',
      { ...SERVER, 'listeners.https.ssl.keystore.location': '/no/such' },
      /\/no\/such for configuration listeners\.https\.ssl\.keystore\.location: the file cannot be read \(ENOENT\)/,
    ],
    [
      'an unknown word for client certificates',
      { ...SERVER, 'listeners.https.ssl.client.auth': 'maybe' },
      /Invalid value maybe for configuration listeners\.https\.ssl\.client\.auth: String must be one of/,
    ],
    [
      'an unknown protocol',
      { ...SERVER, 'listeners.https.ssl.enabled.protocols': 'SSLv3' },
      /Invalid value SSLv3 for configuration listeners\.https\.ssl\.enabled\.protocols/,
    ],
  ];
  test.each(REFUSED)('are refused with %s, and no password is shown', async (_name, settings, message) => {
    const error = await open(settings, 'https://127.0.0.1:0').then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'ConfigException', message: expect.stringMatching(message) });
    expect(error?.stack).not.toContain('hunter2');
  });
});

describe('authentication', () => {
  const salt = Buffer.from('salt of a test');
  const hashed = `scrypt$1024$8$1$${salt.toString('base64')}$${scryptSync('pass:word', salt, 32, { N: 1024, r: 8, p: 1 }).toString('base64')}`;
  const basic = (pair: string): { headers: { authorization: string } } => ({
    headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
  });
  const bearer = (token: string, scheme = 'Bearer'): { headers: { authorization: string } } => ({
    headers: { authorization: `${scheme} ${token}` },
  });
  const TOKEN = 'token-of-a-test';
  let users: string;
  beforeAll(() => {
    users = dir.write('users.properties', `ann = clear-password\nbob = ${hashed}\n`);
  });
  const settings = (): Settings => ({ 'rest.auth.basic.file': users, 'rest.auth.bearer.token': TOKEN });

  test.each<[string, https.RequestOptions]>([
    ['a password in clear', basic('ann:clear-password')],
    ['a hashed password with a colon in it', basic('bob:pass:word')],
    ['a token', bearer(TOKEN)],
    ['a scheme in small letters', bearer(TOKEN, 'bearer')],
  ])('lets in %s, also the second time', async (_name, options) => {
    const { port } = (await open(settings(), 'http://127.0.0.1:0')).advertised;
    for (const path of ['/', '/connectors', '/connectors']) expect((await call(port, path, options)).status).toBe(200);
  });

  test.each<[string, https.RequestOptions]>([
    ['nobody', {}],
    ['a wrong password', basic('ann:other')],
    ['a wrong password for a hash', basic('bob:pass')],
    ['the hash itself', basic(`bob:${hashed}`)],
    ['the password of another', basic('ann:pass:word')],
    ['an unknown user', basic('eve:clear-password')],
    ['a user without password', basic('ann')],
    ['an empty password', basic('ann:')],
    ['a name from the prototype', basic('__proto__:[object Object]')],
    ['a wrong token', bearer('other')],
    ['a beginning of the token', bearer(TOKEN.slice(0, -1))],
    ['no token', bearer('')],
    ['the token as password', basic(`ann:${TOKEN}`)],
    ['a scheme that nobody knows', bearer(TOKEN, 'Digest')],
    ['no base64', { headers: { authorization: 'Basic %%%' } }],
    ['a header of 8000 letters', { headers: { authorization: `Basic ${'A'.repeat(8000)}` } }],
  ])('answers 401 to %s, whatever is asked for', async (_name, options) => {
    const { port } = (await open(settings(), 'http://127.0.0.1:0')).advertised;
    for (const [method, path] of [
      ['GET', '/connectors'],
      ['POST', '/connectors'],
      ['GET', '/nope'],
      ['OPTIONS', '/connectors'],
      ['GET', '//health'],
      ['GET', '/health/../connectors'],
    ]) {
      const answer = await call(port, path ?? '', { ...options, method });
      expect([method, path, answer.status]).toEqual([method, path, 401]);
      expect(answer.text).toBe('{"error_code":401,"message":"HTTP 401 Unauthorized"}');
      expect(answer.headers['www-authenticate']).toBe('Basic realm="connect", charset="UTF-8", Bearer realm="connect"');
    }
  });

  test('leaves /health open, and what rest.auth.open.paths says', async () => {
    const first = (await open(settings(), 'http://127.0.0.1:0')).advertised.port;
    expect([(await call(first, '/health?x=1')).status, (await call(first, '/')).status]).toEqual([503, 401]);
    await rest?.stop();
    const { port } = (await open({ ...settings(), 'rest.auth.open.paths': '/' }, 'http://127.0.0.1:0')).advertised;
    expect([(await call(port, '/health')).status, (await call(port, '/')).status]).toEqual([401, 200]);
  });

  test('counts on the admin listeners too', async () => {
    const admin = await freePort();
    await open({ ...settings(), 'admin.listeners': `http://127.0.0.1:${admin}` }, 'http://127.0.0.1:0');
    expect((await call(admin, '/admin/loggers')).status).toBe(401);
    expect((await call(admin, '/admin/loggers', bearer(TOKEN))).status).toBe(200);
  });

  test('with a token only knows no passwords, and does not ask for them', async () => {
    const { port } = (await open({ 'rest.auth.bearer.token': TOKEN }, 'http://127.0.0.1:0')).advertised;
    const answer = await call(port, '/', basic('ann:clear-password'));
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Bearer realm="connect"']);
  });

  test('fifty wrong guesses at once do not hold up others for long', async () => {
    const { port } = (await open(settings(), 'http://127.0.0.1:0')).advertised;
    const guesses = Array.from({ length: 50 }, (_, i) => call(port, '/', basic(`bob:guess-${i}`)));
    const startedMs = Date.now();
    expect((await call(port, '/', bearer(TOKEN))).status).toBe(200);
    expect(Date.now() - startedMs).toBeLessThan(2000);
    expect((await Promise.all(guesses)).map(({ status }) => status)).toEqual(Array(50).fill(401));
  });

  test.each([
    ['a file that is not there', '/no/such/file', /for configuration rest\.auth\.basic\.file: the file cannot be read/],
    [
      'two bad users, and names both',
      'ann\neve=right\nbob=scrypt$hunter2\n',
      /: the user ann has no password; the hash of the user bob is not of the form [^;]*\. Expected lines name=password$/,
    ],
    ['a file without users', '# nobody\n', /the file names no user/],
    ['a user without password', 'ann\n', /the user ann has no password/],
    ['a hash of another form', 'ann=scrypt$hunter2\n', /the hash of the user ann is not of the form scrypt\$N\$r\$p\$salt\$hash/],
    ['a hash that takes all memory', `ann=scrypt$67108864$8$1$${'A'.repeat(8)}$hunter2A\n`, /the hash of the user ann/],
  ])('refuses %s and shows no password', async (_name, content, message) => {
    const file = content.startsWith('/') ? content : dir.write('bad.properties', content);
    const error = await open({ 'rest.auth.basic.file': file }, 'http://127.0.0.1:0').then(
      () => undefined,
      (thrown: Error) => thrown,
    );
    expect(error).toMatchObject({ code: 'ConfigException', message: expect.stringMatching(message) });
    expect(error?.stack).not.toContain('hunter2');
  });

  test('and no line of the log shows a password or token, not even at TRACE', async () => {
    setLogLevel('root', 'TRACE');
    const { port } = (await open(settings(), 'http://127.0.0.1:0')).advertised;
    for (const options of [basic('ann:clear-password'), basic('ann:wrong-password'), bearer(TOKEN), bearer('wrong-token')]) {
      await call(port, '/connectors', options);
    }
    setLogLevel('root', 'INFO');
    expect(log.length).toBeGreaterThan(4);
    expect(JSON.stringify(log)).not.toMatch(/clear-password|wrong-password|token-of|wrong-token|YW5u/);
  });
});

describe('a listener beyond this machine', () => {
  const OPEN = /is open to everybody who can reach this machine\. Set rest\.auth\.basic\.file/;
  const CLEAR = /cross the network in clear/;
  const SERVER = keystoreSettings('server.p12');
  const TRUST = { 'ssl.truststore.location': tlsFile('ca.pem') };
  test.each<[string, Settings, string, RegExp | null]>([
    ['without authentication warns', {}, 'http://0.0.0.0:0', OPEN],
    ['without host and authentication warns', {}, 'http://:0', OPEN],
    ['with https alone warns', SERVER, 'https://0.0.0.0:0', OPEN],
    ['with certificates that are only requested warns', { ...SERVER, ...TRUST, 'ssl.client.auth': 'requested' }, 'https://0.0.0.0:0', OPEN],
    ['with certificates that are required does not', { ...SERVER, ...TRUST, 'ssl.client.auth': 'required' }, 'https://0.0.0.0:0', null],
    ['with a token over http warns of that', { 'rest.auth.bearer.token': 't' }, 'http://0.0.0.0:0', CLEAR],
    ['with a token over https does not', { ...SERVER, 'rest.auth.bearer.token': 't' }, 'https://0.0.0.0:0', null],
    ['is what 127.0.0.1 is not', {}, 'http://127.0.0.1:0', null],
  ])('%s', async (_name, settings, listeners, warning) => {
    await open(settings, listeners);
    expect(lines('WARN')).toEqual(warning === null ? [] : [expect.stringMatching(warning)]);
  });
});

describe('pages of others', () => {
  const ask = (method: string, headers: Readonly<Record<string, string>>, path = '/connectors') =>
    call(rest?.advertised.port ?? 0, path, { method, headers: { ...headers } });

  test.each([
    ['attacker.example', 421],
    ['attacker.example:8083', 421],
    ['127.0.0.1.attacker.example', 421],
    ['localhost.attacker.example', 421],
    ['2130706433', 421],
    ['a@127.0.0.1', 421],
    ['127.0.0.1:1', 200],
    ['[::1]:8083', 200],
    ['10.1.2.3', 200],
    ['LOCALHOST', 200],
    ['localhost.:80', 200],
    [hostname(), 200],
    ['worker.example', 200],
    ['mine.example', 200],
    ['also.example:99', 200],
  ])('Host %s: %i', async (host, status) => {
    await open({ 'rest.advertised.host.name': 'worker.example', 'rest.allowed.hosts': 'mine.example,Also.example' }, 'http://127.0.0.1:0');
    const answer = await ask('GET', { host });
    expect(answer.status).toBe(status);
    if (status === 421) expect(JSON.parse(answer.text).message).toMatch(/ add it to rest\.allowed\.hosts in the file of the worker/);
  });

  test.each([
    [
      'an address that names another host than the header',
      'GET http://attacker.example/connectors HTTP/1.1\r\nHost: localhost\r\n\r\n',
      [421],
    ],
    ['an address that names ours', 'GET HTTP://LocalHost:1/connectors HTTP/1.1\r\nHost: attacker.example\r\n\r\n', [200]],
    ['two hosts', 'GET /connectors HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n\r\n', [400]],
    ['one host twice', 'GET /connectors HTTP/1.0\r\nHost: localhost\r\nHost: localhost\r\n\r\n', [400]],
    ['a name allowed with a port and a dot at its end', 'GET /connectors HTTP/1.1\r\nHost: Proxy.example\r\n\r\n', [200]],
  ])('%s', async (_, bytes, statuses) => {
    const { advertised } = await open({ 'rest.allowed.hosts': 'proxy.Example.:8083' }, 'http://127.0.0.1:0');
    expect((await exchange(advertised.port, bytes, { end: true })).statuses).toEqual(statuses);
  });

  test('nothing is created for a name that is not ours, whatever the body', async () => {
    const server = await open({}, 'http://127.0.0.1:0');
    const headers = { host: `attacker.example:${server.advertised.port}`, 'content-type': 'application/json' };
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) expect((await ask(method, headers)).status).toBe(421);
    expect((await ask('POST', headers, '/connectors/x/restart')).status).toBe(421);
  });

  test('rest.allowed.hosts=* takes any name; with a password names do not matter', async () => {
    await open({ 'rest.allowed.hosts': '*' }, 'http://127.0.0.1:0');
    expect((await ask('GET', { host: 'any.example' })).status).toBe(200);
    await rest?.stop();
    await open({ 'rest.auth.bearer.token': 'secret' }, 'http://127.0.0.1:0');
    expect((await ask('GET', { host: 'any.example' })).status).toBe(401);
    expect((await ask('GET', { host: 'any.example', authorization: 'Bearer secret' })).status).toBe(200);
  });

  test.each([
    ['http://attacker.example', 403],
    ['null', 403],
    ['http://127.0.0.1', 403],
    ['file://', 403],
    ['https://ui.example', 404],
  ])('a change for a page of %s: %i', async (origin, status) => {
    await open({ 'access.control.allow.origin': 'https://ui.example' }, 'http://127.0.0.1:0');
    for (const [method, path] of [
      ['POST', '/connectors/x/restart'],
      ['PUT', '/connectors/x/pause'],
      ['DELETE', '/connectors/x'],
    ] as const) {
      expect((await ask(method, { origin }, path)).status).toBe(status);
    }
    expect((await ask('GET', { origin })).status).toBe(200);
  });

  test('a page of the worker itself, and programs, notice nothing', async () => {
    const { advertised } = await open({}, 'http://127.0.0.1:0');
    const headers = { host: `localhost:${advertised.port}`, origin: `http://localhost:${advertised.port}` };
    expect((await ask('DELETE', headers, '/connectors/x')).status).toBe(404);
    expect((await ask('DELETE', {}, '/connectors/x')).status).toBe(404);
  });

  test('a browser that knows the password changes nothing for a page of others', async () => {
    await open({ 'rest.auth.bearer.token': 'secret' }, 'http://127.0.0.1:0');
    const headers = { authorization: 'Bearer secret', origin: 'http://attacker.example' };
    expect((await ask('DELETE', headers, '/connectors/x')).status).toBe(403);
  });
});
