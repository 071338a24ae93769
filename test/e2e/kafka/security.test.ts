import { existsSync, readFileSync } from 'node:fs';
import { runCommand } from '../../helpers/processes/child';
import { copyExample, runIn } from '../../helpers/processes/example-run';
import {
  ourBinary,
  propertiesText,
  type Settings,
  STRING_CONVERTERS,
  startWorker,
  type WorkerProcess,
} from '../../helpers/processes/worker-process';
import { freePort } from '../../helpers/servers/free-port';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';
import { jaas, type ListenerName, SecureBroker, USER_PASSWORD } from '../../helpers/servers/secure-broker';
import { keystoreSettings, STORE_PASSWORD, tlsFile, truststoreSettings } from '../../helpers/servers/tls-fixtures';
import { TempDir } from '../../helpers/temp-dir';
import { variable } from '../../helpers/vectors/fixtures';
import { waitFor } from '../../helpers/wait-for';

type ClientSettings = Readonly<Record<string, string>>;

/** Users with all rights; `worker` and `worker-ec` are known by certificates, `token-user` by tokens. */
const TRUSTED = ['ann', 'worker', 'worker-ec', 'token-user'];
/** Lets in, but may do little or nothing. */
const LIMITED = ['nobody', 'reader', 'writer', 'member'];

const TRUST = truststoreSettings('truststore.p12');
const ALLOWED_URLS = 'org.apache.kafka.sasl.oauthbearer.allowed.urls';
const WRONG = 'falsch-1234';

const sasl = (mechanism: string, config: string): ClientSettings => ({ 'sasl.mechanism': mechanism, 'sasl.jaas.config': config });
const plain = (username: string, password = USER_PASSWORD): ClientSettings => sasl('PLAIN', jaas('plain', { username, password }));
const scram = (size: string, username: string, password = USER_PASSWORD): ClientSettings =>
  sasl(`SCRAM-SHA-${size}`, jaas('scram', { username, password }));

let broker: SecureBroker;
let worker: WorkerProcess;
let dir: TempDir;
let serial = 0;

beforeAll(async () => {
  broker = await SecureBroker.start(['ann', ...LIMITED]);
  await broker.allow(TRUSTED, ['--operation', 'All', '--topic', '*', '--group', '*', '--cluster']);
  await broker.allow(['writer'], ['--operation', 'Write', '--topic', 'other']);
  await broker.allow(['writer', 'reader'], ['--operation', 'Describe', '--topic', '*']);
  await broker.allow(['reader', 'member'], ['--operation', 'Read', '--group', '*']);
  dir = new TempDir('security');
  worker = await startWorker({ bootstrap: broker.broker.bootstrap, dir, worker: { [ALLOWED_URLS]: `${broker.tokens.url}/token` } });
}, 120_000);
afterAll(async () => {
  await worker?.kill9();
  await broker?.stop();
  dir?.remove();
}, 60_000);

/** The settings of a client of a listener. */
function clientAt(listener: ListenerName, more: ClientSettings): ClientSettings {
  const protocol = listener === 'WRONGHOST' ? 'SSL' : listener === 'OIDC' ? 'SASL_PLAINTEXT' : listener;
  return { 'bootstrap.servers': broker.bootstrap[listener], 'security.protocol': protocol, ...more };
}

const below = (prefix: string, settings: ClientSettings): Settings =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [prefix + key, value]));

/** Creates a source with these settings for its producer. @returns its name, which is that of its topic too */
async function createSource(client: ClientSettings, topic = `topic-${serial++}`): Promise<string> {
  const file = dir.write(`${topic}-in`, 'one\ntwo\n');
  const name = `source-${serial++}`;
  await worker.create({ name, 'connector.class': 'FileStreamSource', 'tasks.max': 1, file, topic, ...below('producer.override.', client) });
  return name;
}

async function createSink(client: ClientSettings, topic: string): Promise<{ name: string; file: string }> {
  const name = `sink-${serial++}`;
  const file = dir.file(`${name}-out`);
  const reset = { 'auto.offset.reset': 'earliest', 'metadata.max.age.ms': '500' };
  await worker.create({
    name,
    'connector.class': 'FileStreamSink',
    'tasks.max': 1,
    file,
    topics: topic,
    ...below('consumer.override.', { ...reset, ...client }),
  });
  return { name, file };
}

