import { gzipSync } from 'node:zlib';
import type { Herder } from '../../src/herder/herder';
import { setLogSink } from '../../src/log';
import { MAX_BODY_BYTES } from '../../src/rest/http/body-reader';
import { HTTP_LIMITS } from '../../src/rest/http/http-limits';
import { RestServer } from '../../src/rest/http/server';
import { FakeWorld, SOURCE } from '../helpers/fakes/herder-fakes';
import { connect, exchange, type RawAnswer } from '../helpers/processes/raw-client';

const LIMITS = { ...HTTP_LIMITS, headMs: 800, requestMs: 1200, idleMs: 1000 };

let herder: Herder;
let rest: RestServer;
let port: number;

beforeAll(async () => {
  herder = await new FakeWorld().started();
  rest = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {}, limits: LIMITS });
  rest.initializeResources({
    herder,
    pluginConfigs: { describe: () => [], validate: async () => ({}) },
    onLogLevel: () => {},
  });
  port = rest.advertised.port;
});
afterAll(async () => {
  await rest.stop();
  await herder.stop();
});

// Whatever a test has sent: nothing was created, and others are served at once.
afterEach(async () => {
  const { statuses, json, elapsedMs } = await exchange(port, request('GET', '/connectors'));
  expect([statuses, json]).toEqual([[200], []]);
  expect(elapsedMs).toBeLessThan(2000);
});

interface Parts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

function request(method: string, path: string, { headers = {}, body = '' }: Parts = {}): Buffer {
  const bytes = Buffer.from(body);
  const all = { Host: 'x', Connection: 'close', ...(bytes.length > 0 ? { 'Content-Length': String(bytes.length) } : {}), ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n`), bytes]);
}

const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<RawAnswer> =>
  exchange(port, request('POST', '/connectors', { body, headers: { 'Content-Type': 'application/json', ...headers } }));

function expectRefused({ statuses, json }: RawAnswer, status: number, message?: string | RegExp): void {
  expect(statuses).toEqual([status]);
  expect(json).toEqual({ error_code: status, message: message ? expect.stringMatching(message) : expect.stringMatching(/./) });
}

describe('what is no HTTP', () => {
  test.each([
    ['garbage', 'no http at all\r\n\r\n', 405],
    ['a TLS greeting', Buffer.from('160301020001000001fc0303', 'hex'), 405],
    ['an unknown method', 'BREW /connectors HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['a method in small letters', 'get / HTTP/1.1\r\nHost: x\r\n\r\n', 405],
    ['another version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['a blank in the path', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n', 400],
    ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n', 400],
    ['two lengths', 'POST /connectors HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
    [
      'a length and chunks',
      'POST /connectors HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a negative length', 'POST /connectors HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', 400],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n', 417],
  ])('%s: an answer in JSON, and the connection ends', async (_, bytes, status) => expectRefused(await exchange(port, bytes), status));

  test.each([
    ['one header of 1 MiB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(1 << 20)}\r\n\r\n`],
    ['100,000 headers', `GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(100_000)}\r\n`],
    ['a path of 1 MiB', `GET /${'a'.repeat(1 << 20)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s: 431', async (_, bytes) => expectRefused(await exchange(port, bytes), 431));

  test.each(['GET / HT', 'POST /connectors HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name":'])(
    'cut off: %j',
    async bytes => {
      const { statuses } = await exchange(port, bytes, { end: true });
      expect(statuses.filter(status => status !== 400)).toEqual([]);
    },
  );
});

describe('bodies', () => {
  test('100 MB announced: 413 before any of it is sent', async () => {
    const answer = await exchange(
      port,
      request('POST', '/connectors', { headers: { 'Content-Type': 'application/json', 'Content-Length': '104857600' } }),
    );
    expectRefused(answer, 413);
  });

  test('100 MB sent by a client that looks for no answer before its end: it gets one', async () => {
    const size = 100 * 1024 * 1024;
    const head = request('POST', '/connectors', { headers: { 'Content-Type': 'application/json', 'Content-Length': String(size) } });
    const { statuses, elapsedMs } = await exchange(port, Buffer.concat([head, Buffer.alloc(size, 'x')]), { end: true });
    expect(statuses).toEqual([413]);
    expect(elapsedMs).toBeLessThan(10_000);
  });

  test('chunks without end: 413 after the limit', async () => {
    const head = request('POST', '/connectors', { headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } });
    const chunk = `100000\r\n${'x'.repeat(1 << 20)}\r\n`;
    const { statuses } = await exchange(port, Buffer.concat([head, Buffer.from(chunk.repeat(4))]), {
      trickle: { bytes: chunk, everyMs: 50 },
    });
    expect(statuses).toEqual([413]);
  });

  test('the largest one is read', async () => {
    const frame = '{"name":"x","config":{"a":""}}';
    expectRefused(await post(frame.replace('""', `"${'x'.repeat(MAX_BODY_BYTES - frame.length)}"`)), 400, /contains no connector type$/);
    expectRefused(await post(frame.replace('""', `"${'x'.repeat(MAX_BODY_BYTES - frame.length + 1)}"`)), 413);
  });

  test.each([
    ['100,000 lists in each other', '['.repeat(100_000)],
    ['100,000 objects in each other', '{"a":'.repeat(100_000)],
    ['a string of escapes', `"${'\\u0041'.repeat(300_000)}"`],
    ['a number of a million digits', `{"name":"x","config":{"a":${'9'.repeat(1_000_000)}}}`],
    ['half a million items', `{"name":"x","config":[${'1,'.repeat(500_000)}1]}`],
    ['a string without end', `{"name":"${'x'.repeat(1_000_000)}`],
    ['no UTF-8', Buffer.from('{"name":"\xff"}', 'latin1')],
    ['UTF-16', Buffer.from('{"name":"x","config":{}}', 'utf16le')],
    ['a null byte', '{"name":"x\0"}'],
    ['half an escape', '{"name":"\\u12"}'],
    ['two values', '{}{}'],
    ['keys of Object.prototype', '{"__proto__":{"name":"x"},"constructor":{"prototype":{"name":"y"}}}'],
    ['settings with such names', '{"name":"x","config":{"__proto__":"1","constructor":"2","toString":"3"}}'],
  ])('%s: 400, soon', async (_, body) => {
    const answer = await post(body);
    expectRefused(answer, 400);
    expect(answer.elapsedMs).toBeLessThan(3000);
  });

  test('of equal keys the last counts, as in Java; a byte order mark does no harm', async () => {
    expectRefused(await post('{"name":"x","name":"y","config":{"name":"z"}}'), 400, /configuration \(z\) .* in the URL \(y\)$/);
    expectRefused(await post('\ufeff{"name":"x","config":{}}'), 400, /contains no connector type$/);
  });

  test('keys of Object.prototype are settings like others', async () => {
    const config = `{"connector.class":"${SOURCE}","__proto__":"1","constructor":"2"}`;
    const answer = await post(`{"name":"__proto__","config":${config}}`);
    expect(answer.statuses).toEqual([201]);
    expect(JSON.stringify(answer.json)).toContain('"__proto__":"1","constructor":"2","name":"__proto__"');
    expect((await exchange(port, request('DELETE', '/connectors/__proto__'))).statuses).toEqual([204]);
    expect(({} as { name?: unknown }).name).toBeUndefined();
  });

  test.each(['gzip', 'deflate', 'br', 'gzip, identity'])('packed as %s: 415', async encoding =>
    expectRefused(await post(gzipSync('{"name":"x","config":{}}'), { 'Content-Encoding': encoding }), 415),
  );

  test('a type that says nothing is fine where no body is read, and 415 where one is', async () => {
    for (const type of [{}, { 'Content-Type': '*/*' }]) {
      expectRefused(await exchange(port, request('PUT', '/connectors/x/pause', { body: 'y', headers: type })), 404);
      expectRefused(await exchange(port, request('PUT', '/connectors/x/config', { body: '{}', headers: type })), 415);
    }
    expectRefused(
      await exchange(port, request('PUT', '/connectors/x/pause', { body: 'y', headers: { 'Content-Type': 'text/plain' } })),
      415,
    );
  });
});

