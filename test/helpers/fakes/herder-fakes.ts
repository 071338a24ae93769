/** Stand-ins for everything around the herder: connectors, tasks, offsets, consumer groups. */
import { ConfigDef } from '../../../src/api/config-def';
import type { ConnectorContext, OffsetAlteration, Props, SinkOffsetAlteration } from '../../../src/api/connector';
import type { SinkPlugin, SourcePlugin } from '../../../src/api/plugin';
import { fromRest } from '../../../src/config/files/setting';
import { ConnectError } from '../../../src/errors';
import { Herder } from '../../../src/herder/herder';
import type { HerderOptions } from '../../../src/herder/herder-options';
import type { GroupAdmin, GroupOffset, OffsetStore, TaskStart } from '../../../src/herder/ports';
import { instanceOpener } from '../../../src/isolation/connector-instances';
import { DEFAULT_SAMPLES } from '../../../src/metrics/samples';
import { PluginTable } from '../../../src/plugins/plugin-table';
import { formatTaskId, type OffsetEntry } from '../../../src/thread/messages';
import type { TaskHandle, TaskListener } from '../../../src/thread/task-handle';
import { fakeConnectorThreads } from './connector-threads';

export const SOURCE = 'test.FakeSourceConnector';
export const SINK = 'test.FakeSinkConnector';

/** A task that does what the test tells it to. */
export class FakeTask implements TaskHandle {
  readonly id;
  paused: boolean;
  commits = 0;
  drains = 0;
  stopped = false;
  /** Answer of `stop`; null: it never answers. */
  stopAnswer: boolean | null = true;
  commitError: Error | null = null;

  constructor(
    readonly start: TaskStart,
    readonly listener: TaskListener,
  ) {
    this.id = start.id;
    this.paused = start.paused;
    queueMicrotask(() => this.report());
  }

  report(): void {
    if (!this.stopped) this.listener.onState(this.paused ? 'PAUSED' : 'RUNNING');
  }

  pause(): void {
    this.paused = true;
    queueMicrotask(() => this.report());
  }

  resume(): void {
    this.paused = false;
    queueMicrotask(() => this.report());
  }

  drain(): void {
    this.drains++;
  }

  async commitOffsets(): Promise<void> {
    this.commits++;
    if (this.commitError) throw this.commitError;
  }

  stop(): Promise<boolean> {
    if (this.stopAnswer === null) return new Promise(() => {});
    const answer = this.stopAnswer;
    return new Promise(resolve =>
      setImmediate(() => {
        this.stopped = true;
        resolve(answer);
      }),
    );
  }
}

/** What happened to connectors, in order, e.g. `start c1`. */
export class FakeWorld {
  readonly events: string[] = [];
  /** All tasks ever started, latest last. */
  readonly tasks: FakeTask[] = [];
  readonly saved = new Map<string, string | null>();
  readonly admin = new FakeAdmin();
  storeClosed = false;
  /** What must never happen. */
  readonly violations: string[] = [];
  contexts = new Map<string, ConnectorContext>();
  /** Ends the calls of `start` that are slow. */
  readonly endStart: (() => void)[] = [];
  /** Overrides the number of tasks; otherwise `tasks` of the config, or one. */
  taskCount: ((props: Props) => number) | null = null;

  readonly store: OffsetStore = {
    offsetsOf: connector =>
      [...this.saved].filter((entry): entry is [string, string] => entry[0].startsWith(`["${connector}",`) && entry[1] !== null),
    offsetsForTask: connector => this.store.offsetsOf(connector),
    save: async (entries: readonly OffsetEntry[]) => {
      for (const [key, value] of entries) this.saved.set(key, value);
    },
    close: async () => {
      this.storeClosed = true;
      return true;
    },
  };

  /** Running tasks as `c-0`. */
  live(): string[] {
    return this.tasks
      .filter(task => !task.stopped)
      .map(task => formatTaskId(task.id))
      .sort();
  }

  last(connector: string, task = 0): FakeTask {
    const found = this.tasks.findLast(({ id }) => id.connector === connector && id.task === task);
    if (!found) throw new Error(`no task ${connector}-${task}`);
    return found;
  }

  readonly startTask = (start: TaskStart, listener: TaskListener): TaskHandle => {
    if (start.taskProps.cannot === 'start') throw new ConnectError('ConnectException', 'no thread for it');
    const id = formatTaskId(start.id);
    if (this.live().includes(id)) this.violations.push(`${id} runs twice`);
    const task = new FakeTask(start, listener);
    this.tasks.push(task);
    return task;
  };

