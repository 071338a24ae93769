/**
 * Settings that every sink connector has besides the common ones, and their rules (org.apache.kafka.connect.runtime.SinkConnectorConfig).
 */

import { type ConfigKey, type ConfigValue, parseType } from '../../api/config-def';
import { settingText } from '../../api/config-types';
import { anyNonDuplicateValues, topicName, validRegex } from '../../api/config-validators';
import type { Props } from '../../api/connector';
import { ConnectError, toError } from '../../errors';
import { compileFullMatch } from '../../java/regex/regex';
import { javaTrim } from '../../java/trim';
import type { ConnectorProps } from '../connector-props';

/** The keys. */
export const SINK_KEYS: readonly ConfigKey[] = [
  {
    name: 'topics',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'HIGH',
    doc: 'List of topics to consume, separated by commas',
    group: 'Common',
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics',
  },
  {
    name: 'topics.regex',
    type: 'STRING',
    defaultValue: '',
    validator: validRegex,
    importance: 'HIGH',
    doc:
      'Regular expression giving topics to consume. Under the hood, the regex is compiled to a ' +
      '<code>java.util.regex.Pattern</code>. Only one of topics or topics.regex should be specified.',
    group: 'Common',
    orderInGroup: 4,
    width: 'LONG',
    displayName: 'Topics regex',
  },
  {
    name: 'errors.deadletterqueue.topic.name',
    type: 'STRING',
    defaultValue: '',
    importance: 'MEDIUM',
    doc:
      'The name of the topic to be used as the dead letter queue (DLQ) for messages that result in an error when processed ' +
      'by this sink connector, or its transformations or converters. The topic name is blank by default, which means that no ' +
      'messages are to be recorded in the DLQ.',
    group: 'Error Handling',
    orderInGroup: 6,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Name',
  },
  {
    name: 'errors.deadletterqueue.topic.replication.factor',
    type: 'SHORT',
    defaultValue: 3,
    importance: 'MEDIUM',
    doc: "Replication factor used to create the dead letter queue topic when it doesn't already exist.",
    group: 'Error Handling',
    orderInGroup: 7,
    width: 'MEDIUM',
    displayName: 'Dead Letter Queue Topic Replication Factor',
  },
  {
    name: 'errors.deadletterqueue.context.headers.enable',
    type: 'BOOLEAN',
    defaultValue: false,
    importance: 'MEDIUM',
    doc:
      'If true, add headers containing error context to the messages written to the dead letter queue. To avoid clashing ' +
      'with headers from the original record, all error context header keys, all error context header keys will start with ' +
      '<code>__connect.errors.</code>',
    group: 'Error Handling',
    orderInGroup: 8,
    width: 'MEDIUM',
    displayName: 'Enable Error Context Headers',
  },
];

const isSet = (text: string | null | undefined): text is string => (text ?? '').trim() !== '';

/** True if the connector writes failed records to a dead letter topic. */
export function hasDlqTopic(props: ConnectorProps): boolean {
  return isSet(props['errors.deadletterqueue.topic.name']);
}

/** The topics of a `topics` setting, without duplicates and empty items. */
function parseTopics(setting: string | null | undefined): string[] {
  const items = (parseType('topics', setting, 'LIST') ?? []) as readonly string[];
  return [...new Set(items)].filter(topic => topic !== '');
}

/** The topics of a sink: a list, or all whose whole name matches. */
export interface SinkTopics {
  readonly topics: readonly string[];
  /** A regular expression of Java; null for none. */
  readonly regex: string | null;
}

/** The `topics` and `topics.regex` of a task. */
export function sinkTopics(props: Props): SinkTopics {
  const regex = parseType('topics.regex', props['topics.regex'], 'STRING') as string | null;
  return { topics: parseTopics(props.topics), regex: regex || null };
}

/** Rules across keys: exactly one of `topics` and `topics.regex`, and the dead letter topic is not consumed. Adds errors to the values. */
export function validateSink(props: ConnectorProps, values: ReadonlyMap<string, ConfigValue>): void {
  const { topics, 'topics.regex': regex } = props;
  const report = (key: string, error: string): void => void values.get(key)?.errors.push(error);
  if (isSet(topics) === isSet(regex)) {
    const error = isSet(topics)
      ? 'topics and topics.regex are mutually exclusive options, but both are set.'
      : 'Must configure one of topics or topics.regex';
    report('topics', error);
    report('topics.regex', error);
  }
  for (const topic of parseTopics(topics)) reportTopicName('topics', topic, report);
  if (!hasDlqTopic(props)) return;
  const dlqTopic = javaTrim(props['errors.deadletterqueue.topic.name'] ?? '');
  const consumed = parseTopics(topics);
  if (consumed.includes(dlqTopic)) {
    report(
      'topics',
      `The DLQ topic '${dlqTopic}' may not be included in the list of topics ('topics=${settingText(consumed)}') consumed by the connector`,
    );
  }
  const matched = isSet(regex) && matches(regex, dlqTopic);
  if (matched instanceof Error) report('topics.regex', `Invalid value ${regex} for configuration topics.regex: ${matched.message}`);
  else if (matched) {
    report(
      'topics.regex',
      `The DLQ topic '${dlqTopic}' may not be matched by the regex for the topics ('topics.regex=${regex}') consumed by the connector`,
    );
  } else reportTopicName('errors.deadletterqueue.topic.name', dlqTopic, report);
}

/** Reports an invalid topic name. Java's task fails for it, with `Invalid topics: [..]`, once a broker has refused it. */
function reportTopicName(key: string, topic: string, report: (key: string, error: string) => void): void {
  try {
    topicName(key, topic);
  } catch (error) {
    report(key, toError(error).message);
  }
}

/** Whether it matches, or the error that prevents an answer. A malformed expression was reported by the key's own validator. */
function matches(regex: string, topic: string): boolean | Error {
  try {
    return compileFullMatch(regex).test(topic);
  } catch (error) {
    return error instanceof ConnectError && error.code === 'ConnectException' ? error : false;
  }
}
