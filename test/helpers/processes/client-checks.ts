/** Checks of the native clients, each in a process of its own, since Jest's modules may load no native code. Argument: which check. */
import fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import { KafkaConsumer } from '../../../src/kafka/consumer/consumer';
import { FetchedBatch } from '../../../src/kafka/consumer/fetched-batch';
import { createClient } from '../../../src/kafka/native/client';
import { findLibrdkafka, type Librdkafka, loadLibrdkafka } from '../../../src/kafka/native/librdkafka';
import { makeWakePipe } from '../../../src/kafka/native/native-memory';
import { getLogger } from '../../../src/log';

const [check = '', bootstrap = '', topic = '', count = '0'] = process.argv.slice(2);

/** A pipe that nobody reads takes what it can, then refuses: librdkafka's threads must never wait in it. */
function fullPipe(): unknown {
  const { readFd, writeFd } = makeWakePipe();
  const cloexec = (fd: number): boolean =>
    (Number.parseInt(/flags:\s+(\d+)/.exec(fs.readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8) & 0o2000000) !== 0;
  try {
    for (const block = Buffer.alloc(4096); ; ) fs.writeSync(writeFd, block);
  } catch (error) {
    return { code: (error as { code?: string }).code, cloexec: [cloexec(readFd), cloexec(writeFd)] };
  }
}

/** Another native module after librdkafka, here and in a thread. */
async function secondModule(): Promise<unknown> {
  const library = loadLibrdkafka(findLibrdkafka());
  const other = require.resolve('@confluentinc/kafka-javascript/build/Release/confluent-kafka-javascript.node');
  const here = Object.keys(require(other)).length > 0;
  const code = `const { parentPort } = require('node:worker_threads'); const koffi = require('koffi');
    parentPort.postMessage(koffi.load(null).func('int getpid()')() === process.pid);`;
  const inThread = await new Promise(resolve => new Worker(code, { eval: true }).once('message', resolve));
  return { version: typeof library.version(), here, inThread };
}

/** A consumer whose partition queue is not forwarded at first: its messages come as events on the wrong queue. */
async function strayMessages(): Promise<unknown> {
  const lib = loadLibrdkafka(findLibrdkafka());
  let forwards = 0;
  const forgetful = new Proxy(lib, {
    get: (target, name) => (name === 'queueForward' && forwards++ === 0 ? () => 0 : target[name as keyof Librdkafka]),
  });
  const refetched: number[] = [];
  const consumer = new KafkaConsumer(
    forgetful,
    { 'bootstrap.servers': bootstrap, 'group.id': `stray-${process.pid}`, 'auto.offset.reset': 'earliest', 'enable.auto.commit': 'false' },
    { clientCreated: () => {}, queueCreated: () => {}, clientGivenUp: () => {} },
    makeWakePipe().writeFd,
    getLogger('test'),
  );
  const listener = {
    onAssigned: async () => {},
    onRevoked: async () => {},
    onRefetch: ({ offset }: { offset: number }) => refetched.push(offset),
    onFailure: (error: Error) => {
      throw error;
    },
  };
  consumer.subscribe([topic]);
  const batch = new FetchedBatch(lib, 1000, 'values');
  const offsets: number[] = [];
  for (const endMs = Date.now() + 15_000; new Set(offsets).size < Number(count) && Date.now() < endMs; ) {
    await consumer.serve(listener);
    consumer.fetch(batch);
    offsets.push(...batch.offsets.subarray(0, batch.count));
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  return { strays: refetched.length > 0, distinct: new Set(offsets).size, first: offsets[0] };
}

/**
 * Clients with GSSAPI and a keytab, by the door to librdkafka itself, so that nothing has looked at the values before.
 * @returns the errors of those that could not be made
 */
async function kerberos(): Promise<unknown> {
  const lib = loadLibrdkafka(findLibrdkafka());
  const errors: string[] = [];
  for (const [principal, keytab] of JSON.parse(process.env.LOGINS ?? '[]') as [string, string][]) {
    const settings = {
      'bootstrap.servers': '127.0.0.1:1',
      'security.protocol': 'sasl_plaintext',
      'sasl.mechanisms': 'GSSAPI',
      'sasl.kerberos.service.name': 'kafka',
      'sasl.kerberos.principal': principal,
      'sasl.kerberos.keytab': keytab,
      'sasl.kerberos.min.time.before.relogin': '200',
    };
    try {
      createClient(lib, 'producer', settings, 0, { clientCreated: () => {}, queueCreated: () => {}, clientGivenUp: () => {} });
    } catch (error) {
      errors.push(String(error));
    }
  }
  // librdkafka's own thread would run its command at once, and again after the interval.
  await new Promise(resolve => setTimeout(resolve, 700));
  return errors;
}

const CHECKS: Readonly<Record<string, () => unknown>> = {
  'full-pipe': fullPipe,
  kerberos,
  'second-module': secondModule,
  'stray-messages': strayMessages,
};

void (async () => {
  process.stdout.write(`${JSON.stringify(await CHECKS[check]?.())}\n`);
  process.exit(0);
})();
