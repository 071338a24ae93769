/** The uuid by which exactly-once tells this worker from all others; known once the offset file is open. */
import type { Props } from '../api/connector';
import type { WorkerConfig } from '../config/worker-config';
import { workerUuid } from '../offsets/worker-uuid';

export class WorkerIdentity {
  private uuid: string | null = null;

  constructor(private readonly worker: WorkerConfig) {}

  /** Reads or creates the uuid; does nothing without exactly-once. The offset file must be locked. @throws ConnectError */
  async open(): Promise<void> {
    const { exactlyOnceSourceEnabled, offsetStorageFile, values } = this.worker;
    if (exactlyOnceSourceEnabled) this.uuid = await workerUuid(offsetStorageFile, values.getStringOrNull('worker.uuid'));
  }

  /** The settings of the worker as tasks get them. */
  get props(): Props {
    const { originals } = this.worker;
    return this.uuid === null ? originals : { ...originals, 'worker.uuid': this.uuid };
  }
}
