/** What a worker runs with, once its settings are known to be good. */
import { type WorkerAdminSettings, workerAdminSettings } from '../kafka/clients/worker-admin';
import { EmbeddedBroker } from '../kafka/embedded/embedded-broker';
import { getLogger } from '../log';
import type { WorkerSettings } from './settings/read';
import { WorkerIdentity } from './worker-identity';

export interface WorkerParts extends WorkerSettings {
  readonly adminSettings: WorkerAdminSettings;
  readonly broker: EmbeddedBroker | null;
  readonly identity: WorkerIdentity;
}

/** Starts the embedded broker if the settings ask for one. */
export function openParts(settings: WorkerSettings, libraryPath: string): WorkerParts {
  const { wantsEmbeddedBroker } = settings;
  const logger = getLogger('org.apache.kafka.connect.EmbeddedBroker');
  const broker = wantsEmbeddedBroker ? new EmbeddedBroker(libraryPath, logger) : null;
  const worker = broker ? settings.worker.withBrokers(broker.bootstrapServers) : settings.worker;
  const adminSettings =
    settings.adminSettings ?? workerAdminSettings(worker.originals, getLogger('org.apache.kafka.connect.runtime.WorkerConfig'));
  return { ...settings, worker, broker, adminSettings, identity: new WorkerIdentity(worker) };
}
