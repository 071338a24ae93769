/** Settings as tasks get them, from texts. */
import type { Props } from '../../../src/api/connector';
import { connectorDef } from '../../../src/config/keys/connector-def';
import { type ErrorSettings, errorSettings } from '../../../src/config/tasks/error-settings';
import { type TaskOwner, type TaskSettings, taskSettings } from '../../../src/config/tasks/task-settings';
import { WorkerConfig } from '../../../src/config/worker-config';

/** The `errors.` settings of a connector. */
export function readErrorSettings(props: Props): ErrorSettings {
  return errorSettings(connectorDef('sink').parse({ name: 'c', 'connector.class': 'C', ...props }));
}

/** All that the framework reads for a task of a worker with these settings, its offset file aside. */
export function readTaskSettings(workerProps: Props, owner: Omit<TaskOwner, 'taskProps'>): TaskSettings {
  const worker = new WorkerConfig({ 'offset.storage.file.filename': '/nowhere', ...workerProps });
  return taskSettings(worker, workerProps, { taskProps: owner.connectorProps, ...owner });
}
