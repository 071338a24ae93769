/**
 * The metrics of a task, by our names: those of the fields of org.apache.kafka.connect.runtime.ConnectMetricsRegistry where it has them.
 * What Java has no name for is what the counters of REST are made of, and the totals behind averages.
 */
import { MetricGroup, type MetricType, OWN_GROUP } from './metric';

const own = new MetricGroup(OWN_GROUP);
const task = new MetricGroup('connector-task-metrics');
const source = new MetricGroup('source-task-metrics');
const sink = new MetricGroup('sink-task-metrics');
const errors = new MetricGroup('task-error-metrics');

const COUNTERS = {
  recordsRead: own.level('records-read', 'records', 'Polled by a source; fetched by a sink, less those given back to be fetched again.'),
  recordsAcknowledged: own.level('records-acknowledged', 'records', 'Delivered to Kafka; put by a sink, and not reported as bad since.'),
  recordsFiltered: own.level('records-filtered', 'records', 'Dropped by a transformation, or by the task with its transaction.'),
  recordsDeadLettered: own.level('records-dead-lettered', 'records', 'Failed and tolerated, and safe in a dead letter topic or file.'),
  recordsSkipped: own.level('records-skipped', 'records', 'Failed and tolerated, without a dead letter.'),
  recordsPending: own.level('records-pending', 'records', 'Under way.'),
  oldestPendingSince: own.level('oldest-pending-since', 'epoch ms', 'Since when the oldest of those waits; 0 where none does.'),
  unreadBytes: own.total('unread-bytes-total', 'bytes', 'Gone before a source could read them.'),
  unreadUnknown: own.total('unread-unknown-total', 'events', 'Times that something was gone before, and nobody knows how much.'),
  recordsMoved: own.total('records-moved-total', 'records', 'Handed to the producer, or taken by the sink; what comes again counts again.'),
  bytesMoved: own.total('bytes-moved-total', 'bytes', 'Bytes of the values of those.'),
};

/** What averages and shares are made of. */
const SUMS = {
  batches: own.total('batches-total', 'events', 'Batches that a source has polled, or a sink has taken.'),
  batchRecords: own.total('batch-records-total', 'records', 'Records in those.'),
  pollTimeMs: own.total('poll-time-total-ms', 'ms', 'Time in which a source was asked for batches, when one came.'),
  polls: own.total('polls-total', 'events', 'Times that one came.'),
  putTimeMs: own.total('put-time-total-ms', 'ms', 'Time in which a sink took batches.'),
  activeRecords: own.total('active-records-total', 'records', 'Records under way, added up each time they are looked at.'),
  activeLooks: own.total('active-looks-total', 'events', 'Times that they were looked at.'),
  commits: own.total('offset-commits-total', 'commits', 'Offset commits that have ended.'),
  commitSuccesses: own.total('offset-commit-successes-total', 'commits', 'Those that have ended well.'),
  commitFailures: own.total('offset-commit-failures-total', 'commits', 'Those that have failed.'),
  commitTimeMs: own.total('offset-commit-time-total-ms', 'ms', 'Time that those took which have ended well.'),
  transactions: own.total('transactions-total', 'events', 'Transactions that a source has committed.'),
  transactionRecords: own.total('transaction-records-total', 'records', 'Records in those.'),
};

const COMMON = {
  taskStatus: task.text('status', 'State of the task: unassigned, running, paused, failed or restarting.'),
  taskRunningRatio: task.state('running-ratio', 'fraction', 'Part of its life in which the task was running.'),
  taskPauseRatio: task.state('pause-ratio', 'fraction', 'Part of its life in which the task was paused.'),
  taskCommitTimeMax: task.highest('offset-commit-max-time-ms', 'ms', 'Longest time of an offset commit.'),
  taskCommitTimeAvg: task.average('offset-commit-avg-time-ms', 'ms', ['commitTimeMs', 'commitSuccesses'], 'Average of it.'),
  taskBatchSizeMax: task.highest('batch-size-max', 'records', 'Records in the largest batch.'),
  taskBatchSizeAvg: task.average('batch-size-avg', 'records', ['batchRecords', 'batches'], 'Records in an average batch.'),
  taskCommitFailurePercentage: task.share('offset-commit-failure-percentage', ['commitFailures', 'commits'], 'Part that failed.'),
  taskCommitSuccessPercentage: task.share('offset-commit-success-percentage', ['commitSuccesses', 'commits'], 'Part that ended well.'),
  taskConnectorClass: task.text('connector-class', 'Class of the connector.'),
  taskConnectorClassVersion: task.text('connector-version', 'Version of the connector.'),
  taskConnectorType: task.text('connector-type', 'source or sink.'),
  taskClass: task.text('task-class', 'Class of the task, as the connector names it.'),
  taskVersion: task.text('task-version', 'Version of the task, which is that of its connector.'),
  taskKeyConverterClass: task.text('key-converter-class', 'Class of the converter of keys.'),
  taskKeyConverterVersion: task.text('key-converter-version', 'Version of it.'),
  taskValueConverterClass: task.text('value-converter-class', 'Class of the converter of values.'),
  taskValueConverterVersion: task.text('value-converter-version', 'Version of it.'),
  taskHeaderConverterClass: task.text('header-converter-class', 'Class of the converter of headers.'),
  taskHeaderConverterVersion: task.text('header-converter-version', 'Version of it.'),
};