describe('slow clients', () => {
  test('a head that trickles: 408', async () => {
    const answer = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\n', { trickle: { bytes: 'A: b\r\n', everyMs: 50 } });
    expectRefused(answer, 408);
    expect(answer.elapsedMs).toBeLessThan(LIMITS.headMs * 5);
  });

  test('a body that trickles: 408', async () => {
    const head = request('POST', '/connectors', { headers: { 'Content-Type': 'application/json', 'Content-Length': '1000' } });
    const answer = await exchange(port, head, { trickle: { bytes: ' ', everyMs: 50 } });
    expectRefused(answer, 408);
    expect(answer.elapsedMs).toBeLessThan(LIMITS.requestMs * 5);
  });

  test('2000 connections that say nothing: others are served, then they are closed', async () => {
    const sockets: Awaited<ReturnType<typeof connect>>[] = [];
    // Not all at once: the kernel forgets those that its queue has no room for.
    while (sockets.length < 2000) sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => connect(port)))));
    const closed = sockets.map(
      socket =>
        new Promise<void>(resolve => {
          if (socket.closed) resolve();
          socket.on('close', () => resolve()).resume();
        }),
    );
    expect((await exchange(port, request('GET', '/'))).statuses).toEqual([200]);
    await Promise.all(closed);
  });
});

