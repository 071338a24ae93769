import type { Props } from '../api/connector';
import type { TaskId } from '../thread/messages';
export function producerClientConfig(w: Props, _c: Props, id: TaskId) {
  return {
    settings: {
      'bootstrap.servers': w['bootstrap.servers'] ?? '',
      'client.id': id.connector,
      'enable.idempotence': 'true',
      acks: 'all',
      'linger.ms': '5',
      'queue.buffering.max.messages': '100000',
      'queue.buffering.max.kbytes': '32768',
      partitioner: 'murmur2_random',
      'message.timeout.ms': '0',
    } as Record<string, string>,
    warnings: [] as string[],
    maxRequestSizeBytes: 1048576,
  };
}
export function consumerClientConfig(w: Props, _c: Props, id: TaskId) {
  return {
    settings: {
      'bootstrap.servers': w['bootstrap.servers'] ?? '',
      'group.id': 'connect-' + id.connector,
      'enable.auto.commit': 'false',
      'auto.offset.reset': 'earliest',
      'queued.max.messages.kbytes': '16384',
      'queued.min.messages': '100000',
      'fetch.message.max.bytes': '1048576',
    } as Record<string, string>,
    warnings: [] as string[],
    maxPollRecords: 500,
  };
}
