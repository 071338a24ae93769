/** A source and a sink that can be told to misbehave; a plugin module for workers under test. */
import fs from 'node:fs';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigDef } from '../../../src/api/config-def';
import type { ConnectorContext, Props } from '../../../src/api/connector';
import type { SinkPlugin, SourcePlugin } from '../../../src/api/plugin';
import type { Sensor } from '../../../src/api/plugin-metrics';
import type { SinkTask, SinkTaskContext, TopicPartition } from '../../../src/api/sink';
import type { RecordMetadata, SourceTask, SourceTaskContext } from '../../../src/api/source';
import type { SinkRecord, SourceRecord } from '../../../src/data/record/record';
import { ConnectError } from '../../../src/errors';
import { testStages } from './test-stages';

/** What a task does once it has moved `after` records (0 by default). */
export type Behaviour =
  | 'none'
  | 'throw'
  | 'throw later'
  | 'reject later'
  | 'block'
  | 'exit'
  | 'hang'
  | 'leave handles'
  | 'retry'
  | 'rewind';

const PULSE_MS = 10;

/** Sleeps without letting the event loop run. */
function blockThread(ms: number): void {
  for (const end = Date.now() + ms; Date.now() < end; );
}

/** Does it; returns for those behaviours that are not a failure of this call. */
async function misbehave(behaviour: Behaviour, blockMs = 60_000): Promise<void> {
  switch (behaviour) {
    case 'throw':
      throw new Error('the task has thrown');
    case 'throw later':
      setTimeout(() => {
        throw new Error('a timer has thrown');
      });
      return sleep(50);
    case 'reject later':
      void Promise.reject(new Error('a promise was rejected'));
      return sleep(50);
    case 'block':
      return blockThread(blockMs);
    case 'exit':
      process.exit(7);
      break;
    case 'hang':
      return new Promise(() => {});
    case 'leave handles':
      setInterval(() => {}, 1000);
      net.createServer().listen(0);
      throw new Error('left handles behind');
  }
}

const connector = (version: string) => {
  let props: Props = {};
  return {
    version: () => version,
    config: () => new ConfigDef(),
    start: (given: Props, { metrics }: Pick<ConnectorContext, 'metrics'>) => {
      props = given;
      metrics.addMetric(metrics.metricName('settings', 'Settings that the connector has.'), () => Object.keys(given).length);
    },
    taskConfigs: (maxTasks: number) => Array.from({ length: maxTasks }, (_, task) => ({ ...props, task: String(task) })),
    stop: () => {},
  };
};

/** Makes `count` records `<name> <number>`, ten a poll, as fast as it may, and has metrics of its own. Settings: topic, count, behaviour, after, block.ms, poll.ms, stop.ms. */
class TestSourceTask implements SourceTask {
  private props: Props = {};
  private context: SourceTaskContext | null = null;
  private next = 0;
  private done = false;
  private made: Sensor | null = null;

  start(props: Props, context: SourceTaskContext): void {
    this.props = props;
    this.context = context;
    const stored = context.offsetStorageReader.offset({ source: props.name });
    this.next = Number(stored?.next ?? 0);
    const { metrics } = context;
    this.made = metrics.addSensor('made');
    this.made.add(metrics.metricName('records-made-total', 'Records made.'), 'CumulativeSum');
    metrics.addMetric(metrics.metricName('next-record', 'Number of the next record.'), () => this.next);
  }

  async poll(): Promise<SourceRecord[] | null> {
    const { topic = '', count = 'Infinity', behaviour = 'none', after = '0' } = this.props;
    if (!this.done && this.next >= Number(after)) {
      this.done = true;
      await misbehave(behaviour as Behaviour, Number(this.props['block.ms'] ?? 60_000));
    }
    await sleep(Number(this.props['poll.ms'] ?? 0));
    const records: SourceRecord[] = [];
    while (records.length < 10 && this.next < Number(count)) records.push(this.make(topic, this.next++));
    if (records.length > 0) {
      this.made?.record(records.length);
      return records;
    }
    await sleep(50, undefined, { signal: this.context?.signal() }).catch(() => {});
    return null;
  }

