/** The admin client of the worker, which no task has. */
import type { Props } from '../../api/connector';
import type { Logger } from '../../log';
import { KafkaAdmin } from '../admin/admin';
import { loadLibrdkafka } from '../native/librdkafka';
import { WORKER_ADMIN } from './purposes';
import { translated } from './translated-settings';

/** What the worker asks of the brokers: the id of the cluster, and the offsets of groups. */
export type { KafkaAdmin };

/**
 * Makes it; it is closed by whoever has it.
 * @param logger is told of settings without an effect
 * @param log gets what the client has to say
 * @throws ConfigException, KafkaException
 */
export function openWorkerAdmin(libraryPath: string, workerProps: Props, logger: Logger, log: Logger): KafkaAdmin {
  const { settings, apiTimeoutMs } = translated('admin', WORKER_ADMIN, { workerProps }, logger);
  return new KafkaAdmin(loadLibrdkafka(libraryPath), settings, apiTimeoutMs, log);
}
