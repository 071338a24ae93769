import { javaTrim } from '../../java/trim';

const BACKSLASH = 0x5c;
/** Whether a character code, of those in ASCII, is a delimiter; texts may be long, so that looking it up counts. */
const IS_DELIMITER = Uint8Array.from({ length: 0x80 }, (_, code) => (':,{}[]"'.includes(String.fromCharCode(code)) ? 1 : 0));

/** Cuts header texts at their delimiters, which a backslash may escape (Values.Parser). One token can be looked at without taking it. */
export class ValueTokens {
  private index = 0;
  private ahead: string | null = null;

  constructor(readonly original: string) {}

  /** The place of the next token, for `rewindTo`. */
  mark(): number {
    return this.index - (this.ahead?.length ?? 0);
  }

  rewindTo(position: number): void {
    // a token that was only looked at need not be cut again
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

  /** So many tokens as one text; null, and nothing taken, if there are fewer. */
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

  /** Takes the next token if it is this one, leaving out blank ones before it and space around it. */
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
    // a delimiter is a token of its own
    this.index = end === start ? Math.min(start + 1, original.length) : end;
    return original.slice(start, this.index);
  }
}
