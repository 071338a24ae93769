/** Where instances of connectors live: built-in ones here, on the main thread, others in threads. */
import type { Connector, ConnectorContext, Props } from '../api/connector';
import type { ConnectorPlugin } from '../api/plugin';
import { nameOf } from '../config/validation/plugin-name';
import type { ConnectorInstance, OffsetAlterations, OpenInstance } from '../herder/connector-runner';
import type { ConnectorThread, ConnectorThreads } from './connector-thread-handle';

/** Opens instances on the main thread; for plugins that never block, since all of the worker would wait with them. */
export const openLocalInstance: OpenInstance = plugin => new LocalInstance(plugin);

/**
 * Opens instances where their plugins belong.
 * @param moduleOf the file of a plugin from outside, undefined for a built-in one
 */
export function instanceOpener(threads: ConnectorThreads, moduleOf: (plugin: ConnectorPlugin) => string | undefined): OpenInstance {
  return (plugin, name) => {
    const file = moduleOf(plugin);
    return file === undefined ? openLocalInstance(plugin, name) : new ThreadInstance(plugin, name, file, threads);
  };
}

class LocalInstance implements ConnectorInstance {
  private connector: Connector | null = null;

  constructor(private readonly plugin: ConnectorPlugin) {}

  async start(props: Props, context: ConnectorContext): Promise<void> {
    this.connector = this.plugin.createConnector();
    await this.connector.start(props, context);
  }

  async taskConfigs(maxTasks: number): Promise<Props[]> {
    return this.connector?.taskConfigs(maxTasks) ?? [];
  }

  async alterOffsets(props: Props, alterations: OffsetAlterations): Promise<boolean | null> {
    const connector: AltersOffsets = this.plugin.createConnector() as AltersOffsets;
    return connector.alterOffsets?.(props, alterations) ?? null;
  }

  async stop(): Promise<void> {
    const { connector } = this;
    this.connector = null;
    await connector?.stop();
  }

  end(): void {}
}

/** Sources and sinks get the alterations that were made for their kind. */
interface AltersOffsets {
  alterOffsets?(props: Props, alterations: OffsetAlterations): boolean | Promise<boolean>;
}

/** An instance in a thread that lives from its first call to its end. */
class ThreadInstance implements ConnectorInstance {
  private context: ConnectorContext | null = null;
  private thread: ConnectorThread | null = null;

  constructor(
    private readonly plugin: ConnectorPlugin,
    private readonly name: string,
    private readonly file: string,
    private readonly threads: ConnectorThreads,
  ) {}

  async start(props: Props, context: ConnectorContext): Promise<void> {
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
    this.thread ??= this.threads.start(`connector ${this.name}`, [this.file], {
      onReconfigure: () => this.context?.requestTaskReconfiguration(),
      onRaised: error => this.context?.raiseError(error),
    });
    return this.thread;
  }
}
