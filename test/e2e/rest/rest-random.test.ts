import http from 'node:http';
import type { OpenApiDocument } from '../../../src/rest/openapi/document';
import { seeded } from '../../../src/testing/data/random';
import { schemaProblems } from '../../helpers/docs/json-schema';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { type Pool, type RandomRequest, RandomRest } from '../../helpers/random/random-rest';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';

/** REST_RANDOM_REQUESTS sends more; the time is bounded only for the default. */
const ASKED = process.env.REST_RANDOM_REQUESTS;
const REQUESTS = Number(ASKED ?? 4000);
const LIMIT_MS = ASKED === undefined ? 20_000 : Number.POSITIVE_INFINITY;
const SEED = Number(process.env.REST_RANDOM_SEED ?? 1);
const AT_ONCE = 4;
/** Errors of any operation; 503 is what /health says of a start. */
const FRAME_ERRORS = [400, 404, 405, 406, 413, 415];

let dir: TempDir;
let worker: WorkerProcess;

beforeAll(async () => {
  dir = new TempDir('rest-random');
  dir.write('in.txt', 'one\ntwo\n');
  const topic = `rest-random-${Date.now().toString(36)}`;
  worker = await startWorker({
    bootstrap: sharedBootstrap(),
    dir,
    connectors: [
      { name: 'src', 'connector.class': 'FileStreamSource', file: dir.file('in.txt'), topic },
      { name: 'snk', 'connector.class': 'FileStreamSink', file: dir.file('out.txt'), topics: topic },
      { name: 'two', 'connector.class': 'FileStreamSource', file: dir.file('none.txt'), topic, 'tasks.max': 2 },
    ],
  });
});
afterAll(async () => {
  await worker?.stop();
  dir.remove();
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly elapsedMs: number;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: AT_ONCE });

function send({ method, path, headers, body }: RandomRequest): Promise<Answer> {
  const startedMs = performance.now();
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const all = bytes ? { ...headers, 'content-length': bytes.length } : headers;
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port: worker.port, method, path, headers: all, agent }, response => {
      const chunks: Buffer[] = [];
      response.on('data', chunk => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        resolve({
          status: statusCode,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
          elapsedMs: performance.now() - startedMs,
        });
      });
    });
    request.setTimeout(30_000, () => request.destroy(new Error('no answer within 30 s')));
    request.on('error', reject);
    request.end(bytes);
  });
}

/** What an answer does that the document does not say. */
function problemsOf(request: RandomRequest, answer: Answer, document: OpenApiDocument): string[] {
  const { status, headers, text } = answer;
  const { schemas } = document.components;
  const problems: string[] = [];
  if (/Cannot read prop|is not a function|undefined|\[object|not iterable|Maximum call stack|URIError/.test(status >= 400 ? text : '')) {
    problems.push('an error of the program itself');
  }
  const known = request.operation?.responses[String(status)];
  if (request.operation && !known && !FRAME_ERRORS.includes(status)) problems.push('not a documented status');
  if (!request.operation && status >= 500 && !text.includes('standalone mode does not support') && !text.includes('"starting"')) {
    problems.push('a 5xx');
  }
  if (request.method === 'HEAD' || request.method === 'OPTIONS') return problems;
  if (text === '') return status === 202 || status === 204 ? problems : [...problems, 'no body'];
  if (headers['content-type'] !== 'application/json') problems.push(`content type ${headers['content-type']}`);
  const json: unknown = JSON.parse(text);
  const schema = known?.content?.['application/json']?.schema ?? (status >= 400 ? schemas.Error : undefined);
  if (schema) problems.push(...schemaProblems(json, schema, schemas).slice(0, 3));
  if (status >= 400 && status !== 503 && (json as { error_code?: number }).error_code !== status) problems.push('another error_code');
  return problems;
}

test('random requests: every answer is one that the OpenAPI document foresees, and the worker goes on', async () => {
  const document = (await worker.get('/openapi.json')).json as OpenApiDocument;
  const pool: Pool = {
    connector: ['src', 'snk', 'two', 'new', 'odd %'],
    task: ['0', '1', '-1', '99'],
    plugin: ['FileStreamSource', 'FileStreamSink', 'JsonConverter', 'StringConverter'],
    logger: ['root', 'org.apache.kafka.connect', 'random.test'],
    version: ['4.3.0', '[4,5)', 'latest'],
    level: ['INFO', 'WARN', 'error', 'LOUD'],
    name: ['src', 'snk', 'two', 'new', 'odd %'],
    'connector.class': ['FileStreamSource', 'FileStreamSink', 'FileStreamSource', 'Nope'],
    file: [dir.file('in.txt'), dir.file('none.txt')],
    topic: ['rest-random'],
    topics: ['rest-random', 'a,b', ''],
    'tasks.max': ['1', '2', '0', 'x'],
    initial_state: ['RUNNING', 'paused', 'STOPPED'],
    filename: [dir.file('in.txt')],
    position: ['0'],
  };
  const requests = new RandomRest(document, pool, seeded(SEED));
  const found: string[] = [];
  const times: number[] = [];
  const statuses = new Map<number, number>();
  const endMs = performance.now() + LIMIT_MS;
  let sent = 0;
  const client = async (): Promise<void> => {
    while (sent++ < REQUESTS && performance.now() < endMs) {
      const request = requests.next();
      const answer = await send(request);
      times.push(answer.elapsedMs);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const shown = `${request.method} ${request.path.slice(0, 200)} ${request.body?.slice(0, 300)} -> ${answer.status} ${answer.text.slice(0, 300)}`;
      found.push(...problemsOf(request, answer, document).map(problem => `${problem}: ${shown}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  expect(found.slice(0, 10)).toEqual([]);
  // The requests must have met something: all kinds of success, and mistakes.
  for (const status of [200, 201, 202, 204, 400, 404, 405, 406, 409, 415]) expect([...statuses.keys()]).toContain(status);
  expect(times.length).toBeGreaterThan(200);
  expect(times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]).toBeLessThan(15_000);
  expect((await worker.get('/health')).status).toBe(200);
  for (const name of (await worker.get('/connectors')).json as string[]) {
    expect((await worker.rest('DELETE', `/connectors/${encodeURIComponent(name)}`)).status).toBe(204);
  }
  expect((await worker.get('/connectors')).json).toEqual([]);
}, 300_000);
