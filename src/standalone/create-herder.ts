/** The herder with all that it leans on. */
import type { Props } from '../api/connector';
import { type RestartPolicy, restartPolicy } from '../config/restart-policy';
import type { KafkaAdmin } from '../kafka/admin';
import { FileOffsetStore } from '../offsets/file-offset-store';
import { JAVA_POSITIONS } from '../offsets/position-units';
import type { ConnectorThreads } from '../thread/connector-thread-handle';
import { instanceOpener } from '../worker/connector-instances';
import { Herder } from '../worker/herder';
import type { ConnectorConfigs, ConnectorKeeper, PublishOffsets, StartTask } from '../worker/ports';
import type { RestServer } from '../worker/rest/server';
import { resolveConfig } from './connector-configs';
import { moduleOf } from './plugin-checks';
import type { WorkerParts } from './worker-parts';

/** What runs the code of plugins for the herder, and what is done for tasks beside them. */
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

/** The herder over the parts of a worker. */
export function createHerder(
  parts: WorkerParts,
  rest: RestServer,
  admin: KafkaAdmin,
  configs: ConnectorConfigs,
  { connectors, startTask, publishOffsets }: PluginThreads,
  kafkaClusterId: string,
  keeper: ConnectorKeeper | null,
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
      const store = await FileOffsetStore.open(worker.offsetStorageFile, { foreign: JAVA_POSITIONS });
      await parts.identity.open().catch(async error => {
        await store.close();
        throw error;
      });
      return store;
    },
    admin,
    publishOffsets,
    startTask,
    ...(keeper && { keeper }),
    restartPolicyOf: config => orElse(() => policyOf(config), restartPolicy(worker.originals, {})),
    ...(group === undefined ? {} : { consumerGroupId: group }),
    taskShutdownGracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    offsetFlushIntervalMs: worker.offsetFlushIntervalMs,
    offsetFlushTimeoutMs: worker.offsetFlushTimeoutMs,
    tasksMaxLimit: worker.tasksMaxLimit,
    topicTracking: { enabled: worker.topicTrackingEnable, allowReset: worker.topicTrackingAllowReset },
  });
}