  connector(): ReturnType<SourcePlugin['createConnector']> {
    let props: Props = {};
    const log = (what: string): void => void this.events.push(`${what} ${props.name}`);
    return {
      version: () => '1.2',
      config: () => new ConfigDef(),
      start: (given, context) => {
        props = given;
        log('start');
        this.contexts.set(given.name ?? '', context);
        if (given.fail === 'start') throw new ConnectError('ConnectException', 'start is broken');
        if (given.hang === 'start') return new Promise(() => {});
        return given.slow === 'start' ? new Promise(resolve => void this.endStart.push(resolve)) : undefined;
      },
      taskConfigs: max => {
        if (props.fail === 'taskConfigs') throw new ConnectError('ConnectException', 'taskConfigs is broken');
        const count = this.taskCount?.(props) ?? Number(props.tasks ?? Math.min(1, max));
        return Array.from({ length: count }, () => ({ ...props }));
      },
      stop: () => {
        log('stop');
        if (props.fail === 'stop') throw new ConnectError('ConnectException', 'stop is broken');
        return props.hang === 'stop' ? new Promise(() => {}) : undefined;
      },
    };
  }

  source(): SourcePlugin {
    return {
      className: SOURCE,
      version: '1.2',
      type: 'source',
      taskClassName: 'test.FakeSourceTask',
      createConnector: () => ({ ...this.connector(), alterOffsets: (_: Props, list: readonly OffsetAlteration[]) => this.judge(list) }),
      createTask: () => {
        throw new Error('not here');
      },
    };
  }

  sink(): SinkPlugin {
    return {
      className: SINK,
      version: '1.2',
      type: 'sink',
      taskClassName: 'test.FakeSinkTask',
      createConnector: () => ({
        ...this.connector(),
        alterOffsets: (_: Props, list: readonly SinkOffsetAlteration[]) => this.judgeSink(list),
      }),
      createTask: () => {
        throw new Error('not here');
      },
    };
  }

  judged: unknown[] = [];
  private judge(list: readonly OffsetAlteration[]): boolean {
    this.judged.push(list);
    if (list.some(({ offset }) => offset?.position === 'x')) throw new ConnectError('ConnectException', 'position is no number');
    return true;
  }

  private judgeSink(list: readonly SinkOffsetAlteration[]): boolean {
    this.judged.push(list);
    return true;
  }

  herder(overrides: Partial<HerderOptions> = {}): Herder {
    const plugins = [this.source(), this.sink()];
    return new Herder({
      workerId: '127.0.0.1:8083',
      kafkaClusterId: 'cluster',
      plugins: new PluginTable(plugins),
      configs: {
        check: async ({ invalid: text }, originOf = fromRest) => ({
          errorCount: 0,
          findings: text ? [{ key: 'invalid', text, origin: originOf('invalid') }] : [],
        }),
        resolve: config =>
          Object.fromEntries(Object.entries(config).map(([key, value]) => [key, value.replace(/\$\{secret\}/g, 'opened')])),
      },
      openInstance: instanceOpener(fakeConnectorThreads(plugins), () => undefined),
      openOffsetStore: async () => this.store,
      admin: this.admin,
      startTask: this.startTask,
      taskShutdownGracefulTimeoutMs: 50,
      offsetFlushIntervalMs: 60_000,
      offsetFlushTimeoutMs: 1000,
      topicTracking: { enabled: true, allowReset: true },
      metricSamples: DEFAULT_SAMPLES,
      pluginCallLimits: { stopMs: 50, callMs: 100 },
      ...overrides,
    });
  }

  /** A herder that has been started. */
  async started(overrides: Partial<HerderOptions> = {}): Promise<Herder> {
    const herder = this.herder(overrides);
    await herder.start();
    return herder;
  }
}

/** Consumer groups in memory. */
export class FakeAdmin implements GroupAdmin {
  readonly groups = new Map<string, GroupOffset[]>();
  error: Error | null = null;

  async listGroupOffsets(group: string): Promise<GroupOffset[]> {
    this.check();
    return this.groups.get(group) ?? [];
  }

  async alterGroupOffsets(group: string, offsets: readonly GroupOffset[]): Promise<void> {
    this.check();
    await this.deleteGroupOffsets(group, offsets);
    this.groups.set(group, [...(this.groups.get(group) ?? []), ...offsets]);
  }

  async deleteGroupOffsets(group: string, partitions: readonly { topic: string; partition: number }[]): Promise<void> {
    this.check();
    const gone = new Set(partitions.map(({ topic, partition }) => `${topic}-${partition}`));
    this.groups.set(
      group,
      (this.groups.get(group) ?? []).filter(({ topic, partition }) => !gone.has(`${topic}-${partition}`)),
    );
  }

  async deleteGroup(group: string): Promise<void> {
    this.check();
    this.groups.delete(group);
  }

  private check(): void {
    if (this.error) throw this.error;
  }
}

/** Lets everything run that only waits for its turn. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise(resolve => setImmediate(resolve));
}
