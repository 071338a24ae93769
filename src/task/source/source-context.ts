/** What a source task may ask of its attempt. */
import type { SourceTaskContext } from '../../api/source';
import type { TransactionContext } from '../../api/transaction-context';
import type { OffsetEntry } from '../../thread/messages';
import type { SourceServices } from './source-services';

/** The part that belongs to one attempt. */
export interface AttemptContext {
  /** Where the task is to begin. */
  readonly offsets: readonly OffsetEntry[];
  readonly signal: () => AbortSignal;
  readonly transactionContext: TransactionContext | null;
  /** The task has left out what would have been a record. */
  readonly onLeftOut: () => void;
  /** A count has changed. */
  readonly onCounted: () => void;
}

/** The context of a task. */
export function createSourceContext(services: SourceServices, attempt: AttemptContext): SourceTaskContext {
  const { spec, errors } = services.host;
  return {
    props: spec.taskProps,
    offsetStorageReader: services.codec.reader(attempt.offsets),
    taskId: services.taskId,
    logger: services.host.pluginLogger,
    signal: attempt.signal,
    transactionContext: attempt.transactionContext,
    maxRequestSizeBytes: services.producers.maxRequestSizeBytes,
    skipOrThrow: error => {
      errors.skipOrThrow({
        stage: 'TASK_POLL',
        className: spec.settings.taskClass,
        error,
        original: () => ({ type: 'text', text: error.message }),
      });
      attempt.onLeftOut();
      attempt.onCounted();
    },
    countUnread: bytes => {
      services.countUnread(bytes);
      attempt.onCounted();
    },
    draining: spec.draining,
  };
}
