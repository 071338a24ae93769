/** The one instance of a connector that lives in this thread. */
import type {
  Connector,
  ConnectorContext,
  OffsetAlteration,
  Props,
  SinkConnector,
  SinkOffsetAlteration,
  SourceConnector,
} from '../../api/connector';
import type { Plugin } from '../../api/plugin';
import type { PluginName } from '../../config/validation/plugin-name';
import { ConnectError } from '../../errors';
import { connectorContext, getLogger } from '../../log';
import type { PluginReport } from '../../metrics/plugin-metrics';
import { PluginReporter } from '../../metrics/plugin-reporter';

/** Creates the instance when it is started, and holds it until it is stopped. */
export class Instance {
  private connector: Connector | null = null;
  private reporter: PluginReporter | null = null;

  /**
   * @param plugins the plugins of this thread's modules; without modules, those that come with the worker
   * @param onMetrics takes what the connector registers
   */
  constructor(
    private readonly plugins: () => Promise<readonly Plugin[]>,
    private readonly context: Omit<ConnectorContext, 'logger' | 'metrics'>,
    private readonly onMetrics: (report: PluginReport) => void,
  ) {}

  /** @throws what the plugin throws; ConnectException if the plugin is no longer in its file */
  async start(plugin: PluginName, props: Props): Promise<null> {
    // Stored before `start`, so that a failed start is also followed by `stop`.
    this.connector = await this.create(plugin);
    const logger = getLogger(plugin.className, connectorContext(props.name ?? ''));
    this.reporter = new PluginReporter(props.name ?? '', this.onMetrics);
    await this.connector.start(props, { ...this.context, logger, metrics: this.reporter.metrics });
    return null;
  }

  async taskConfigs(maxTasks: number): Promise<Props[]> {
    if (!this.connector) throw new ConnectError('IllegalStateException', 'The connector was not started');
    return this.connector.taskConfigs(maxTasks);
  }

  /** Calls `alterOffsets` of a new instance. @returns null if it has no such method */
  async alterOffsets(
    plugin: PluginName,
    props: Props,
    alterations: readonly (OffsetAlteration | SinkOffsetAlteration)[],
  ): Promise<boolean | null> {
    const connector = await this.create(plugin);
    if (!connector.alterOffsets) return null;
    return (connector as AltersOffsets).alterOffsets(props, alterations);
  }

  async stop(): Promise<null> {
    const { connector } = this;
    this.connector = null;
    try {
      await connector?.stop();
    } finally {
      this.reporter?.close();
    }
    return null;
  }

  private async create({ className, type }: PluginName): Promise<SourceConnector | SinkConnector> {
    const found = (await this.plugins()).find(plugin => plugin.className === className && plugin.type === type);
    if (found?.type !== 'source' && found?.type !== 'sink') {
      throw new ConnectError('ConnectException', `The plugin ${className} is no longer in its file`);
    }
    return found.createConnector();
  }
}

/** Sources and sinks get the alterations of their kind. */
interface AltersOffsets {
  alterOffsets(props: Props, alterations: readonly (OffsetAlteration | SinkOffsetAlteration)[]): boolean | Promise<boolean>;
}
