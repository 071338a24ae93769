/** Where instances of connectors live: built-in ones here, on the main thread, unless they open files; others in threads. */
import type { Connector, Props } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { trimmed } from '../config/connector-props';
import { nameOf } from '../config/validation/plugin-name';
import type { ConnectorInstance, InstanceContext, OffsetAlterations, OpenInstance } from '../herder/connector-runner';
import type { ConnectorThread, ConnectorThreads } from './connector-thread-handle';

/**
 * Opens instances where their plugins belong.
 * @param moduleOf the file of an outside plugin, undefined for a built-in one
 */
export function instanceOpener(
  threads: Pick<ConnectorThreads, 'start'>,
  moduleOf: (plugin: ConnectorPlugin) => string | undefined,
): OpenInstance {
  return (plugin, name) => {
    const file = moduleOf(plugin);
    const apart = new ThreadInstance(plugin, name, file === undefined ? [] : [file], threads);
    return file === undefined ? new BuiltInInstance(plugin, apart) : apart;
  };
}

/** An instance on the main thread: all of the worker would wait with it, so what may touch a disk is done apart. */
class BuiltInInstance implements ConnectorInstance {
  private connector: Pick<Connector, 'taskConfigs' | 'stop'> | null = null;

  constructor(
    private readonly plugin: ConnectorPlugin,
    private readonly apart: ConnectorInstance,
  ) {}

  async start(props: Props, context: InstanceContext): Promise<void> {
    if (this.plugin.opensFiles?.(trimmed(props))) {
      this.connector = this.apart;
      return this.apart.start(props, context);
    }
    const connector = this.plugin.createConnector();
    this.connector = connector;
    await connector.start(props, context);
  }

  async taskConfigs(maxTasks: number): Promise<Props[]> {
    return this.connector?.taskConfigs(maxTasks) ?? [];
  }

  alterOffsets(props: Props, alterations: OffsetAlterations): Promise<boolean | null> {
    return this.apart.alterOffsets(props, alterations);
  }

  async stop(): Promise<void> {
    const { connector } = this;
    this.connector = null;
    await connector?.stop();
  }

  end(): void {
    this.apart.end();
  }
}

/** An instance in a thread of its own, which exists from the first call to the end of the instance. */
class ThreadInstance implements ConnectorInstance {
  private context: InstanceContext | null = null;
  private thread: ConnectorThread | null = null;

  constructor(
    private readonly plugin: ConnectorPlugin,
    private readonly name: string,
    private readonly files: readonly string[],
    private readonly threads: Pick<ConnectorThreads, 'start'>,
  ) {}

  async start(props: Props, context: InstanceContext): Promise<void> {
    this.context = context;
    await this.open().call('start', nameOf(this.plugin), props);
  }

  async taskConfigs(maxTasks: number): Promise<Props[]> {
    return this.open().call('taskConfigs', maxTasks);
  }

  async alterOffsets(props: Props, alterations: OffsetAlterations): Promise<boolean | null> {
    return this.open().call('alterOffsets', nameOf(this.plugin), props, alterations);
  }

  async stop(): Promise<void> {
    if (this.thread?.isAlive) await this.thread.call('stop');
  }

  end(): void {
    void this.thread?.end();
  }

  private open(): ConnectorThread {
    this.thread ??= this.threads.start(`connector ${this.name}`, this.files, {
      onReconfigure: () => this.context?.requestTaskReconfiguration(),
      onRaised: error => this.context?.raiseError(error),
      onMetrics: report => this.context?.onMetrics(report),
    });
    return this.thread;
  }
}
