/** Rows in the text format of COPY. */
import type { BindValue } from '../../database/connection';
import { TextBuffer } from '../../database/values/text-buffer';
import { pgText } from './pg-array';

const TAB = 0x09;
const LINE_FEED = 0x0a;
/** Characters to escape in a field. */
const TO_ESCAPE = /[\\\t\n\r]/;
const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** Writes rows into a buffer that is reused. */
export class PgCopyText {
  private readonly text = new TextBuffer();

  /**
   * The text of rows, valid until the next call.
   * @throws DatabaseError (`data`) for text that PostgreSQL cannot hold
   */
  write(rows: readonly (readonly BindValue[])[]): Buffer {
    const { text } = this;
    text.clear();
    for (const row of rows) {
      for (let i = 0; i < row.length; i++) {
        const value = row[i] ?? null;
        if (value === null) text.add('\\N');
        else this.add(typeof value === 'string' ? value : (pgText(value) ?? ''));
        text.addByte(i + 1 === row.length ? LINE_FEED : TAB);
      }
    }
    return text.view();
  }

  private add(value: string): void {
    if (this.text.addPlain(value)) return;
    const checked = pgText(value) ?? '';
    this.text.add(TO_ESCAPE.test(checked) ? checked.replace(/[\\\t\n\r]/g, char => ESCAPED[char] ?? char) : checked);
  }
}