/** The trace of a task once it has failed, which must be within five seconds. */
async function failureOf(name: string): Promise<string> {
  await worker.waitState(name, 'RUNNING', 'FAILED', { timeoutMs: 5000 });
  const { json } = await worker.get(`/connectors/${name}/status`);
  return (json as { tasks: { trace: string }[] }).tasks[0]?.trace ?? '';
}

describe('records go in and out', () => {
  const WAYS: [string, ListenerName, () => ClientSettings][] = [
    [
      'mutual TLS with JKS',
      'SSL',
      () => ({ ...truststoreSettings('truststore.jks'), ...keystoreSettings('client.jks'), 'ssl.key.password': 'key-password' }),
    ],
    ['mutual TLS with PKCS12', 'SSL', () => ({ ...TRUST, ...keystoreSettings('client-ec.p12') })],
    [
      'mutual TLS with PKCS12 of older Java',
      'SSL',
      () => ({ ...truststoreSettings('truststore-legacy.p12'), ...keystoreSettings('client-legacy.p12') }),
    ],
    [
      'mutual TLS with PEM',
      'SSL',
      () => ({
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': tlsFile('ca.pem'),
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': tlsFile('client.pem'),
        'ssl.key.password': STORE_PASSWORD,
      }),
    ],
    ['PLAIN', 'SASL_PLAINTEXT', () => plain('ann')],
    ['PLAIN over TLS', 'SASL_SSL', () => ({ ...TRUST, ...plain('ann') })],
    ['SCRAM-SHA-256', 'SASL_PLAINTEXT', () => scram('256', 'ann')],
    ['SCRAM-SHA-512 over TLS', 'SASL_SSL', () => ({ ...TRUST, ...scram('512', 'ann') })],
    [
      'OAUTHBEARER with tokens that nobody signed',
      'SASL_PLAINTEXT',
      () => sasl('OAUTHBEARER', jaas('oauth', { unsecuredLoginStringClaim_sub: 'token-user' })),
    ],
    ['OAUTHBEARER with tokens of a server', 'OIDC', () => oidc('token-user', USER_PASSWORD)],
  ];
  test.each(WAYS)('by %s', async (_name, listener, settings) => {
    const client = clientAt(listener, settings());
    const topic = `topic-${serial++}`;
    await createSource(client, topic);
    expect(await consumeValues(broker.broker.bootstrap, topic, 2)).toEqual(['one', 'two']);
    const { name, file } = await createSink(client, topic);
    await waitFor(`the lines of ${name}`, () => readFileSync(file, 'utf8') === 'one\ntwo\n', { timeoutMs: 15_000 });
  });
});

const oidc = (clientId: string, clientSecret: string): ClientSettings => ({
  ...sasl('OAUTHBEARER', jaas('oauth', { clientId, clientSecret })),
  'sasl.oauthbearer.token.endpoint.url': `${broker.tokens.url}/token`,
  'sasl.login.callback.handler.class': 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginCallbackHandler',
});

describe('a task is FAILED within 5 s, and says why, with', () => {
  const SASL = /org\.apache\.kafka\.common\.errors\.SaslAuthenticationException: /;
  const TLS = /org\.apache\.kafka\.common\.errors\.SslAuthenticationException: /;
  const FAILURES: [string, ListenerName, () => ClientSettings, RegExp][] = [
    ['a wrong password of PLAIN', 'SASL_PLAINTEXT', () => plain('ann', WRONG), SASL],
    ['a wrong password of SCRAM', 'SASL_SSL', () => ({ ...TRUST, ...scram('256', 'ann', WRONG) }), SASL],
    ['an unknown user', 'SASL_PLAINTEXT', () => scram('512', 'eve'), SASL],
    ['a mechanism that the broker does not have', 'OIDC', () => plain('ann'), SASL],
    ['a wrong secret for the token server', 'OIDC', () => oidc('token-user', WRONG), SASL],
    [
      'a broker signed by somebody unknown',
      'SASL_SSL',
      () => ({ ...plain('ann'), 'ssl.truststore.type': 'PEM', 'ssl.truststore.location': tlsFile('stranger-ca.pem') }),
      TLS,
    ],
    ['a broker with the name of another host', 'WRONGHOST', () => TRUST, TLS],
    ['a certificate that the broker does not trust', 'SSL', () => ({ ...TRUST, ...keystoreSettings('stranger.p12') }), TLS],
    ['no certificate where the broker asks for one', 'SSL', () => TRUST, TLS],
    [
      'a wrong password of a keystore',
      'SSL',
      () => ({ ...TRUST, ...keystoreSettings('client.jks'), 'ssl.keystore.password': WRONG }),
      /ConfigException: .*ssl\.keystore\.location: the password is wrong/,
    ],
  ];
  test.each(FAILURES)('%s', async (_name, listener, settings, reason) => {
    const client = clientAt(listener, settings());
    const source = await createSource(client);
    const { name: sink } = await createSink(client, 'sink-topic');
    for (const name of [source, sink]) {
      const trace = await failureOf(name);
      expect(trace).toMatch(reason);
      expect(trace).not.toContain(WRONG);
    }
  });
});

