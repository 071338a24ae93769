import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Props } from '../../../src/api/connector';
import { maxRequestSizeBytes, translateClientProps } from '../../../src/kafka/settings/client-config';
import { CLIENT_KEYS, FIXED_SETTINGS, keysOf } from '../../../src/kafka/settings/client-config-table';
import type { ClientKind } from '../../../src/kafka/settings/client-key';
import { inRepository } from '../../helpers/paths';
import { keystoreSettings, truststoreSettings } from '../../helpers/servers/tls-fixtures';

const fixtures = inRepository('test', 'fixtures');
const KINDS: readonly ClientKind[] = ['producer', 'consumer', 'admin'];
const SERVERS = { 'bootstrap.servers': '127.0.0.1:1' };

/** Asks the real library, in a process of its own. */
function complaints(questions: readonly { kind: ClientKind; props: Props }[]): string[][] {
  return askLibrary(
    questions.map(({ kind, props }) => ({ kind, settings: translateClientProps(kind, { ...SERVERS, ...props }).settings })),
  );
}

function askLibrary(input: readonly { kind: ClientKind; settings: Readonly<Record<string, string>> }[]): string[][] {
  const output = execFileSync(process.execPath, [join(__dirname, 'librdkafka-check.js')], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return JSON.parse(output) as string[][];
}

describe('the table', () => {
  const rows = readFileSync(join(fixtures, 'vectors/kafka/client-config-defs.tsv'), 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split('\t'));

  test('has every key of the Java clients with its type and default, and no other', () => {
    const ours = KINDS.flatMap(kind =>
      [...keysOf(kind).values()].map(key => [kind[0]?.toUpperCase(), key.javaKey, key.type, key.javaDefault]),
    );
    const java = rows.map(([who, key, type, value = '']) => [who, key, type, javaDefault(value)]);
    expect(ours.map(String).sort()).toEqual(java.map(String).sort());
  });

  const javaDefault = (value: string): string | null =>
    value === 'null' || value === '<required>' ? null : value.replace(/^\[(.*)\]$/, '$1').replaceAll(', ', ',');

  test('says why for every key that has no effect', () => {
    for (const key of CLIENT_KEYS) if (key.handling === 'none') expect(key.note).not.toBe('');
  });

  test('has one row for a key and a client', () => {
    const all = CLIENT_KEYS.flatMap(key => key.who.map(kind => `${kind} ${key.javaKey}`));
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('the real library takes', () => {
  const OIDC = {
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': 'https://127.0.0.1:1/t',
  };
  const tls = (name: string): string => join(fixtures, 'tls', name);
  const pem = (name: string): string => readFileSync(tls(name), 'utf8');
  const SSL = { 'security.protocol': 'SSL' };
  const CASES: [string, ClientKind, Props][] = [
    ['the defaults', 'producer', {}],
    ['the defaults', 'consumer', { 'group.id': 'g' }],
    ['the defaults', 'admin', {}],
    ['acks=1', 'producer', { acks: '1' }],
    ['no idempotence', 'producer', { 'enable.idempotence': 'false', retries: '0' }],
    [
      'the limits of Java',
      'producer',
      {
        'linger.ms': '9999999',
        'buffer.memory': '0',
        'max.request.size': '0',
        'batch.size': '0',
        'request.timeout.ms': '2147483647',
        'retry.backoff.ms': '0',
        'reconnect.backoff.ms': '999999999',
        'metadata.max.age.ms': '0',
        'send.buffer.bytes': '-1',
        'receive.buffer.bytes': '-1',
        'connections.max.idle.ms': '-1',
        'socket.connection.setup.timeout.ms': '1',
        'metadata.recovery.rebootstrap.trigger.ms': '9223372036854775807',
      },
    ],
    [
      'the largest values',
      'producer',
      {
        'metadata.max.age.ms': '9223372036854775807',
        'retry.backoff.ms': '9223372036854775807',
        'max.request.size': '2147483647',
        'batch.size': '2147483647',
        'buffer.memory': '9223372036854775807',
        'connections.max.idle.ms': '9223372036854775807',
      },
    ],
    ['a short delivery', 'producer', { 'delivery.timeout.ms': '30005', 'linger.ms': '5' }],
    ['no delivery time at all', 'producer', { 'delivery.timeout.ms': '0', 'linger.ms': '0', 'request.timeout.ms': '0' }],
    ['zstd', 'producer', { 'compression.type': 'zstd', 'compression.zstd.level': '22' }],
    ['lz4', 'producer', { 'compression.type': 'lz4', 'compression.lz4.level': '17' }],
    ['gzip', 'producer', { 'compression.type': 'gzip', 'compression.gzip.level': '9' }],
    ['snappy', 'producer', { 'compression.type': 'snappy' }],
    ['random partitions', 'producer', { 'partitioner.ignore.keys': 'true' }],
    ['the consumer protocol', 'consumer', { 'group.id': 'g', 'group.protocol': 'CONSUMER', 'group.remote.assignor': 'uniform' }],
    [
      'cooperative groups',
      'consumer',
      {
        'group.id': 'g',
        'group.instance.id': 'i',
        'partition.assignment.strategy': 'org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
      },
    ],
    [
      'tiny fetches',
      'consumer',
      {
        'group.id': 'g',
        'fetch.max.bytes': '0',
        'max.partition.fetch.bytes': '0',
        'fetch.min.bytes': '0',
        'session.timeout.ms': '0',
        'heartbeat.interval.ms': '0',
        'max.poll.interval.ms': '1',
      },
    ],
    [
      'huge fetches',
      'consumer',
      {
        'group.id': 'g',
        'fetch.max.bytes': '2147483647',
        'max.partition.fetch.bytes': '2147483647',
        'fetch.min.bytes': '2147483647',
        'fetch.max.wait.ms': '2147483647',
        'max.poll.interval.ms': '2147483647',
        'session.timeout.ms': '2147483647',
      },
    ],
    ['long waits in short requests', 'consumer', { 'group.id': 'g', 'fetch.max.wait.ms': '30000', 'request.timeout.ms': '10' }],
    [
      'PLAIN',
      'producer',
      { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN', 'sasl.jaas.config': 'M required username="u" password="p";' },
    ],
    [
      'SCRAM',
      'consumer',
      {
        'group.id': 'g',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'SCRAM-SHA-512',
        'sasl.jaas.config': 'M required username="u" password="p";',
      },
    ],
    [
      'unsecured OAUTHBEARER',
      'admin',
      {
        'security.protocol': 'SASL_PLAINTEXT',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.jaas.config': 'M required unsecuredLoginStringClaim_sub="alice";',
      },
    ],
    ['OIDC', 'producer', { ...OIDC, 'sasl.jaas.config': 'M required clientId="c" clientSecret="s" scope="x" extension_a="b";' }],
    [
      'OIDC with an assertion',
      'producer',
      {
        ...OIDC,
        'sasl.oauthbearer.assertion.private.key.file': tls('key.pem'),
        'sasl.oauthbearer.assertion.claim.aud': 'a',
        'sasl.oauthbearer.assertion.claim.iss': 'i',
        'sasl.oauthbearer.assertion.claim.sub': 's',
        'sasl.oauthbearer.assertion.claim.exp.seconds': '60',
        'sasl.oauthbearer.assertion.claim.jti.include': 'true',
        'sasl.oauthbearer.assertion.claim.nbf.seconds': '1',
        'sasl.oauthbearer.assertion.algorithm': 'rs256',
        'sasl.oauthbearer.assertion.private.key.passphrase': 'x',
      },
    ],
    ['TLS without stores', 'admin', SSL],
    [
      'a PEM keystore and truststore',
      'producer',
      {
        ...SSL,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.location': tls('keystore.pem'),
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': tls('cert.pem'),
        'ssl.endpoint.identification.algorithm': '',
      },
    ],
    [
      'an encrypted PEM key',
      'producer',
      { ...SSL, 'ssl.keystore.type': 'PEM', 'ssl.keystore.location': tls('keystore-encrypted.pem'), 'ssl.key.password': 'test-password' },
    ],
    [
      'PEM texts',
      'producer',
      {
        ...SSL,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.key': pem('key-encrypted.pem'),
        'ssl.keystore.certificate.chain': pem('cert.pem'),
        'ssl.key.password': 'test-password',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': pem('cert.pem'),
      },
    ],
    [
      'a PKCS12 keystore and truststore',
      'producer',
      { ...SSL, ...keystoreSettings('client.p12'), ...truststoreSettings('truststore.p12') },
    ],
    [
      'a JKS keystore and truststore',
      'consumer',
      { ...SSL, ...keystoreSettings('client.jks'), 'ssl.key.password': 'key-password', ...truststoreSettings('truststore.jks') },
    ],
    [
      'ciphers',
      'producer',
      {
        ...SSL,
        'ssl.cipher.suites':
          'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_128_CBC_SHA,ECDHE-RSA-AES128-GCM-SHA256,TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
      },
    ],
  ];

  test('all of these', () => {
    const answers = complaints(CASES.map(([, kind, props]) => ({ kind, props })));
    expect(CASES.map(([name, kind], i) => [name, kind, answers[i]])).toEqual(CASES.map(([name, kind]) => [name, kind, []]));
  });

  test('nothing that is wrong: the check checks', () => {
    const settings = { 'security.protocol': 'ssl', 'ssl.key.pem': 'none' };
    expect(askLibrary([{ kind: 'producer', settings }])).toEqual([[expect.stringContaining('ssl.key.pem failed')]]);
  });

  test('every key that the table names', () => {
    const names = new Set([
      ...CLIENT_KEYS.flatMap(key => key.librdkafka),
      ...Object.values(FIXED_SETTINGS).flatMap(fixed => Object.keys(fixed)),
    ]);
    const known = readFileSync(
      join(fixtures, '../../node_modules/@confluentinc/kafka-javascript/deps/librdkafka/CONFIGURATION.md'),
      'utf8',
    );
    for (const name of names) expect([name, new RegExp(`^${name.replaceAll('.', '\\.')} +\\|`, 'm').test(known)]).toEqual([name, true]);
  });

  test('every setting that a translation makes is named in the table', () => {
    for (const [, kind, props] of CASES) {
      const named = new Set([
        ...[...keysOf(kind).values()].flatMap(key => key.librdkafka),
        ...Object.keys(FIXED_SETTINGS[kind]),
        ...UNNAMED,
      ]);
      for (const name of Object.keys(translateClientProps(kind, { ...SERVERS, ...props }).settings))
        expect([name, named.has(name)]).toEqual([name, true]);
    }
  });

  // A consumer's responses may not be smaller than this, so it follows fetch.max.bytes.
  const UNNAMED = ['message.max.bytes'];
});

describe('defaults', () => {
  const defaults = (kind: ClientKind): Props => translateClientProps(kind, SERVERS).settings;

  test('a producer is idempotent, waits without limit and hashes as Java', () => {
    expect(defaults('producer')).toMatchObject({
      'enable.idempotence': 'true',
      'request.required.acks': 'all',
      'message.timeout.ms': '0',
      'max.in.flight.requests.per.connection': '5',
      partitioner: 'murmur2_random',
      'message.max.bytes': '1048576',
      'queue.buffering.max.ms': '5',
      'queue.buffering.max.kbytes': '32768',
      'queue.buffering.max.messages': '100000',
      'batch.size': '1000000',
      'log.queue': 'true',
    });
    expect(maxRequestSizeBytes(defaults('producer'))).toBe(1_048_576);
  });

  test('a consumer reads as Java, from the start, within bounds, and commits nothing by itself', () => {
    expect(defaults('consumer')).toMatchObject({
      'isolation.level': 'read_uncommitted',
      'allow.auto.create.topics': 'true',
      'check.crcs': 'true',
      'auto.offset.reset': 'earliest',
      'partition.assignment.strategy': 'range',
      'enable.auto.commit': 'false',
      'enable.auto.offset.store': 'false',
      'queued.max.messages.kbytes': '16384',
      'fetch.max.bytes': '16777216',
    });
    expect(translateClientProps('consumer', SERVERS)).toMatchObject({ maxPollRecords: 500, defaultApiTimeoutMs: 60_000, warnings: [] });
  });

  test('the refresh of metadata follows metadata.max.age.ms', () => {
    const { settings } = translateClientProps('consumer', { 'metadata.max.age.ms': '1000' });
    expect(settings).toMatchObject({ 'topic.metadata.refresh.interval.ms': '1000', 'metadata.max.age.ms': '3000' });
  });

  test('no default is worth a warning', () => {
    for (const kind of KINDS) expect(translateClientProps(kind, SERVERS).warnings).toEqual([]);
    for (const kind of KINDS) {
      for (const key of keysOf(kind).values()) {
        if (key.javaDefault === null || key.ownDefault !== undefined || key.javaKey === 'partition.assignment.strategy') continue;
        expect([key.javaKey, translateClientProps(kind, { [key.javaKey]: key.javaDefault }).warnings]).toEqual([key.javaKey, []]);
      }
    }
  });
});

describe('order without idempotence', () => {
  test.each([
    [{ acks: '1' }, 'false', '1'],
    [{ acks: '-1' }, 'true', '5'],
    [{ 'enable.idempotence': 'false' }, 'false', '1'],
    [{ 'enable.idempotence': 'false', 'max.in.flight.requests.per.connection': '3' }, 'false', '3'],
    [{ 'max.in.flight.requests.per.connection': '1' }, 'true', '1'],
    [{ 'max.in.flight.requests.per.connection': '10' }, 'false', '10'],
    [{ retries: '0' }, 'false', '1'],
  ] as [Props, string, string][])('%j: idempotent %s, in flight %s', (props, idempotent, inFlight) => {
    expect(translateClientProps('producer', props).settings).toMatchObject({
      'enable.idempotence': idempotent,
      'max.in.flight.requests.per.connection': inFlight,
    });
  });
});

describe('Java checks', () => {
  interface CheckCase {
    readonly kind: ClientKind;
    readonly props: Props;
    readonly error: string | null;
  }
  const cases = JSON.parse(readFileSync(join(fixtures, 'vectors/kafka/client-config-checks.json'), 'utf8')) as CheckCase[];

  test.each(cases)('$kind $props', ({ kind, props, error }) => {
    const translate = (): unknown => translateClientProps(kind, props);
    if (error === null) expect(translate).not.toThrow();
    else expect(translate).toThrow(expect.objectContaining({ code: 'ConfigException', message: error }));
  });
});

describe('warnings', () => {
  const CASES: [ClientKind, Props, RegExp][] = [
    ['producer', { 'linger.mss': '5' }, /^producer setting linger\.mss has no effect: a Kafka producer has no such setting$/],
    ['producer', { 'group.id': 'g' }, /no such setting/],
    ['producer', { 'interceptor.classes': 'com.example.Audit' }, /interceptor\.classes has no effect: it names Java classes/],
    ['producer', { 'key.serializer': 'com.example.Mine' }, /key\.converter/],
    ['producer', { 'partitioner.class': 'com.example.Mine' }, /com\.example\.Mine is a Java class/],
    ['producer', { 'partitioner.class': 'org.apache.kafka.clients.producer.RoundRobinPartitioner' }, /no round robin/],
    ['producer', { 'transactional.id': 't' }, /transactional\.id has no effect/],
    ['producer', { acks: '1' }, /turn idempotence off/],
    ['producer', { 'linger.ms': '1000000' }, /linger\.ms: librdkafka takes 0 to 900000, so 900000 is used/],
    ['producer', { 'compression.type': 'zstd', 'compression.zstd.level': '19' }, /-1 to 12, so 12/],
    ['producer', { 'ssl.enabled.protocols': 'TLSv1.3' }, /ssl\.enabled\.protocols has no effect/],
    ['consumer', { 'enable.auto.commit': 'true' }, /the worker commits/],
    ['consumer', { 'auto.offset.reset': 'by_duration:P1D' }, /cannot start at a duration/],
    [
      'consumer',
      { 'partition.assignment.strategy': 'org.apache.kafka.clients.consumer.StickyAssignor' },
      /librdkafka has no .*StickyAssignor/,
    ],
    [
      'consumer',
      {
        'partition.assignment.strategy':
          'org.apache.kafka.clients.consumer.RangeAssignor,org.apache.kafka.clients.consumer.CooperativeStickyAssignor',
      },
      /does not mix/,
    ],
    ['consumer', { 'group.remote.assignor': 'uniform' }, /group\.protocol=consumer only/],
    ['consumer', { 'max.poll.interval.ms': '1000' }, /no less than session\.timeout\.ms, so 45000/],
    ['admin', { 'metric.reporters': 'x' }, /metrics of the Java client/],
    ['admin', { 'bootstrap.controllers': 'x:1' }, /not to controllers/],
  ];
  test.each(CASES)('%s %j', (kind, props, warning) => {
    expect(translateClientProps(kind, props).warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('what Connect sets itself is none', () => {
    const serializer = 'org.apache.kafka.common.serialization.ByteArraySerializer';
    expect(translateClientProps('producer', { 'key.serializer': serializer }).warnings).toEqual([]);
    expect(translateClientProps('consumer', { 'enable.auto.commit': 'false' }).warnings).toEqual([]);
  });
});
