/** Admin clients of a task: each is opened when something is to be asked, and given up afterwards, with its threads and connections. */
import type { Props } from '../../api/connector';
import { TopicAdmin } from '../../kafka/admin/topic-admin';
import { loadLibrdkafka } from '../../kafka/native/librdkafka';
import { translateClientProps } from '../../kafka/settings/client-config';
import type { Logger } from '../../log';
import type { TaskHost } from './task-host';

export class TaskAdmins {
  private readonly client: ReturnType<typeof translateClientProps>;

  /**
   * @param props the client's settings in Java's names
   * @throws ConfigException
   */
  constructor(
    private readonly host: Pick<TaskHost, 'spec' | 'ledger'>,
    props: Props,
    private readonly logger: Logger,
  ) {
    this.client = translateClientProps('admin', props);
  }

  /** What is to be said of the settings. */
  get warnings(): readonly string[] {
    return this.client.warnings;
  }

  get bootstrapServers(): string {
    return this.client.settings['bootstrap.servers'] ?? '';
  }

  /** Opens a client, which the caller gives up. @throws ConfigException, KafkaException */
  open(): TopicAdmin {
    const { spec, ledger } = this.host;
    const { settings, defaultApiTimeoutMs } = this.client;
    return new TopicAdmin(loadLibrdkafka(spec.libraryPath), settings, defaultApiTimeoutMs, ledger, this.logger);
  }

  /** Has a client for some questions. @throws as `open`, and what the questions throw */
  async use<T>(ask: (admin: TopicAdmin) => Promise<T>): Promise<T> {
    const admin = this.open();
    try {
      return await ask(admin);
    } finally {
      admin.giveUp();
    }
  }
}
