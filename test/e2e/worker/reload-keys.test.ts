import { copyFileSync } from 'node:fs';
import tls, { type TLSSocket } from 'node:tls';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { STORE_PASSWORD, tlsFile } from '../../helpers/servers/tls-fixtures';
import { TempDir } from '../../helpers/temp-dir';

const bootstrap = sharedBootstrap();
let dir: TempDir;
let worker: WorkerProcess | undefined;
const sockets: TLSSocket[] = [];

beforeEach(() => {
  dir = new TempDir('reload-keys');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await worker?.kill9();
  worker = undefined;
  dir.remove();
});

/** A connection, and whose certificate its server has shown. */
function connect(port: number): Promise<{ socket: TLSSocket; fingerprint: string }> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () =>
      resolve({ socket, fingerprint: socket.getPeerCertificate().fingerprint256 }),
    );
    sockets.push(socket);
    socket.once('error', reject);
  });
}

/** The status line of an answer over a connection that stays. */
function ask(socket: TLSSocket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', data => resolve(data.toString().split('\r\n')[0] ?? ''));
    socket.once('close', () => reject(new Error('the connection was closed')));
    socket.write('GET /connectors HTTP/1.1\r\nHost: localhost\r\n\r\n');
  });
}

test('SIGHUP has both listeners read their key stores again; connections stay, and a bad store changes nothing', async () => {
  const [port, adminPort] = [await freePort(), await freePort()];
  const store = (name: string): void => copyFileSync(tlsFile(name), dir.file('keys.p12'));
  store('server.p12');
  const keys = (prefix: string): Record<string, string> => ({
    [`${prefix}ssl.keystore.location`]: dir.file('keys.p12'),
    [`${prefix}ssl.keystore.password`]: STORE_PASSWORD,
  });
  worker = await startWorker({
    bootstrap,
    dir,
    until: 'started',
    worker: {
      listeners: `https://127.0.0.1:${port}`,
      'admin.listeners': `https://127.0.0.1:${adminPort}`,
      ...keys('listeners.https.'),
      ...keys('admin.listeners.https.'),
    },
  });
  await worker.waitLog('REST resources initialized');
  const [first, admin] = [await connect(port), await connect(adminPort)];
  expect(await ask(first.socket)).toBe('HTTP/1.1 200 OK');

  store('wrong-host.p12');
  worker.child.signal('SIGHUP');
  await worker.waitLog(new RegExp(`keys of https://127.0.0.1:${port} were read again`));
  await worker.waitLog(new RegExp(`keys of https://127.0.0.1:${adminPort} were read again`));
  const [second, adminSecond] = [await connect(port), await connect(adminPort)];
  expect(second.fingerprint).not.toBe(first.fingerprint);
  expect(adminSecond.fingerprint).toBe(second.fingerprint);
  expect(admin.fingerprint).toBe(first.fingerprint);
  expect(await ask(second.socket)).toBe('HTTP/1.1 200 OK');
  expect(await ask(first.socket)).toBe('HTTP/1.1 200 OK');

  dir.write('keys.p12', 'no store');
  worker.child.signal('SIGHUP');
  await worker.waitLog(new RegExp(`keys of https://127.0.0.1:${port} cannot be used`));
  expect((await connect(port)).fingerprint).toBe(second.fingerprint);
});
