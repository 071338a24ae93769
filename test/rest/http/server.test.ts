import http from 'node:http';
import net from 'node:net';
import { ConnectError } from '../../../src/errors';
import type { Herder } from '../../../src/herder/herder';
import { getLogger, type LogEntry, setLogLevel, setLogSink } from '../../../src/log';
import { RestServer, type RestServerOptions } from '../../../src/rest/http/server';
import type { Route } from '../../../src/rest/route';
import { FakeWorld, SINK, SOURCE, settle } from '../../helpers/fakes/herder-fakes';
import { reportOf } from '../../helpers/fakes/task-metrics';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of all shapes are compared
  readonly json: any;
}

const log: LogEntry[] = [];
let world: FakeWorld;
let herder: Herder;
let rest: RestServer;
let port: number;
const levels: string[] = [];

async function open(options: Partial<RestServerOptions> = {}): Promise<RestServer> {
  const server = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {}, ...options });
  server.initializeResources({
    herder,
    pluginConfigs: { describe: plugin => [plugin.className], validate: async config => ({ checked: config }) },
    onLogLevel: (logger, level) => void levels.push(`${logger}=${level}`),
  });
  return server;
}

beforeAll(async () => {
  setLogSink(entry => void log.push(entry));
  world = new FakeWorld();
  herder = await world.started();
  rest = await open();
  port = rest.advertised.port;
});
afterAll(async () => {
  await rest.stop();
  await herder.stop();
  setLogSink(() => {});
});

function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}, to = port): Promise<Answer> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const all =
    payload === undefined
      ? headers
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(payload)), ...headers };
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: to, method, path, headers: all, agent: false }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        let json: unknown;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
}

let serial = 0;
const unique = (): string => `c${serial++}`;
const source = (more = {}) => ({ 'connector.class': SOURCE, ...more });
async function create(more = {}, extra = {}): Promise<string> {
  const name = unique();
  expect((await call('POST', '/connectors', { name, config: source(more), ...extra })).status).toBe(201);
  return name;
}
function expectError(answer: Answer, status: number, message?: string | RegExp): void {
  expect(answer.json).toEqual({
    error_code: status,
    message:
      message === undefined
        ? expect.any(String)
        : expect.stringMatching(typeof message === 'string' ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : message),
  });
  expect(answer.status).toBe(status);
}

describe('root and health', () => {
  test('GET /', async () => {
    const { status, json, headers } = await call('GET', '/');
    expect([status, json]).toEqual([200, { version: '4.3.0', commit: expect.stringMatching(/./), kafka_cluster_id: 'cluster' }]);
    expect(headers['content-type']).toBe('application/json');
  });

  test('503 until the connectors of the command line are there', async () => {
    const starting = await call('GET', '/health');
    expect([starting.status, starting.json]).toEqual([503, { status: 'starting', message: 'Worker is still starting up.' }]);
    herder.setReady();
    const { status, json } = await call('GET', '/health');
    expect(status).toBe(200);
    expect(json).toEqual({ status: 'healthy', message: 'Worker has completed startup and is ready to handle requests.' });
  });
});

