/** The herder with all that it leans on. */
import { invalidConfigMessage } from '../config/config-infos';
import { ConfigTransformer } from '../config/config-transformer';
import { warnOfIdleConnectorKeys } from '../config/idle-keys';
import { topicCreationGroups } from '../config/topic-creation';
import { describeUnknownKeys, unknownConnectorKeys } from '../config/unknown-keys';
import type { KafkaAdmin } from '../kafka/admin';
import { getLogger } from '../log';
import { FileOffsetStore } from '../offsets/file-offset-store';
import { Herder } from '../worker/herder';
import type { ConnectorConfigs, StartTask } from '../worker/ports';
import type { RestServer } from '../worker/rest/server';
import type { WorkerParts } from './worker-parts';

const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** Says once of each connector what is odd about its settings, and again when something else is. */
class WarnedConfigs {
  private readonly said = new Map<string, string>();

  warn(connector: string, what: string): void {
    if (what === '') this.said.delete(connector);
    else if (this.said.get(connector) !== what) {
      this.said.set(connector, what);
      utilsLog.warn(`In the settings of connector ${connector}, ${what}`);
    }
  }
}

/** The herder over the parts of a worker. */
export function createHerder(
  parts: WorkerParts,
  rest: RestServer,
  admin: KafkaAdmin,
  startTask: StartTask,
  kafkaClusterId: string,
): Herder {
  const { worker, plugins } = parts;
  const group = worker.withPrefix('consumer.')['group.id'];
  const warned = new WarnedConfigs();
  const configs: ConnectorConfigs = {
    check: async config => {
      const infos = await parts.validate(config);
      warnOfIdleConnectorKeys(config, utilsLog);
      warned.warn(config.name ?? '', describeUnknownKeys(unknownConnectorKeys(config, infos)));
      return infos.error_count > 0 ? invalidConfigMessage(infos) : null;
    },
    resolve: config => new ConfigTransformer(worker.configProviders).transform(config).data,
    checkAtStart: (props, kind) => {
      if (kind === 'source' && worker.topicCreationEnable) topicCreationGroups(props);
    },
  };
  return new Herder({
    workerId: rest.workerId,
    kafkaClusterId,
    plugins,
    configs,
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
