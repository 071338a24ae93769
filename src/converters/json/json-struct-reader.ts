/**
 * Payloads of a struct read straight into it, without the tree of JSON in between: those that are written as converters write them, with
 * all members in the order of the schema and no space between. Everything else is left to the long way, which has all the rules.
 */
import { BigDecimal } from '../../data/java/big-numbers';
import { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../../data/schema/logical-names';
import type { Field, Schema } from '../../data/schema/schema';
import { Struct } from '../../data/schema/struct';
import { validateValue } from '../../data/schema/validate-value';
import type { JsonDecoder } from './json-decoder';
import type { JsonReader } from './json-reader';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const CLOSING_BRACE = 0x7d;
/** Integers of this many digits are exact as JS numbers, and within the range of a Date. */
const SAFE_DIGITS = 15;
/** Numbers with more characters are left to the long way. */
const MAX_NUMBER = 32;
const PLAIN_NAME = /^[\w.-]+$/;
const PLAIN_SCALE = /^\d{1,4}$/;

/** What a reader of a value answers where the value is not plain. */
const NOT_PLAIN: unique symbol = Symbol('not plain');

/** One member: what stands before its value, and how that is read. */
interface Member {
  readonly field: Field;
  readonly prefix: Buffer;
  read(bytes: Buffer, at: number): unknown;
}

/** Reads the payloads of one schema. */
export class JsonStructReader {
  private readonly members: readonly Member[];
  /** The byte after what was read last. */
  end = 0;

  private constructor(
    private readonly schema: Schema,
    fields: readonly Field[],
    private readonly json: JsonReader,
    private readonly decoder: JsonDecoder,
  ) {
    this.members = fields.map((field, i) => ({
      field,
      prefix: Buffer.from(`${i === 0 ? '{' : ','}"${field.name}":`),
      read: this.valueReader(field.schema),
    }));
  }

  /** The reader for a schema; null if it is of no struct, or one with members that are more than a value. */
  static of(schema: Schema | null, json: JsonReader, decoder: JsonDecoder): JsonStructReader | null {
    const fields = schema?.type === 'STRUCT' ? (schema.fields ?? []) : [];
    const isSimple = ({ name, schema: { type } }: Field): boolean =>
      PLAIN_NAME.test(name) && type !== 'STRUCT' && type !== 'ARRAY' && type !== 'MAP';
    return schema !== null && fields.length > 0 && fields.every(isSimple) ? new JsonStructReader(schema, fields, json, decoder) : null;
  }

  /**
   * The struct whose first byte is at `start`; null if it is to be read the long way, which also tells what is wrong with it.
   * @param bytes UTF-8; not kept
   */
  read(bytes: Buffer, start: number): Struct | null {
    const { members } = this;
    const values = new Array<unknown>(members.length);
    let at = start;
    for (let i = 0; i < members.length; i++) {
      const member = members[i] as Member;
      const { prefix } = member;
      for (let k = 0; k < prefix.length; k++) if (bytes[at + k] !== prefix[k]) return null;
      const plain = member.read(bytes, at + prefix.length);
      const value = plain === NOT_PLAIN ? this.readAny(bytes, at + prefix.length, member.field) : plain;
      if (value === NOT_PLAIN) return null;
      values[i] = value;
      at = this.end;
    }
    if (bytes[at] !== CLOSING_BRACE) return null;
    this.end = at + 1;
    return new Struct(this.schema, values);
  }

  /** A value of any form. @throws as the long way would, which then takes place */
  private readAny(bytes: Buffer, at: number, { name, schema }: Field): unknown {
    try {
      const json = this.json.readMember(bytes, at);
      this.end = this.json.position;
      if (typeof json === 'object' && json !== null && (Array.isArray(json) || json instanceof Map)) return NOT_PLAIN;
      const value = this.decoder.decode(schema, json);
      validateValue(name, schema, value);
      return value;
    } catch {
      return NOT_PLAIN;
    }
  }

  private valueReader({ type, name, parameters }: Schema): Member['read'] {
    const scale = parameters?.get('scale') ?? '';
    if (name === TIMESTAMP_NAME && type === 'INT64') return (bytes, at) => this.readTimestamp(bytes, at);
    if (name === DECIMAL_NAME && type === 'BYTES' && PLAIN_SCALE.test(scale)) {
      return (bytes, at) => this.readDecimal(bytes, at, Number(scale));
    }
    if (name === DECIMAL_NAME || name === DATE_NAME || name === TIME_NAME || name === TIMESTAMP_NAME) return () => NOT_PLAIN;
    if (type === 'INT64') return (bytes, at) => this.readLong(bytes, at);
    if (type === 'FLOAT64') return (bytes, at) => this.readDouble(bytes, at);
    if (type === 'STRING') return (bytes, at) => this.readText(bytes, at);
    return type === 'BOOLEAN' ? (bytes, at) => this.readBoolean(bytes, at) : () => NOT_PLAIN;
  }

  /** A short integer, which ends its member; NaN for anything else. */
  private readInteger(bytes: Buffer, start: number): number {
    const first = bytes[start] === 0x2d ? start + 1 : start;
    let value = 0;
    let at = first;
    for (let digit = (bytes[at] ?? 0) - 0x30; digit >= 0 && digit <= 9; digit = (bytes[at] ?? 0) - 0x30) {
      value = value * 10 + digit;
      at++;
    }
    if (at === first || at - first > SAFE_DIGITS || !endsMember(bytes[at])) return Number.NaN;
    this.end = at;
    // subtracting from 0 gives no -0
    return first === start ? value : 0 - value;
  }

  private readLong(bytes: Buffer, at: number): unknown {
    const value = this.readInteger(bytes, at);
    return Number.isNaN(value) ? NOT_PLAIN : BigInt(value);
  }

  private readTimestamp(bytes: Buffer, at: number): unknown {
    const value = this.readInteger(bytes, at);
    return Number.isNaN(value) ? NOT_PLAIN : new Date(value);
  }

  /** Digits, a point, digits: what else a number may have is left to the long way. */
  private readDouble(bytes: Buffer, start: number): unknown {
    let points = 0;
    let at = bytes[start] === 0x2d ? start + 1 : start;
    const first = at;
    for (; at - start < MAX_NUMBER; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === 0x2e && at > first) points++;
      else if (byte < 0x30 || byte > 0x39) break;
    }
    if (at === first || points > 1 || bytes[at - 1] === 0x2e || !endsMember(bytes[at])) return NOT_PLAIN;
    this.end = at;
    // adding 0 turns -0 into 0
    return Number(bytes.toString('latin1', start, at)) + 0;
  }

  private readText(bytes: Buffer, start: number): unknown {
    const from = start + 1;
    if (bytes[start] !== QUOTE) return NOT_PLAIN;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) {
        this.end = at + 1;
        return bytes.toString('latin1', from, at);
      }
      if (byte < 0x20 || byte >= 0x80 || byte === BACKSLASH) return NOT_PLAIN;
    }
    return NOT_PLAIN;
  }

  private readBoolean(bytes: Buffer, at: number): unknown {
    const isTrue = isWord(bytes, at, TRUE);
    if (!isTrue && !isWord(bytes, at, FALSE)) return NOT_PLAIN;
    this.end = at + (isTrue ? TRUE.length : FALSE.length);
    return endsMember(bytes[this.end]) ? isTrue : NOT_PLAIN;
  }

  /** Two's complement in base64, of at most six bytes. */
  private readDecimal(bytes: Buffer, start: number, scale: number): unknown {
    if (bytes[start] !== QUOTE) return NOT_PLAIN;
    let value = 0;
    let at = start + 1;
    for (let digit = BASE64[bytes[at] ?? 0] as number; digit >= 0; digit = BASE64[bytes[at] ?? 0] as number) {
      value = value * 64 + digit;
      at++;
    }
    const digits = at - start - 1;
    const missing = (4 - (digits % 4)) % 4;
    if (digits === 0 || digits > 8 || missing === 3) return NOT_PLAIN;
    for (let k = 0; k < missing; k++) if (bytes[at++] !== 0x3d) return NOT_PLAIN;
    if (bytes[at] !== QUOTE) return NOT_PLAIN;
    this.end = at + 1;
    // bits after the last byte do not count
    const whole = Math.floor(value / 4 ** missing);
    const limit = 2 ** (8 * Math.floor((digits * 6) / 8));
    return new BigDecimal(BigInt(whole >= limit / 2 ? whole - limit : whole), scale);
  }
}

/** The values of the characters of base64, -1 for others. */
const BASE64 = new Int8Array(256).fill(-1);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  BASE64[char.charCodeAt(0)] = value;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

function isWord(bytes: Buffer, at: number, word: Buffer): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}

const endsMember = (byte: number | undefined): boolean => byte === COMMA || byte === CLOSING_BRACE;