describe('general rules', () => {
  test.each([
    ['GET', '/nope'],
    ['POST', '/connectors/x/nope'],
    ['GET', '/connectors/x/tasks-config'],
    ['GET', '/connectors/x/tasks/abc/status'],
    ['GET', '/connectors/x/tasks/1.5/status'],
    ['GET', '/connectors/x/tasks/2147483648/status'],
    ['POST', '/connectors/x/tasks//restart'],
  ])('%s %s: 404', async (method, path) => expectError(await call(method, path), 404, 'HTTP 404 Not Found'));

  test.each([
    ['DELETE', '/connectors'],
    ['PUT', '/'],
    ['GET', '/connectors/x/pause'],
    ['POST', '/connectors/x/config/'],
    ['PATCH', '/connector-plugins?a=b'],
  ])('%s %s: 405, and what is allowed', async (method, path) => {
    const answer = await call(method, path);
    expectError(answer, 405, 'HTTP 405 Method Not Allowed');
    expect(String(answer.headers.allow).split(',')).toContain('OPTIONS');
    expect(String(answer.headers.allow).split(',')).not.toContain(method);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'text/json', 'nonsense'])('%s: 415', async type =>
    expectError(await call('POST', '/connectors', '{}', { 'Content-Type': type }), 415, 'HTTP 415 Unsupported Media Type'),
  );

  test('404 and 405 come before 415', async () => {
    expectError(await call('POST', '/nope', 'x', { 'Content-Type': 'text/plain' }), 404);
    expectError(await call('DELETE', '/connectors', 'x', { 'Content-Type': 'text/plain' }), 405);
  });

  test.each(['text/plain', 'text/*', 'application/json;q=0'])('Accept %s: 406', async accept =>
    expectError(await call('GET', '/connectors', undefined, { Accept: accept }), 406, 'HTTP 406 Not Acceptable'),
  );

  test.each(['*/*', 'application/json', 'text/html, */*;q=0.1', 'application/*', ''])('Accept %p is fine', async accept =>
    expect((await call('GET', '/connectors', undefined, { Accept: accept })).status).toBe(200),
  );

  test('a charset in the content type is fine', async () => {
    const answer = await call(
      'POST',
      '/connectors',
      { name: unique(), config: source() },
      { 'Content-Type': 'application/json; charset=utf-8' },
    );
    expect(answer.status).toBe(201);
  });

  test('a slash at the end', async () => expect((await call('GET', '/connectors/')).status).toBe(200));

  test('HEAD has headers only', async () => {
    const answer = await call('HEAD', '/connectors');
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect((await call('HEAD', '/connectors/none')).status).toBe(404);
  });

  test.each([
    ['/connectors', 'HEAD,POST,GET,OPTIONS'],
    ['/connectors/x/config', 'HEAD,GET,OPTIONS,PUT,PATCH'],
    ['/connectors/x/', 'HEAD,DELETE,GET,OPTIONS'],
  ])('OPTIONS %s', async (path, allow) => {
    const answer = await call('OPTIONS', path);
    expect([answer.status, answer.headers.allow, answer.text]).toEqual([200, allow, allow.replaceAll(',', ', ')]);
    expect(answer.headers['content-type']).toBe('text/plain');
  });

  test('wrong escapes in a path: 400 or 404, never a crash', async () => {
    for (const path of ['/connectors/%', '/connectors/%zz/status', '/connectors/%c3%28']) {
      const answer = await call('GET', path);
      expect([400, 404]).toContain(answer.status);
      expect(answer.json.error_code).toBe(answer.status);
    }
  });

  test('a body too large: 413', async () => {
    expect((await call('POST', '/connectors', `"${'x'.repeat(17 * 1024 * 1024)}"`)).status).toBe(413);
  });

  test('garbage instead of HTTP does no harm', async () => {
    await new Promise<void>(resolve => {
      const socket = net.connect(port, '127.0.0.1', () => socket.end('no http at all\r\n\r\n'));
      socket.on('close', () => resolve()).on('error', () => resolve());
      socket.resume();
    });
    expect((await call('GET', '/')).status).toBe(200);
  });

  test('one line in the log for each request', async () => {
    log.length = 0;
    await call('GET', '/connectors?expand=info', undefined, { 'User-Agent': 'test/1' });
    await settle();
    const line = log.find(({ logger }) => logger === 'org.apache.kafka.connect.runtime.rest.RestServer');
    expect(line?.message).toMatch(
      /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "GET \/connectors\?expand=info HTTP\/1\.1" 200 \d+ "" "test\/1" \d+$/,
    );
  });
});

