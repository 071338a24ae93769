/**
 * Records that a sink task reports as bad after it has got them (KIP-610;
 * org.apache.kafka.connect.runtime.errors.WorkerErrantRecordReporter).
 */
import type { ErrantRecordReporter } from '../../api/sink';
import type { SinkRecord } from '../../data/record/record';
import type { ConnectError } from '../../errors';
import { type ErrorHandler, toleranceExceeded } from '../../pipeline/error-handler';
import type { ConsumedRecord, RecordFailure } from '../../pipeline/failed-record';
import type { TaskConverters } from '../shared/task-converters';

/** The class that Java names, whatever the task's is. */
const SINK_TASK = 'org.apache.kafka.connect.sink.SinkTask';

/** One batch at the task, from its first `put` until it was taken or given back. */
interface Put {
  end: 'taken' | 'given back' | null;
  /** Records of which a report is safe already. */
  reported: number;
  /** Where they lie, since a batch that is put again is reported again. */
  readonly known: Set<string>;
}

const beginPut = (): Put => ({ end: null, reported: 0, known: new Set() });

export class ErrantRecords {
  /** Records that were put, and then reported: of these the reports count, once each. */
  moved = 0;
  private put = beginPut();
  /** What lay on the topic, of records that the task still holds. */
  private readonly originals = new WeakMap<SinkRecord, ConsumedRecord>();
  private exceededBy: ConnectError | null = null;

  constructor(
    private readonly errors: ErrorHandler,
    private readonly converters: TaskConverters,
  ) {}

  /** Keeps the bytes of a record for a report that may come. */
  remember(record: SinkRecord, original: ConsumedRecord): void {
    this.originals.set(record, original);
  }

  /** What the task calls. A task that does not wait for it misses nothing: commits do. */
  readonly report: ErrantRecordReporter = (record, error) => {
    const handled = this.handle(record, error);
    handled.catch(() => {});
    return handled;
  };

  private async handle(record: SinkRecord, error: Error): Promise<void> {
    const consumed = this.originals.get(record) ?? this.rebuild(record);
    const original = (): { type: 'consumed'; record: ConsumedRecord } => ({ type: 'consumed', record: consumed });
    const failure: RecordFailure = { stage: 'TASK_PUT', className: SINK_TASK, error, original };
    if (this.errors.toleratesNone) this.exceededBy ??= toleranceExceeded(failure);
    const { put } = this;
    await this.errors.reportErrant(failure);
    this.count(record, put);
  }

  /** A report may be safe before its batch was taken; then the record does not count as put yet. */
  private count({ originalTopic, originalKafkaPartition, originalKafkaOffset }: SinkRecord, put: Put): void {
    const place = `${originalKafkaOffset} ${originalKafkaPartition} ${originalTopic}`;
    if (put.known.has(place)) return;
    put.known.add(place);
    if (put.end === null) put.reported++;
    else if (put.end === 'taken') this.moved++;
  }

  /** The batch was taken, or is given back and will come again. */
  endPut(end: 'taken' | 'given back'): void {
    this.put.end = end;
    if (end === 'taken') this.moved += this.put.reported;
    this.put = beginPut();
  }

  /**
   * Fails the task for a report that is not tolerated, also if the task has swallowed the error.
   * @throws ConnectException `Tolerance exceeded in error handler`
   */
  throwIfExceeded(): void {
    if (this.exceededBy) throw this.exceededBy;
  }

  /** Of a record that the task has made itself there are no bytes: its converters make them, as in Java. */
  private rebuild(record: SinkRecord): ConsumedRecord {
    const { key, value, header } = this.converters;
    const { topic } = record;
    return {
      topic,
      partition: record.kafkaPartition,
      offset: record.kafkaOffset,
      timestamp: record.timestamp ?? -1,
      timestampType: record.timestampType,
      key: key.converter.fromConnectData(topic, record.keySchema, record.key),
      value: value.converter.fromConnectData(topic, record.valueSchema, record.value),
      headers: record.headers.map(h => ({ key: h.key, value: header.converter.fromConnectHeader(topic, h.key, h.schema, h.value) })),
    };
  }
}
