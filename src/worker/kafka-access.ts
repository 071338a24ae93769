/** The first contact with Kafka: the admin client, and the id of the cluster. */
import { checkBootstrapServers, whenNoneResolves } from '../config/clients/bootstrap-servers';
import { ConnectError } from '../errors';
import { type KafkaAdmin, openWorkerAdmin, type WorkerAdminSettings } from '../kafka/clients/worker-admin';
import { getLogger } from '../log';

const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** How often to log why the worker still waits for its brokers. */
const SAY_WHY_EVERY_MS = 5000;

/** The admin client of the worker. @throws KafkaException */
export function openAdmin(settings: WorkerAdminSettings, libraryPath: string): KafkaAdmin {
  return openWorkerAdmin(libraryPath, settings, getLogger('org.apache.kafka.clients.admin.AdminClient'));
}

/** Asks the brokers for the id of their cluster. @throws ConnectException if no usable broker answers at `bootstrap.servers` */
export async function clusterIdOf(admin: KafkaAdmin, bootstrapServers: string): Promise<string> {
  const unknownHosts = whenNoneResolves(checkBootstrapServers(bootstrapServers));
  const startedMs = performance.now();
  const waiting = setInterval(() => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    utilsLog.warn(
      `No usable answer from bootstrap.servers=${bootstrapServers} after ${seconds} s: ${admin.trouble || 'nothing is known yet'}`,
    );
  }, SAY_WHY_EVERY_MS);
  try {
    const id = (await Promise.race([admin.clusterId(), unknownHosts])) ?? '';
    utilsLog.info(`Kafka cluster ID: ${id}`);
    return id;
  } catch (error) {
    throw new ConnectError(
      'ConnectException',
      "Failed to connect to and describe Kafka cluster. Check worker's broker connection and security properties. " +
        `Nothing usable at bootstrap.servers=${bootstrapServers}`,
      error,
    );
  } finally {
    clearInterval(waiting);
  }
}