describe('creating connectors', () => {
  test('201 with Location and info; scalars become text as they are spelled', async () => {
    const name = unique();
    const body = `{"name":" ${name} ","config":{"connector.class":"${SOURCE}","a":1.50,"b":true,"c":12345678901234567890}}`;
    const answer = await call('POST', '/connectors', body);
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`http://127.0.0.1:${port}/connectors/${name}`);
    expect(answer.json).toEqual({
      name,
      config: { 'connector.class': SOURCE, a: '1.50', b: 'true', c: '12345678901234567890', name },
      tasks: [{ connector: name, task: 0 }],
      type: 'source',
    });
  });

  test.each(['blank é €', '100%/x', 'a/b', 'q\'u"o', 'a+b&c=d', '..', 'x'.repeat(300)])(
    'the name %p can be made and addressed',
    async part => {
      const name = `${unique()} ${part}`;
      const made = await call('POST', '/connectors', { name, config: source() }, {});
      expect(decodeURIComponent(made.headers.location ?? '')).toBe(`http://127.0.0.1:${port}/connectors/${name}`);
      expect((await call('GET', `/connectors/${encodeURIComponent(name)}`)).json.name).toBe(name);
      expect((await call('DELETE', `/connectors/${encodeURIComponent(name)}`)).status).toBe(204);
    },
  );

  test('Location leads where the client came from', async () => {
    const made = async (host: string) =>
      (await call('POST', '/connectors', { name: unique(), config: source() }, { Host: host })).headers.location;
    expect(await made('connect.example:81')).toMatch(/^http:\/\/connect\.example:81\/connectors\/c\d+$/);
    expect(await made('[::1]:83')).toMatch(/^http:\/\/\[::1\]:83\/connectors\//);
    expect(await made('a b/@c')).toMatch(new RegExp(`^http://127.0.0.1:${port}/connectors/`));
  });

  test('Location leaves signs alone that may stand in a path', async () => {
    const name = `${unique()}+&=;,:@$!'()*~ é%?#/x`;
    const { headers } = await call('POST', '/connectors', { name, config: source() });
    expect(headers.location).toMatch(/\/connectors\/c\d+\+&=;,:@\$!'\(\)\*~%20%C3%A9%25%3F%23\/x$/);
  });

  test('a name is trimmed as Java trims: a no-break space stays, a null character goes', async () => {
    const name = unique();
    expect(
      (await call('POST', '/connectors', `{"name":"\\u0000 ${name}\u00a0\\n","config":{"connector.class":"${SOURCE}"}}`)).json.name,
    ).toBe(`${name}\u00a0`);
  });

  test('the status has counters of tasks only when asked for', async () => {
    const name = await create();
    const counters = { read: 4, acknowledged: 1, filtered: 1, deadLettered: 1, skipped: 1, pending: 0 };
    const counts = { recordsRead: 4, recordsAcknowledged: 1, recordsFiltered: 1, recordsDeadLettered: 1, recordsSkipped: 1 };
    world.last(name).listener.onProgress(reportOf(counts));
    const tasks = async (query: string): Promise<object[]> => (await call('GET', `/connectors/${name}/status${query}`)).json.tasks;
    expect(await tasks('?counters=true')).toEqual([expect.objectContaining({ id: 0, counters: { ...counters, oldestPending: null } })]);
    const waiting = { ...counts, recordsRead: 5, recordsPending: 1, oldestPendingSince: Date.now() - 60_000 };
    world.last(name).listener.onProgress(reportOf(waiting, { topic: 't', partition: 0 }));
    const [task] = (await tasks('?counters=true')) as { counters: { oldestPending: Record<string, unknown> } }[];
    expect(task?.counters).toMatchObject({ pending: 1, oldestPending: { topic: 't', partition: 0 } });
    expect(task?.counters.oldestPending.ageMs).toBeGreaterThanOrEqual(60_000);
    expect(Object.keys(task?.counters.oldestPending ?? {})).toEqual(['topic', 'partition', 'ageMs']);
    for (const query of ['', '?counters', '?counters=false', '?counters=1']) {
      expect(Object.keys((await tasks(query))[0] ?? {})).toEqual(['id', 'state', 'worker_id', 'version']);
    }
  });

  test('a task that could not be started has read nothing', async () => {
    const name = await create({ cannot: 'start' });
    const { json } = await call('GET', `/connectors/${name}/status?counters=TRUE`);
    expect(json.tasks[0]).toMatchObject({ state: 'FAILED', counters: { read: 0, pending: 0 } });
  });

  test.each([
    ['PAUSED', 'PAUSED'],
    ['stopped', 'STOPPED'],
    ['Running', 'RUNNING'],
  ])('initial_state %s', async (initial_state, state) => {
    const name = await create({}, { initial_state });
    expect((await call('GET', `/connectors/${name}/status`)).json.connector.state).toBe(state);
  });

  test.each([
    ['cut off', '{"name":"x', /^Malformed JSON: .* \(line 1, column \d+\)$/],
    ['no body', undefined, 'A JSON body is required'],
    ['null', 'null', 'The body must be a JSON object'],
    ['an array', '[]', 'The body must be a JSON object'],
    ['no config', '{"name":"x"}', "The field 'config' is missing"],
    ['an unknown field', '{"name":"x","config":{},"foo":1}', /^Unrecognized field "foo"/],
    [
      'an unknown state',
      '{"name":"x","config":{},"initial_state":"SLEEPING"}',
      "Unknown initial_state 'SLEEPING': expected RUNNING, PAUSED or STOPPED",
    ],
    ['a state that is no text', '{"name":"x","config":{},"initial_state":["PAUSED"]}', /^Unknown initial_state \["PAUSED"\]:/],
    ['a state of Object.prototype', '{"name":"x","config":{},"initial_state":"constructor"}', /^Unknown initial_state 'constructor':/],
    ['an empty class', '{"name":"x","config":{"connector.class":""}}', /^Failed to find any class/],
    ['a nested value', '{"name":"x","config":{"a":{"b":1}}}', "The value of 'a' must be a string, a number, or a boolean; found an object"],
    ['a list as name', '{"name":[],"config":{}}', /^The value of 'name' must be/],
    ['another name', '{"name":"x","config":{"name":"y"}}', "Connector name configuration (y) doesn't match connector name in the URL (x)"],
    ['no class', '{"name":"x","config":{}}', 'Connector config {name=x} contains no connector type'],
    [
      'an unknown class',
      '{"name":"x","config":{"connector.class":"NoSuch"}}',
      /^Failed to find any class that implements Connector and which name matches NoSuch, available connectors are: /,
    ],
    [
      'an invalid config',
      `{"name":"x","config":{"connector.class":"${SOURCE}","invalid":"no topic"}}`,
      'Connector configuration is invalid: no topic',
    ],
  ])('%s: 400 and no connector', async (_, body, message) => {
    expectError(await call('POST', '/connectors', body), 400, message);
    expect((await call('GET', '/connectors')).json).not.toContain('x');
  });

  test('exists: 409', async () => {
    const name = await create();
    expectError(await call('POST', '/connectors', { name, config: source() }), 409, `Connector ${name} already exists`);
  });

  test('a start that fails: 500 with the text of Java', async () => {
    const name = unique();
    expectError(
      await call('POST', '/connectors', { name, config: source({ fail: 'start' }) }),
      500,
      `Failed to transition connector ${name} to state STARTED`,
    );
    expect((await call('GET', '/health?tasks=false')).status).toBe(200);
    const ready = await call('GET', '/health?tasks=true');
    expect([ready.status, ready.json]).toEqual([503, { status: 'unhealthy', message: expect.stringMatching(`^FAILED: .*${name}`) }]);
    expect((await call('GET', `/connectors/${name}/status`)).json.connector).toMatchObject({ state: 'FAILED', trace: expect.any(String) });
  });
});

describe('reading and changing connectors', () => {
  test('list, expanded in both ways', async () => {
    const name = await create();
    expect((await call('GET', '/connectors')).json).toContain(name);
    await settle();
    const { json } = await call('GET', '/connectors?expand=status&expand=info');
    expect(json[name]).toEqual({
      status: (await call('GET', `/connectors/${name}/status`)).json,
      info: (await call('GET', `/connectors/${name}`)).json,
    });
    expect((await call('GET', '/connectors?expand=foo')).json[name]).toEqual({});
  });

  test('each view is shown once, in the order in which it was asked for', async () => {
    const name = await create();
    const { json } = await call('GET', '/connectors?expand=info&expand=x&expand=status&expand=info');
    expect(Object.keys(json[name])).toEqual(['info', 'status']);
  });

  test('PUT creates, then changes', async () => {
    const name = unique();
    const made = await call('PUT', `/connectors/${name}/config`, source());
    expect([made.status, made.headers.location]).toEqual([201, `http://127.0.0.1:${port}/connectors/${name}`]);
    const changed = await call('PUT', `/connectors/${name}/config`, source({ x: 7 }));
    expect([changed.status, changed.headers.location, changed.json.config.x]).toEqual([200, undefined, '7']);
    expect((await call('GET', `/connectors/${name}/config`)).json).toEqual(source({ x: '7', name }));
    expectError(await call('PUT', `/connectors/${name}/config`, source({ name: 'other' })), 400, /^Connector name configuration \(other\)/);
    for (const body of [undefined, 'null', '[]', '{"a"']) expectError(await call('PUT', `/connectors/${name}/config`, body), 400);
  });

  test('PATCH', async () => {
    const name = await create({ one: '1' });
    expect((await call('PATCH', `/connectors/${name}/config`, { one: null, two: 2 })).json.config).toEqual(source({ name, two: '2' }));
    expectError(await call('PATCH', `/connectors/${name}/config`, { name: 'other' }), 400);
    // What is checked is the result, which has no name then.
    expect((await call('PATCH', `/connectors/${name}/config`, { name })).json.config.name).toBe(name);
    expectError(await call('PATCH', '/connectors/none/config', { a: 'b' }), 404, 'Connector none not found');
  });

  test('DELETE', async () => {
    const name = await create();
    const gone = await call('DELETE', `/connectors/${name}`);
    expect([gone.status, gone.text]).toEqual([204, '']);
    expectError(await call('DELETE', `/connectors/${name}`), 404, `Connector ${name} not found`);
  });

  test('a DELETE with a content type and no body', async () => {
    const name = await create();
    expect((await call('DELETE', `/connectors/${name}`, undefined, { 'Content-Type': 'application/json' })).status).toBe(204);
  });

  test.each([
    ['GET', '/connectors/none', 404, 'Connector none not found'],
    ['GET', '/connectors/none/config', 404, 'Connector none not found'],
    ['GET', '/connectors/none/tasks', 404, 'Connector none not found'],
    ['GET', '/connectors/none/offsets', 404, 'Connector none not found'],
    ['GET', '/connectors/none/status', 404, 'No status found for connector none'],
    ['GET', '/connectors/none/tasks/0/status', 404, 'No status found for task none-0'],
    ['POST', '/connectors/none/tasks/0/restart', 404, 'Task none-0 not found'],
    ['PUT', '/connectors/none/pause', 404, 'Unknown connector none'],
    ['PUT', '/connectors/none/resume', 404, 'Unknown connector none'],
    ['PUT', '/connectors/none/stop', 404, 'Unknown connector none'],
    ['POST', '/connectors/none/restart', 404, 'Unknown connector: none'],
    ['POST', '/connectors/none/restart?onlyFailed=TRUE', 404, 'Unknown connector: none'],
    ['DELETE', '/connectors/none/offsets', 404, 'Connector none not found'],
    ['POST', '/connectors/none/tasks', 500, 'Kafka Connect in standalone mode does not support externally setting task configurations.'],
    ['PUT', '/connectors/none/fence', 500, 'Kafka Connect in standalone mode does not support exactly-once source connectors.'],
  ])('%s %s: %i', async (method, path, status, message) => expectError(await call(method, path), status, message));

  test('unknown names that look like properties of objects', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) expectError(await call('GET', `/connectors/${name}`), 404);
  });
});

