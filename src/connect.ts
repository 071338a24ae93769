/** Starts and stops herder and REST server in Java's order, with its log lines. */
import { getLogger } from './log';
import type { Herder } from './worker/herder';
import type { RestResources, RestServer } from './worker/rest/server';

const log = getLogger('org.apache.kafka.connect.runtime.Connect');

/** A worker whose parts have been made. */
export class Connect {
  private readonly herder: Herder;
  private stopping: Promise<void> | null = null;

  constructor(
    private readonly rest: RestServer,
    private readonly resources: RestResources,
  ) {
    this.herder = resources.herder;
  }

  /**
   * Starts the herder and lets the REST server serve. Its routes may need a moment longer than the returned promise, since they
   * load while connectors start; requests wait for them.
   * @throws what kept the herder from starting (the offset file); call `stop` then
   */
  async start(): Promise<void> {
    log.info('Kafka Connect starting');
    await this.herder.start();
    this.rest.initializeResources(this.resources).catch(error => log.error('Unable to initialize REST resources', error));
    log.info('Kafka Connect started');
  }

  /** Stops REST, then everything else. May be called several times, at any time after the constructor; never throws. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  private async stopAll(): Promise<void> {
    log.info('Kafka Connect stopping');
    await this.rest.stop();
    await this.herder.stop();
    log.info('Kafka Connect stopped');
  }
}
