/** Parses header texts (Values.parseString): a literal, a number, a date, a list or a map; otherwise the text itself. */

import { ConnectError } from '../../errors';
import { javaTrim } from '../../java/trim';
import { BigDecimal } from '../java/big-numbers';
import { Float32, Int8, Int16, Int32 } from '../java/boxed';
import { keyInterner } from '../java/key-interner';
import { nestingError } from '../nesting';
import type { SchemaAndValue } from '../record/record';
import {
  BOOLEAN_SCHEMA,
  ConnectSchema,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  STRING_SCHEMA,
} from '../schema/connect-schema';
import { decimalBuilder } from '../schema/logical';
import { parseTemporal } from './temporal-text';
import { alignValue, SchemaMerger } from './value-merging';
import { ValueTokens } from './value-tokens';

const LITERALS: readonly (readonly [string, SchemaAndValue | null])[] = [
  ['null', null],
  ['true', { schema: BOOLEAN_SCHEMA, value: true }],
  ['false', { schema: BOOLEAN_SCHEMA, value: false }],
];

function broken(message: string): ConnectError {
  return new ConnectError('DataException', message);
}

/** An integer in the narrowest type that holds it; null beyond 64 bits. */
function asInteger(value: bigint): SchemaAndValue | null {
  if (BigInt.asIntN(8, value) === value) return { schema: INT8_SCHEMA, value: Int8.of(Number(value)) };
  if (BigInt.asIntN(16, value) === value) return { schema: INT16_SCHEMA, value: Int16.of(Number(value)) };
  if (BigInt.asIntN(32, value) === value) return { schema: INT32_SCHEMA, value: Int32.of(Number(value)) };
  return BigInt.asIntN(64, value) === value ? { schema: INT64_SCHEMA, value } : null;
}

/** The value of a decimal without fraction; null if it has one, or is surely beyond 64 bits. */
function integralValue({ unscaled, scale }: BigDecimal): bigint | null {
  if (scale < -64) return unscaled === 0n ? 0n : null;
  if (scale <= 0) return unscaled * 10n ** BigInt(-scale);
  const divisor = 10n ** BigInt(Math.min(scale, unscaled.toString().length + 1));
  return unscaled % divisor === 0n ? unscaled / divisor : null;
}

/** @throws NumberFormatException if the token is not a number */
function parseNumber(token: string): SchemaAndValue {
  const decimal = BigDecimal.parse(token);
  const integral = integralValue(decimal);
  const integer = integral === null ? null : asInteger(integral);
  if (integer) return integer;
  const float = decimal.toFloat();
  if (Number.isFinite(float) && decimal.scale !== 0) return { schema: FLOAT32_SCHEMA, value: Float32.of(float) };
  const double = decimal.toDouble();
  if (Number.isFinite(double) && decimal.scale !== 0) return { schema: FLOAT64_SCHEMA, value: double };
  return { schema: decimalBuilder(decimal.scale).build(), value: decimal };
}

class ValueParser {
  private readonly tokens: ValueTokens;

  constructor(text: string) {
    this.tokens = new ValueTokens(text);
  }

  /** The next value; null for the literal. @param embedded true within a list or map */
  parse(embedded: boolean): SchemaAndValue | null {
    const { tokens } = this;
    if (!tokens.hasNext()) return null;
    if (embedded && tokens.takes('"')) return this.parseQuoted();
    for (const [word, value] of LITERALS) if (this.takesLiteral(word, embedded)) return value;
    const start = tokens.mark();
    try {
      if (tokens.takes('[')) return this.parseList();
      if (tokens.takes('{')) return this.parseMap();
    } catch (error) {
      if (!(error instanceof ConnectError) || error.code !== 'DataException') throw error;
      tokens.rewindTo(start);
    }
    return this.parseToken(tokens.next(), embedded);
  }

  /** Takes a word, which outside containers must be the whole text. */
  private takesLiteral(word: string, embedded: boolean): boolean {
    const start = this.tokens.mark();
    if (this.tokens.takes(word) && (embedded || !this.tokens.hasNext())) return true;
    this.tokens.rewindTo(start);
    return false;
  }

