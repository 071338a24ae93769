/** Reading and changing a connector's offsets (KIP-875): source offsets lie in the offset store, those of sinks in a consumer group. */
import type { OffsetAlteration, Props, SinkOffsetAlteration } from '../../api/connector';
import { parseJson, stringifyJson } from '../../config/files/exact-json';
import { ConnectError, toError } from '../../errors';
import { consumerGroup } from '../../kafka/settings/client-props';
import { getLogger } from '../../log';
import type { OffsetEntry } from '../../thread/messages';
import { within } from '../../waiting';
import type { ConnectorEntry } from '../connector-lifecycle';
import type { OffsetAlterations, OpenInstance, PluginCallLimits } from '../connector-runner';
import type { ConnectorConfigs, GroupAdmin, OffsetStore, PublishOffsets } from '../ports';
import { assertPrimitive, type OffsetRequest } from './offset-request';
import { parseSinkOffsets, type SinkOffsetRequest } from './sink-offsets';

const log = getLogger('org.apache.kafka.connect.runtime.Worker');

/** The body for GET. Values may hold bigint, so it is serialized by `stringifyJson`. */
export interface ConnectorOffsetsReply {
  readonly offsets: readonly OffsetRequest[];
}

export interface ConnectorOffsetsOptions {
  readonly configs: ConnectorConfigs;
  readonly openInstance: OpenInstance;
  readonly limits: PluginCallLimits;
  readonly admin: GroupAdmin;
  readonly offsetStore: () => OffsetStore;
  readonly consumerGroupId?: string;
  readonly publishOffsets?: PublishOffsets;
}

type Verb = 'altered' | 'reset';

export class ConnectorOffsets {
  constructor(private readonly options: ConnectorOffsetsOptions) {}

  /** Offsets in any state of the connector; removed ones are left out. */
  async list(entry: ConnectorEntry): Promise<ConnectorOffsetsReply> {
    if (entry.plugin.type === 'source') return { offsets: this.sourceOffsets(entry.name) };
    const group = await this.groupOf(entry);
    const committed = await this.admin('retrieve', entry.name, admin => admin.listGroupOffsets(group));
    const offsets = committed.map(({ topic, partition, offset }) => ({
      partition: { kafka_topic: topic, kafka_partition: BigInt(partition) },
      offset: { kafka_offset: BigInt(offset) },
    }));
    return { offsets };
  }

  /** Sets or removes the named offsets. @returns the message for the user @throws ConnectError; then nothing was changed */
  async alter(entry: ConnectorEntry, requests: readonly OffsetRequest[]): Promise<string> {
    requireStopped(entry);
    if (entry.plugin.type === 'source') {
      assertPrimitive(requests);
      return this.changeSource(entry, requests, 'altered');
    }
    const alterations = parseSinkOffsets(requests);
    const vouched = await this.askSink(
      entry,
      alterations.map(({ offset, ...partition }) => ({ ...partition, offset: offset === null ? null : Number(offset) })),
    );
    await this.alterGroup(entry.name, await this.groupOf(entry), alterations);
    return successMessage('altered', vouched);
  }

  /** Removes all offsets; for a sink, the whole group. @returns the message for the user @throws ConnectError */
  async reset(entry: ConnectorEntry): Promise<string> {
    requireStopped(entry);
    if (entry.plugin.type === 'source') {
      const all = this.sourceOffsets(entry.name).map(({ partition }) => ({ partition, offset: null }));
      return this.changeSource(entry, all, 'reset');
    }
    const group = await this.groupOf(entry);
    const committed = await this.admin('reset', entry.name, admin => admin.listGroupOffsets(group));
    const vouched = await this.askSink(
      entry,
      committed.map(({ topic, partition }) => ({ topic, partition, offset: null })),
    );
    await this.admin('reset', entry.name, admin => admin.deleteGroup(group));
    return successMessage('reset', vouched);
  }

  private sourceOffsets(connector: string): OffsetRequest[] {
    return this.options
      .offsetStore()
      .offsetsOf(connector)
      .flatMap(([key, value]) => {
        const [, partition] = parseJson(key) as [string, OffsetRequest['partition']];
        const offset = value === null ? null : (parseJson(value) as OffsetRequest['offset']);
        return offset === null ? [] : [{ partition, offset }];
      });
  }

  private async changeSource(entry: ConnectorEntry, requests: readonly OffsetAlteration[], verb: Verb): Promise<string> {
    const vouched = await this.askPlugin(entry, requests);
    if (vouched === null) throw unsupported(entry.name);
    const entries = requests.map(
      ({ partition, offset }): OffsetEntry => [
        `[${JSON.stringify(entry.name)},${stringifyJson(partition)}]`,
        offset === null ? null : stringifyJson(offset),
      ],
    );
    if (entries.length > 0) await this.options.publishOffsets?.(entry.name, await this.options.configs.resolve(entry.config), entries);
    await this.options.offsetStore().save(entries);
    return successMessage(verb, vouched);
  }

