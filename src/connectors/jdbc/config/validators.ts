/** Checks of single settings that only the JDBC connectors need. */
import { invalidValue } from '../../../api/config-types';
import type { Validator } from '../../../api/config-validators';
import { ConnectError } from '../../../errors';
import { ZoneOffset } from '../database/zone-offset';
import { readJdbcUrl } from '../url/jdbc-url';

/** A URL that some driver here can read. */
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

/** One of these words, in any case; the empty text if it is among them. */
export function oneOf(...words: readonly string[]): Validator {
  return (key, value) => {
    if (value === null || words.some(word => word.toLowerCase() === String(value).toLowerCase())) return;
    throw invalidValue(key, value, `must be one of ${words.filter(word => word !== '').join(', ')}`);
  };
}

const MAX_TOPIC_LENGTH = 249;

/** What a topic may begin with. */
export const topicPrefix: Validator = (key, value) => {
  const text = String(value);
  if (text.length <= MAX_TOPIC_LENGTH && /^[A-Za-z0-9._-]*$/.test(text)) return;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${text} for configuration ${key}: at most ${MAX_TOPIC_LENGTH} of letters, digits, dot, underscore and hyphen`,
  );
};
