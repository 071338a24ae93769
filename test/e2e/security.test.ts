import { readFileSync } from 'node:fs';
import { consumeValues, produceValues } from '../helpers/kafka-io';
import { jaas, type ListenerName, SecureBroker, USER_PASSWORD } from '../helpers/secure-broker';
import { TempDir } from '../helpers/temp-dir';
import { keystoreSettings, STORE_PASSWORD, tlsFile, truststoreSettings } from '../helpers/tls-fixtures';
import { waitFor } from '../helpers/wait-for';
import { type Settings, startWorker, type WorkerProcess } from '../helpers/worker-process';

type ClientSettings = Readonly<Record<string, string>>;

/** Users with all rights; `worker` and `worker-ec` are known by certificates, `token-user` by tokens. */
const TRUSTED = ['ann', 'worker', 'worker-ec', 'token-user'];
/** Lets in, but may do little or nothing. */
const LIMITED = ['nobody', 'reader', 'writer', 'member'];

const TRUST = truststoreSettings('truststore.p12');
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
  worker = await startWorker({ bootstrap: broker.broker.bootstrap, dir });
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
      console.log(
        name,
        trace
          .split('\n')
          .filter(l => !/^\tat/.test(l))
          .join(' | '),
      );
    }
  });
});

describe('a task is FAILED within 5 s, and names what is missing, without the right to', () => {
  const at = (user: string): ClientSettings => clientAt('SASL_PLAINTEXT', plain(user));
  test.each<[string, () => Promise<string>, RegExp]>([
    ['write to the topic', () => createSource(at('writer'), 'denied'), /TopicAuthorizationException: .*denied/],
    ['see the topic', () => createSource(at('nobody'), 'hidden'), /(Topic|Cluster)AuthorizationException: .*(hidden|idempoten)/i],
    ['write with idempotence', () => createSource(at('reader'), 'denied'), /ClusterAuthorizationException: .*idempoten/i],
    ['read the topic', () => createSink(at('reader'), 'denied').then(({ name }) => name), /TopicAuthorizationException: .*denied/],
    [
      'read as the group',
      () => createSink(at('writer'), 'denied').then(({ name }) => name),
      /GroupAuthorizationException: .*connect-sink-/,
    ],
    [
      'see the topic that is to be read',
      () => createSink(at('nobody'), 'hidden').then(({ name }) => name),
      /(Topic|Group)AuthorizationException: .*(hidden|connect-sink-)/,
    ],
  ])('%s', async (_name, create, reason) => {
    await produceValues(broker.broker.bootstrap, 'denied', ['x']);
    const name = await create();
    const trace = await failureOf(name);
    console.log(
      name,
      trace
        .split('\n')
        .filter(l => !/^\tat/.test(l))
        .join(' | '),
    );
    expect(trace).toMatch(reason);
  });
});