  private make(topic: string, number: number): SourceRecord {
    return {
      topic,
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: null,
      value: `${this.props.name} ${number}${'x'.repeat(Number(this.props.pad ?? 0))}`,
      timestamp: null,
      headers: [],
      sourcePartition: { source: this.props.name },
      sourceOffset: { next: number + 1 },
    };
  }

  async stop(): Promise<void> {
    await sleep(Number(this.props['stop.ms'] ?? 0));
  }
}

/** Sleeps for 10 ms a poll and makes no records; at its end it writes into `file` as JSON by how many ms each sleep took too long. */
class PulseSourceTask implements SourceTask {
  private file = '';
  private readonly lateMs: number[] = [];

  start(props: Props): void {
    this.file = props.file ?? '';
  }

  async poll(): Promise<null> {
    const began = performance.now();
    await sleep(PULSE_MS);
    this.lateMs.push(performance.now() - began - PULSE_MS);
    return null;
  }

  stop(): void {
    fs.writeFileSync(this.file, JSON.stringify(this.lateMs));
  }
}

/** A record of the listed source; what is left out is null or empty. */
export interface ListedRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key?: string | null;
  readonly value?: string | null;
  readonly timestamp?: number;
  readonly headers?: readonly (readonly [string, string | null])[];
}

/** Makes the records that its setting `records` lists as JSON, all in one poll, and notes their answers in `file`. */
class ListedSourceTask implements SourceTask {
  private records: readonly ListedRecord[] = [];
  private file = '';
  private context: SourceTaskContext | null = null;

  start(props: Props, context: SourceTaskContext): void {
    this.records = JSON.parse(props.records ?? '[]') as ListedRecord[];
    this.file = props.file ?? '';
    this.context = context;
  }

  async poll(): Promise<SourceRecord[] | null> {
    const records = this.records.map(({ topic, partition, key, value, timestamp, headers }, i) => ({
      topic,
      kafkaPartition: partition ?? null,
      keySchema: null,
      key: key ?? null,
      valueSchema: null,
      value: value ?? null,
      timestamp: timestamp ?? null,
      headers: (headers ?? []).map(([name, content]) => ({ key: name, schema: null, value: content })),
      sourcePartition: { list: 0 },
      sourceOffset: { next: i + 1 },
    }));
    this.records = [];
    if (records.length > 0) return records;
    await sleep(50, undefined, { signal: this.context?.signal() }).catch(() => {});
    return null;
  }

  commitRecord({ value }: SourceRecord, metadata: RecordMetadata | null): void {
    const place = metadata && `${metadata.topic} ${metadata.partition} ${metadata.offset}`;
    if (this.file) fs.appendFileSync(this.file, `${value}: ${place}\n`);
  }

  stop(): void {}
}

/**
 * Writes `partition offset value` of each record as a line into `<file>.<task>`. Settings: file, behaviour, after,
 * only.task, put.ms, block.ms, open.offset, report (values that hold this text are reported, not written).
 */
class TestSinkTask implements SinkTask {
  private props: Props = {};
  private context: SinkTaskContext | null = null;
  private seen = 0;
  private done = false;
  private taken: Sensor | null = null;

  start(props: Props, context: SinkTaskContext): void {
    this.props = props;
    this.context = context;
    const { metrics } = context;
    this.taken = metrics.addSensor('put');
    this.taken.add(metrics.metricName('records-put-total', 'Records put.'), 'CumulativeSum');
    this.taken.add(metrics.metricName('put-size-max', 'Records of the largest put.'), 'Max');
  }

  open(partitions: readonly TopicPartition[]): void {
    this.note(`open ${partitions.map(({ partition }) => partition).sort()}`);
    for (const partition of partitions) {
      if (this.props['open.offset']) this.context?.offset(partition, Number(this.props['open.offset']));
    }
  }