  private parseToken(token: string, embedded: boolean): SchemaAndValue {
    const trimmed = javaTrim(token);
    if (trimmed === '') return { schema: STRING_SCHEMA, value: token };
    const temporal = /^\p{Nd}/u.test(trimmed) ? this.parseTokensAsTemporal(trimmed) : null;
    if (temporal) return temporal;
    const number = /^[\p{Nd}+-]/u.test(trimmed) ? this.tryNumber(trimmed) : null;
    if (number) return number;
    if (embedded) throw broken('Failed to parse embedded value');
    return { schema: STRING_SCHEMA, value: this.tokens.original };
  }

  private tryNumber(token: string): SchemaAndValue | null {
    try {
      return parseNumber(token);
    } catch {
      return null;
    }
  }

  /** Parses a time or timestamp, which unescaped colons split into five tokens. */
  private parseTokensAsTemporal(token: string): SchemaAndValue | null {
    const start = this.tokens.mark();
    const rest = this.tokens.nextTogether(4);
    const temporal = rest === null ? null : parseTemporal(token + rest);
    if (temporal) return temporal;
    this.tokens.rewindTo(start);
    return parseTemporal(token);
  }

  private parseQuoted(): SchemaAndValue {
    let content = '';
    while (this.tokens.hasNext() && !this.tokens.takes('"')) content += this.tokens.next();
    return parseTemporal(content) ?? { schema: STRING_SCHEMA, value: content };
  }

  private parseList(): SchemaAndValue {
    const { tokens } = this;
    const elements: unknown[] = [];
    const merger = new SchemaMerger();
    while (tokens.hasNext()) {
      if (tokens.takes(']')) return finishList(elements, merger);
      if (tokens.takes(',')) throw broken(`Unable to parse an empty array element: ${tokens.original}`);
      const element = this.parse(true);
      merger.add(element);
      elements.push(element?.value ?? null);
      const position = tokens.mark();
      if (tokens.takes(']')) tokens.rewindTo(position);
      else if (!tokens.takes(',')) throw broken("Array elements missing ',' delimiter");
    }
    throw broken(`Array is missing terminating ']': ${tokens.original}`);
  }

  private parseMap(): SchemaAndValue {
    const { tokens } = this;
    const map = new Map<unknown, unknown>();
    const keys = new SchemaMerger();
    const values = new SchemaMerger();
    const shared = keyInterner();
    while (tokens.hasNext()) {
      if (tokens.takes('}')) return finishMap(map, keys, values);
      if (tokens.takes(',')) throw broken(`Unable to parse a map entry with no key or value: ${tokens.original}`);
      const key = this.parse(true);
      if (!key) throw broken(`Map entry may not have a null key: ${tokens.original}`);
      if (!tokens.takes(':')) throw broken(`Map entry is missing ':' in ${tokens.original}`);
      const value = this.parse(true);
      map.set(shared(key.value), value?.value ?? null);
      tokens.takes(',');
      keys.add(key);
      values.add(value);
    }
    throw broken(`Map is missing terminating '}': ${tokens.original}`);
  }
}

function finishList(elements: readonly unknown[], { common }: SchemaMerger): SchemaAndValue {
  const schema = new ConnectSchema({ type: 'ARRAY', valueSchema: common });
  return { schema, value: common ? elements.map(element => alignValue(element, common)) : elements };
}

function finishMap(map: ReadonlyMap<unknown, unknown>, keys: SchemaMerger, values: SchemaMerger): SchemaAndValue {
  const keySchema = keys.common;
  const valueSchema = keySchema && values.common;
  const aligned = new Map<unknown, unknown>();
  for (const [key, value] of map) {
    aligned.set(keySchema ? alignValue(key, keySchema) : key, valueSchema ? alignValue(value, valueSchema) : value);
  }
  return { schema: new ConnectSchema({ type: 'MAP', keySchema, valueSchema }), value: aligned };
}

/** Parses a text; schema and value are null for the text `null`. @throws DataException for containers nested too deeply */
export function parseValueText(text: string): SchemaAndValue {
  if (text === '') return { schema: STRING_SCHEMA, value: text };
  try {
    return new ValueParser(text).parse(false) ?? { schema: null, value: null };
  } catch (error) {
    throw nestingError(error);
  }
}
