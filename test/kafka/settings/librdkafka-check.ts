/**
 * Child of the settings tests: asks the real library whether it takes settings. Reads `[{kind, settings}]` from stdin, writes for
 * each a list of complaints: of rd_kafka_conf_set for single keys, then of rd_kafka_new for all together.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Question {
  readonly kind: string;
  readonly settings: Readonly<Record<string, string>>;
}

type NativeCall = (...args: unknown[]) => unknown;
const koffi = require('koffi') as { load(path: string): { func(prototype: string): NativeCall } };
const library = koffi.load(join(dirname(require.resolve('@confluentinc/kafka-javascript/package.json')), 'build/deps/librdkafka.so.1'));
const newConf = library.func('void* rd_kafka_conf_new()');
const setConf = library.func('int rd_kafka_conf_set(void* conf, str name, str value, _Out_ char* error, size_t size)');
const newClient = library.func('void* rd_kafka_new(int type, void* conf, _Out_ char* error, size_t size)');
const destroy = library.func('void rd_kafka_destroy(void* client)');

const text = (buffer: Buffer): string => buffer.toString('utf8', 0, buffer.indexOf(0));

function ask({ kind, settings }: Question): string[] {
  const error = Buffer.alloc(512);
  const conf = newConf();
  const complaints = Object.entries(settings)
    .filter(([name, value]) => setConf(conf, name, value, error, error.length) !== 0)
    .map(([name]) => `${name}: ${text(error)}`);
  const client = newClient(kind === 'consumer' ? 1 : 0, conf, error, error.length);
  if (client === null) return [...complaints, text(error)];
  destroy(client);
  return complaints;
}

process.stdout.write(JSON.stringify((JSON.parse(readFileSync(0, 'utf8')) as Question[]).map(ask)));
