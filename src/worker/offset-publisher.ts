/**
 * Changes of offsets by REST on a worker with exactly-once: they are written to the topic of offsets, in a transaction under the id of the
 * connector's first task. All its tasks are fenced before that, wherever they may run.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Props } from '../api/connector';
import { type ExactlyOnceSettings, exactlyOnceSettings } from '../config/keys/exactly-once';
import { tasksMax } from '../config/tasks/tasks-max';
import { ConnectError } from '../errors';
import { ensureOffsetsTopic, writeOffsets } from '../kafka/admin/offsets-topic';
import { type ClientEnvironment, KafkaClients } from '../kafka/clients/kafka-clients';
import { OFFSET_CHANGE_LIMIT_MS } from '../kafka/clients/purposes';
import type { DeliveryListener, RecordOutlet } from '../kafka/clients/record-outlet';
import { getLogger } from '../log';
import type { OffsetEntry } from '../thread/messages';
import type { ClientKeeper } from '../thread/task-handle';
import type { WorkerIdentity } from './worker-identity';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');
const POLL_MS = 5;

export class OffsetPublisher {
  /** @param keeper frees the clients, which exist only during a change */
  constructor(
    private readonly identity: WorkerIdentity,
    private readonly keeper: ClientKeeper,
  ) {}

  /** Writes offsets of a stopped connector; without exactly-once, nothing. @param props its settings, resolved @throws ConnectError */
  async publish(connector: string, props: Props, entries: readonly OffsetEntry[]): Promise<void> {
    const first = exactlyOnceSettings(this.identity.props, props, { connector, task: 0 });
    if (!first) return;
    const deadlineMs = Date.now() + OFFSET_CHANGE_LIMIT_MS;
    const clients = this.clientsOf(connector, props);
    await clients.admins('topic of changed offsets').use(admin => ensureOffsetsTopic(first, admin, log, new AbortController().signal));
    // The first task comes last: its transaction carries the offsets.
    for (let task = tasksMax(props).count - 1; task >= 0; task--) {
      const settings = exactlyOnceSettings(this.identity.props, props, { connector, task });
      if (settings) await inTransaction(clients, settings, deadlineMs, task === 0 ? entries : []);
    }
  }

  private clientsOf(connector: string, connectorProps: Props): KafkaClients {
    const { libraryPath } = this.keeper;
    const ledger: ClientEnvironment['ledger'] = {
      clientCreated: () => {},
      queueCreated: () => {},
      clientGivenUp: (client, queues) => void this.keeper.free(queues, [client]),
    };
    const origin = { workerProps: this.identity.props, connectorProps, id: { connector, task: 0 } };
    return new KafkaClients({ libraryPath, ledger, wakeFd: null, logger: log }, origin);
  }
}

/** Fences the owner of the transactional id, and commits the offsets if there are any. @throws ConnectError */
async function inTransaction(
  clients: KafkaClients,
  { transactionalId, offsetsTopic }: ExactlyOnceSettings,
  deadlineMs: number,
  entries: readonly OffsetEntry[],
): Promise<void> {
  const producer = clients.producers('changed offsets', transactionalId).create();
  const serve = server(producer, deadlineMs);
  const transactions = producer.transactions();
  try {
    await transactions.init(serve);
    if (entries.length === 0) return;
    transactions.begin();
    await writeOffsets(producer, offsetsTopic, entries, serve);
    while (producer.inFlight > 0) await serve();
    await transactions.commit(serve);
  } finally {
    producer.giveUp();
  }
}

/** A function that serves the producer and waits a little. It throws the producer's failure, or an error at the deadline. */
function server(producer: RecordOutlet, deadlineMs: number): () => Promise<void> {
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
      throw new ConnectError('TimeoutException', `The offsets were not committed within ${OFFSET_CHANGE_LIMIT_MS} ms; nothing was changed`);
    await sleep(POLL_MS);
  };
}
