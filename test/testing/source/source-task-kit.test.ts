import { setTimeout as sleep } from 'node:timers/promises';
import {
  atLeast,
  ConfigDef,
  ConnectError,
  NO_DEFAULT,
  OFFSET_MARK,
  type Props,
  type SourceConnector,
  type SourceRecord,
  type SourceTask,
  type SourceTaskContext,
} from '../../../src/api';
import { type SourceTaskSubject, sourceTaskChecks } from '../../../src/testing';
import { testKit } from '../../helpers/fakes/failing-checks';

const CONFIG = new ConfigDef()
  .define({ name: 'topic', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'Topic.' })
  .define({ name: 'batch.size', type: 'INT', defaultValue: 2, validator: atLeast(1), importance: 'LOW', doc: 'Most records of a batch.' });

/** What there is to read. */
let lines: string[] = [];
const PARTITION = { list: 'lines' };

/** Reads `lines`, two at a time. */
class Lines implements SourceTask {
  protected context: SourceTaskContext | null = null;
  protected position = 0;
  protected topic = '';

  start(props: Props, context: SourceTaskContext): void {
    this.topic = this.parse(props);
    this.context = context;
    this.position = Number(context.offsetStorageReader.offset(PARTITION)?.position ?? 0);
  }

  protected parse(props: Props): string {
    return CONFIG.parse(props).getString('topic');
  }

  protected all(): readonly string[] {
    return lines;
  }

  async poll(): Promise<SourceRecord[] | null> {
    const next = this.all().slice(this.position, this.position + 2);
    if (next.length === 0) return this.idle();
    return next.map(line => this.record(line));
  }

  protected async idle(): Promise<null> {
    await sleep(1000, undefined, { signal: this.context?.signal() }).catch(() => {});
    return null;
  }

  protected record(line: string): SourceRecord {
    return {
      topic: this.topic,
      kafkaPartition: null,
      keySchema: null,
      key: null,
      valueSchema: null,
      value: new Map([['line', line]]),
      timestamp: null,
      headers: [],
      sourcePartition: PARTITION,
      sourceOffset: { position: ++this.position },
    };
  }

  drained(): boolean {
    return this.position >= this.all().length;
  }

  commitRecord(_record: SourceRecord, _metadata: unknown): void {}

  stop(): void {}
}

const connector: SourceConnector = {
  version: () => '1',
  config: () => CONFIG,
  start: () => {},
  taskConfigs: () => [{}],
  stop: () => {},
};

const FIRST_LINES = ['one', 'two', 'three', 'four', 'five'];

function subjectOf(Task: new () => SourceTask, more: Partial<SourceTaskSubject> = {}): SourceTaskSubject {
  return {
    plugin: {
      type: 'source',
      className: 'test.Lines',
      taskClassName: 'test.LinesTask',
      version: '1',
      createConnector: () => connector,
      createTask: () => new Task(),
    },
    prepare: () => {
      lines = [...FIRST_LINES];
      return { props: { topic: 't' }, records: lines.length, add: () => void lines.push('more') };
    },
    badSettings: { 'batch.size': '0' },
    away: { topic: 'away' },
    readLimitMs: 1000,
    answerLimitMs: 300,
    ...more,
  };
}

