/** The herder with all that it leans on. */
import { createHash } from 'node:crypto';
import type { Props } from '../api/connector';
import { invalidConfigMessage } from '../config/config-infos';
import { ConfigTransformer } from '../config/config-transformer';
import { refuseNulls } from '../config/connector-config';
import { refuseRequired } from '../config/exactly-once-checks';
import { describeIdleConnectorKeys } from '../config/idle-keys';
import { type RestartPolicy, restartPolicy } from '../config/restart-policy';
import { topicCreationGroups } from '../config/topic-creation';
import { describeUnknownKeys, unknownConnectorKeys } from '../config/unknown-keys';
import { toError } from '../errors';
import type { KafkaAdmin } from '../kafka/admin';
import { getLogger } from '../log';
import { FileOffsetStore } from '../offsets/file-offset-store';
import { JAVA_POSITIONS } from '../offsets/position-units';
import type { ConnectorThreads } from '../thread/connector-thread-handle';
import { instanceOpener } from '../worker/connector-instances';
import { Herder } from '../worker/herder';
import type { ConnectorConfigs, ConnectorKeeper, PublishOffsets, StartTask } from '../worker/ports';
import type { RestServer } from '../worker/rest/server';
import { filesOfConnector } from './files-of-connectors';
import { moduleOf, type PluginChecks } from './plugin-checks';
import type { WorkerParts } from './worker-parts';

const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** What runs the code of plugins for the herder, and what is done for tasks beside them. */
export interface PluginThreads {
  readonly checks: PluginChecks;
  readonly connectors: ConnectorThreads;
  readonly startTask: StartTask;
  readonly publishOffsets: PublishOffsets;
}

/** What is wrong with settings that Java does not have, and that no answer of REST shows; null if they will do. */
function ownProblem(check: () => unknown): string | null {
  try {
    check();
    return null;
  } catch (error) {
    return `Connector configuration is invalid: ${toError(error).message}`;
  }
}

function orElse<T>(make: () => T, otherwise: T): T {
  try {
    return make();
  } catch {
    return otherwise;
  }
}

/** Connectors of which is known what was said. */
const MAX_WARNED = 1000;

/** Says once of each connector what is odd about its settings, and again when something else is. */
class WarnedConfigs {
  /** By connector a digest of what was said last; of names that were never created the oldest are forgotten. */
  private readonly said = new Map<string, string>();

  warn(connector: string, what: string): void {
    const digest = what === '' ? undefined : createHash('sha256').update(what).digest('base64');
    const isKnown = this.said.get(connector) === digest;
    this.said.delete(connector);
    if (digest === undefined) return;
    this.said.set(connector, digest);
    const [oldest] = this.said.keys();
    if (this.said.size > MAX_WARNED && oldest !== undefined) this.said.delete(oldest);
    if (!isKnown) utilsLog.warn(`In the settings of connector ${connector}, ${what}`);
  }
}

/** The herder over the parts of a worker. */
export function createHerder(
  parts: WorkerParts,
  rest: RestServer,
  admin: KafkaAdmin,
  { checks, connectors, startTask, publishOffsets }: PluginThreads,
  kafkaClusterId: string,
  keeper: ConnectorKeeper | null,
): Herder {
  const { worker, plugins } = parts;
  const group = worker.withPrefix('consumer.')['group.id'];
  const resolve = (config: Props): Props => new ConfigTransformer(worker.configProviders).transform(config).data;
  const policyOf = (config: Props): RestartPolicy => restartPolicy(worker.originals, resolve(config));
  const warned = new WarnedConfigs();
  const configs: ConnectorConfigs = {
    check: async config => {
      const infos = refuseNulls(config, await checks.validate(config));
      const kind = plugins.connector(config['connector.class'] ?? '').type;
      const odd = [
        describeIdleConnectorKeys(config, kind, worker.exactlyOnceSourceEnabled),
        describeUnknownKeys(unknownConnectorKeys(config, infos)),
      ];
      warned.warn(config.name ?? '', odd.filter(text => text !== '').join('; '));
      return infos.error_count > 0
        ? invalidConfigMessage(infos)
        : ownProblem(() => {
            policyOf(config as Props);
            parts.allowedFiles.check(resolve(config as Props), props => filesOfConnector(plugins, props));
            if (!worker.exactlyOnceSourceEnabled) refuseRequired(resolve(config as Props));
          });
    },
    resolve,
    checkAtStart: (props, kind) => {
      if (kind === 'source' && worker.topicCreationEnable) topicCreationGroups(props);
    },
  };
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
