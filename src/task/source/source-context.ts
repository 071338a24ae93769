/** What a source task may ask of its run. */
import type { SourceTaskContext } from '../../api/source';
import type { Beginning } from './delivery';
import type { SourceRun } from './source-run';

/** The context of a task. */
export function createSourceContext(run: SourceRun, { offsets, transactionContext }: Beginning): SourceTaskContext {
  const { services } = run;
  const { spec, errors, metrics, pluginLogger } = services.host;
  return {
    props: spec.taskProps,
    offsetStorageReader: services.codec.reader(offsets),
    taskId: services.taskId,
    logger: pluginLogger,
    metrics: metrics.openPlugin(),
    signal: () => run.polls.signal,
    transactionContext,
    maxRequestSizeBytes: services.producers.maxRequestSizeBytes,
    skipOrThrow: error => {
      errors.skipOrThrow({
        stage: 'TASK_POLL',
        className: spec.settings.taskClass,
        error,
        original: () => ({ type: 'text', text: error.message }),
      });
      run.counts.leftOut();
      services.progress.changed();
    },
    countUnread: bytes => services.progress.countUnread(bytes),
    draining: spec.draining,
  };
}
