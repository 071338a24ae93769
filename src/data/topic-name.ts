/** Names of topics that brokers accept (org.apache.kafka.common.internals.Topic). */

/** Kafka's limit. */
export const MAX_TOPIC_LENGTH = 249;

/** Why a topic cannot have this name, as half a sentence; undefined if it can. */
export function topicNameProblem(name: string): string | undefined {
  if (name === '') return 'the empty string is not allowed';
  if (name === '.' || name === '..') return "'.' or '..' is not allowed";
  if (name.length > MAX_TOPIC_LENGTH) return `the length of '${name}' is longer than the max allowed length ${MAX_TOPIC_LENGTH}`;
  if (/^[A-Za-z0-9._-]+$/.test(name)) return undefined;
  return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
}
