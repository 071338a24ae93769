/** The topics of tables or of the query. */
import type { ParsedConfig } from '../../../api/config-def';
import { MAX_TOPIC_LENGTH } from '../../../data/topic-name';
import { ConnectError } from '../../../errors';
import { type TableId, unquotedName } from '../database/table-id';
import type { JdbcAddress } from '../url/jdbc-address';
import { labelOf, type ReadSubject } from './source-offset';

/** The topic of a subject. @throws ConnectException for a topic that is too long for Kafka */
export type TopicNamer = (subject: ReadSubject) => string;

/** `topic.prefix` followed by the expanded `topic.format`, or if that is not set by the table's name. */
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

/** Values of the placeholders; a database without schemas uses its own name as the schema. */
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

/** The remedy: tables of the same name can be told apart by their schema; others collide because characters became underscores. */
function wayOut(a: TableId, b: TableId): string {
  const leave = 'leave one out (table.whitelist, table.blacklist, catalog.pattern, schema.pattern) and copy it by another connector';
  return a.table === b.table
    ? `Tell them apart, e.g. by topic.format=\${schema}.\${table}, or ${leave}.`
    : `Characters that no topic may have became underscores: ${leave}.`;
}
