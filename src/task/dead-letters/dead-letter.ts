/** What a failed record becomes in a dead letter queue (org.apache.kafka.connect.runtime.errors.DeadLetterQueueReporter). */
import { javaClassName, javaStackTrace, toError } from '../../errors';
import type { ConsumedRecord, RecordFailure } from '../../pipeline/failed-record';
import type { TaskId } from '../../thread/messages';

/** A record to be written; partition and, where it has none, timestamp are for the producer to choose. */
export interface DeadLetter {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
  /** Epoch milliseconds; negative for none. */
  readonly timestamp: number;
}

/** A consumed record as it was, with the context of its failure behind its own headers if that is wanted. */
export function deadLetterOf(record: ConsumedRecord, failure: RecordFailure, id: TaskId, withContext: boolean): DeadLetter {
  const { key, value, timestamp } = record;
  const place: [string, string][] = [
    ['topic', record.topic],
    ['partition', String(record.partition)],
    ['offset', String(record.offset)],
  ];
  const context = withContext ? [...headersOf(place), ...contextHeaders(failure, id)] : [];
  return { key, value, timestamp, headers: [...record.headers, ...context] };
}

/** Headers that say who has failed, where and why. */
export function contextHeaders({ stage, className, error }: RecordFailure, id: TaskId): DeadLetter['headers'] {
  const thrown = toError(error);
  return headersOf([
    ['connector.name', id.connector],
    ['task.id', String(id.task)],
    ['stage', stage],
    ['class.name', className],
    ['exception.class.name', javaClassName(thrown)],
    // Java's null, where an error says nothing.
    ['exception.message', thrown.message === '' ? null : thrown.message],
    ['exception.stacktrace', javaStackTrace(thrown)],
  ]);
}

function headersOf(texts: readonly (readonly [string, string | null])[]): DeadLetter['headers'] {
  return texts.map(([name, text]) => ({ key: `__connect.errors.${name}`, value: text === null ? null : Buffer.from(text, 'utf8') }));
}
