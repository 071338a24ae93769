import { once } from 'node:events';
import type net from 'node:net';
import type { Herder } from '../../../src/herder/herder';
import { type LogEntry, setLogSink } from '../../../src/log';
import { HTTP_LIMITS } from '../../../src/rest/http/http-limits';
import { RestServer, type RestServerOptions } from '../../../src/rest/http/server';
import type { Chunk, ReplyStream, Route } from '../../../src/rest/route';
import type { PluginConfigs } from '../../../src/rest/routes/plugins';
import { FakeWorld } from '../../helpers/fakes/herder-fakes';
import { connect, exchange } from '../../helpers/processes/raw-client';
import { waitFor } from '../../helpers/wait-for';

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const LIMITS = { ...HTTP_LIMITS, maxStreams: 3, stallMs: 60_000 };

/** What became of the streams of a test. */
let counts: { opened: number; pulled: number; closed: number };
let log: LogEntry[];
let herder: Herder;
let rest: RestServer | undefined;

beforeAll(async () => {
  herder = await new FakeWorld().started();
});
beforeEach(() => {
  counts = { opened: 0, pulled: 0, closed: 0 };
  log = [];
  setLogSink(entry => log.push(entry));
});
afterEach(async () => {
  await rest?.stop();
  rest = undefined;
  setLogSink(() => {});
});
afterAll(() => herder.stop());

/** A stream that counts what is asked of it. */
function counted(chunks: (signal: AbortSignal) => AsyncIterable<Chunk>): ReplyStream {
  return async function* (signal) {
    counts.opened++;
    try {
      for await (const chunk of chunks(signal)) {
        counts.pulled++;
        yield chunk;
      }
    } finally {
      counts.closed++;
    }
  };
}

function route(path: string, chunks: (signal: AbortSignal) => AsyncIterable<Chunk>): Route {
  return {
    method: 'GET',
    path,
    summary: 'A stream for tests.',
    replies: { 200: { mediaType: 'application/x-ndjson', description: 'Lines.', isStream: true } },
    handle: () => ({ status: 200, body: counted(chunks), headers: { 'x-own': 'yes' } }),
  };
}

const never = (signal: AbortSignal): Promise<unknown> => once(signal, 'abort');

const ROUTES: readonly Route[] = [
  route('/short', async function* () {
    yield 'one\n';
    yield Buffer.from('zwö\n');
    yield '';
    yield 'three\n';
  }),
  route('/endless', async function* () {
    for (;;) yield CHUNK;
  }),
  route('/live', async function* (signal) {
    yield 'first\n';
    await never(signal);
  }),
  // biome-ignore lint/correctness/useYield: it never comes to that
  route('/silent', async function* (signal) {
    await never(signal);
  }),
  route('/deaf', async function* () {
    yield 'first\n';
    await new Promise(() => {});
  }),
  route('/broken', async function* () {
    yield 'first\n';
    throw new Error('out of lines');
  }),
  route('/not-opened', () => {
    throw new Error('no lines at all');
  }),
  {
    method: 'GET',
    path: '/text',
    summary: '',
    replies: { 200: { mediaType: 'text/plain; version=0.0.4', description: '' } },
    handle: () => ({ status: 200, body: 'zwö 2\n' }),
  },
  {
    method: 'GET',
    path: '/bytes',
    summary: '',
    replies: { 200: { mediaType: 'application/octet-stream', description: '' } },
    handle: () => ({ status: 200, body: Uint8Array.of(0, 255, 10) }),
  },
  { method: 'GET', path: '/undeclared', summary: '', replies: {}, handle: () => ({ status: 200 }) },
];

async function open(options: Partial<RestServerOptions> = {}): Promise<number> {
  rest = await RestServer.open({
    listeners: ['http://127.0.0.1:0'],
    adminListeners: null,
    advertised: {},
    limits: LIMITS,
    routes: () => ({ main: ROUTES, admin: [] }),
    ...options,
  });
  await rest.initializeResources({ herder, pluginConfigs: {} as PluginConfigs, onLogLevel: () => {} });
  return rest.advertised.port;
}

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;

/** A connection on which a stream has begun. */
async function streaming(port: number, path: string): Promise<net.Socket> {
  const socket = await connect(port);
  socket.on('error', () => undefined);
  socket.write(get(path));
  const [head] = await once(socket, 'data');
  expect(String(head)).toMatch(/^HTTP\/1\.1 200 /);
  return socket;
}

const closed = (many: number): Promise<true> => waitFor(`${many} streams that have closed`, () => counts.closed === many);

