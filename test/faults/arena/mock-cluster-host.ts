/**
 * A process with librdkafka's mock cluster of three brokers, whose errors can be ordered. Says `{"bootstrap":...}` on standard output,
 * then obeys lines of JSON on standard input (`MockOrder`), each answered with a line, until that ends.
 */
import { createInterface } from 'node:readline';
import { findLibrdkafka } from '../../../src/kafka/native/librdkafka';
import type { MockOrder } from './mock-cluster';

type NativeCall = (...args: unknown[]) => number;
const koffi = require('koffi') as { load(path: string): { func(prototype: string): NativeCall } };
const library = koffi.load(findLibrdkafka());
const call = (prototype: string): NativeCall => library.func(prototype);

const BROKERS = 3;
const newConf = call('uintptr_t rd_kafka_conf_new()');
const newClient = call('uintptr_t rd_kafka_new(int type, uintptr_t conf, void* error, size_t size)');
const newCluster = call('uintptr_t rd_kafka_mock_cluster_new(uintptr_t rk, int brokers)');
const bootstraps = library.func('str rd_kafka_mock_cluster_bootstraps(uintptr_t cluster)') as unknown as (cluster: number) => string;
const createTopic = call('int rd_kafka_mock_topic_create(uintptr_t cluster, str topic, int partitions, int replication)');
const setLeader = call('int rd_kafka_mock_partition_set_leader(uintptr_t cluster, str topic, int32_t partition, int32_t broker)');
const setDown = call('int rd_kafka_mock_broker_set_down(uintptr_t cluster, int32_t broker)');
const setUp = call('int rd_kafka_mock_broker_set_up(uintptr_t cluster, int32_t broker)');
const pushErrors = call('void rd_kafka_mock_push_request_errors_array(uintptr_t cluster, int16_t apiKey, size_t count, const int* errors)');

const PRODUCE = 0;
const cluster = newCluster(newClient(0, newConf(), null, 0), BROKERS);

function obey(order: MockOrder): number | undefined {
  switch (order.type) {
    case 'topic':
      return createTopic(cluster, order.topic, 1, BROKERS);
    case 'leader':
      return setLeader(cluster, order.topic, 0, order.broker);
    case 'down':
      return setDown(cluster, order.broker);
    case 'up':
      return setUp(cluster, order.broker);
    case 'fail':
      return pushErrors(cluster, PRODUCE, order.errors.length, Int32Array.from(order.errors));
  }
}

process.stdout.write(`${JSON.stringify({ bootstrap: bootstraps(cluster) })}\n`);
createInterface({ input: process.stdin })
  .on('line', line => process.stdout.write(`${JSON.stringify(obey(JSON.parse(line) as MockOrder) ?? 0)}\n`))
  // librdkafka's threads would keep the process.
  .on('close', () => process.exit(0));