const SOURCE = {
  sourceRecordPollTotal: source.total('source-record-poll-total', 'records', 'Records polled, before transformations.'),
  sourceRecordPollRate: source.rate('source-record-poll-rate', 'records/s', 'sourceRecordPollTotal', 'Records polled by the second.'),
  sourceRecordWriteTotal: source.total('source-record-write-total', 'records', 'Records that brokers have acknowledged.'),
  sourceRecordWriteRate: source.rate('source-record-write-rate', 'records/s', 'sourceRecordWriteTotal', 'The same by the second.'),
  sourceRecordPollBatchTimeMax: source.highest('poll-batch-max-time-ms', 'ms', 'Longest time until a batch came.'),
  sourceRecordPollBatchTimeAvg: source.average('poll-batch-avg-time-ms', 'ms', ['pollTimeMs', 'polls'], 'Average of it.'),
  sourceRecordActiveCount: source.level('source-record-active-count', 'records', 'Records polled that have no answer yet.'),
  sourceRecordActiveCountMax: source.highest('source-record-active-count-max', 'records', 'Most of them, looked at as batches come.'),
  sourceRecordActiveCountAvg: source.average(
    'source-record-active-count-avg',
    'records',
    ['activeRecords', 'activeLooks'],
    'Average of them, looked at as batches come.',
  ),
  transactionSizeMin: source.lowest('transaction-size-min', 'records', 'Records in the smallest transaction.'),
  transactionSizeMax: source.highest('transaction-size-max', 'records', 'Records in the largest transaction.'),
  transactionSizeAvg: source.average(
    'transaction-size-avg',
    'records',
    ['transactionRecords', 'transactions'],
    'Records in an average transaction.',
  ),
};

const SINK = {
  sinkRecordReadTotal: sink.total('sink-record-read-total', 'records', 'Messages fetched, before transformations.'),
  sinkRecordReadRate: sink.rate('sink-record-read-rate', 'records/s', 'sinkRecordReadTotal', 'The same by the second.'),
  sinkRecordSendTotal: sink.total('sink-record-send-total', 'records', 'Records that the task has taken, after transformations.'),
  sinkRecordSendRate: sink.rate('sink-record-send-rate', 'records/s', 'sinkRecordSendTotal', 'The same by the second.'),
  sinkRecordLagMax: sink.level('sink-record-lag-max', 'records', 'Messages put and not committed, of the partition with the most.'),
  sinkRecordPartitionCount: sink.level('partition-count', 'partitions', 'Partitions that the task has.'),
  sinkRecordOffsetCommitSeqNum: sink.level('offset-commit-seq-no', 'commits', 'Offset commits begun.'),
  sinkRecordOffsetCommitCompletionTotal: sink.total('offset-commit-completion-total', 'commits', 'Offset commits that ended well.'),
  sinkRecordOffsetCommitCompletionRate: sink.rate(
    'offset-commit-completion-rate',
    'commits/s',
    'sinkRecordOffsetCommitCompletionTotal',
    'The same by the second.',
  ),
  sinkRecordOffsetCommitSkipTotal: sink.total(
    'offset-commit-skip-total',
    'commits',
    'Answers to offset commits that came too late to count.',
  ),
  sinkRecordOffsetCommitSkipRate: sink.rate(
    'offset-commit-skip-rate',
    'commits/s',
    'sinkRecordOffsetCommitSkipTotal',
    'The same by the second.',
  ),
  sinkRecordPutBatchTimeMax: sink.highest('put-batch-max-time-ms', 'ms', 'Longest time in which a batch was taken.'),
  sinkRecordPutBatchTimeAvg: sink.average('put-batch-avg-time-ms', 'ms', ['putTimeMs', 'batches'], 'Average of it.'),
  sinkRecordActiveCount: sink.level('sink-record-active-count', 'records', 'Messages fetched and not committed.'),
  sinkRecordActiveCountMax: sink.highest('sink-record-active-count-max', 'records', 'Most of them, looked at as batches come.'),
  sinkRecordActiveCountAvg: sink.average(
    'sink-record-active-count-avg',
    'records',
    ['activeRecords', 'activeLooks'],
    'Average of them, looked at as batches come.',
  ),
};

const ERRORS = {
  recordProcessingFailures: errors.total('total-record-failures', 'events', 'Operations on records that failed, each try by itself.'),
  recordProcessingErrors: errors.total('total-record-errors', 'events', 'Operations on records that failed for good.'),
  recordsSkippedByErrors: errors.total('total-records-skipped', 'records', 'Records left out, with a dead letter or without.'),
  retries: errors.total('total-retries', 'events', 'Operations tried again.'),
  errorsLogged: errors.total('total-errors-logged', 'events', 'Errors that the log shows by errors.log.enable.'),
  dlqProduceRequests: errors.total('deadletterqueue-produce-requests', 'records', 'Dead letters to be written.'),
  dlqProduceFailures: errors.total('deadletterqueue-produce-failures', 'records', 'Dead letters that could not be written.'),
  lastErrorTimestamp: errors.level('last-error-timestamp', 'epoch ms', 'When an operation failed for good the last time; 0 for never.'),
};

/** All metrics that a task has, of either kind. */
export const TASK_METRICS = { ...COUNTERS, ...SUMS, ...COMMON, ...SOURCE, ...SINK, ...ERRORS };

/** Our name of a metric of tasks. */
export type TaskMetric = keyof typeof TASK_METRICS;

/** Our names of those of a type. */
export type TaskMetricOf<T extends MetricType> = {
  [K in TaskMetric]: (typeof TASK_METRICS)[K]['type'] extends T ? K : never;
}[TaskMetric];

/** Those that a task counts by itself. */
export type CountedMetric = TaskMetricOf<'total' | 'level' | 'highest' | 'lowest'>;
