/** The admin client of the worker, which no task has. */
import type { Props } from '../../api/connector';
import type { Logger } from '../../log';
import { KafkaAdmin } from '../admin/admin';
import { loadLibrdkafka } from '../native/librdkafka';
import { WORKER_ADMIN } from './purposes';
import { type TranslatedSettings, translated } from './translated-settings';

/** What the worker asks of the brokers: the id of the cluster, and the offsets of groups. */
export type { KafkaAdmin };

/** What it is made with. */
export type WorkerAdminSettings = Pick<TranslatedSettings, 'settings' | 'apiTimeoutMs'>;

/** Reads its settings. @param logger is told of those without an effect @throws ConfigException */
export function workerAdminSettings(workerProps: Props, logger: Logger): WorkerAdminSettings {
  return translated('admin', WORKER_ADMIN, { workerProps }, logger);
}

/** Makes it; it is closed by whoever has it. @param log gets what the client has to say @throws KafkaException */
export function openWorkerAdmin(libraryPath: string, { settings, apiTimeoutMs }: WorkerAdminSettings, log: Logger): KafkaAdmin {
  return new KafkaAdmin(loadLibrdkafka(libraryPath), settings, apiTimeoutMs, log);
}