  close(partitions: readonly TopicPartition[]): void {
    this.note(`close ${partitions.map(({ partition }) => partition).sort()}`);
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    const { behaviour = 'none', after = '0', task, 'only.task': onlyTask = task } = this.props;
    if (!this.done && records.length > 0 && onlyTask === task && this.seen + records.length > Number(after)) {
      this.done = true;
      if (behaviour === 'retry') throw new ConnectError('RetriableException', 'once more, please');
      if (behaviour === 'rewind') this.rewind(records);
      else await misbehave(behaviour as Behaviour, Number(this.props['block.ms'] ?? 60_000));
    }
    await sleep(Number(this.props['put.ms'] ?? 0));
    this.seen += records.length;
    this.taken?.record(records.length);
    for (const record of records) {
      const { kafkaPartition, kafkaOffset, value } = record;
      if (this.props.report && String(value).includes(this.props.report)) await this.report(record);
      else this.note(`${kafkaPartition} ${kafkaOffset} ${value}`);
    }
  }

  /** Swallows that a report is not tolerated, which must fail the task all the same. */
  private async report(record: SinkRecord): Promise<void> {
    const reporter = this.context?.errantRecordReporter;
    if (!reporter) this.note('no reporter');
    await reporter?.(record, new ConnectError('DataException', 'not for this task')).catch(() => {});
  }

  private rewind(records: readonly SinkRecord[]): void {
    const [first] = records;
    if (first) this.context?.offset({ topic: first.topic, partition: first.kafkaPartition }, 0);
  }

  private note(line: string): void {
    if (this.props.file) fs.appendFileSync(`${this.props.file}.${this.props.task}`, `${line}\n`);
  }

  stop(): void {}
}

/**
 * Holds records back until `flush`, which writes their offsets as lines into `file`; the first flush fails and loses what it held. As
 * long as it has not, no record but the first is taken.
 */
class LosingSinkTask implements SinkTask {
  private file = '';
  private held: number[] = [];
  private hasLost = false;

  start(props: Props): void {
    this.file = props.file ?? '';
  }

  put(records: readonly SinkRecord[]): void {
    if (!this.hasLost && this.held.length > 0) throw new ConnectError('RetriableException', 'not before the first flush');
    this.held.push(...records.map(record => record.kafkaOffset));
  }

  flush(): void {
    const held = this.held.splice(0);
    if (!this.hasLost) {
      this.hasLost = true;
      throw new Error('the flush has failed');
    }
    for (const offset of held) fs.appendFileSync(this.file, `${offset}\n`);
  }

  stop(): void {}
}

const source: SourcePlugin = {
  type: 'source',
  className: 'test.TestSourceConnector',
  taskClassName: 'test.TestSourceTask',
  version: '1',
  createConnector: () => connector('1'),
  createTask: () => new TestSourceTask(),
};

const sink: SinkPlugin = {
  type: 'sink',
  className: 'test.TestSinkConnector',
  taskClassName: 'test.TestSinkTask',
  version: '1',
  createConnector: () => connector('1'),
  createTask: () => new TestSinkTask(),
};

const losingSink: SinkPlugin = {
  ...sink,
  className: 'test.LosingSinkConnector',
  taskClassName: 'test.LosingSinkTask',
  createTask: () => new LosingSinkTask(),
};

const listedSource: SourcePlugin = {
  ...source,
  className: 'test.ListedSourceConnector',
  taskClassName: 'test.ListedSourceTask',
  createTask: () => new ListedSourceTask(),
};

const pulseSource: SourcePlugin = {
  ...source,
  className: 'test.PulseSourceConnector',
  taskClassName: 'test.PulseSourceTask',
  createTask: () => new PulseSourceTask(),
};

export const plugins = [source, listedSource, pulseSource, sink, losingSink, ...testStages()];
