import { javaTrim } from '../../java/trim';

const BACKSLASH = 0x5c;
/** By ASCII code, whether a character is a delimiter; a table, since texts may be long. */
const IS_DELIMITER = Uint8Array.from({ length: 0x80 }, (_, code) => (':,{}[]"'.includes(String.fromCharCode(code)) ? 1 : 0));

/** Splits header texts at delimiters, which a backslash may escape (Values.Parser). A token can be read without taking it. */
export class ValueTokens {
  private index = 0;
  private ahead: string | null = null;

  constructor(readonly original: string) {}

  /** The place of the next token, for `rewindTo`. */
  mark(): number {
    return this.index - (this.ahead?.length ?? 0);
  }

  rewindTo(position: number): void {
    // The token is known already.
    if (position === this.mark()) return;
    this.index = position;
    this.ahead = null;
  }

  hasNext(): boolean {
    return this.ahead !== null || this.index < this.original.length;
  }

  next(): string {
    const token = this.ahead ?? this.cut();
    this.ahead = null;
    return token;
  }

  /** Takes `count` tokens as one text; null, without taking any, if there are fewer. */
  nextTogether(count: number): string | null {
    const start = this.mark();
    for (let i = 0; i < count; i++) {
      if (!this.hasNext()) {
        this.rewindTo(start);
        return null;
      }
      this.next();
    }
    return this.original.slice(start, this.index);
  }

  /** Takes the next token if it is this one, ignoring blank tokens before it and spaces around it. */
  takes(expected: string): boolean {
    if (!this.hasNext()) return false;
    let token = this.ahead ?? this.cut();
    while (javaTrim(token) === '' && this.index < this.original.length) token = this.cut();
    const found = javaTrim(token) === expected;
    this.ahead = found ? null : token;
    return found;
  }

  private cut(): string {
    const { original, index: start } = this;
    let end = start;
    let escaped = false;
    for (; end < original.length; end++) {
      const code = original.charCodeAt(end);
      if (!escaped && IS_DELIMITER[code] === 1) break;
      escaped = code === BACKSLASH && !escaped;
    }
    // A delimiter is a token of its own.
    this.index = end === start ? Math.min(start + 1, original.length) : end;
    return original.slice(start, this.index);
  }
}