describe('a task is FAILED within 5 s, and names what is missing, without the right to', () => {
  const at = (user: string): ClientSettings => clientAt('SASL_PLAINTEXT', plain(user));
  test.each<[string, () => Promise<string>, RegExp]>([
    ['write to the topic', () => createSource(at('writer'), 'denied'), /TopicAuthorizationException: .*denied/],
    // Two rights are missing; which of them the broker names first is a matter of time.
    [
      'see the topic',
      () => createSource(at('nobody'), 'hidden'),
      /ClusterAuthorizationException: .*IdempotentWrite|TopicAuthorizationException: .*hidden/,
    ],
    ['write with idempotence', () => createSource(at('reader'), 'denied'), /ClusterAuthorizationException: .*IdempotentWrite/],
    ['read the topic', () => createSink(at('reader'), 'denied').then(({ name }) => name), /TopicAuthorizationException: .*denied/],
    [
      'read as the group',
      () => createSink(at('writer'), 'denied').then(({ name }) => name),
      /GroupAuthorizationException: .*connect-sink-/,
    ],
    [
      'see the topic that is to be read',
      () => createSink(at('member'), 'hidden').then(({ name }) => name),
      /TopicAuthorizationException: .*hidden/,
    ],
  ])('%s', async (_name, create, reason) => {
    await produceValues(broker.broker.bootstrap, 'denied', ['x']);
    const name = await create();
    const trace = await failureOf(name);
    expect(trace).toMatch(reason);
  });
});

test('examples/secured-broker moves lines in and out, with its settings in one place', async () => {
  const example = new TempDir('secured');
  const listen = await freePort();
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="ann" password=';
  const topic = `secured-${serial++}`;
  copyExample('secured-broker', example, {
    'bootstrap.servers': broker.bootstrap.SASL_SSL,
    'sasl.jaas.config': `${login}"${variable('file:secrets.properties:password')}";`,
    'ssl.truststore.location': tlsFile('ca.pem'),
    password: USER_PASSWORD,
    topic,
    topics: topic,
    listeners: `http://127.0.0.1:${listen}`,
  });
  example.write('app.log', 'one\ntwo\n');
  const started = runIn(example, ['worker.properties', 'source.properties', 'sink.properties'], listen);
  try {
    await waitFor(
      'the copy',
      () => existsSync(example.file('app-copy.log')) && readFileSync(example.file('app-copy.log'), 'utf8') === 'one\ntwo\n',
      {
        timeoutMs: 30_000,
      },
    );
    expect(started.output).not.toContain('admin client only');
  } finally {
    await started.kill9();
    example.remove();
  }
});