test('a client that asks and asks and reads no answers costs no memory without end', async () => {
  const server = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {} });
  server.initializeResources({ herder, pluginConfigs: { describe: () => [], validate: async () => ({}) }, onLogLevel: () => {} });
  const before = process.memoryUsage().rss;
  const socket = await connect(server.advertised.port);
  socket.on('error', () => undefined).pause();
  const many = 'GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000);
  // More than the kernel keeps; 12 GB of answers, if anybody wrote them.
  for (let i = 0; i < 400; i++) socket.write(many);
  await new Promise(resolve => setTimeout(resolve, 2000));
  const unsent = socket.writableLength;
  const grown = process.memoryUsage().rss - before;
  socket.destroy();
  await server.stop();
  expect(unsent).toBeGreaterThan(0);
  expect(grown).toBeLessThan(200 * 1024 * 1024);
});

test('many clients that each ask for much in one packet and read nothing cost little', async () => {
  const before = process.memoryUsage().rss;
  const many = 'GET /connectors?expand=info HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(1000);
  const config = {
    'connector.class': SOURCE,
    ...Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`setting${i}`, 'x'.repeat(50)])),
  };
  expect((await post(JSON.stringify({ name: 'large', config }))).statuses).toEqual([201]);
  const sockets = await Promise.all(Array.from({ length: 20 }, () => connect(port)));
  for (const socket of sockets)
    socket
      .on('error', () => undefined)
      .pause()
      .write(many);
  await new Promise(resolve => setTimeout(resolve, 3000));
  const grown = process.memoryUsage().rss - before;
  for (const socket of sockets) socket.destroy();
  expect((await exchange(port, request('DELETE', '/connectors/large'))).statuses).toEqual([204]);
  // 20,000 replies of 66 KB, if all were made at once
  expect(grown).toBeLessThan(250 * 1024 * 1024);
});

describe('what is no HTTP behind a request', () => {
  const whole = `GET /connectors/none HTTP/1.1\r\nHost: x\r\n\r\n`;

  test.each([
    ['garbage', 'no http at all\r\n\r\n'],
    ['a head that is too long', `GET / HTTP/1.1\r\nA: ${'b'.repeat(20_000)}\r\n\r\n`],
    ['a body of two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
  ])('%s: the request has its own reply, and the connection ends', async (_, garbage) => {
    const { statuses, text } = await exchange(port, `${whole}${garbage}`);
    expect([statuses, text]).toEqual([[404], expect.stringMatching(/Connection: close[\s\S]*Connector none not found"}$/)]);
  });

  test('the last one of a connection: so has that, as if nothing had come', async () => {
    const { statuses } = await exchange(port, `${request('GET', '/connectors/none')}${whole}`);
    expect(statuses).toEqual([404]);
  });

  test('in the body of a request: 400', async () => {
    const head = request('POST', '/connectors', { headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' } });
    expectRefused(await exchange(port, Buffer.concat([head, Buffer.from('2\r\n{}\r\nxyz\r\n')])), 400);
  });
});

test('who asks whether to send a body is refused by the head alone', async () => {
  const ask = (path: string, headers: Record<string, string>) =>
    exchange(port, request('POST', path, { headers: { Expect: '100-continue', 'Content-Length': '2', ...headers } }));
  const json = { 'Content-Type': 'application/json' };
  expect((await ask('/nope', json)).statuses).toEqual([404]);
  expect((await ask('/connectors', { 'Content-Type': 'text/plain' })).statuses).toEqual([415]);
  expect((await ask('/connectors', { ...json, 'Content-Length': '104857600' })).statuses).toEqual([413]);
  const wanted = request('POST', '/connectors', { body: '{}', headers: { ...json, Expect: '100-continue' } });
  expect((await exchange(port, wanted)).statuses).toEqual([100, 400]);
});

test('requests on one connection are answered in their order', async () => {
  const paths = Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? '/connectors' : `/connectors/c${i}`));
  const bytes = paths.map(path => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join('');
  const { statuses, text } = await exchange(port, `${bytes}GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  expect(statuses).toEqual([...paths.map((_, i) => (i % 2 === 0 ? 200 : 404)), 200]);
  expect([...text.matchAll(/Connector (c\d+) not found/g)].map(([, name]) => name)).toEqual(
    paths.map(path => path.slice(12)).filter(Boolean),
  );
});

test('more connections than the limit are closed, and the rest is served; the log says so once', async () => {
  const lines: string[] = [];
  setLogSink(({ level, message }) => void (level === 'WARN' && lines.push(message)));
  const small = await RestServer.open({
    listeners: ['http://127.0.0.1:0'],
    adminListeners: [],
    advertised: {},
    limits: { ...LIMITS, headMs: 60_000, requestMs: 60_000, maxConnections: 3 },
  });
  const sockets = await Promise.all([1, 2, 3].map(() => connect(small.advertised.port)));
  const { statuses, elapsedMs } = await exchange(small.advertised.port, request('GET', '/'));
  expect(statuses).toEqual([]);
  expect(elapsedMs).toBeLessThan(5000);
  for (let i = 0; i < 5; i++) expect((await exchange(small.advertised.port, request('GET', '/'))).statuses).toEqual([]);
  expect(lines).toEqual(['Closed a new connection, since 3 are open']);
  setLogSink(() => {});
  for (const socket of sockets) socket.destroy();
  await small.stop();
});
