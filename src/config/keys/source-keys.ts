/** Settings that every source connector has besides the common ones (org.apache.kafka.connect.runtime.SourceConnectorConfig). */

import { type ConfigKey, parseType } from '../../api/config-def';
import {
  atLeast,
  caseInsensitiveValidString,
  compositeValidator,
  nonEmptyString,
  topicName,
  type Validator,
} from '../../api/config-validators';
import type { Props } from '../../api/connector';
import { distinctAliases } from './common-keys';

const atLeastZeroOrNull: Validator = (key, value) => {
  if (value !== null) atLeast(0)(key, value);
};

/**
 * The keys, with Java's texts, as REST shows them. exactly-once.ts decides when those about exactly-once and the offsets topic have an
 * effect.
 */
export const SOURCE_KEYS: readonly ConfigKey[] = [
  {
    name: 'topic.creation.groups',
    type: 'LIST',
    defaultValue: [],
    validator: distinctAliases,
    importance: 'LOW',
    doc: 'Groups of configurations for topics created by source connectors',
    group: 'Topic Creation',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Topic Creation Groups',
  },
  {
    name: 'exactly.once.support',
    type: 'STRING',
    defaultValue: 'requested',
    validator: caseInsensitiveValidString('requested', 'required'),
    importance: 'MEDIUM',
    doc:
      'Permitted values are requested, required. If set to "required", forces a preflight check for the connector to ensure ' +
      'that it can provide exactly-once semantics with the given configuration. Some connectors may be capable of providing ' +
      'exactly-once semantics but not signal to Connect that they support this; in that case, documentation for the ' +
      'connector should be consulted carefully before creating it, and the value for this property should be set to ' +
      '"requested". Additionally, if the value is set to "required" but the worker that performs preflight validation does ' +
      'not have exactly-once support enabled for source connectors, requests to create or validate the connector will fail.',
    group: 'Exactly Once Support',
    orderInGroup: 2,
    width: 'SHORT',
    displayName: 'Exactly once support',
  },
  {
    name: 'transaction.boundary',
    type: 'STRING',
    defaultValue: 'poll',
    validator: caseInsensitiveValidString('poll', 'interval', 'connector'),
    importance: 'MEDIUM',
    doc:
      "Permitted values are: poll, interval, connector. If set to 'poll', a new producer transaction will be started and " +
      "committed for every batch of records that each task from this connector provides to Connect. If set to 'connector', " +
      'relies on connector-defined transaction boundaries; note that not all connectors are capable of defining their own ' +
      'transaction boundaries, and in that case, attempts to instantiate a connector with this value will fail. Finally, if ' +
      "set to 'interval', commits transactions only after a user-defined time interval has passed.",
    group: 'Exactly Once Support',
    orderInGroup: 3,
    width: 'SHORT',
    displayName: 'Transaction Boundary',
  },
  {
    name: 'transaction.boundary.interval.ms',
    type: 'LONG',
    defaultValue: null,
    validator: atLeastZeroOrNull,
    importance: 'LOW',
    doc:
      "If 'transaction.boundary' is set to 'interval', determines the interval for producer transaction commits by connector " +
      "tasks. If unset, defaults to the value of the worker-level 'offset.flush.interval.ms' property. It has no effect if a " +
      'different transaction.boundary is specified.',
    group: 'Exactly Once Support',
    orderInGroup: 4,
    width: 'SHORT',
    displayName: 'Transaction boundary interval',
  },
  {
    name: 'offsets.storage.topic',
    type: 'STRING',
    defaultValue: null,
    validator: compositeValidator(nonEmptyString, topicName),
    importance: 'LOW',
    doc:
      'The name of a separate offsets topic to use for this connector. If empty or not specified, the worker’s global ' +
      'offsets topic name will be used. If specified, the offsets topic will be created if it does not already exist on the ' +
      "Kafka cluster targeted by this connector (which may be different from the one used for the worker's global offsets " +
      "topic if the bootstrap.servers property of the connector's producer has been overridden from the worker's). Only " +
      'applicable in distributed mode; in standalone mode, setting this property will have no effect.',
    group: 'offsets.topic',
    orderInGroup: 1,
    width: 'LONG',
    displayName: 'Offsets topic',
  },
];

/** The topic in a source's setting `topic`, which most sources with one topic use, such as FileStreamSource; null if there is none. */
export function topicOf(props: Props): string | null {
  return (parseType('topic', props.topic, 'STRING') as string | null) || null;
}
