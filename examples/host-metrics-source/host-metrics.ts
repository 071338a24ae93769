/**
 * A source of your own: load and free memory of this machine, once every few seconds, as structs with a schema. It hands them over in columns,
 * so that no object is made for a record, however many there are.
 *
 *   npm install && npm test
 *   connect-standalone worker.properties source.properties
 *
 * Worth a look: how `poll` waits so that a stop need not wait for it, and how the numbering goes on after a restart.
 */
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  atLeast,
  ByteColumn,
  ConfigDef,
  FLOAT64_SCHEMA,
  INT64_SCHEMA,
  NO_DEFAULT,
  type Props,
  type RecordBatch,
  RowColumn,
  SchemaBuilder,
  type SourceConnector,
  type SourcePlugin,
  type SourceTask,
  type SourceTaskContext,
  TIMESTAMP_SCHEMA,
  valueBatch,
} from 'connect-standalone/api';

const CONFIG = new ConfigDef()
  .define({ name: 'topic', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'Topic for the measurements.' })
  .define({
    name: 'interval.ms',
    type: 'INT',
    defaultValue: 5000,
    validator: atLeast(10),
    importance: 'MEDIUM',
    doc: 'Time between two measurements.',
  });

const SCHEMA = SchemaBuilder.struct()
  .name('com.example.HostMetrics')
  .field('number', INT64_SCHEMA)
  .field('at', TIMESTAMP_SCHEMA)
  .field('load', FLOAT64_SCHEMA)
  .field('free_bytes', INT64_SCHEMA)
  .build();

/** The connector has a thread of its own and only deals out settings. */
class HostMetricsConnector implements SourceConnector {
  private props: Props = {};

  version(): string {
    return '1.0.0';
  }

  config(): ConfigDef {
    return CONFIG;
  }

  start(props: Props): void {
    this.props = props;
  }

  /** There is one machine, hence one task, however many are allowed. */
  taskConfigs(): Props[] {
    return [this.props];
  }

  stop(): void {}
}

/** The task runs in a thread of its own and makes the records. */
class HostMetricsTask implements SourceTask {
  private context!: SourceTaskContext;
  private topic = '';
  private intervalMs = 0;
  private next = 1;
  private dueAtMs = 0;
  /** What the offset is an offset in. Stored offsets are found again by it. */
  private readonly partition = { host: os.hostname() };

  start(props: Props, context: SourceTaskContext): void {
    const config = CONFIG.parse(props);
    this.context = context;
    this.topic = config.getString('topic');
    this.intervalMs = config.getInt('interval.ms');
    const stored = context.offsetStorageReader.offset(this.partition);
    if (stored) this.next = Number(stored.number) + 1;
  }

  /** Waits until a measurement is due, unless the worker wants to stop or pause; null means that there is nothing for now. */
  async poll(): Promise<RecordBatch | null> {
    try {
      await sleep(Math.max(0, this.dueAtMs - Date.now()), undefined, { signal: this.context.signal() });
    } catch {
      return null;
    }
    this.dueAtMs = Date.now() + this.intervalMs;
    return this.measure();
  }

  /** One row, since there is one measurement; a source that has more appends them all. */
  private measure(): RecordBatch {
    const number = this.next++;
    const rows = new RowColumn(SCHEMA);
    // In plain form, field by field: whole numbers are numbers, a timestamp is milliseconds since 1970.
    rows.cells.push(number, Date.now(), os.loadavg()[0] ?? 0, os.freemem());
    rows.count++;
    const key = new ByteColumn(1, 64);
    key.appendText(this.partition.host);
    // Stored once the record is acknowledged, so the numbering has no gap after a restart. A bigint is a long.
    const offsetAt = () => ({ number: BigInt(number) });
    return valueBatch(this.topic, { kind: 'rows', rows }, rows.count, this.partition, offsetAt, {
      key: { kind: 'text', texts: key },
      timestamps: 'now',
    });
  }

  stop(): void {}
}

export const hostMetricsPlugin: SourcePlugin = {
  className: 'com.example.HostMetricsSourceConnector',
  taskClassName: 'com.example.HostMetricsTask',
  version: '1.0.0',
  type: 'source',
  createConnector: () => new HostMetricsConnector(),
  createTask: () => new HostMetricsTask(),
};
