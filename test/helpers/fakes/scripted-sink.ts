/**
 * A sink whose records tell it what to do; a plugin module for workers under test. It writes into `<file>.<task>` what is done with it, a
 * line each: `open`, `close` and `preCommit` with partitions, `put` with the number of records, `record` with partition, offset, value.
 */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigDef } from '../../../src/api/config-def';
import type { Props } from '../../../src/api/connector';
import type { SinkPlugin } from '../../../src/api/plugin';
import type { PartitionOffset, SinkTask, SinkTaskContext, TopicPartition } from '../../../src/api/sink';
import type { SinkRecord } from '../../../src/data/record/record';
import { ConnectError } from '../../../src/errors';

/** Answers of `preCommit`; null leaves all to `flush`. */
type Answer = 'all' | 'none' | 'beyond' | 'foreign' | 'half';

const placesOf = (partitions: readonly TopicPartition[]): string =>
  partitions
    .map(({ partition }) => partition)
    .sort()
    .join();

/**
 * With the setting `after.open`, an offset, it goes there right after its partitions were opened, once.
 * Values that do something, the first time they come: `retry <ms or ->` (RetriableException, with a timeout), `slow <ms>` (the put
 * takes that long), `block <ms>` (the same with the thread), `pause <partition>`, `resume <partition>`, `rewind <partition> <offset>`,
 * `timeout <ms>`, `commit`, `answer <what preCommit answers from now on>`, `flush-fails` (the next one).
 */
class ScriptedSinkTask implements SinkTask {
  private props: Props = {};
  private context: SinkTaskContext | null = null;
  private readonly done = new Set<string>();
  private answer: Answer = 'all';
  private flushFails = false;

  start(props: Props, context: SinkTaskContext): void {
    this.props = props;
    this.context = context;
    this.note('start');
  }

  open(partitions: readonly TopicPartition[]): void {
    this.note(`open ${placesOf(partitions)}`);
    const { 'after.open': offset } = this.props;
    if (offset === undefined || this.done.has('after.open')) return;
    this.done.add('after.open');
    setImmediate(() => {
      for (const partition of partitions) this.context?.offset(partition, Number(offset));
    });
  }

  close(partitions: readonly TopicPartition[]): void {
    this.note(`close ${placesOf(partitions)}`);
  }

  async put(records: readonly SinkRecord[]): Promise<void> {
    this.note(`put ${records.length}`);
    for (const record of records) await this.obey(record);
    for (const { kafkaPartition, kafkaOffset, value } of records) this.note(`record ${kafkaPartition} ${kafkaOffset} ${value}`);
  }

  private async obey({ topic, kafkaPartition, kafkaOffset, value }: SinkRecord): Promise<void> {
    const key = `${kafkaPartition} ${kafkaOffset} ${value}`;
    if (this.done.has(key)) return;
    this.done.add(key);
    const { context } = this;
    const [command = '', first = '', second = ''] = String(value).split(' ');
    const partition = { topic, partition: Number(first) };
    if (command === 'slow') await sleep(Number(first));
    if (command === 'block') for (const end = Date.now() + Number(first); Date.now() < end; );
    if (command === 'pause') context?.pause(partition);
    if (command === 'resume') context?.resume(partition);
    if (command === 'rewind') context?.offset(partition, Number(second));
    if (command === 'timeout') context?.timeout(Number(first));
    if (command === 'commit') context?.requestCommit();
    if (command === 'answer') this.answer = first as Answer;
    if (command === 'flush-fails') this.flushFails = true;
    if (command !== 'retry') return;
    if (first !== '-') context?.timeout(Number(first));
    throw new ConnectError('RetriableException', 'once more');
  }

  preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
    this.note(`preCommit ${offsets.map(({ partition, offset }) => `${partition}:${offset}`).sort()}`);
    if (this.flushFails) {
      this.flushFails = false;
      throw new Error('the flush has failed');
    }
    switch (this.answer) {
      case 'all':
        return offsets;
      case 'none':
        return [];
      case 'beyond':
        return offsets.map(offset => ({ ...offset, offset: offset.offset + 1 }));
      case 'foreign':
        return [{ topic: 'nobody-reads-it', partition: 0, offset: 1 }];
      case 'half':
        return offsets.map(offset => ({ ...offset, offset: Math.floor(offset.offset / 2) }));
    }
  }

  private note(line: string): void {
    fs.appendFileSync(`${this.props.file}.${this.props.task}`, `${Date.now()} ${line}\n`);
  }

  stop(): void {
    this.note('stop');
  }
}

const sink: SinkPlugin = {
  type: 'sink',
  className: 'test.ScriptedSinkConnector',
  taskClassName: 'test.ScriptedSinkTask',
  version: '1',
  createConnector: () => {
    let props: Props = {};
    return {
      version: () => '1',
      config: () => new ConfigDef(),
      start: given => {
        props = given;
      },
      taskConfigs: maxTasks => Array.from({ length: maxTasks }, (_, task) => ({ ...props, task: String(task) })),
      stop: () => {},
    };
  },
  createTask: () => new ScriptedSinkTask(),
};

export const plugins = [sink];
