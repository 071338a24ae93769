/** The bulk form of writing JSON strings: from packed UTF-8 to packed JSON, four bytes at a time. */
import { ByteColumn, NULL_TEXT } from '../../data/batch/byte-column';
import { appendRepaired, areUtf8, spanOf } from '../packed-utf8';
import { ESCAPED_LENGTH, MAX_ESCAPED_BYTES, viewOf } from './json-escapes';
import { EscapingCopier } from './json-escaping-copier';

/** Up to this size a text gets six times its room rather than a look at every byte. */
const COUNT_ABOVE_BYTES = 65_536;

/** Writes texts as JSON strings between the same head and tail; made once for each batch. */
class Quoter {
  private view: DataView;
  private readonly headView: DataView;
  private readonly copier = new EscapingCopier();
  /** Where the last text will end if nothing more has to be escaped; `out` has room up to there. */
  private plannedEnd: number;

  constructor(
    private readonly texts: ByteColumn,
    private readonly out: ByteColumn,
    private readonly head: Buffer,
    private readonly tail: Buffer,
    count: number,
    textBytes: number,
  ) {
    this.plannedEnd = out.used + textBytes + count * (head.length + tail.length);
    out.reserve(count, this.plannedEnd - out.used);
    this.view = viewOf(out.bytes);
    this.headView = viewOf(head);
    this.copier.aim(texts.bytes, out.bytes);
  }

  /** Appends texts `from .. from + count`. */
  quote(from: number, count: number): void {
    const { texts, out } = this;
    for (let i = from; i < from + count; i++) {
      const start = texts.starts[i] as number;
      const length = Math.max(texts.lengths[i] as number, 0);
      const first = out.used;
      out.used = this.putTail(this.putText(start, start + length, this.putHead(first)));
      out.starts[out.count] = first;
      out.lengths[out.count++] = texts.lengths[i] === NULL_TEXT ? NULL_TEXT : out.used - first;
    }
  }

  private putHead(at: number): number {
    const { head, headView, view } = this;
    const { bytes } = this.out;
    const { length } = head;
    let i = 0;
    for (; i + 4 <= length; i += 4) view.setUint32(at + i, headView.getUint32(i));
    for (; i < length; i++) bytes[at + i] = head[i] as number;
    return at + length;
  }

  private putTail(at: number): number {
    const { tail } = this;
    const { bytes } = this.out;
    for (let i = 0; i < tail.length; i++) bytes[at + i] = tail[i] as number;
    return at + tail.length;
  }

  private putText(start: number, end: number, at: number): number {
    const { copier } = this;
    const to = copier.copyPlain(start, end, at);
    if (copier.stop === end) return to;
    this.makeRoom(copier.stop, end, to);
    const last = copier.copy(copier.stop, end, to);
    this.plannedEnd += last - at - (end - start);
    return last;
  }

  /** Makes room for a text that has something to escape from `start` on, as if all of it had; counts only where that would be much. */
  private makeRoom(start: number, end: number, at: number): void {
    const extra = end - start <= COUNT_ABOVE_BYTES ? (end - start) * (MAX_ESCAPED_BYTES - 1) : this.countExtra(start, end);
    // what `reserve` keeps of the old buffer ends at `used`
    this.out.used = at;
    this.out.reserve(0, this.plannedEnd - at + extra);
    if (this.copier.out === this.out.bytes) return;
    this.copier.aim(this.texts.bytes, this.out.bytes);
    this.view = viewOf(this.out.bytes);
  }

  private countExtra(start: number, end: number): number {
    const source = this.texts.bytes;
    let extra = 0;
    for (let i = start; i < end; i++) extra += Math.max((ESCAPED_LENGTH[source[i] as number] as number) - 1, 0);
    return extra;
  }
}

/**
 * Appends `head`, the text as the inside of a JSON string, and `tail` for each of some texts; null stays null. Same bytes as JsonWriter's.
 */
export function quoteTexts(texts: ByteColumn, from: number, count: number, out: ByteColumn, head: Buffer, tail: Buffer): void {
  const span = spanOf(texts, from, count);
  if (areUtf8(texts, from, count, span)) {
    new Quoter(texts, out, head, tail, count, span.total).quote(from, count);
    return;
  }
  const repaired = new ByteColumn(count, span.total * 2);
  appendRepaired(texts, from, count, repaired);
  new Quoter(repaired, out, head, tail, count, repaired.used).quote(0, count);
}
