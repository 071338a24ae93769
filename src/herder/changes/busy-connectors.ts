/** What a request does about a connector whose plugin takes its time in a call: nobody need wait for that longer than is of use. */
import { getLogger } from '../../log';
import type { ConnectorEntry } from '../connector-lifecycle';

const log = getLogger('org.apache.kafka.connect.runtime.standalone.StandaloneHerder');

export class BusyConnectors {
  constructor(private readonly entries: ReadonlyMap<string, ConnectorEntry>) {}

  /** For a request that ends the instance: a call under way gets no more time than a stop does. */
  hurryUp(name: string): void {
    this.entries.get(name)?.runner?.hurryUp();
  }

  /** The same for all connectors. */
  hurryUpAll(): void {
    for (const name of this.entries.keys()) this.hurryUp(name);
  }

  /** For a request that ends the instance if its check passes. @returns what it does; it does not wait to be refused either */
  async hurryUpIf<T>(name: string, check: Promise<unknown>, request: Promise<T>): Promise<T> {
    request.catch(() => undefined);
    await check;
    this.hurryUp(name);
    return request;
  }

  /** For a request that is to be accepted rather than waited for, as in Java: it resolves at once if it would have to wait. */
  accept(name: string, request: () => Promise<void>): Promise<void> {
    const isBusy = this.isBusy(name);
    const done = request();
    if (!isBusy) return done;
    done.catch(error => log.error(`A request that was accepted for connector ${name} has failed`, error));
    return Promise.resolve();
  }

  /** True while the plugin has a call to answer. */
  isBusy(name: string): boolean {
    return this.entries.get(name)?.runner?.isBusy ?? false;
  }
}