describe('pause, resume, stop, restart, tasks, topics', () => {
  test('statuses and empty bodies', async () => {
    const name = await create();
    for (const [method, action, status] of [
      ['PUT', 'pause', 202],
      ['PUT', 'resume', 202],
      ['PUT', 'stop', 204],
      ['PUT', 'resume', 202],
      ['POST', 'restart', 204],
      ['POST', 'restart?includeTasks=yes', 204],
      ['POST', 'tasks/0/restart', 204],
    ] as const) {
      const answer = await call(method, `/connectors/${name}/${action}`);
      expect([action, answer.status, answer.text]).toEqual([action, status, '']);
    }
  });

  test('a body is not looked at where none is expected', async () => {
    const name = await create();
    expect((await call('PUT', `/connectors/${name}/pause`, '{bad')).status).toBe(202);
  });

  test('restart with tasks: 202 and the states', async () => {
    const name = await create();
    const { status, json } = await call('POST', `/connectors/${name}/restart?includeTasks=true&onlyFailed=false`);
    expect(status).toBe(202);
    expect(json).toEqual({
      name,
      connector: { state: 'RESTARTING', worker_id: '127.0.0.1:8083', version: '1.2' },
      tasks: [{ id: 0, state: 'RESTARTING', worker_id: '127.0.0.1:8083', version: '1.2' }],
      type: 'source',
    });
  });

  test('tasks and their status', async () => {
    const name = await create({ x: '1' });
    await settle();
    expect((await call('GET', `/connectors/${name}/tasks`)).json).toEqual([
      { id: { connector: name, task: 0 }, config: { ...source({ x: '1' }), name, 'task.class': 'test.FakeSourceTask' } },
    ]);
    expect((await call('GET', `/connectors/${name}/tasks/0/status`)).json).toMatchObject({ id: 0, state: 'RUNNING' });
  });

  test('topics', async () => {
    const name = await create();
    world.last(name).listener.onTopicActive('t');
    expect((await call('GET', `/connectors/${name}/topics`)).json).toEqual({ [name]: { topics: ['t'] } });
    expect((await call('PUT', `/connectors/${name}/topics/reset`)).status).toBe(202);
    expect((await call('GET', `/connectors/${name}/topics`)).json).toEqual({ [name]: { topics: [] } });
    expect((await call('PUT', '/connectors/none/topics/reset')).status).toBe(202);
  });
});

