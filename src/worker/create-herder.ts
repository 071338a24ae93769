/** Creates the herder with everything it depends on. */
import type { Props } from '../api/connector';
import { type RestartPolicy, restartPolicy } from '../config/keys/restart-policy';
import { Herder } from '../herder/herder';
import type { ConnectorConfigs, ConnectorStore, PublishOffsets, StartTask } from '../herder/ports';
import { instanceOpener } from '../isolation/connector-instances';
import type { ConnectorThreads } from '../isolation/connector-thread-handle';
import { offsetConverter } from '../isolation/offset-conversion';
import { moduleOf } from '../isolation/plugin-checks';
import type { KafkaAdmin } from '../kafka/clients/worker-admin';
import { FileOffsetStore } from '../offsets/file-offset-store';
import type { RestServer } from '../rest/http/server';
import { resolveConfig } from './connector-configs';
import type { WorkerParts } from './open-parts';

/** What runs plugin code for the herder, and what serves tasks beside it. */
export interface PluginThreads {
  readonly connectors: ConnectorThreads;
  readonly startTask: StartTask;
  readonly publishOffsets: PublishOffsets;
}

function orElse<T>(make: () => T, otherwise: T): T {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

/** Creates the herder from the parts of a worker. */
export function createHerder(
  parts: WorkerParts,
  rest: RestServer,
  admin: KafkaAdmin,
  configs: ConnectorConfigs,
  { connectors, startTask, publishOffsets }: PluginThreads,
  kafkaClusterId: string,
  connectorStore: ConnectorStore | null,
): Herder {
  const { worker, plugins } = parts;
  const group = worker.withPrefix('consumer.')['group.id'];
  const policyOf = (config: Props): RestartPolicy => restartPolicy(worker.originals, resolveConfig(worker, config));
  return new Herder({
    workerId: rest.workerId,
    kafkaClusterId,
    plugins,
    configs,
    openInstance: instanceOpener(connectors, plugin => moduleOf(parts, plugin)),
    openOffsetStore: async () => {
      const store = await FileOffsetStore.open(worker.offsetStorageFile, { convertForeign: offsetConverter(connectors) });
      await parts.identity.open().catch(async error => {
        await store.close();
        throw error;
      });
      return store;
    },
    admin,
    publishOffsets,
    startTask,
    ...(connectorStore && { connectorStore }),
    restartPolicyOf: config => orElse(() => policyOf(config), restartPolicy(worker.originals, {})),
    ...(group === undefined ? {} : { consumerGroupId: group }),
    taskShutdownGracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    offsetFlushIntervalMs: worker.offsetFlushIntervalMs,
    offsetFlushTimeoutMs: worker.offsetFlushTimeoutMs,
    tasksMaxLimit: worker.tasksMaxLimit,
    metricSamples: worker.metricSamples,
    topicTracking: { enabled: worker.topicTrackingEnable, allowReset: worker.topicTrackingAllowReset },
  });
}
