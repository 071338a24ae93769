/** Addresses in bootstrap.servers where no broker is: the worker says why within the time, and when it gives up. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { Broker, sharedBootstrap } from '../../helpers/servers/broker';
import { freePort, freePorts } from '../../helpers/servers/free-port';
import { tlsFile } from '../../helpers/servers/tls-fixtures';

const closing: (() => void)[] = [];
let worker: WorkerProcess | undefined;

afterEach(async () => {
  await worker?.kill9();
  for (const close of closing.splice(0)) close();
});

async function serve(server: net.Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const quiet = (socket: net.Socket): void => void socket.on('error', () => {});
const tlsServer = (): net.Server =>
  tls
    .createServer({ key: readFileSync(tlsFile('key.pem')), cert: readFileSync(tlsFile('cert.pem')) }, quiet)
    .on('tlsClientError', () => {});

const PLACES: [string, () => Promise<number>, Settings, RegExp][] = [
  ['a dead port', () => freePort(), {}, /connection refused, nothing listens there/],
  ['an HTTP server', () => serve(http.createServer((_, answer) => answer.end())), {}, /it answers in HTTP, so it is not a Kafka broker/],
  ['a TLS port without TLS', () => serve(tlsServer()), {}, /may want SASL or TLS|it speaks TLS/],
  [
    'a server that closes at once',
    () => serve(net.createServer(socket => void socket.on('error', () => {}).destroy())),
    {},
    /it may want SASL or TLS/,
  ],
  [
    'a plain port with TLS',
    async () => Number(sharedBootstrap().split(':')[1]),
    { 'security.protocol': 'SSL' },
    /it may not speak TLS at this port/,
  ],
  ['the port of a KRaft controller', controllerPort, {}, /this is a KRaft controller, not a broker/],
];

async function controllerPort(): Promise<number> {
  const [port = 0, controller = 0] = await freePorts(2);
  const broker = await Broker.start({
    port,
    settings: {
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`,
    },
  });
  closing.push(() => void broker.stop());
  return controller;
}

test.each(PLACES)(
  '%s',
  async (_name, place, settings, reason) => {
    const port = await place();
    worker = await startWorker({
      bootstrap: `127.0.0.1:${port}`,
      worker: { 'default.api.timeout.ms': 7000, ...settings },
      until: 'started',
    });
    const { code } = await worker.child.exited;
    expect(code).toBe(2);
    await worker.waitLog(
      new RegExp(
        `WARN No usable answer from bootstrap\\.servers=127\\.0\\.0\\.1:${port} after 5 s: 127\\.0\\.0\\.1:${port}: .*${reason.source}`,
      ),
    );
    await worker.waitLog(new RegExp(`ERROR Stopping due to error.*${reason.source}`));
  },
  60_000,
);

test('one wrong address beside a broker does no harm', async () => {
  const port = await serve(http.createServer((_, answer) => answer.end()));
  worker = await startWorker({ bootstrap: `127.0.0.1:${port},${sharedBootstrap()}` });
  await worker.waitLog('Kafka cluster ID');
});
