/**
 * Changes of offsets by REST on a worker with exactly-once: they are written to the topic of offsets, in a transaction under the id of the
 * connector's first task. All its tasks are fenced before, wherever they may run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Props } from '../api/connector';
import { type ExactlyOnceSettings, exactlyOnceSettings } from '../config/keys/exactly-once';
import { ConnectError } from '../errors';
import { maxTasksOf } from '../herder/task-configs';
import { ensureOffsetsTopic, writeOffsets } from '../kafka/admin/offsets-topic';
import { TopicAdmin } from '../kafka/admin/topic-admin';
import type { ClientLedger } from '../kafka/native/client';
import { loadLibrdkafka } from '../kafka/native/librdkafka';
import { type DeliveryListener, KafkaProducer } from '../kafka/producer/producer';
import { adminProps, alongside, producerProps, translateClientProps } from '../kafka/settings/client-config';
import { transactionalSettings, transactionTimeoutMs } from '../kafka/settings/transactional-settings';
import { getLogger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import type { ClientKeeper } from '../thread/task-handle';
import type { WorkerIdentity } from './worker-identity';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');
/** How long all of it may take. */
const LIMIT_MS = 30_000;
const LOOK_MS = 5;

export class OffsetPublisher {
  /** @param keeper frees the clients, which live only as long as a change takes */
  constructor(
    private readonly identity: WorkerIdentity,
    private readonly keeper: ClientKeeper,
  ) {}

  /** Writes offsets of a stopped connector; without exactly-once, nothing. @param props its settings, resolved @throws ConnectError */
  async publish(connector: string, props: Props, entries: readonly OffsetEntry[]): Promise<void> {
    const first = exactlyOnceSettings(this.identity.props, props, { connector, task: 0 });
    if (!first) return;
    const deadlineMs = Date.now() + LIMIT_MS;
    await this.ensureTopic(connector, props, first);
    // The first task comes last: its transaction carries the offsets.
    for (let task = maxTasksOf(props) - 1; task >= 0; task--) {
      const settings = exactlyOnceSettings(this.identity.props, props, { connector, task });
      if (settings) await this.inTransaction(connector, props, settings, deadlineMs, task === 0 ? entries : []);
    }
  }

  private async ensureTopic(connector: string, props: Props, settings: ExactlyOnceSettings): Promise<void> {
    const id = `connector-worker-adminclient-${connector}`;
    const producer = producerProps(this.identity.props, props, { connector, task: 0 });
    const client = translateClientProps('admin', { ...adminProps(this.identity.props, {}, id), ...alongside('admin', producer, id) });
    const admin = new TopicAdmin(loadLibrdkafka(this.keeper.libraryPath), client.settings, LIMIT_MS, this.ledger(), log);
    try {
      await ensureOffsetsTopic(settings, admin, log, new AbortController().signal);
    } finally {
      admin.giveUp();
    }
  }

  private async inTransaction(
    connector: string,
    props: Props,
    settings: ExactlyOnceSettings,
    deadlineMs: number,
    entries: readonly OffsetEntry[],
  ): Promise<void> {
    const client = producerProps(this.identity.props, props, { connector, task: 0 });
    const translated = translateClientProps('producer', client).settings;
    const transactional = transactionalSettings(translated, settings.transactionalId, transactionTimeoutMs(client));
    const producer = new KafkaProducer(loadLibrdkafka(this.keeper.libraryPath), transactional, this.ledger(), null, log);
    const serve = server(producer, deadlineMs);
    const transactions = producer.transactions();
    try {
      await transactions.init(serve);
      if (entries.length === 0) return;
      transactions.begin();
      await writeOffsets(producer, settings.offsetsTopic, entries, serve);
      while (producer.inFlight > 0) await serve();
      await transactions.commit(serve);
    } finally {
      producer.giveUp();
    }
  }

  private ledger(): ClientLedger {
    return {
      clientCreated: () => {},
      queueCreated: () => {},
      clientGivenUp: (client, queues) => void this.keeper.free(queues, [client]),
    };
  }
}

/** Takes what has come, and waits a little. It throws what has failed, or that the time is up. */
function server(producer: KafkaProducer, deadlineMs: number): () => Promise<void> {
  let failure: ConnectError | undefined;
  const listener: DeliveryListener = {
    onDelivery: (_, error) => {
      failure ??= error;
    },
    onFailure: error => {
      failure ??= error;
    },
  };
  return async () => {
    producer.poll(listener);
    if (failure) throw failure;
    if (Date.now() > deadlineMs)
      throw new ConnectError('TimeoutException', `The offsets were not committed within ${LIMIT_MS} ms; nothing was changed`);
    await sleep(LOOK_MS);
  };
}
