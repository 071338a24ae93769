/** What a request does if a call into the connector's plugin is still running: it waits for it no longer than is useful. */
import { getLogger } from '../../log';
import type { ConnectorEntry } from '../connector-lifecycle';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

export class BusyConnectors {
  constructor(private readonly entries: ReadonlyMap<string, ConnectorEntry>) {}

  /** For a request that ends the instance: limits a running call to the time that a stop gets. */
  hurryUp(name: string): void {
    this.entries.get(name)?.runner?.hurryUp();
  }

  /** The same for all connectors. */
  hurryUpAll(): void {
    for (const name of this.entries.keys()) this.hurryUp(name);
  }

  /** For a request that ends the instance if its check passes. @returns the request's result, or the check's error without waiting */
  async hurryUpIf<T>(name: string, check: Promise<unknown>, request: Promise<T>): Promise<T> {
    request.catch(() => undefined);
    await check;
    this.hurryUp(name);
    return request;
  }

  /** For a request that is only accepted if it would have to wait, as in Java: then this resolves at once. */
  accept(name: string, request: () => Promise<void>): Promise<void> {
    const isBusy = this.isBusy(name);
    const done = request();
    if (!isBusy) return done;
    done.catch(error => log.error(`A request that was accepted for connector ${name} has failed`, error));
    return Promise.resolve();
  }

  /** True while a call into the plugin is running. */
  isBusy(name: string): boolean {
    return this.entries.get(name)?.runner?.isBusy ?? false;
  }
}
