import {
  type ByteColumn,
  ConfigDef,
  ConnectError,
  type ConsumedTexts,
  NO_DEFAULT,
  type PartitionOffset,
  type Props,
  type SinkConnector,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '../../../src/api';
import { type SinkTaskSubject, sinkTaskChecks } from '../../../src/testing';
import { failuresOf, testKit } from '../../helpers/fakes/failing-checks';

const CONFIG = new ConfigDef()
  .define({ name: 'list', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'Where to write.' })
  .define({ name: 'copies', type: 'INT', defaultValue: 1, importance: 'LOW', doc: 'How often.' });

/** What lies at the target, and whether it takes anything. */
let target: unknown[] = [];
let isBroken = false;

/** Keeps values in its memory until they are flushed to `target`. */
class Lines implements SinkTask {
  protected context: SinkTaskContext | null = null;
  protected held: unknown[] = [];
  protected opened = new Set<string>();

  start(props: Props, context: SinkTaskContext): void {
    this.parse(props);
    this.context = context;
  }

  protected parse(props: Props): void {
    CONFIG.parse(props);
  }

  open(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.opened.add(String(partition));
  }

  put(records: readonly SinkRecord[]): void {
    for (const record of records) {
      if (!this.opened.has(String(record.kafkaPartition))) throw new ConnectError('IllegalStateException', 'a partition that is not open');
      this.held.push(this.valueOf(record));
    }
  }

  protected valueOf({ value }: SinkRecord): unknown {
    return value;
  }

  preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
    if (isBroken) throw new ConnectError('RetriableException', 'the target is broken');
    target.push(...this.held);
    this.held = [];
    return offsets;
  }

  close(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.opened.delete(String(partition));
  }

  stop(): void {}
}

const connector: SinkConnector = {
  version: () => '1',
  config: () => CONFIG,
  start: () => {},
  taskConfigs: () => [{}],
  stop: () => {},
};

const subjectOf = (Task: new () => SinkTask): SinkTaskSubject => ({
  plugin: {
    type: 'sink',
    className: 'test.Lines',
    taskClassName: 'test.LinesTask',
    version: '1',
    createConnector: () => connector,
    createTask: () => new Task(),
  },
  prepare: () => {
    target = [];
    isBroken = false;
    return {
      props: { list: 'x' },
      record: n => ({ value: { n } }),
      written: () => target.flatMap(value => (typeof value === 'object' && value && 'n' in value ? [Number(value.n)] : [])),
      fail: () => {
        isBroken = true;
      },
      mend: () => {
        isBroken = false;
      },
    };
  },
  canFail: true,
});

testKit<new () => SinkTask>(Task => sinkTaskChecks(subjectOf(Task)), Lines, {
  'start reads no setting that config() does not declare': class extends Lines {
    protected override parse(props: Props): void {
      super.parse(props);
      if ('folder' in props) throw new ConnectError('ConfigException', 'folder');
    }
  },
  'start refuses what will not do with a ConfigException that names the setting': class extends Lines {
    protected override parse(props: Props): void {
      super.parse({ ...props, copies: '1' });
    }
  },
  'start asks for each setting that has no default': class extends Lines {
    protected override parse(props: Props): void {
      super.parse({ list: 'any', ...props });
    }
  },
  'stop may come after a start that failed, and before the first put': class extends Lines {
    override stop(): void {
      if (!this.context) throw new ConnectError('NullPointerException', 'nothing was started');
    }
  },
  'put of an empty list writes nothing': class extends Lines {
    override put(records: readonly SinkRecord[]): void {
      super.put(records);
      if (records.length === 0) this.held.push({ n: -1 });
    }
  },
  'what was put is at the target once its offsets may be committed': class extends Lines {
    override preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
      this.held.reverse();
      return super.preCommit(offsets);
    }
  },
  'a commit before the first put commits nothing': class extends Lines {
    override preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
      super.preCommit(offsets);
      return offsets.length > 0 ? offsets : [{ topic: 'test', partition: 0, offset: 0 }];
    }
  },
  'offsets to commit are those that were put, or smaller ones': class extends Lines {
    override preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
      return super.preCommit(offsets).map(offset => ({ ...offset, offset: offset.offset + 1 }));
    }
  },
  'a new task goes on where the one before has stopped': class extends Lines {
    override start(props: Props, context: SinkTaskContext): void {
      super.start(props, context);
      target = [];
    }
  },
  'partitions are taken away and come back': class extends Lines {
    override close(partitions: readonly TopicPartition[]): void {
      super.close(partitions);
      if (partitions.length === 1) this.opened.clear();
    }
  },
  'records that come again are no error': class extends Lines {
    private readonly committed = new Map<unknown, number>();

    override put(records: readonly SinkRecord[]): void {
      for (const { kafkaPartition, kafkaOffset } of records)
        if (kafkaOffset < (this.committed.get(kafkaPartition) ?? 0)) throw new ConnectError('ConnectException', 'this was committed');
      super.put(records);
    }

    override preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
      const committed = super.preCommit(offsets);
      for (const { partition, offset } of committed) this.committed.set(partition, offset);
      return committed;
    }
  },
  'records without value, key or schema are written, reported or refused in words': class extends Lines {
    protected override valueOf({ value }: SinkRecord): unknown {
      return Object.assign(value as object, {}) && value;
    }
  },
  'records are not changed': class extends Lines {
    protected override valueOf(record: SinkRecord): unknown {
      if (record.value instanceof Object && 'n' in record.value) (record as { topic: string }).topic = 'mine';
      return record.value;
    }
  },
  'what cannot be written is an error, and is written once the target is mended': class extends Lines {
    override preCommit(offsets: readonly PartitionOffset[]): readonly PartitionOffset[] {
      return isBroken ? offsets : super.preCommit(offsets);
    }
  },
});

test('a record that is there twice fails a sink that says to write each once', async () => {
  const [repeated, ...others] = sinkTaskChecks({ ...subjectOf(Lines), writesOnce: true }).filter(({ name }) => name.includes('come again'));
  expect(others).toEqual([]);
  await expect(repeated?.run()).rejects.toThrow('what is written of records that came again');
});

describe('putBatch', () => {
  /** Takes columns too; their texts are those of its values. */
  class Columns extends Lines {
    putBatch({ count, value }: ConsumedTexts): void {
      for (let i = 0; i < count; i++) this.held.push({ n: this.numberIn(value, i) });
    }

    protected numberIn(texts: ByteColumn, i: number): number {
      return Number(texts.textAt(i));
    }
  }

  const failing = async (Task: new () => SinkTask): Promise<string[]> => {
    const subject = subjectOf(Task);
    const prepare = async () => ({
      ...(await subject.prepare()),
      record: (n: number) => ({ value: n }),
      written: () => target.map(numberOf),
    });
    return (await failuresOf(sinkTaskChecks({ ...subject, prepare }))).map(({ name }) => name);
  };
  const numberOf = (value: unknown): number => (typeof value === 'number' ? value : (value as { n: number }).n);

  test('that writes what put writes is found without fault, and one that forgets the first value is found', async () => {
    expect(await failing(Columns)).toEqual([]);
    const wrong = class extends Columns {
      protected override numberIn(texts: ByteColumn, i: number): number {
        return super.numberIn(texts, Math.max(1, i));
      }
    };
    expect(await failing(wrong)).toEqual(['putBatch writes what put writes']);
  });
});