describe('offsets', () => {
  test('integers stay exact on their way in and out', async () => {
    const name = await create({}, { initial_state: 'STOPPED' });
    const offsets = '[{"partition":{"f":"x"},"offset":{"position":9223372036854775807}}]';
    const altered = await call('PATCH', `/connectors/${name}/offsets`, `{"offsets":${offsets}}`);
    expect([altered.status, altered.json]).toEqual([200, { message: 'The offsets for this connector have been altered successfully' }]);
    expect((await call('GET', `/connectors/${name}/offsets`)).text).toBe(`{"offsets":${offsets}}`);
    expect((await call('DELETE', `/connectors/${name}/offsets`)).json.message).toContain('reset successfully');
  });

  test('no body, bad JSON, a running connector: 400; an error of Kafka: 500', async () => {
    const name = await create();
    for (const body of [undefined, '{', '{"offsets":[]}', '{"offsets":[{"partition":{},"offset":{}}]}']) {
      expectError(await call('PATCH', `/connectors/${name}/offsets`, body), 400);
    }
    const sink = unique();
    await call('POST', '/connectors', { name: sink, config: { 'connector.class': SINK, topics: 't' } });
    world.admin.error = new ConnectError('TimeoutException', 'no broker');
    expectError(await call('GET', `/connectors/${sink}/offsets`), 500, /no broker$/);
    world.admin.error = null;
  });
});

