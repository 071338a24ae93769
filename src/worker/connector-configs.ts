/** How the settings of a connector are judged and resolved. */
import { createHash } from 'node:crypto';
import type { Props } from '../api/connector';
import { fromRest, type OriginOf } from '../config/files/setting';
import { describeIdleConnectorKeys } from '../config/keys/idle-keys';
import { restartPolicy } from '../config/keys/restart-policy';
import { topicCreationGroups } from '../config/keys/topic-creation';
import { describeUnknownKeys, unknownConnectorKeys } from '../config/keys/unknown-keys';
import { ConfigTransformer } from '../config/providers/config-transformer';
import { refuseNulls } from '../config/validation/connector-config';
import { refuseRequired } from '../config/validation/exactly-once-checks';
import { type ConfigFindings, type Finding, findingsOf } from '../config/validation/findings';
import type { WorkerConfig } from '../config/worker-config';
import { SettingError, toError } from '../errors';
import type { ConnectorConfigs } from '../herder/ports';
import type { PluginChecks } from '../isolation/plugin-checks';
import { getLogger } from '../log';
import { filesOfConnector } from './files/files-of-connectors';
import type { WorkerSettings } from './settings/read';

const utilsLog = getLogger('org.apache.kafka.connect.runtime.WorkerConfig');

/** Problems with settings that Java does not have, which no REST response shows. */
function ownFindings(originOf: OriginOf, checks: readonly (() => unknown)[]): ConfigFindings {
  const findings = checks.flatMap((check): Finding[] => {
    try {
      check();
      return [];
    } catch (error) {
      const key = error instanceof SettingError ? error.key : null;
      return [{ key, text: toError(error).message, origin: originOf(key ?? '') }];
    }
  });
  return { errorCount: 0, findings };
}

/** The most connectors whose last warning is remembered. */
const MAX_WARNED = 1000;

/** Warns once per connector of odd settings, and again when the warning changes. */
class WarnedConfigs {
  /** A digest of the last warning by connector; the oldest are forgotten, since a name may never be created. */
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

/** The settings with their variables filled in. */
export function resolveConfig({ configProviders }: WorkerConfig, config: Props): Props {
  return new ConfigTransformer(configProviders).transform(config).data;
}

/** Checks and resolves connector settings with the plugins and settings of a worker. */
export function connectorConfigs({ worker, plugins, allowedFiles }: WorkerSettings, checks: PluginChecks): ConnectorConfigs {
  const resolve = (config: Props): Props => resolveConfig(worker, config);
  const warned = new WarnedConfigs();
  return {
    check: async (config, originOf = fromRest) => {
      const infos = refuseNulls(config, await checks.validate(config));
      const kind = plugins.connector(config['connector.class'] ?? '').type;
      const odd = [
        describeIdleConnectorKeys(config, kind, worker.exactlyOnceSourceEnabled, originOf),
        describeUnknownKeys(unknownConnectorKeys(config, infos), originOf),
      ];
      warned.warn(config.name ?? '', odd.filter(text => text !== '').join('; '));
      if (infos.error_count > 0) return findingsOf(infos, originOf);
      const props = resolve(config as Props);
      return ownFindings(originOf, [
        () => restartPolicy(worker.originals, props),
        () => allowedFiles.check(props, () => filesOfConnector(plugins, props)),
        () => worker.exactlyOnceSourceEnabled || refuseRequired(props),
      ]);
    },
    resolve,
    checkAtStart: (props, kind) => {
      if (kind === 'source' && worker.topicCreationEnable) topicCreationGroups(props);
    },
  };
}
