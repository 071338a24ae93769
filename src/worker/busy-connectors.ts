/** What a request does about a connector whose plugin takes its time in a call: nobody need wait for that longer than is of use. */
import { getLogger } from '../log';
import type { ConnectorEntry } from './connector-lifecycle';

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

  /** For a request that ends the instance if a check passes, which is only made if somebody would wait. */
  hurryUpIf(name: string, check: () => Promise<unknown>): void {
    if (!this.isBusy(name)) return;
    check().then(
      () => this.hurryUp(name),
      () => undefined,
    );
  }

  /** For a request that is to be accepted rather than waited for, as in Java: it resolves at once if it would have to wait. */
  accept(name: string, request: () => Promise<void>): Promise<void> {
    const isBusy = this.isBusy(name);
    const done = request();
    if (!isBusy) return done;
    done.catch(error => log.error(`A request that was accepted for connector ${name} has failed`, error));
    return Promise.resolve();
  }

  private isBusy(name: string): boolean {
    return this.entries.get(name)?.runner?.isBusy ?? false;
  }
}
