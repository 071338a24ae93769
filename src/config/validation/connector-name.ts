/** Names that a connector may have. Besides those that Java refuses, names are refused by which REST could not reach the connector. */
import { invalidValue } from '../../api/config-types';
import { compositeValidator, nonEmptyStringWithoutControlChars, type Validator } from '../../api/config-validators';

/** The longest percent-encoded name; the head of a request has 16 KiB. */
const MAX_ADDRESS_LENGTH = 8000;

const addressable: Validator = (key, value) => {
  if (typeof value !== 'string') return;
  if (hasHalfCharacter(value))
    throw invalidValue(key, visibleHalves(value), 'String holds half of a character beyond U+FFFF, which no address can');
  if (value === '.' || value === '..')
    throw invalidValue(key, value, 'Clients take it for a folder in an address, so nobody could reach the connector');
  const { length } = encodeURIComponent(value);
  if (length <= MAX_ADDRESS_LENGTH) return;
  throw invalidValue(
    key,
    `${value.slice(0, 100)}...`,
    `It takes ${length} characters in an address, which is more than ${MAX_ADDRESS_LENGTH}`,
  );
};

/** The rule for connector names. */
export const connectorName: Validator = compositeValidator(nonEmptyStringWithoutControlChars, addressable);

/** True if a text holds half of a surrogate pair: when it is written somewhere it becomes another text, and is not found again. */
export function hasHalfCharacter(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** The text with such halves as `\ud800`. */
export function visibleHalves(text: string): string {
  return text.replace(/\p{Surrogate}/gu, half => `\\u${half.charCodeAt(0).toString(16)}`);
}
