/**
 * Inspects outside plugins in a thread of their own: their code never runs on the main thread, and cannot keep the worker from starting.
 */
import { namedPlugin } from '../config/validation/plugin-name';
import { fromEnvelope, toError } from '../errors';
import type { Inspected, ModuleInspector } from '../plugins/plugin-loader';
import type { PluginModule } from '../plugins/plugin-package';
import { OverdueError, within } from '../waiting';
import type { ConnectorThread, ConnectorThreads } from './connector-thread-handle';

const loaderModule = (): typeof import('../plugins/plugin-loader') => require('../plugins/plugin-loader');

/** How long a module may take to load and to show its plugins. */
const INSPECTION_LIMIT_MS = 15_000;

/** Inspects modules one after the other in one thread, and starts a new thread after a module that did not return. */
export class ModuleInspection {
  private thread: ConnectorThread | null = null;

  constructor(
    private readonly threads: ConnectorThreads,
    private readonly limitMs = INSPECTION_LIMIT_MS,
  ) {}

  readonly inspect: ModuleInspector = async (module: PluginModule): Promise<Inspected> => {
    this.thread ??= this.threads.start(`the plugin ${module.path}`, [], {
      onReconfigure: () => {},
      onMetrics: () => {},
      onRaised: () => this.close(),
    });
    const message = `it did not load within ${this.limitMs} ms`;
    try {
      const { plugins, failures } = await within(this.limitMs, this.thread.call('inspect', module), { message });
      return {
        plugins: plugins.map(namedPlugin),
        failures: failures.map(({ error, ...failure }) => ({ failure, ...(error && { error: fromEnvelope(error) }) })),
      };
    } catch (error) {
      this.close();
      const cause = error instanceof OverdueError ? undefined : error;
      return { plugins: [], failures: [loaderModule().refusal(module.path, toError(error).message, module.classNames, cause)] };
    }
  };

  /** Ends the thread. */
  close(): void {
    void this.thread?.end();
    this.thread = null;
  }
}
