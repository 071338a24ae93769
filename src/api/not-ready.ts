/** Thrown by a converter that must ask somebody before it can go on, such as a registry for a schema. */
export class NotReady extends Error {
  /**
   * @param ready resolves when the same call would succeed; rejects with what the call is to fail with, a RetriableException where that may
   *   pass. While it is pending the task waits, for as long as it takes, unless it is to stop; then it goes on at the same record.
   */
  constructor(readonly ready: Promise<unknown>) {
    super('Not ready yet');
    this.name = 'NotReady';
    // It is waited for later, or by nobody where the task is to stop.
    ready.catch(() => {});
  }
}
