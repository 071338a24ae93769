/**
 * The framework's settings of one task, from worker and connector. They are parsed once, on the main thread, with the definitions that
 * validation uses: trimmed, typed, and with waits within the range of a timer. Tasks do not parse texts again; the maps of texts are only
 * for plugins and Kafka clients, which have definitions of their own.
 */

import { type ParsedConfig, withoutPrefix } from '../../api/config-def';
import type { Props } from '../../api/connector';
import type { ConverterType } from '../../api/converter';
import { connectorDef } from '../keys/connector-def';
import { type ExactlyOnceSettings, exactlyOnceSettings } from '../keys/exactly-once';
import { type SinkTopics, sinkTopics } from '../keys/sink-keys';
import { type SourceDeadLetterSettings, sourceDeadLetters } from '../keys/source-dead-letters';
import { topicOf } from '../keys/source-keys';
import { type TopicCreationGroup, topicCreationGroups } from '../keys/topic-creation';
import type { WorkerConfig } from '../worker-config';
import { type ErrorSettings, errorSettings } from './error-settings';
import { freezeSettings } from './frozen-settings';
import { type StageSettings, stageSettings } from './stage-settings';

/** The class and the settings of a converter. */
export interface ConverterSettings {
  /** Class name or alias. */
  readonly className: string;
  /** Whether connector or worker names it; only settings of the same origin apply. */
  readonly origin: 'connector' | 'worker';
  readonly props: Props;
}

/** The dead letter topic of a sink. */
export interface DeadLetterQueueSettings {
  readonly topic: string;
  readonly replicationFactor: number;
  /** Whether dead letters have headers about their error. */
  readonly withContext: boolean;
}

/** Plain data, which can be posted to a thread. */
export interface TaskSettings {
  /** `offset.flush.interval.ms` and `offset.flush.timeout.ms` of the worker. */
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  /** The task class of the connector. */
  readonly taskClass: string;
  readonly converters: Readonly<Record<ConverterType, ConverterSettings>>;
  readonly stages: readonly StageSettings[];
  readonly errors: ErrorSettings;
  /** Null without exactly-once, and for sinks. */
  readonly exactlyOnce: ExactlyOnceSettings | null;
  /** How topics are created; null if worker or connector does not want that, and for sinks. */
  readonly topicCreation: readonly TopicCreationGroup[] | null;
  /** The connector's setting `topic`; null without one, and for sinks. */
  readonly topic: string | null;
  /** The topics to read; null for sources. */
  readonly sinkTopics: SinkTopics | null;
  /** Null without one, and for sources. */
  readonly deadLetterQueue: DeadLetterQueueSettings | null;
  /** Null without them, and for sinks. */
  readonly sourceDeadLetters: SourceDeadLetterSettings | null;
}

/** The task that settings are read for. */
export interface TaskOwner {
  readonly kind: 'source' | 'sink';
  readonly id: { readonly connector: string; readonly task: number };
  /** Settings of the connector and of the task, variables resolved. */
  readonly connectorProps: Props;
  readonly taskProps: Props;
}

/**
 * The settings of one task, frozen.
 * @param workerProps the worker's own, with `worker.uuid`
 * @throws ConfigException with Java's text, for instance if a variable's value has changed since validation
 */
export function taskSettings(worker: WorkerConfig, workerProps: Props, { kind, id, connectorProps, taskProps }: TaskOwner): TaskSettings {
  const connector = connectorDef(kind).parse(connectorProps);
  const converter = (type: ConverterType): ConverterSettings => converterSettings(type, worker, connector, connectorProps);
  const isSource = kind === 'source';
  return freezeSettings({
    flushIntervalMs: worker.offsetFlushIntervalMs,
    flushTimeoutMs: worker.offsetFlushTimeoutMs,
    taskClass: taskProps['task.class'] ?? '',
    converters: { key: converter('key'), value: converter('value'), header: converter('header') },
    stages: stageSettings(connectorProps),
    errors: errorSettings(connector),
    exactlyOnce: isSource ? exactlyOnceSettings(workerProps, connectorProps, id) : null,
    topicCreation: isSource && worker.topicCreationEnable ? topicCreationGroups(connectorProps) : null,
    topic: isSource ? topicOf(connectorProps) : null,
    sinkTopics: isSource ? null : sinkTopics(taskProps),
    deadLetterQueue: isSource ? null : deadLetterQueue(connector),
    sourceDeadLetters: isSource ? sourceDeadLetters(connectorProps) : null,
  });
}

/** The connector's own converter with its own settings only, or else the worker's with the worker's settings. */
function converterSettings(type: ConverterType, worker: WorkerConfig, connector: ParsedConfig, connectorProps: Props): ConverterSettings {
  const key = `${type}.converter`;
  const own = connector.getStringOrNull(key);
  if (own !== null) return { className: own, origin: 'connector', props: withoutPrefix(connectorProps, `${key}.`) };
  return { className: worker.values.getString(key), origin: 'worker', props: withoutPrefix(worker.originals, `${key}.`) };
}

function deadLetterQueue(connector: ParsedConfig): DeadLetterQueueSettings | null {
  const topic = connector.getString('errors.deadletterqueue.topic.name');
  if (topic === '') return null;
  return {
    topic,
    replicationFactor: connector.getInt('errors.deadletterqueue.topic.replication.factor'),
    withContext: connector.getBoolean('errors.deadletterqueue.context.headers.enable'),
  };
}
