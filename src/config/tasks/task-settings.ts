/**
 * What the framework reads of the settings of worker and connector for one task. It is read once, on the main thread, by the definitions
 * that validation uses: trimmed, typed, waits within the bounds of a timer. Tasks read no text a second time; maps of texts are for
 * plugins and Kafka clients only, which have definitions of their own.
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

/** A converter: its class, and the settings that it gets. */
export interface ConverterSettings {
  /** Class name or alias. */
  readonly className: string;
  /** Whose settings name it; the settings of the other do not count then. */
  readonly origin: 'connector' | 'worker';
  readonly props: Props;
}

/** The dead letter topic of a sink. */
export interface DeadLetterQueueSettings {
  readonly topic: string;
  readonly replicationFactor: number;
  /** Whether letters carry their error in headers. */
  readonly withContext: boolean;
}

/** Plain data, which can be posted to a thread. */
export interface TaskSettings {
  /** `offset.flush.interval.ms` and `offset.flush.timeout.ms` of the worker. */
  readonly flushIntervalMs: number;
  readonly flushTimeoutMs: number;
  /** The class of the task, as the connector names it. */
  readonly taskClass: string;
  readonly converters: Readonly<Record<ConverterType, ConverterSettings>>;
  readonly stages: readonly StageSettings[];
  readonly errors: ErrorSettings;
  /** Null without exactly-once, and for sinks. */
  readonly exactlyOnce: ExactlyOnceSettings | null;
  /** How topics are made; null where worker or connector want none made, and for sinks. */
  readonly topicCreation: readonly TopicCreationGroup[] | null;
  /** The topic that the connector names by `topic`; null without one, and for sinks. */
  readonly topic: string | null;
  /** What is read; null for sources. */
  readonly sinkTopics: SinkTopics | null;
  /** Null without one, and for sources. */
  readonly deadLetterQueue: DeadLetterQueueSettings | null;
  /** Null without them, and for sinks. */
  readonly sourceDeadLetters: SourceDeadLetterSettings | null;
}

/** Whose settings are read. */
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
 * @throws ConfigException with Java's text, for instance when a variable stands for something else than it did at validation
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

/** The connector's own with only its own settings, otherwise the worker's with the worker's. */
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
