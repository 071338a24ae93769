/** The herder with all that it leans on. */
import { invalidConfigMessage } from '../config/config-infos';
import { ConfigTransformer } from '../config/config-transformer';
import { warnOfIdleConnectorKeys } from '../config/idle-keys';
import type { KafkaAdmin } from '../kafka/admin';
import { getLogger } from '../log';
import { FileOffsetStore } from '../offsets/file-offset-store';
import type { ConnectorThreads } from '../thread/connector-thread-handle';
import { instanceOpener } from '../worker/connector-instances';
import { Herder } from '../worker/herder';
import type { ConnectorConfigs, StartTask } from '../worker/ports';
import type { RestServer } from '../worker/rest/server';
import { moduleOf, type PluginChecks } from './plugin-checks';
import type { WorkerParts } from './worker-parts';

const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** What runs the code of plugins for the herder. */
export interface PluginThreads {
  readonly checks: PluginChecks;
  readonly connectors: ConnectorThreads;
  readonly startTask: StartTask;
}

/** The herder over the parts of a worker. */
export function createHerder(
  parts: WorkerParts,
  rest: RestServer,
  admin: KafkaAdmin,
  { checks, connectors, startTask }: PluginThreads,
  kafkaClusterId: string,
): Herder {
  const { worker, plugins } = parts;
  const group = worker.withPrefix('consumer.')['group.id'];
  const configs: ConnectorConfigs = {
    check: async config => {
      const infos = await checks.validate(config);
      warnOfIdleConnectorKeys(config, utilsLog);
      return infos.error_count > 0 ? invalidConfigMessage(infos) : null;
    },
    resolve: config => new ConfigTransformer(worker.configProviders).transform(config).data,
  };
  return new Herder({
    workerId: rest.workerId,
    kafkaClusterId,
    plugins,
    configs,
    openInstance: instanceOpener(connectors, plugin => moduleOf(parts, plugin)),
    openOffsetStore: () => FileOffsetStore.open(worker.offsetStorageFile),
    admin,
    startTask,
    ...(group === undefined ? {} : { consumerGroupId: group }),
    taskShutdownGracefulTimeoutMs: worker.taskShutdownGracefulTimeoutMs,
    offsetFlushIntervalMs: worker.offsetFlushIntervalMs,
    offsetFlushTimeoutMs: worker.offsetFlushTimeoutMs,
    topicTracking: { enabled: worker.topicTrackingEnable, allowReset: worker.topicTrackingAllowReset },
  });
}