test('a worker whose SASL is for its admin client only is told so, and why its connectors reach no broker', async () => {
  const client = clientAt('SASL_PLAINTEXT', plain('ann'));
  const { 'bootstrap.servers': bootstrap = '', ...security } = client;
  const file = dir.write('only-admin', 'x\n');
  const source = { name: 'only-admin', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file, topic: 'only-admin' };
  const started = await startWorker({ bootstrap, worker: security, connectors: [source] });
  try {
    await started.waitLog(
      /WARN .*security\.protocol, sasl\.mechanism, sasl\.jaas\.config: .*admin client only.*clients\.inherit\.security=true/,
    );
    await started.waitLog(/brokers are down \(127\.0\.0\.1:\d+: it closes the connection.*may want SASL or TLS/, { timeoutMs: 20_000 });
  } finally {
    await started.kill9();
  }
});

describe('a worker with all its clients behind TLS and SASL', () => {
  let own: WorkerProcess | undefined;
  afterEach(async () => {
    await own?.kill9();
  });

  test('asks for the cluster id, moves records, and reads and sets offsets of a group', async () => {
    const client = clientAt('SASL_SSL', { ...TRUST, ...scram('512', 'ann') });
    const { 'bootstrap.servers': bootstrap = '', ...security } = client;
    const topic = `topic-${serial++}`;
    const [file, out] = [dir.write('secure-in', 'one\ntwo\n'), dir.file('secure-out')];
    own = await startWorker({
      bootstrap,
      worker: {
        ...security,
        ...below('producer.', security),
        ...below('consumer.', { ...security, 'auto.offset.reset': 'earliest', 'metadata.max.age.ms': '500' }),
      },
      connectors: [
        { name: 'source', 'connector.class': 'FileStreamSource', file, topic },
        { name: 'sink', 'connector.class': 'FileStreamSink', file: out, topics: topic },
      ],
    });
    const { get, rest, waitLog } = { get: own.get.bind(own), rest: own.rest.bind(own), waitLog: own.waitLog.bind(own) };
    await waitLog(/Kafka cluster ID: \S{22}/);
    await waitFor('the lines', () => readFileSync(out, 'utf8') === 'one\ntwo\n', { timeoutMs: 20_000 });
    await waitFor('the offset', async () => (await get('/connectors/sink/offsets')).text.includes('"kafka_offset":2'), {
      timeoutMs: 20_000,
    });
    expect((await rest('PUT', '/connectors/sink/stop')).status).toBe(204);
    await waitFor('the group to be empty', async () => (await rest('DELETE', '/connectors/sink/offsets')).status === 200, {
      timeoutMs: 20_000,
    });
    expect((await get('/connectors/sink/offsets')).json).toEqual({ offsets: [] });
  });

  const REFUSED: [string, () => ClientSettings, RegExp][] = [
    ['a wrong password', () => clientAt('SASL_PLAINTEXT', plain('ann', WRONG)), /SASL authentication error: Authentication failed/],
    [
      'a broker signed by somebody unknown',
      () => clientAt('SASL_SSL', plain('ann')),
      /certificate verify failed.*ssl\.truststore\.location/,
    ],
    ['no certificate', () => clientAt('SSL', TRUST), /check ssl\.keystore\.location/],
    [
      'a truststore that is not there',
      () => clientAt('SASL_SSL', { ...plain('ann'), 'ssl.truststore.location': '/no/such' }),
      /ssl\.truststore\.location: the file cannot be read \(ENOENT\)/,
    ],
    [
      'a login without password',
      () => clientAt('SASL_PLAINTEXT', sasl('PLAIN', jaas('plain', { username: 'ann' }))),
      /needs username and password in sasl\.jaas\.config/,
    ],
  ];
  test.each(REFUSED)('ends with exit code 2 within 5 s with %s', async (_name, settings, reason) => {
    const file = dir.write(
      'refused.properties',
      propertiesText({
        ...STRING_CONVERTERS,
        listeners: 'http://127.0.0.1:0',
        'offset.storage.file.filename': dir.file('refused-offsets'),
        ...settings(),
      }),
    );
    const startedMs = Date.now();
    const { code, stdout } = await runCommand(ourBinary, [file], { timeoutMs: 30_000 });
    expect(Date.now() - startedMs).toBeLessThan(5000);
    expect(code).toBe(2);
    const error =
      stdout
        .toString()
        .split('\n')
        .find(line => line.includes('ERROR')) ?? '';
    expect(error).toMatch(reason);
    expect(stdout.toString()).not.toContain(WRONG);
  });
});

test('a worker full of secrets shows none of them, in no log line at TRACE, no status and no answer', async () => {
  const hidden = (what: string): string => `geheim-${what}-4711`;
  const secrets = dir.write('secrets.properties', `password=${hidden('provider')}\nright=${USER_PASSWORD}\n`);
  const ref = (key: string): string => variable(`file:${secrets}:${key}`);
  const own = await startWorker({
    bootstrap: broker.bootstrap.SASL_SSL,
    env: { SECRET_OF_ENVIRONMENT: hidden('environment'), URL_OF_TOKENS: `${broker.tokens.url}/token?key=${hidden('url')}` },
    worker: {
      [ALLOWED_URLS]: variable('env:URL_OF_TOKENS'),
      'security.protocol': 'SASL_SSL',
      ...TRUST,
      ...plain('ann', ref('right')),
      'config.providers': 'file,env',
      'config.providers.file.class': 'org.apache.kafka.common.config.provider.FileConfigProvider',
      'config.providers.env.class': 'org.apache.kafka.common.config.provider.EnvVarConfigProvider',
      'config.providers.env.param.password': hidden('parameter'),
      'rest.auth.bearer.token': hidden('token'),
      'rest.auth.basic.file': dir.write('users.properties', `ann=${hidden('user')}\n`),
      'producer.sasl.jaas.config': jaas('plain', { username: 'ann', password: hidden('producer') }),
      'consumer.ssl.keystore.password': hidden('consumer'),
      'unknown.password': hidden('unknown'),
    },
  });
  try {
    const answers: string[] = [];
    const call = async (method: string, path: string, body?: unknown): Promise<void> => {
      const response = await fetch(own.url + path, {
        method,
        headers: { authorization: `Bearer ${hidden('token')}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      answers.push(`${method} ${path}: ${response.status} ${await response.text()}`);
    };
    const secured = (more: ClientSettings): Settings => ({
      ...below('producer.override.', clientAt('SASL_PLAINTEXT', more)),
      ...below('consumer.override.', clientAt('SASL_PLAINTEXT', more)),
    });
    const connectors: Record<string, Settings> = {
      fromFile: secured(plain('ann', ref('password'))),
      fromEnvironment: secured(scram('256', 'ann', variable('env:SECRET_OF_ENVIRONMENT'))),
      badJaas: secured(
        sasl('PLAIN', `org.apache.kafka.common.security.plain.PlainLoginModule required password=${ref('password')} ${ref('right')}`),
      ),
      badStore: secured({
        ...TRUST,
        ...keystoreSettings('client.p12'),
        'ssl.keystore.password': ref('password'),
        'security.protocol': 'SSL',
      }),
      badToken: {
        ...secured({ ...oidc('token-user', ref('password')), 'sasl.oauthbearer.token.endpoint.url': variable('env:URL_OF_TOKENS') }),
      },
      badNumber: secured({ 'linger.ms': ref('password'), 'fetch.min.bytes': ref('password') }),
    };
    await call('PUT', '/admin/loggers/root', { level: 'TRACE' });
    for (const [name, settings] of Object.entries(connectors)) {
      const file = dir.write(`${name}-in`, 'one\n');
      const common = { 'tasks.max': '1', file, key: 'x', password: ref('password') };
      await call('PUT', `/connectors/${name}/config`, { ...common, 'connector.class': 'FileStreamSource', topic: 'secret', ...settings });
      await call('PUT', `/connectors/${name}-sink/config`, {
        ...common,
        'connector.class': 'FileStreamSink',
        topics: 'secret',
        ...settings,
      });
      await call('PUT', '/connector-plugins/FileStreamSource/config/validate', {
        ...common,
        name,
        'connector.class': 'FileStreamSource',
        topic: 'secret',
        ...settings,
      });
    }
    await new Promise(resolve => setTimeout(resolve, 3000));
    for (const name of Object.keys(connectors).flatMap(each => [each, `${each}-sink`])) {
      for (const path of ['', '/config', '/status', '/tasks', '/tasks/0/status', '/offsets'])
        await call('GET', `/connectors/${name}${path}`);
      await call('POST', `/connectors/${name}/restart?includeTasks=true`);
    }
    await call('GET', '/connectors?expand=info&expand=status');
    await call('GET', '/nothing/here');
    const shown = `${answers.join('\n')}\n${own.output}`;
    expect(shown).toMatch(/"state":"FAILED"[\s\S]*SaslAuthenticationException/);
    await own.waitLog(/ (?:TRACE|DEBUG) /);
    const words = ['provider', 'environment', 'parameter', 'token', 'user', 'producer', 'consumer', 'unknown', 'url'].map(hidden);
    const linesWith = (text: string, secret: string): string[] =>
      text.split('\n').filter(line => line.includes(secret) || line.includes(Buffer.from(secret).toString('base64')));
    // The password of the stores stands in the settings in clear, and so in the answers, but belongs in no log.
    const leaks = [...[...words, USER_PASSWORD].flatMap(word => linesWith(shown, word)), ...linesWith(own.output, STORE_PASSWORD)];
    expect(leaks).toEqual([]);
  } finally {
    await own.kill9();
  }
});
