/**
 * JSON documents from bytes, with Jackson's rules as Kafka Connect sets them: leading zeros allowed, whatever follows the document ignored.
 */
import { ConnectError } from '../../errors';
import { JsonStringReader } from './json-string';
import { isNumber, JsonDecimal, type JsonObject, type JsonValue, MISSING } from './json-value';

/** Jackson's limits; the depth also bounds the recursion here. */
const MAX_DEPTH = 1000;
const MAX_NUMBER_LENGTH = 1000;
/** Integers of this many digits are exact as JS numbers. */
const SAFE_DIGITS = 15;
/** Most of a wrong word that a message shows. */
const MAX_FOUND_BYTES = 32;
const LITERALS: readonly (readonly [string, JsonValue])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function exactInteger(text: string): bigint {
  return text[0] === '-' ? -BigInt(text.slice(1)) : BigInt(text);
}

/** True for bytes that continue a word, so that `nullx` is not null. */
function isWordPart(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte >= 0x7f;
}

/** Reads documents one after another; the values hold no reference to the bytes. */
export class JsonReader {
  private bytes: Buffer = Buffer.alloc(0);
  private depth = 0;
  private readonly strings = new JsonStringReader();
  /** The byte after what was read last. */
  position = 0;
  /** Where the value of each member of the outermost object begins and ends. */
  readonly topLevelRanges = new Map<string, readonly [number, number]>();

  /**
   * The first value in the bytes (UTF-8 without byte order mark), or MISSING if there is none.
   * @throws SerializationException for malformed JSON, or beyond 1000 levels or 1000 digits
   */
  read(bytes: Buffer): JsonValue {
    this.start(bytes, 0, 0);
    this.topLevelRanges.clear();
    this.skipSpace();
    if (this.position >= bytes.length) return MISSING;
    const value = this.readValue();
    if (isNumber(value) && this.position < bytes.length && !isSpace(bytes[this.position])) {
      throw this.broken('Expected space separating root-level values');
    }
    return value;
  }

  /** The value that begins at a place within an object, with the space around it; `position` is then at what follows. */
  readMember(bytes: Buffer, position: number): JsonValue {
    this.start(bytes, position, 1);
    this.skipSpace();
    const value = this.readValue();
    this.skipSpace();
    return value;
  }

  private start(bytes: Buffer, position: number, depth: number): void {
    this.bytes = bytes;
    this.position = position;
    this.depth = depth;
  }

  private readValue(): JsonValue {
    const byte = this.bytes[this.position];
    if (byte === 0x22) return this.readString();
    if (byte === 0x7b) return this.readObject();
    if (byte === 0x5b) return this.readArray();
    if (byte === 0x2d || isDigit(byte)) return this.readNumber();
    return this.readLiteral();
  }