describe('a reply', () => {
  test('that is text or bytes has the content type of its route, and a length', async () => {
    const port = await open();
    const text = await exchange(port, get('/text', 'Connection: close\r\n'));
    expect(text.text).toMatch(/\r\ncontent-type: text\/plain; version=0\.0\.4\r\ncontent-length: 7\r\n[\s\S]*\r\n\r\nzwö 2\n$/);
    const bytes = await (await fetch(`http://127.0.0.1:${port}/bytes`)).arrayBuffer();
    expect([...new Uint8Array(bytes)]).toEqual([0, 255, 10]);
  });

  test('for which a client has no use is 406; one that no route declares is 500 and in the log', async () => {
    const port = await open();
    const status = async (path: string, accept: string) => (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { accept } })).status;
    expect(await status('/text', 'application/json')).toBe(406);
    expect(await status('/text', 'text/*')).toBe(200);
    expect(await status('/short', 'application/json')).toBe(406);
    expect(await status('/undeclared', '*/*')).toBe(500);
    expect(log.filter(({ level }) => level === 'ERROR')).toHaveLength(1);
  });
});

describe('a stream', () => {
  test('arrives whole, piece by piece, with the headers of its route; the log has its line', async () => {
    const { text, statuses } = await exchange(await open(), get('/short', 'User-Agent: test/1\r\n'));
    expect(statuses).toEqual([200]);
    expect(text).toMatch(/\r\nx-own: yes\r\ncontent-type: application\/x-ndjson\r\nconnection: close\r\n/);
    expect(text).toMatch(/\r\n\r\n4\r\none\n\r\n5\r\nzwö\n\r\n6\r\nthree\n\r\n0\r\n\r\n$/);
    expect(counts).toEqual({ opened: 1, pulled: 4, closed: 1 });
    const lines = log.filter(({ message }) => message.includes('"GET /short HTTP/1.1" 200 15 "" "test/1"'));
    expect(lines).toHaveLength(1);
  });

  test('has its head and its first chunk before there is a second one, or any', async () => {
    const port = await open();
    const socket = await streaming(port, '/live');
    await waitFor('the first chunk', () => counts.pulled === 1);
    const silent = await streaming(port, '/silent');
    expect(counts).toEqual({ opened: 2, pulled: 1, closed: 0 });
    socket.destroy();
    silent.destroy();
    await closed(2);
  });

  test('is not opened for HEAD', async () => {
    const { text } = await exchange(await open(), get('/endless').replace('GET', 'HEAD'));
    expect(text).toMatch(
      /^HTTP\/1\.1 200 OK\r\nx-own: yes\r\ncontent-type: application\/x-ndjson\r\nconnection: close\r\n[\s\S]*\r\n\r\n$/,
    );
    expect(counts.opened).toBe(0);
    expect(log.filter(({ message }) => message.includes('"HEAD /endless HTTP/1.1" 200 0'))).toHaveLength(1);
  });

  test('of which one breaks has no end, so that nobody takes it for whole; others go on', async () => {
    const port = await open();
    for (const path of ['/broken', '/not-opened']) {
      const { text, statuses } = await exchange(port, get(path));
      expect([statuses, text.endsWith('0\r\n\r\n')]).toEqual([[200], false]);
    }
    const errors = log.filter(({ level }) => level === 'ERROR').map(({ message, trace }) => `${message} ${trace}`);
    expect(errors).toEqual([
      expect.stringMatching(/^The stream of \/broken broke [\s\S]*out of lines/),
      expect.stringMatching(/^The stream of \/not-opened broke [\s\S]*no lines at all/),
    ]);
    expect((await exchange(port, get('/short'))).text).toMatch(/0\r\n\r\n$/);
  });

  test('goes to a client of HTTP/1.0 until the connection ends', async () => {
    const { text } = await exchange(await open(), 'GET /short HTTP/1.0\r\n\r\n');
    expect(text).toMatch(/\r\n\r\none\nzwö\nthree\n$/);
  });
});

describe('a slow reader', () => {
  test('holds up its stream and costs no memory: as much is made as it takes', async () => {
    const port = await open();
    const rssBefore = process.memoryUsage().rss;
    const socket = await streaming(port, '/endless');
    socket.pause();
    // what the system takes on both sides of the connection
    let pulled = -1;
    const isSettled = (): boolean => {
      const before = pulled;
      pulled = counts.pulled;
      return pulled === before;
    };
    await waitFor('a stream that waits', isSettled, { everyMs: 200 });
    await new Promise(resolve => setTimeout(resolve, 300));
    expect(counts.pulled).toBe(pulled);
    expect(pulled * CHUNK.length).toBeLessThan(32 * 1024 * 1024);
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(100 * 1024 * 1024);
    socket.resume();
    await waitFor('more when it reads on', () => counts.pulled > pulled + 100);
    socket.destroy();
    await closed(1);
  });

  test('that reads nothing for too long is let go; one for whom there is nothing is not', async () => {
    const port = await open({ limits: { ...LIMITS, stallMs: 300 } });
    const patient = await streaming(port, '/live');
    const ended = once(patient, 'close');
    const stuck = await streaming(port, '/endless');
    stuck.pause();
    await closed(1);
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(counts).toMatchObject({ opened: 2, closed: 1 });
    expect(patient.closed).toBe(false);
    patient.destroy();
    await ended;
    await closed(2);
    stuck.destroy();
  });
});

