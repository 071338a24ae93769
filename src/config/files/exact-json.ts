/**
 * JSON for offsets and configurations: integers stay exact (as bigint) and numbers can keep their spelling; JSON.parse rounds above 2^53.
 */
import { ConnectError } from '../../errors';

const TOKEN = /[ \t\r\n]*(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[[\]{},:"])/y;
const SPACE = /[ \t\r\n]*/y;
/** One step within a string. A repetition of alternatives would take stack for every character. */
const STRING_STEP = /[^"\\]*["\\]/y;
/** Deeper nesting is refused before it exhausts the stack; Jackson's own limit. */
const MAX_DEPTH = 1000;
/** Longer numbers are refused, since parsing takes quadratic time; Jackson's own limit. */
const MAX_NUMBER_LENGTH = 1000;

/** Converts a number from its spelling. */
export type NumberReader = (spelling: string) => unknown;

/** Called with the name of each member before its value is read, its depth (0 in the outermost object), and where it begins. */
export type NameListener = (name: string, depth: number, at: number) => void;

/** Integers as bigint, other numbers as number. */
const exactNumber: NumberReader = spelling => (/[.eE]/.test(spelling) ? Number(spelling) : BigInt(spelling));

/**
 * Parses JSON; if a name repeats, the last one counts.
 * @throws ConnectError (BadRequestException) that says what is wrong and where
 */
export function parseJson(text: string, readNumber: NumberReader = exactNumber, onName?: NameListener): unknown {
  return new JsonReader(text, readNumber, onName).whole();
}

/** Compact JSON, integers of any size; a number that is not a bigint is a double and keeps a fraction (`1.0`). */
export function stringifyJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  // As Jackson does, since JSON has no such numbers.
  if (typeof value === 'number' && !Number.isFinite(value)) return `"${value}"`;
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stringifyJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${stringifyJson(member)}`)
    .join(',')}}`;
}

/** The word at the beginning of a text, or its first character. */
const shown = (text: string): string => /^(?:[\w.+-]{1,40}|.)/su.exec(text)?.[0] ?? '';

class JsonReader {
  /** Where the next token may begin. */
  private at = 0;
  /** Where the last token began, or the text that should have been one. */
  private from = 0;

  constructor(
    private readonly text: string,
    private readonly readNumber: NumberReader,
    private readonly onName?: NameListener,
  ) {}

  whole(): unknown {
    // As in Jackson, the byte order mark that Windows editors write is not part of the document.
    if (this.text.startsWith('\ufeff')) this.at = 1;
    const value = this.value(this.next('a value'), 0);
    const rest = this.skipSpace();
    if (rest !== '') throw this.error(`unexpected '${shown(rest)}' after the value`);
    return value;
  }

  private value(token: string, depth: number): unknown {
    if (depth > MAX_DEPTH) throw this.error(`nested deeper than ${MAX_DEPTH} levels`);
    if (token === '{') return this.members(depth);
    if (token === '[') return this.elements(depth);
    if (token.startsWith('"')) return this.string(token);
    if (token === 'true' || token === 'false') return token === 'true';
    if (token === 'null') return null;
    if (token.length > MAX_NUMBER_LENGTH) throw this.error(`a number of more than ${MAX_NUMBER_LENGTH} digits`);
    if (/^[-0-9]/.test(token)) return this.readNumber(token);
    throw this.error(`unexpected '${token}' where a value should be`);
  }

  private members(depth: number): Record<string, unknown> {
    const members: [string, unknown][] = [];
    let token = this.next('a name or }');
    while (token !== '}') {
      if (!token.startsWith('"')) throw this.error(`unexpected '${token}' where a name in quotes should be`);
      const name = this.string(token);
      this.onName?.(name, depth, this.from);
      this.expect(':');
      members.push([name, this.value(this.next('a value'), depth + 1)]);
      if (!this.continues('}')) break;
      token = this.next('a name');
      if (token === '}') throw this.error('a comma before }');
    }
    // Unlike assignment, fromEntries creates an own property `__proto__`.
    return Object.fromEntries(members);
  }

  private elements(depth: number): unknown[] {
    const elements: unknown[] = [];
    let token = this.next('a value or ]');
    while (token !== ']') {
      elements.push(this.value(token, depth + 1));
      if (!this.continues(']')) break;
      token = this.next('a value');
      if (token === ']') throw this.error('a comma before ]');
    }
    return elements;
  }

  /** @throws ConnectError for a wrong escape and for control characters */
  private string(token: string): string {
    try {
      return JSON.parse(token) as string;
    } catch {
      throw this.error('a wrong escape or a control character in the string that begins here');
    }
  }

  private continues(end: string): boolean {
    const token = this.next(`a comma or ${end}`);
    if (token !== ',' && token !== end) throw this.error(`unexpected '${token}' where a comma or ${end} should be`);
    return token === ',';
  }

  private expect(wanted: string): void {
    const token = this.next(`'${wanted}'`);
    if (token !== wanted) throw this.error(`unexpected '${token}' where '${wanted}' should be`);
  }

  private next(wanted: string): string {
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text)?.[1];
    if (token !== undefined) {
      this.from = TOKEN.lastIndex - token.length;
      this.at = token === '"' ? this.stringEnd(this.from) : TOKEN.lastIndex;
      return this.text.slice(this.from, this.at);
    }
    const rest = this.skipSpace();
    throw this.error(rest === '' ? `the text ends where ${wanted} should be` : `unexpected '${shown(rest)}' where ${wanted} should be`);
  }

  /** Skips blanks, sets `from`, and returns the next token. */
  private skipSpace(): string {
    SPACE.lastIndex = this.at;
    SPACE.test(this.text);
    this.from = SPACE.lastIndex;
    return this.text.slice(this.from);
  }

  /** Where the string that begins at `from` ends. */
  private stringEnd(from: number): number {
    STRING_STEP.lastIndex = from + 1;
    while (STRING_STEP.test(this.text)) {
      if (this.text[STRING_STEP.lastIndex - 1] === '"') return STRING_STEP.lastIndex;
      STRING_STEP.lastIndex++;
    }
    throw this.error(`the text ends within the string ${this.text.slice(from, from + 20)}`);
  }

  private error(problem: string): ConnectError {
    const before = this.text.slice(0, this.from);
    const lines = before.split('\n');
    const place = `at byte ${Buffer.byteLength(before)} (line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1})`;
    return new ConnectError('BadRequestException', `Malformed JSON: ${problem} ${place}`);
  }
}