  /** Steps over an opening bracket. */
  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.broken(`Document nesting depth (${this.depth}) exceeds the maximum allowed (${MAX_DEPTH})`);
    this.position++;
    this.skipSpace();
  }

  /** True if the closing bracket stands here; steps over it. */
  private leaves(bracket: number): boolean {
    if (!this.takes(bracket)) return false;
    this.depth--;
    return true;
  }

  private readString(): string {
    const text = this.strings.read(this.bytes, this.position + 1);
    this.position = this.strings.end;
    return text;
  }

  private readName(): string {
    const text = this.strings.readName(this.bytes, this.position + 1);
    this.position = this.strings.end;
    return text;
  }

  private readObject(): JsonObject {
    const members: JsonObject = new Map();
    this.enter();
    if (this.leaves(0x7d)) return members;
    do {
      this.skipSpace();
      if (this.bytes[this.position] !== 0x22) throw this.broken('Expected double-quote to start field name');
      const name = this.readName();
      this.skipSpace();
      if (!this.takes(0x3a)) throw this.broken('Expected a colon after the field name');
      this.skipSpace();
      const start = this.position;
      members.set(name, this.readValue());
      if (this.depth === 1) this.topLevelRanges.set(name, [start, this.position]);
      this.skipSpace();
    } while (this.takes(0x2c));
    if (!this.leaves(0x7d)) throw this.broken('Expected a comma or the end of the object');
    return members;
  }

  private readArray(): JsonValue[] {
    const elements: JsonValue[] = [];
    this.enter();
    if (this.leaves(0x5d)) return elements;
    do {
      this.skipSpace();
      elements.push(this.readValue());
      this.skipSpace();
    } while (this.takes(0x2c));
    if (!this.leaves(0x5d)) throw this.broken('Expected a comma or the end of the array');
    return elements;
  }

  private readNumber(): JsonValue {
    return this.readShortInteger() ?? this.readAnyNumber();
  }

  /** An integer of few digits; null for anything else, with `position` where it was. */
  private readShortInteger(): number | null {
    const { bytes, position } = this;
    const first = bytes[position] === 0x2d ? position + 1 : position;
    let value = 0;
    let at = first;
    for (; isDigit(bytes[at]); at++) value = value * 10 + (bytes[at] as number) - 0x30;
    const next = bytes[at];
    if (at === first || at - first > SAFE_DIGITS || next === 0x2e || next === 0x65 || next === 0x45) return null;
    this.position = at;
    // subtracting from 0 gives no -0
    return first === position ? value : 0 - value;
  }

  /** A decimal, or an integer too long for a JS number. */
  private readAnyNumber(): JsonDecimal | bigint {
    const start = this.position;
    if (this.bytes[start] === 0x2d) this.position++;
    this.skipDigits('a digit');
    let decimal = false;
    if (this.takes(0x2e)) {
      this.skipDigits('a digit after the decimal point');
      decimal = true;
    }
    if (this.takes(0x65) || this.takes(0x45)) {
      if (this.bytes[this.position] === 0x2b || this.bytes[this.position] === 0x2d) this.position++;
      this.skipDigits('a digit in the exponent');
      decimal = true;
    }
    if (this.position - start > MAX_NUMBER_LENGTH)
      throw this.broken(`Number value length exceeds the maximum allowed (${MAX_NUMBER_LENGTH})`);
    const text = this.bytes.toString('latin1', start, this.position);
    if (decimal) return this.checkedDecimal(text);
    return exactInteger(text);
  }

  /** BigDecimal takes no exponent beyond 32 bits; such a number is an error when it is read, not when it is used. */
  private checkedDecimal(text: string): JsonDecimal {
    const decimal = new JsonDecimal(text);
    try {
      if (/[eE][+-]?\d{9}/.test(text)) decimal.toDecimal();
    } catch {
      throw this.broken('Number out of range');
    }
    return decimal;
  }

  private skipDigits(expected: string): void {
    const start = this.position;
    while (isDigit(this.bytes[this.position])) this.position++;
    if (this.position === start) throw this.broken(`Expected ${expected}`);
  }

  private readLiteral(): JsonValue {
    const { bytes, position } = this;
    for (const [word, value] of LITERALS) {
      const end = position + word.length;
      if (bytes[position] !== word.charCodeAt(0) || bytes.toString('latin1', position, end) !== word) continue;
      if (end < bytes.length && isWordPart(bytes[end] as number)) break;
      this.position = end;
      return value;
    }
    throw this.broken(position >= bytes.length ? 'Unexpected end of input' : `Unrecognized token '${this.foundWord()}'`);
  }

  /** What stands here where a value should be: a word such as `NaN`, or one sign. */
  private foundWord(): string {
    const { bytes, position } = this;
    let end = position;
    while (end < bytes.length && end - position < MAX_FOUND_BYTES && isWordPart(bytes[end] as number)) end++;
    return bytes.toString('utf8', position, Math.max(end, position + 1));
  }

  private skipSpace(): void {
    while (isSpace(this.bytes[this.position])) this.position++;
  }

  private takes(byte: number): boolean {
    if (this.bytes[this.position] !== byte) return false;
    this.position++;
    return true;
  }

  private broken(what: string): ConnectError {
    return new ConnectError('SerializationException', `${what} at byte ${this.position}`);
  }
}
