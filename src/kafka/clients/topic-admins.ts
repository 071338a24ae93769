/** Admin clients for topics: each is opened when something is to be asked, and given up afterwards, with its threads and connections. */
import type { TopicAdmin } from '../admin/topic-admin';

export class TopicAdmins {
  /** @param bootstrapServers for messages */
  constructor(
    private readonly create: () => TopicAdmin,
    readonly bootstrapServers: string,
  ) {}

  /** Opens a client, which the caller gives up. @throws ConfigException, KafkaException */
  open(): TopicAdmin {
    return this.create();
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