describe('a client that vanishes', () => {
  test.each<[string, string, (socket: net.Socket) => unknown]>([
    ['says goodbye', '/live', socket => socket.end()],
    ['hangs up', '/live', socket => socket.destroy()],
    ['breaks off', '/live', socket => socket.resetAndDestroy()],
    ['breaks off while much is on its way', '/endless', socket => socket.pause().resetAndDestroy()],
    ['hangs up before anything has come', '/silent', socket => socket.destroy()],
    ['sends what is no HTTP', '/live', socket => socket.write('\0\0\r\n\r\n')],
  ])('and %s ends its stream; its line is in the log', async (_, path, leave) => {
    const socket = await streaming(await open(), path);
    leave(socket);
    await closed(1);
    await waitFor('a line', () => log.some(({ message }) => message.includes(`"GET ${path} HTTP/1.1" 200`)));
    expect(log.filter(({ level }) => level === 'ERROR' || level === 'WARN')).toEqual([]);
    socket.destroy();
  });

  test('leaves room for others, whatever the route does', async () => {
    const port = await open();
    for (let i = 0; i < 5; i++) {
      const sockets = await Promise.all(['/live', '/deaf', '/endless'].map(path => streaming(port, path)));
      for (const socket of sockets) socket.destroy();
      await waitFor('room', async () => (await exchange(port, get('/short'))).statuses[0] === 200);
    }
  });

  test('with more requests behind its stream ends with all of them', async () => {
    const port = await open();
    const socket = await connect(port);
    socket.write(`${get('/live')}${get('/live')}${get('/short')}`);
    await waitFor('the stream', () => counts.opened === 1);
    expect((await exchange(port, get('/short'))).statuses).toEqual([200]);
    socket.destroy();
    await closed(2);
    expect(counts.opened).toBe(2);
  });
});

describe('the number of streams', () => {
  test('is bounded over all listeners; other routes are served', async () => {
    const port = await open();
    const sockets = await Promise.all([1, 2, 3].map(() => streaming(port, '/live')));
    const refused = await exchange(port, get('/short', 'Connection: close\r\n'));
    expect([refused.statuses, refused.json]).toEqual([
      [503],
      { error_code: 503, message: '3 streams are open, and there may not be more. Close one, or try again later' },
    ]);
    expect((await exchange(port, get('/text', 'Connection: close\r\n'))).statuses).toEqual([200]);
    sockets[0]?.destroy();
    await closed(1);
    expect((await exchange(port, get('/short'))).statuses).toEqual([200]);
    for (const socket of sockets) socket.destroy();
    await closed(4);
  });
});

describe('who may read a stream', () => {
  test('is asked as everywhere: password, host, origin', async () => {
    const port = await open({
      authentication: { challenges: ['Bearer'], allows: async (_, authorization) => authorization === 'Bearer x' },
    });
    expect((await exchange(port, get('/short', 'Connection: close\r\n'))).statuses).toEqual([401]);
    expect((await exchange(port, get('/short', 'Authorization: Bearer x\r\n'))).statuses).toEqual([200]);
    await rest?.stop();
    const named = await open({ hosts: [] });
    expect((await exchange(named, get('/short', 'Connection: close\r\n').replace('localhost', 'evil.example'))).statuses).toEqual([421]);
    expect((await exchange(named, get('/short', 'Origin: http://evil.example\r\n'))).text).not.toContain('access-control');
    expect(counts.opened).toBe(2);
  });
});

describe('a stop of the worker', () => {
  test('ends streams at once and whole, whatever the route does', async () => {
    const port = await open();
    const answers = ['/live', '/silent', '/deaf'].map(path => exchange(port, get(path)));
    await waitFor('the streams', () => counts.opened === 3);
    const startedMs = performance.now();
    await rest?.stop();
    expect(performance.now() - startedMs).toBeLessThan(700);
    for (const { text } of await Promise.all(answers)) expect(text).toMatch(/\r\n0\r\n\r\n$/);
    expect(counts.closed).toBe(2);
  });

  test('does not wait for one who does not read', async () => {
    const socket = await streaming(await open(), '/endless');
    socket.pause();
    const startedMs = performance.now();
    await rest?.stop();
    expect(performance.now() - startedMs).toBeLessThan(2000);
    await closed(1);
    socket.destroy();
  });
});

test('a stream of very many chunks leaves no listeners and no memory behind', async () => {
  const many: Route = route('/many', async function* () {
    for (let i = 0; i < 200_000; i++) yield 'x';
  });
  const warnings: Error[] = [];
  const onWarning = (warning: Error): void => void warnings.push(warning);
  process.on('warning', onWarning);
  const port = await open({ routes: () => ({ main: [many], admin: [] }) });
  const response = await fetch(`http://127.0.0.1:${port}/many`);
  expect((await response.text()).length).toBe(200_000);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});