  /** A sink without `alterOffsets` leaves it all to the worker. */
  private async askSink(entry: ConnectorEntry, alterations: readonly SinkOffsetAlteration[]): Promise<boolean> {
    return (await this.askPlugin(entry, alterations)) ?? false;
  }

  /** A plugin's ConnectException is its verdict on what the user sent. */
  private async askPlugin(entry: ConnectorEntry, alterations: OffsetAlterations): Promise<boolean | null> {
    const { openInstance, limits } = this.options;
    const props = await this.options.configs.resolve(entry.config);
    const instance = openInstance(entry.plugin, entry.name);
    const message = `Connector ${entry.name} did not return from alterOffsets() within ${limits.callMs} ms; no offsets were changed`;
    try {
      return await within(limits.callMs, instance.alterOffsets(props, alterations), { message });
    } catch (error) {
      log.error(`Failed to modify offsets for connector ${entry.name}`, error);
      throw explainRefusal(entry.name, error);
    } finally {
      instance.end();
    }
  }

  private async alterGroup(connector: string, group: string, alterations: readonly SinkOffsetRequest[]): Promise<void> {
    const set = alterations.flatMap(({ topic, partition, offset }) =>
      offset === null ? [] : [{ topic, partition, offset: Number.isSafeInteger(Number(offset)) ? Number(offset) : offset }],
    );
    const removed = alterations.filter(({ offset }) => offset === null).map(({ topic, partition }) => ({ topic, partition }));
    if (set.length > 0) await this.admin('alter', connector, admin => admin.alterGroupOffsets(group, set));
    if (removed.length > 0) await this.admin('alter', connector, admin => admin.deleteGroupOffsets(group, removed));
  }

  private async admin<T>(verb: 'retrieve' | 'alter' | 'reset', connector: string, call: (admin: GroupAdmin) => Promise<T>): Promise<T> {
    try {
      return await call(this.options.admin);
    } catch (thrown) {
      const error = toError(thrown);
      log.error(`Failed to ${verb} consumer group offsets for connector ${connector}`, error);
      throw new ConnectError('ConnectException', explainAdminError(verb, connector, error), error);
    }
  }

  /** The sink's consumer group: its own override, the worker's, or `connect-<name>`. */
  private async groupOf(entry: ConnectorEntry): Promise<string> {
    const props: Props = await this.options.configs.resolve(entry.config);
    const { consumerGroupId } = this.options;
    return consumerGroup(consumerGroupId === undefined ? {} : { 'consumer.group.id': consumerGroupId }, props, entry.name);
  }
}

function requireStopped({ name, target, taskConfigs }: ConnectorEntry): void {
  if (target === 'STOPPED' && taskConfigs.length === 0) return;
  throw badRequest(
    `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`,
  );
}

function explainRefusal(connector: string, error: unknown): ConnectError {
  if (!(error instanceof ConnectError))
    return new ConnectError('ConnectException', `Failed to modify offsets for connector ${connector}`, error);
  if (error.code === 'UnsupportedOperationException') return unsupported(connector);
  return error.code === 'ConnectException' ? new ConnectError('BadRequestException', error.message, error) : error;
}

function explainAdminError(verb: string, connector: string, error: Error): string {
  const failed = `Failed to ${verb} consumer group offsets for connector ${connector}`;
  const busy = error instanceof ConnectError && ['GroupNotEmptyException', 'UnknownMemberIdException'].includes(error.code);
  if (!busy) return `${failed}: ${error.message}`;
  return `${failed} either because its tasks haven't stopped completely yet or the connector was resumed before the request to ${verb} its offsets could be successfully completed. If the connector is in a stopped state, this operation can be safely retried. If it doesn't eventually succeed, the Connect cluster may need to be restarted to get rid of the zombie sink tasks.`;
}

function successMessage(verb: Verb, vouched: boolean): string {
  if (vouched) return `The offsets for this connector have been ${verb} successfully`;
  return `The Connect framework-managed offsets for this connector have been ${verb} successfully. However, if this connector manages offsets externally, they will need to be manually ${verb} in the system that the connector uses.`;
}

function unsupported(connector: string): ConnectError {
  return new ConnectError(
    'ConnectException',
    `Failed to modify offsets for connector ${connector} because it doesn't support external modification of offsets`,
  );
}

function badRequest(message: string): ConnectError {
  return new ConnectError('BadRequestException', message);
}