describe('plugins', () => {
  test('list, config, validate', async () => {
    for (const without of ['?connectorsOnly', '?connectorsOnly=', '?connectorsOnly=TRUE']) {
      expect((await call('GET', `/connector-plugins${without}`)).json).toEqual((await call('GET', '/connector-plugins')).json);
    }
    expect((await call('GET', '/connector-plugins')).json).toEqual([
      { class: SINK, type: 'sink', version: '1.2' },
      { class: SOURCE, type: 'source', version: '1.2' },
    ]);
    expect((await call('GET', '/connector-plugins/FakeSource/config')).json).toEqual([SOURCE]);
    expectError(await call('GET', '/connector-plugins/Cast/config'), 404, 'Unknown plugin Cast.');
    const valid = await call('PUT', '/connector-plugins/FakeSource/config/validate', source({ a: 1 }));
    expect([valid.status, valid.json]).toEqual([200, { checked: source({ a: '1' }) }]);
    expectError(
      await call('PUT', '/connector-plugins/FakeSource/config/validate', { 'connector.class': SINK }),
      400,
      `Included connector type ${SINK} does not match request type FakeSource`,
    );
    expectError(
      await call('PUT', '/connector-plugins/FakeSource/config/validate', {}),
      400,
      'Connector config {} contains no connector type',
    );
  });
});

