/** Which topic the rows of a table, or of the query, go to. */
import type { ParsedConfig } from '../../../api/config-def';
import { MAX_TOPIC_LENGTH } from '../../../data/topic-name';
import { ConnectError } from '../../../errors';
import { type TableId, unquotedName } from '../database/table-id';
import type { JdbcAddress } from '../url/jdbc-address';
import { labelOf, type ReadSubject } from './source-offset';

/** The topic of a subject. @throws ConnectException for a topic that is too long for Kafka */
export type TopicNamer = (subject: ReadSubject) => string;

/** `topic.prefix`, and behind it `topic.format` filled in; where that is not set the bare name of the table, as it is. */
export function createTopicNamer(config: ParsedConfig, address: JdbcAddress): TopicNamer {
  const [prefix, format] = [config.getString('topic.prefix'), config.getString('topic.format')];
  return subject => {
    if ('query' in subject) return prefix;
    if (format === '') return prefix + subject.table.table;
    const parts = partsOf(subject.table, address);
    const topic = prefix + format.replace(/\$\{(\w+)\}/g, (_, part: string) => sanitized(parts[part] ?? ''));
    if (topic.length <= MAX_TOPIC_LENGTH) return topic;
    throw new ConnectError(
      'ConnectException',
      `The topic of ${labelOf(subject)} by topic.format would be ${topic}: it has ${topic.length} characters, Kafka allows ${MAX_TOPIC_LENGTH}`,
    );
  };
}

/** What the placeholders stand for; a database without schemas has its own name there. */
function partsOf({ catalog, schema, table }: TableId, { kind, database }: JdbcAddress): Record<string, string> {
  const name = kind === 'sqlite' ? (database.split(/[/\\]/).pop() ?? '').replace(/\.\w+$/, '') : database;
  return { database: catalog ?? name, schema: schema ?? catalog ?? name, table };
}

/** Kafka takes letters, digits, dot, underscore and hyphen only. */
const sanitized = (text: string): string => text.replace(/[^A-Za-z0-9._-]/g, '_');

/** @throws ConnectException for two tables whose rows would go to the same topic */
export function refuseSharedTopics(tables: readonly TableId[], topicOf: TopicNamer): void {
  const byTopic = new Map<string, TableId>();
  for (const table of tables) {
    const topic = topicOf({ table });
    const other = byTopic.get(topic);
    if (other !== undefined) {
      const names = `${unquotedName(other)} and ${unquotedName(table)}`;
      throw new ConnectError('ConnectException', `${names} would share the topic ${topic}. ${wayOut(other, table)}`);
    }
    byTopic.set(topic, table);
  }
}

/** Tables of one name are told apart by where they are; others meet by signs that became underscores. */
function wayOut(a: TableId, b: TableId): string {
  const leave = 'leave one out (table.whitelist, table.blacklist, catalog.pattern, schema.pattern) and copy it by another connector';
  return a.table === b.table
    ? `Tell them apart, e.g. by topic.format=\${schema}.\${table}, or ${leave}.`
    : `Characters that no topic may have became underscores: ${leave}.`;
}