describe('of a source that can be read again', () => {
  testKit<new () => SourceTask>(Task => sourceTaskChecks(subjectOf(Task)), Lines, {
    'start reads no setting that config() does not declare': class extends Lines {
      protected override parse(props: Props): string {
        return super.parse(props) + (props.suffix ?? '');
      }
    },
    'start refuses what will not do with a ConfigException that names the setting': class extends Lines {
      protected override parse(props: Props): string {
        return super.parse({ ...props, 'batch.size': '2' });
      }
    },
    'start asks for each setting that has no default': class extends Lines {
      protected override parse(props: Props): string {
        return super.parse({ topic: 'any', ...props });
      }
    },
    'a source that is away holds up neither start, poll nor stop': class extends Lines {
      override async poll(): Promise<SourceRecord[] | null> {
        return this.topic === 'away' ? sleep(3000, null, { ref: false }) : super.poll();
      }
    },
    'stop may come after a start that failed, and before the first poll': class extends Lines {
      override stop(): void {
        if (!this.context) throw new ConnectError('NullPointerException', 'nothing was started');
      }
    },
    'poll brings every record once, in batches whose parts fit together': class extends Lines {
      protected override record(line: string): SourceRecord {
        const { headers, ...record } = super.record(line);
        return record as SourceRecord;
      }
    },
    'source partitions and offsets can be stored': class extends Lines {
      protected override record(line: string): SourceRecord {
        const record = super.record(line);
        return { ...record, sourceOffset: { ...record.sourceOffset, read: ['all'] } };
      }
    },
    'poll comes back soon after its signal is aborted': class extends Lines {
      protected override idle(): Promise<null> {
        return sleep(1000, null, { ref: false });
      }
    },
    'after polls that were aborted it goes on where it was': class extends Lines {
      override async poll(): Promise<SourceRecord[] | null> {
        const batch = await super.poll();
        return this.context?.signal().aborted ? null : batch;
      }
    },
    'from the offset of any record a new task goes on with the record after it': class extends Lines {
      override start(props: Props, context: SourceTaskContext): void {
        super.start(props, context);
        this.position = Math.max(0, this.position - 1);
      }
    },
    'records are not changed once they were handed over': class extends Lines {
      private last: SourceRecord[] | null = null;

      override async poll(): Promise<SourceRecord[] | null> {
        for (const { value } of this.last ?? []) if (value instanceof Map) value.set('line', 'sent');
        this.last = await super.poll();
        return this.last;
      }
    },
    'commit and commitRecord may come at any time': class extends Lines {
      override commitRecord(record: SourceRecord, metadata: unknown): void {
        if (metadata === null) throw new Error(`${record.topic} has lost a record`);
      }
    },
    'what is added later comes too': class extends Lines {
      private readonly known = [...lines];

      protected override all(): readonly string[] {
        return this.known;
      }
    },
    'drained says that all was read, and only then': class extends Lines {
      override drained(): boolean {
        return true;
      }
    },
  });
});

/** What is given once: a line that was handed over is gone. */
class Queue extends Lines {
  override async poll(): Promise<SourceRecord[] | null> {
    const line = lines.shift();
    return line === undefined ? this.idle() : [this.record(line)];
  }

  override drained(): boolean {
    return lines.length === 0;
  }

  canRewind(): boolean {
    return false;
  }

  pollHeld(): SourceRecord[] | null {
    const line = lines.shift();
    return line === undefined ? null : [this.record(line)];
  }
}

test.each([['x'.repeat(1025)], [7]])('a mark of a source offset that cannot be kept is found', async mark => {
  const Marked = class extends Lines {
    protected override record(line: string): SourceRecord {
      const record = super.record(line);
      return { ...record, sourceOffset: { ...record.sourceOffset, [OFFSET_MARK]: mark } as SourceRecord['sourceOffset'] };
    }
  };
  const stored = sourceTaskChecks(subjectOf(Marked)).find(({ name }) => name.endsWith('can be stored'));
  await expect(stored?.run()).rejects.toThrow('not a text of at most 1024 bytes');
});

describe('of a source that gives nothing twice', () => {
  const checksOf = (Task: new () => SourceTask) =>
    sourceTaskChecks(subjectOf(Task, { rewinds: false })).filter(({ name }) => !name.startsWith('start') && !name.startsWith('a source'));

  test('one that does all is found without fault, and one whose held records have no end is found', async () => {
    const failing = async (Task: new () => SourceTask): Promise<string[]> => {
      const names: string[] = [];
      for (const { name, run } of checksOf(Task)) await run().catch(() => names.push(name));
      return names;
    };
    expect(await failing(Queue)).toEqual([]);
    const endless = class extends Queue {
      override pollHeld(): SourceRecord[] {
        return [this.record('again')];
      }
    };
    expect(await failing(endless)).toEqual(['canRewind is false, and pollHeld brings what is held, and ends']);
  });
});