describe('loggers', () => {
  test('read, set below a prefix, set again', async () => {
    setLogLevel('rest.test.leaf', 'WARN');
    const before = Date.now();
    const set = await call('PUT', '/admin/loggers/rest.test', { level: 'debug' });
    expect([set.status, set.json]).toEqual([200, ['rest.test', 'rest.test.leaf']]);
    const leaf = (await call('GET', '/admin/loggers/rest.test.leaf')).json;
    expect(leaf.level).toBe('DEBUG');
    expect(leaf.last_modified).toBeGreaterThanOrEqual(before);
    expect(levels).toEqual(['rest.test=DEBUG']);
    expect((await call('PUT', '/admin/loggers/rest.test', { level: 'DEBUG' })).json).toEqual([]);
    expect((await call('GET', '/admin/loggers')).json.root).toEqual({ level: 'INFO', last_modified: null });
  });

  test('names are compared as text, as in Java; root is above all, in any case of letters', async () => {
    setLogLevel('rest.text', 'WARN');
    setLogLevel('rest.textual', 'WARN');
    expect((await call('PUT', '/admin/loggers/rest.text', { level: ' Error ' })).json).toEqual(['rest.text', 'rest.textual']);
    const before = (await call('GET', '/admin/loggers/ROOT')).json.level;
    const all = (await call('PUT', '/admin/loggers/Root', { level: 'TRACE' })).json;
    expect(all).toEqual(expect.arrayContaining(['rest.text', 'rest.textual', 'root']));
    expect(all).toEqual([...all].sort());
    await call('PUT', '/admin/loggers/root', { level: before });
  });

  test('a name that only begins like another keeps the level of its parents by dots', async () => {
    getLogger('rest.prefix.Worker');
    getLogger('rest.prefix.WorkerConfig');
    expect((await call('PUT', '/admin/loggers/rest.prefix.Worker', { level: 'WARN' })).json).toEqual(['rest.prefix.Worker']);
    expect((await call('PUT', '/admin/loggers/rest.prefix.Wor', { level: 'ERROR' })).json).toEqual([
      'rest.prefix.Wor',
      'rest.prefix.Worker',
    ]);
    expect((await call('GET', '/admin/loggers/rest.prefix.WorkerConfig')).json.level).toBe('INFO');
    expect((await call('PUT', '/admin/loggers/roo', { level: 'FATAL' })).json).toEqual(['roo']);
    expect((await call('GET', '/admin/loggers/root')).json.level).toBe('INFO');
  });

  test('a logger that gets the level it would have anyway is there from then on', async () => {
    expect((await call('PUT', '/admin/loggers/rest.fresh', { level: 'INFO' })).json).toEqual([]);
    expect((await call('GET', '/admin/loggers/rest.fresh')).json).toEqual({ level: 'INFO', last_modified: null });
  });

  test('a level set again keeps the time of its change', async () => {
    await call('PUT', '/admin/loggers/rest.again', { level: 'ERROR' });
    const first = (await call('GET', '/admin/loggers/rest.again')).json;
    expect((await call('PUT', '/admin/loggers/rest.again', { level: 'error' })).json).toEqual([]);
    expect((await call('GET', '/admin/loggers/rest.again')).json).toEqual(first);
  });

  test('mistakes', async () => {
    expectError(await call('GET', '/admin/loggers/no.such'), 404, 'Logger no.such not found.');
    expectError(await call('PUT', '/admin/loggers/x', {}), 400, "Desired 'level' parameter was not specified in request.");
    expectError(await call('PUT', '/admin/loggers/x', { level: 'LOUD' }), 404, "invalid log level 'LOUD'.");
    expect((await call('PUT', '/admin/loggers/rest.scope?scope=cluster', { level: 'TRACE' })).status).toBe(204);
  });
});

describe('headers from settings', () => {
  let server: RestServer;
  const headersOf = async (method: string, headers: Record<string, string>) =>
    (await call(method, '/connectors', undefined, headers, server.advertised.port)).headers;

  beforeAll(async () => {
    const headers = 'set X-One: first, add X-One:second, "set X-Two: a, b", setDate X-Date: 60000';
    server = await open({
      responseHeaders: {
        allowOrigin: 'http://a.example, http://*.b.example, https://(one|two)\\.c.example',
        allowMethods: 'GET,PUT',
        headers,
      },
    });
  });
  afterAll(() => server.stop());

  test.each(['http://a.example', 'http://x.b.example', 'HTTP://A.EXAMPLE', 'https://one.c.example', 'https://two.c.example'])(
    'the allowed origin %s',
    async origin => {
      const headers = await headersOf('GET', { Origin: origin });
      expect([headers['access-control-allow-origin'], headers.vary, headers['access-control-allow-methods']]).toEqual([
        origin,
        'Origin',
        undefined,
      ]);
    },
  );

  test.each(['http://a.example.evil', 'http://axexample', 'https://a.example', 'https://onexc.example', 'https://three.c.example', 'null'])(
    'another origin, %s, gets nothing',
    async origin => {
      const headers = await headersOf('OPTIONS', { Origin: origin, 'Access-Control-Request-Method': 'GET' });
      expect([headers['access-control-allow-origin'], headers['access-control-allow-methods'], headers.vary]).toEqual([
        undefined,
        undefined,
        'Origin',
      ]);
    },
  );

  test('preflight', async () => {
    const headers = await headersOf('OPTIONS', { Origin: 'http://a.example', 'Access-Control-Request-Method': 'PUT' });
    expect(headers).toMatchObject({
      'access-control-allow-methods': 'GET,PUT',
      'access-control-max-age': '60',
      allow: 'HEAD,POST,GET,OPTIONS',
    });
  });

  test('own headers, also of errors', async () => {
    const { headers } = await call('GET', '/nope', undefined, {}, server.advertised.port);
    expect([headers['x-one'], headers['x-two']]).toEqual(['first, second', 'a, b']);
    expect(Date.parse(String(headers['x-date']))).toBeGreaterThan(Date.now() + 50_000);
  });

  test('none without settings', async () => {
    const { headers } = await call('GET', '/connectors', undefined, { Origin: 'http://a.example' });
    expect([headers['access-control-allow-origin'], headers.vary]).toEqual([undefined, undefined]);
  });
});

