/** Checks of single settings that only the JDBC connectors need. */
import { invalidValue } from '../../../api/config-types';
import { between, type Validator } from '../../../api/config-validators';
import { MAX_TOPIC_LENGTH } from '../../../data/topic-name';
import { ConnectError } from '../../../errors';
import { ZoneOffset } from '../database/values/zone-offset';
import { readJdbcUrl } from '../url/jdbc-url';

/** A URL that one of the drivers can read. */
export const jdbcUrl: Validator = (_key, value) => {
  if (typeof value === 'string') readJdbcUrl(value);
};

/** The name of a time zone. */
export const timeZone: Validator = (key, value) => {
  try {
    new ZoneOffset(String(value));
  } catch {
    throw invalidValue(key, value, 'Invalid time zone identifier');
  }
};

/** The years 1 to 9999, which columns of databases hold. */
const inDatabaseTime = between(-62_135_596_800_000, 253_402_300_799_999);

/** A moment in milliseconds since 1970, or nothing. */
export const moment: Validator = (key, value) => {
  if (value !== null) inDatabaseTime(key, value);
};

/** One of these words, in any case; the empty text if it is among them. */
export function oneOf(...words: readonly string[]): Validator {
  return (key, value) => {
    if (value === null || words.some(word => word.toLowerCase() === String(value).toLowerCase())) return;
    throw invalidValue(key, value, `must be one of ${words.filter(word => word !== '').join(', ')}`);
  };
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the worker and the source fill it in

/** Refused, not ignored: otherwise the missing password would look like an error of the database. */
export const defaultCredentials: Validator = (key, value) => {
  if (String(value).endsWith('.DefaultJdbcCredentialsProvider')) return;
  throw invalidValue(
    key,
    value,
    'it is a class of Java, which cannot run here. Set connection.user and connection.password, from a config provider such as ${file:path:key} if they should not stand there',
  );
};

/** What a topic may begin with. */
export const topicPrefix: Validator = (key, value) => {
  const text = String(value);
  if (text.length <= MAX_TOPIC_LENGTH && /^[A-Za-z0-9._-]*$/.test(text)) return;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${text} for configuration ${key}: at most ${MAX_TOPIC_LENGTH} of letters, digits, dot, underscore and hyphen`,
  );
};

/** The parts of a table's name that a topic may be made of. */
const TOPIC_PARTS = ['${database}', '${schema}', '${table}'];

/** Characters outside the parts must be valid in a topic, and ${table} must occur, to tell tables apart. */
export const topicFormat: Validator = (key, value) => {
  const text = String(value);
  if (text === '') return;
  const rest = TOPIC_PARTS.reduce((left, part) => left.replaceAll(part, ''), text);
  if (/^[A-Za-z0-9._-]*$/.test(rest) && text.includes('${table}')) return;
  throw invalidValue(
    key,
    value,
    `letters, digits, dot, underscore and hyphen, with ${TOPIC_PARTS.join(', ')} among them, of which the last must be there`,
  );
};

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the worker and the source fill it in
