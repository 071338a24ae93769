/** `source.deadletters.`: where failed records of a source go. Not in Java, which has dead letters of sinks only; off by default. */

import { ConfigDef, type ConfigKey } from '../../api/config-def';
import { atLeast, topicName } from '../../api/config-validators';
import type { Props } from '../../api/connector';

/** Where failed records of a source go. */
export interface SourceDeadLetterSettings {
  /** Empty for none. */
  readonly topic: string;
  /** -1 is the default of the brokers. */
  readonly replicationFactor: number;
  /** Path of a file; empty for none. */
  readonly file: string;
}

const SOURCE_DEAD_LETTER_KEYS: readonly ConfigKey[] = [
  {
    name: 'source.deadletters.topic.name',
    type: 'STRING',
    defaultValue: '',
    validator: topicName,
    importance: 'LOW',
    doc: 'Topic for records of a source that fail, each as a JSON document with its error.',
  },
  {
    name: 'source.deadletters.topic.replication.factor',
    type: 'SHORT',
    defaultValue: -1,
    validator: atLeast(-1),
    importance: 'LOW',
    doc: 'Replication factor of that topic if it has to be created; -1 is the default of the brokers.',
  },
  {
    name: 'source.deadletters.file',
    type: 'STRING',
    defaultValue: '',
    importance: 'LOW',
    doc: 'File to which the same documents are appended, one a line; used where no topic is named.',
  },
];

/** Definition of these keys, apart from Java's definitions, which REST shows. */
export const SOURCE_DEAD_LETTER_DEF: ConfigDef = SOURCE_DEAD_LETTER_KEYS.reduce((def, key) => def.define(key), new ConfigDef());

/** The settings of a connector; null if it wants no dead letters. @throws ConfigException */
export function sourceDeadLetters(props: Props): SourceDeadLetterSettings | null {
  const config = SOURCE_DEAD_LETTER_DEF.parse(props);
  const topic = config.getString('source.deadletters.topic.name');
  const file = config.getString('source.deadletters.file');
  if (topic === '' && file === '') return null;
  return { topic, replicationFactor: config.getInt('source.deadletters.topic.replication.factor'), file };
}
