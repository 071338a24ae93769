/** Checks values of client settings as Java's ConfigDef does, with its texts. */
import { ConnectError } from '../errors';
import type { ClientKey, ValueCheck, ValueType } from './client-key';

const INTEGER_LIMITS: Readonly<Partial<Record<ValueType, readonly [bigint, bigint]>>> = {
  SHORT: [-(2n ** 15n), 2n ** 15n - 1n],
  INT: [-(2n ** 31n), 2n ** 31n - 1n],
  LONG: [-(2n ** 63n), 2n ** 63n - 1n],
};

/** Java's exception for a bad value; a PASSWORD is never shown. */
export function invalidValue(key: Pick<ClientKey, 'javaKey' | 'type'>, value: string, why: string): ConnectError {
  const shown = key.type === 'PASSWORD' ? '[hidden]' : value;
  return new ConnectError('ConfigException', `Invalid value ${shown} for configuration ${key.javaKey}: ${why}`);
}

/**
 * The value as text in its usual spelling (trimmed, numbers without sign and leading zeros, booleans in lower case).
 * @throws ConnectError (ConfigException) with Java's text
 */
export function checkValue(key: ClientKey, raw: string): string {
  const value = key.type === 'PASSWORD' ? raw : raw.trim();
  const normal = normalize(key, value);
  const why = key.check === undefined ? undefined : complaint(key.check, normal, isNumeric(key.type));
  if (why !== undefined) throw invalidValue(key, normal, why);
  return normal;
}

/** The items of a LIST; `""` has none. */
export function splitList(value: string): string[] {
  return value === '' ? [] : value.split(/\s*,\s*/);
}

const isNumeric = (type: ValueType): boolean => type in INTEGER_LIMITS || type === 'DOUBLE';

function normalize(key: ClientKey, value: string): string {
  if (key.type === 'BOOLEAN') {
    const lower = value.toLowerCase();
    if (lower !== 'true' && lower !== 'false') throw invalidValue(key, value, 'Expected value to be either true or false');
    return lower;
  }
  if (!isNumeric(key.type)) return value;
  const limits = INTEGER_LIMITS[key.type];
  const why = `Not a number of type ${key.type}`;
  if (limits === undefined) {
    if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[dDfF]?$/.test(value)) throw invalidValue(key, value, why);
    return javaDouble(Number.parseFloat(value));
  }
  if (!/^[+-]?\d+$/.test(value)) throw invalidValue(key, value, why);
  const number = BigInt(value.replace(/^\+/, ''));
  if (number < limits[0] || number > limits[1]) throw invalidValue(key, value, why);
  return String(number);
}

/** A double as Java writes it; the values here need no exponent. */
const javaDouble = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function complaint(check: ValueCheck, value: string, numeric: boolean): string | undefined {
  const limit = (number: number): string => (value.includes('.') ? javaDouble(number) : String(number));
  if (numeric && check.min !== undefined && Number(value) < check.min) return `Value must be at least ${limit(check.min)}`;
  if (numeric && check.max !== undefined && Number(value) > check.max) return `Value must be no more than ${limit(check.max)}`;
  if (check.nonEmpty && value === '') return 'String must be non-empty';
  if (check.oneOf === undefined) return undefined;
  if (check.ignoreCase) {
    if (check.oneOf.includes(value.toUpperCase())) return undefined;
    return `String must be one of (case insensitive): ${check.oneOf.join(', ')}`;
  }
  return check.oneOf.includes(value) ? undefined : `String must be one of: ${check.oneOf.join(', ')}`;
}
