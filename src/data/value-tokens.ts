const DELIMITERS = new Set([':', ',', '{', '}', '[', ']', '"']);

/** A text without the characters up to the space at both ends, which Java's trim removes. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 0x20) start++;
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--;
  return text.slice(start, end);
}

/** Cuts header texts at their delimiters, which a backslash may escape (Values.Parser). One token can be looked at without taking it. */
export class ValueTokens {
  private index = 0;
  private ahead: string | null = null;
  /** The token taken last. */
  previous: string | null = null;

  constructor(readonly original: string) {}

  /** The place of the next token, for `rewindTo`. */
  mark(): number {
    return this.index - (this.ahead?.length ?? 0);
  }

  rewindTo(position: number): void {
    this.index = position;
    this.ahead = null;
    this.previous = null;
  }

  hasNext(): boolean {
    return this.ahead !== null || this.index < this.original.length;
  }

  next(): string {
    const token = this.ahead ?? this.cut();
    this.ahead = null;
    this.previous = token;
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
    const start = this.index;
    let escaped = false;
    for (; this.index < this.original.length; this.index++) {
      const char = this.original.charAt(this.index);
      if (!escaped && DELIMITERS.has(char)) {
        if (start === this.index) this.index++;
        break;
      }
      escaped = char === '\\' && !escaped;
    }
    return this.original.slice(start, this.index);
  }
}