describe('listeners', () => {
  test('a port in use: the listener is named, nothing stays open', async () => {
    const taken = `http://127.0.0.1:${port}`;
    await expect(open({ listeners: ['http://127.0.0.1:0', taken] })).rejects.toThrow(
      new RegExp(`failed to bind to listener ${taken.replaceAll('.', '\\.')} \\(.*EADDRINUSE`),
    );
  });

  test.each([
    ['localhost', "Listener doesn't have the right format (protocol://hostname:port)."],
    ['http://localhost', "Listener doesn't have the right format (protocol://hostname:port)."],
    ['ftp://localhost:1', 'Listener protocol must be either "http" or "https".'],
    ['http://localhost:70000', 'Listener has an invalid port: 70000.'],
    ['https://127.0.0.1:0', /needs settings of a key store/],
  ])('%s', async (listener, message) => {
    await expect(open({ listeners: [listener] })).rejects.toThrow(message);
  });

  test('several listeners; admin routes on a listener of their own, or nowhere', async () => {
    const server = await open({ listeners: ['http://127.0.0.1:0', 'http://[::1]:0'], adminListeners: [] });
    expect((await call('GET', '/connectors', undefined, {}, server.advertised.port)).status).toBe(200);
    expectError(await call('GET', '/admin/loggers', undefined, {}, server.advertised.port), 404);
    await server.stop();
  });

  test('the advertised address is the worker id and starts Location', async () => {
    const server = await open({ advertised: { hostName: 'worker.example', port: 80 } });
    expect([server.workerId, server.advertisedUrl]).toEqual(['worker.example:80', 'http://worker.example:80']);
    await server.stop();
  });

  test('requests that come before the herder wait for it; those that come at the end do not hang', async () => {
    const server = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {} });
    const early = call('GET', '/connectors', undefined, {}, server.advertised.port);
    server.initializeResources({
      herder,
      pluginConfigs: { describe: () => [], validate: async () => ({}) },
      onLogLevel: () => {},
    });
    expect((await early).status).toBe(200);
    await server.stop();
    await expect(call('GET', '/connectors', undefined, {}, server.advertised.port)).rejects.toThrow('ECONNREFUSED');
    const never = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {} });
    const lost = call('GET', '/connectors', undefined, {}, never.advertised.port);
    await new Promise(resolve => setTimeout(resolve, 50));
    await Promise.all([expect(lost).rejects.toThrow(), never.stop()]);
  });
});

test('a request that takes too long: 500 and what the worker does', async () => {
  const slow = new FakeWorld();
  const busy = await slow.started({ pluginCallLimits: { stopMs: 50, callMs: 300 } });
  const server = await RestServer.open({ listeners: ['http://127.0.0.1:0'], adminListeners: null, advertised: {}, requestTimeoutMs: 50 });
  server.initializeResources({
    herder: busy,
    pluginConfigs: { describe: () => [], validate: async () => ({}) },
    onLogLevel: () => {},
  });
  const answer = await call('POST', '/connectors', { name: 'h', config: source({ hang: 'start' }) }, {}, server.advertised.port);
  expectError(
    answer,
    500,
    /^Request timed out\. The worker is currently creating or changing connector h, which began at \d{4}-\d\d-\d\dT[\d:.]+Z\.$/,
  );
  await server.stop();
  await busy.stop();
});

test('a mistake in a route is in the log when the first request meets it', async () => {
  log.length = 0;
  const broken: Route = { method: 'GET', path: '/new/:colour', summary: '', replies: {}, handle: () => ({ status: 200 }) };
  const server = await open({ routes: () => ({ main: [broken], admin: [] }) });
  await expect(call('GET', '/', undefined, {}, server.advertised.port)).rejects.toThrow();
  await server.stop();
  const errors = log.filter(({ level }) => level === 'ERROR').map(({ message, trace }) => `${message} ${trace}`);
  expect(errors).toEqual([expect.stringMatching(/^The REST API cannot be served [\s\S]*No description of the parameter colour in/)]);
});
