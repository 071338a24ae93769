/** Rows in the text format of COPY. */
import type { BindValue } from '../database/connection';
import { pgText } from './pg-array';

const BACKSLASH = 0x5c;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const FIRST_BYTES = 1 << 16;
/** Texts up to this length are written here, longer ones by Node: below it a call costs more than the bytes. */
const SHORT_TEXT = 48;
/** What a field cannot hold as it is. */
const TO_ESCAPE = /[\\\t\n\r]/;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Writes rows into one buffer, which is used again for the next ones. */
export class PgCopyText {
  private bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private used = 0;

  /**
   * The text of rows; it stays as it is until the next call.
   * @throws DatabaseError (`data`) for text that PostgreSQL cannot hold
   */
  write(rows: readonly (readonly BindValue[])[]): Buffer {
    this.used = 0;
    for (const row of rows) {
      for (let i = 0; i < row.length; i++) this.add(row[i] ?? null, i + 1 === row.length ? LINE_FEED : TAB);
    }
    return this.bytes.subarray(0, this.used);
  }

  /** Room for a text of so many units, escaped, and for what ends it. */
  private reserve(length: number): void {
    const needed = this.used + 3 * length + 2;
    if (needed <= this.bytes.length) return;
    const bytes = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.bytes.length));
    this.bytes.copy(bytes, 0, 0, this.used);
    this.bytes = bytes;
  }

  private add(value: BindValue, end: number): void {
    if (value === null) this.addPlain('\\N');
    else if (typeof value === 'string') this.addText(value);
    else this.addText(pgText(value) ?? '');
    this.bytes[this.used++] = end;
  }

  private addText(text: string): void {
    this.reserve(text.length);
    if (text.length <= SHORT_TEXT && this.addAscii(text)) return;
    const checked = pgText(text) ?? '';
    this.addPlain(TO_ESCAPE.test(checked) ? checked.replace(/[\\\t\n\r]/g, char => ESCAPED[char] ?? char) : checked);
  }

  /** Writes a text that is ASCII and needs no escape. @returns false for any other, of which nothing is written */
  private addAscii(text: string): boolean {
    const { bytes, used } = this;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x20 || code > 0x7e || code === BACKSLASH) return false;
      bytes[used + i] = code;
    }
    this.used = used + text.length;
    return true;
  }

  private addPlain(text: string): void {
    this.reserve(text.length);
    this.used += this.bytes.write(text, this.used);
  }
}
