/** Java's validators of settings (the nested classes of ConfigDef), as functions that throw a ConfigException with Java's text. */

import { doubleText } from '../data/java/java-text';
import { topicNameProblem } from '../data/topic-name';
import { SettingError, toError } from '../errors';
import { hashOrder } from '../java/hash-order';
import { JavaPattern } from '../java/regex/regex';
import { invalidValue, settingText } from './config-types';

/** Throws a ConfigException with Java's text if the parsed value will not do. */
export interface Validator {
  (key: string, value: unknown): void;
  /** True for ValidList: when a configuration is parsed (not when it is only validated), duplicate items are dropped first. */
  readonly dropsDuplicates?: boolean;
}

/** How bounds are written in messages: `0`, or `0.0` as a double. */
export type NumberKind = 'integer' | 'double';

function range(min: number | undefined, max: number | undefined, kind: NumberKind): Validator {
  const show = (value: unknown): string => (kind === 'double' && typeof value === 'number' ? doubleText(value) : settingText(value));
  return (key, value) => {
    if (value === null) throw invalidValue(key, null, 'Value must be non-null');
    const number = Number(value);
    if (min !== undefined && number < min) throw invalidValue(key, show(value), `Value must be at least ${show(min)}`);
    if (max !== undefined && number > max) throw invalidValue(key, show(value), `Value must be no more than ${show(max)}`);
  };
}

/** Range.atLeast; refuses null. */
export function atLeast(min: number, kind: NumberKind = 'integer'): Validator {
  return range(min, undefined, kind);
}

/** Range.between, both ends included; refuses null. */
export function between(min: number, max: number, kind: NumberKind = 'integer'): Validator {
  return range(min, max, kind);
}

/** ValidString.in; refuses null. */
export function validString(...allowed: string[]): Validator {
  return (key, value) => {
    if (!allowed.includes(value as string)) throw invalidValue(key, value, `String must be one of: ${allowed.join(', ')}`);
  };
}

/** CaseInsensitiveValidString.in; the message lists the words in the order of Java's HashSet. */
export function caseInsensitiveValidString(...allowed: string[]): Validator {
  const words = hashOrder(allowed.map(word => word.toUpperCase()));
  return (key, value) => {
    if (typeof value === 'string' && words.includes(value.toUpperCase())) return;
    throw invalidValue(key, value, `String must be one of (case insensitive): ${words.join(', ')}`);
  };
}

/** NonEmptyString; null passes. */
export const nonEmptyString: Validator = (key, value) => {
  if (value === '') throw invalidValue(key, value, 'String must be non-empty');
};

/** NonEmptyStringWithoutControlChars, the rule for connector names; null passes. */
export const nonEmptyStringWithoutControlChars: Validator = (key, value) => {
  if (typeof value !== 'string') return;
  if (value === '') throw invalidValue(key, value, 'String may not be empty');
  const codes = [...value].map(char => char.codePointAt(0) ?? 0).filter(code => code <= 0x1f || (code >= 0x7f && code <= 0x9f));
  if (codes.length > 0) {
    throw invalidValue(key, value, `String may not contain control sequences but had the following ASCII chars: ${codes.join(', ')}`);
  }
};

/**
 * A name that a topic can have; the empty text and null pass. Not in Java, which waits for such a topic, or fails when its time has come.
 */
export const topicName: Validator = (key, value) => {
  const problem = typeof value === 'string' && value !== '' ? topicNameProblem(value) : undefined;
  if (problem !== undefined) throw invalidValue(key, value, `Topic name is invalid: ${problem}`);
};

/** NonNullValidator. */
export const nonNull: Validator = (key, value) => {
  if (value === null) throw invalidValue(key, 'null', 'entry must be non null');
};

/** RegexValidator: a pattern of java.util.regex; what Java says of null is its text too. */
export const validRegex: Validator = (key, value) => {
  if (value === null) throw invalidValue(key, null, `Invalid regex: Cannot invoke "String.isEmpty()" because "this.pattern" is null`);
  // The default of most: no reason to load an engine.
  if (value === '') return;
  try {
    new JavaPattern(String(value));
  } catch (error) {
    throw invalidValue(key, value, `Invalid regex: ${toError(error).message}`);
  }
};

/** What a list may look like; `allowed` empty means any text. */
interface ListRule {
  readonly allowed: readonly string[];
  readonly emptyAllowed: boolean;
  readonly nullAllowed: boolean;
}

function checkList(key: string, value: unknown, { allowed, emptyAllowed, nullAllowed }: ListRule): void {
  const fail = (why: string): SettingError => new SettingError(key, `Configuration '${key}' ${why}`);
  if (value === null || !Array.isArray(value)) {
    if (nullAllowed) return;
    throw fail('values must not be null.');
  }
  if (!emptyAllowed && value.length === 0) {
    throw fail(`must not be empty. Valid values include: ${allowed.length === 0 ? 'any non-empty value' : settingText(allowed)}`);
  }
  if (new Set(value).size !== value.length) throw fail('values must not be duplicated.');
  for (const item of value) {
    if (item === '') throw fail('values must not be empty.');
    if (allowed.length > 0) validString(...allowed)(key, item);
  }
}

const listValidator = (rule: ListRule): Validator =>
  Object.assign((key: string, value: unknown) => checkList(key, value, rule), { dropsDuplicates: true });

/** ValidList.in: only these items; the empty list passes, null does not. */
export function validList(...allowed: string[]): Validator {
  return listValidator({ allowed, emptyAllowed: true, nullAllowed: false });
}

/** ValidList.anyNonDuplicateValues: any items but empty and repeated ones. */
export function anyNonDuplicateValues(emptyAllowed: boolean, nullAllowed: boolean): Validator {
  return listValidator({ allowed: [], emptyAllowed, nullAllowed });
}

/** CompositeValidator.of: all of them, in this order. */
export function compositeValidator(...validators: Validator[]): Validator {
  return (key, value) => {
    for (const validator of validators) validator(key, value);
  };
}
