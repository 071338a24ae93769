import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Turns } from '../../../src/rest/http/turns';
import { connect, exchange } from '../../helpers/processes/raw-client';
import { waitFor } from '../../helpers/wait-for';

let server: Server;
let port: number;
let seen: string[];
let under: number;
let most: number;
beforeEach(() => {
  seen = [];
  under = 0;
  most = 0;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A server that notes what it is asked, and how much of it at the same time. */
async function open(handle: RequestListener, { maxWaiting = 1000, stallMs = 60_000 } = {}): Promise<void> {
  const noted: RequestListener = (request, response) => {
    seen.push(request.url ?? '');
    under++;
    most = Math.max(most, under);
    response.prependOnceListener('close', () => under--);
    handle(request, response);
  };
  const turns = new Turns(noted, { maxWaiting, stallMs });
  server = createServer((request, response) => turns.take(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
}

const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const later: RequestListener = (_, response) => void setTimeout(() => response.end('x'), 20);

test('requests of one connection are handled one after the other, those of several side by side', async () => {
  await open(later);
  const requests = `${[1, 2, 3, 4].map(i => get(`/${i}`)).join('')}${get('/5', 'Connection: close\r\n')}`;
  expect((await exchange(port, requests)).statuses).toEqual([200, 200, 200, 200, 200]);
  expect([seen, most]).toEqual([['/1', '/2', '/3', '/4', '/5'], 1]);
  await Promise.all([1, 2, 3].map(() => exchange(port, requests)));
  expect(most).toBe(3);
});

test('a body between two requests is read in its turn', async () => {
  await open(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.end(Buffer.concat(chunks));
  });
  const post = (body: string): string => `POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const { text } = await exchange(port, `${post('a'.repeat(200_000))}${post('b')}${get('/', 'Connection: close\r\n')}`);
  expect(text.match(/\r\n\r\n(a+|b)/g)?.map(({ length }) => length)).toEqual([200_004, 5]);
});

test('what comes behind the last request of a connection is not done', async () => {
  await open(later);
  server.on('clientError', () => undefined);
  expect((await exchange(port, `${get('/1')}${get('/2', 'Connection: close\r\n')}${get('/3')}`)).statuses).toEqual([200, 200]);
  await new Promise(resolve => setTimeout(resolve, 60));
  expect(seen).toEqual(['/1', '/2']);
});

test('nor is what waits when the client goes, and its place is free', async () => {
  await open((request, response) => void (request.url === '/wait' || response.end()), { maxWaiting: 3 });
  for (let i = 0; i < 5; i++) {
    const socket = await connect(port);
    socket.write(`${get('/wait')}${get('/1')}${get('/2')}${get('/3')}`);
    await waitFor('the first', () => seen.length === i + 1);
    socket.destroy();
    await waitFor('its end', () => under === 0);
  }
  expect(seen).toEqual(Array(5).fill('/wait'));
});

test('where too many wait, the connection that sends more is closed, and others are served', async () => {
  await open((request, response) => void (request.url === '/wait' || response.end()), { maxWaiting: 3 });
  expect((await exchange(port, `${get('/wait')}${get('/1').repeat(4)}`)).statuses).toEqual([]);
  expect((await exchange(port, get('/2', 'Connection: close\r\n'))).statuses).toEqual([200]);
  expect(seen).toEqual(['/wait', '/2']);
});

test('a client that takes nothing of its reply is let go; one whose reply is still being made is not', async () => {
  await open(
    (request, response) => {
      if (request.url === '/large') response.end(Buffer.alloc(32 * 1024 * 1024));
      else setTimeout(() => response.end('made'), 900);
    },
    { stallMs: 200 },
  );
  const socket = await connect(port);
  socket.on('error', () => undefined).pause();
  socket.write(get('/large'));
  const slow = exchange(port, get('/slow', 'Connection: close\r\n'));
  await waitFor('the reply to begin', () => seen.includes('/large'));
  await waitFor('its end', () => under <= 1 && seen.length === 2);
  expect((await slow).text).toMatch(/made$/);
  await waitFor('the end of all', () => under === 0);
  socket.destroy();
});
