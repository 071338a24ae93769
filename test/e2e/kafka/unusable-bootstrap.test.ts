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

const OVERRIDES = [
  ['producer', { 'connector.class': 'FileStreamSource', topic: 'unusable', file: 'in' }],
  ['consumer', { 'connector.class': 'FileStreamSink', topics: 'unusable', file: 'out' }],
  [
    'admin',
    {
      'connector.class': 'FileStreamSource',
      topic: 'unusable',
      file: 'in',
      'topic.creation.default.partitions': 1,
      'topic.creation.default.replication.factor': 1,
    },
  ],
] as const satisfies [string, Settings][];

test.each(OVERRIDES)(
  '%s.override.bootstrap.servers of a connector: what answers there, the setting and its value are named',
  async (client, settings) => {
    const places = PLACES.filter(([, , own]) => Object.keys(own).length === 0);
    const started = await startWorker({ bootstrap: sharedBootstrap() });
    worker = started;
    started.dir.write('in', 'a\n');
    const named = new Map<string, number>();
    for (const [name, place] of places) {
      const port = await place();
      named.set(name, port);
      await started.create({ name: `${client}-${name}`, ...settings, [`${client}.override.bootstrap.servers`]: `127.0.0.1:${port}` });
    }
    for (const [name, , , reason] of places) {
      const port = named.get(name);
      const setting = `bootstrap\\.servers=127\\.0\\.0\\.1:${port} of the ${client}`;
      await started.waitLog(new RegExp(`WARN .*(?:${reason.source}.* Check ${setting}|${setting}.*${reason.source})`), {
        timeoutMs: 60_000,
      });
    }
    const port = named.get('the port of a KRaft controller');
    const controller = encodeURIComponent(`${client}-the port of a KRaft controller`);
    if (client !== 'producer') return;
    await started.waitState('producer-the port of a KRaft controller', 'RUNNING', 'FAILED');
    expect((await started.get(`/connectors/${controller}/status`)).text).toMatch(
      new RegExp(
        `use the port of a broker, not that of a KRaft controller.*Check bootstrap\\.servers=127\\.0\\.0\\.1:${port} of the producer`,
      ),
    );
  },
  120_000,
);
