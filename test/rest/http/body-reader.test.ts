import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpError } from '../../../src/rest/error-mapper';
import { BodyReader, MAX_BODY_BYTES } from '../../../src/rest/http/body-reader';
import { connect, exchange } from '../../helpers/processes/raw-client';
import { waitFor } from '../../helpers/wait-for';

let server: Server;
let port: number;
/** Lets the server answer what it has read. */
let answer: () => void;
let read: number;
beforeEach(() => {
  read = 0;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that says how long a body was and what it began with. */
async function open(reader: BodyReader, { waits = false } = {}): Promise<void> {
  const may = waits ? new Promise<void>(resolve => (answer = resolve)) : Promise.resolve();
  server = createServer((request, response) => {
    reader.read(request, response).then(
      async body => {
        read++;
        await may;
        response.end(`${body.length} ${body.subarray(0, 5)}`);
      },
      (error: HttpError) => response.writeHead(error.status, { connection: 'close' }).end(error.message),
    );
  });
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

const head = (headers: string): string => `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`;
const whole = (bytes: number): string => `${head(`Content-Length: ${bytes}\r\n`)}${'x'.repeat(bytes)}`;

test.each([0, 1, 16 * 1024, 16 * 1024 + 1, 300_000, MAX_BODY_BYTES])('a body of %i bytes arrives as it was sent', async bytes => {
  await open(new BodyReader());
  expect((await exchange(port, whole(bytes))).text).toMatch(new RegExp(`\\r\\n${bytes} x{${Math.min(5, bytes)}}$`));
});

test('a client that sends each byte as a chunk costs no more than its bytes', async () => {
  await open(new BodyReader());
  const { rss } = process.memoryUsage();
  const chunks = '1\r\ny\r\n'.repeat(1_000_000);
  const { text } = await exchange(port, `${head('Transfer-Encoding: chunked\r\n')}${chunks}0\r\n\r\n`);
  expect(text).toMatch(/1000000 yyyyy/);
  // with an object for each it was 300 MiB
  expect(process.memoryUsage().rss - rss).toBeLessThan(100 * 1024 * 1024);
}, 60_000);

test.each([
  ['announced', head(`Content-Length: ${MAX_BODY_BYTES + 1}\r\n`)],
  ['sent', `${head('Transfer-Encoding: chunked\r\n')}${(MAX_BODY_BYTES + 1).toString(16)}\r\n${'x'.repeat(MAX_BODY_BYTES + 1)}`],
])('one that is larger is refused when that is %s', async (_, request) => {
  await open(new BodyReader());
  expect((await exchange(port, request)).statuses).toEqual([413]);
});

test('all together have a bound, until they are answered; small ones find room when others are done or gone', async () => {
  await open(new BodyReader(1024 * 1024), { waits: true });
  const sent = exchange(port, whole(500_000));
  await waitFor('the first', () => read === 1);
  const half = await connect(port);
  half.on('error', () => undefined).write(`${head('Content-Length: 500000\r\n')}${'x'.repeat(300_000)}`);
  await waitFor('what it takes', async () => (await exchange(port, whole(400_000))).statuses[0] === 503);
  expect((await exchange(port, whole(400_000))).text).toContain(
    'Too many large requests come at the same time. Try again in a few seconds',
  );
  half.destroy();
  const other = exchange(port, whole(1000));
  await waitFor('room', () => read === 2);
  answer();
  expect([(await sent).statuses, (await other).statuses]).toEqual([[200], [200]]);
  expect((await exchange(port, whole(900_000))).statuses).toEqual([200]);
});

test('a client that asks first is told to go on only if its body is wanted', async () => {
  await open(new BodyReader());
  const asks = 'Expect: 100-continue\r\n';
  expect((await exchange(port, `${head(`${asks}Content-Length: 3\r\n`)}xyz`)).statuses).toEqual([100, 200]);
  expect((await exchange(port, head(`${asks}Content-Length: ${MAX_BODY_BYTES + 1}\r\n`))).statuses).toEqual([413]);
  expect((await exchange(port, `POST / HTTP/1.0\r\n${asks}Content-Length: 3\r\n\r\nxyz`)).statuses).toEqual([200]);
});
