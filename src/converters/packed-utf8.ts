/** Whole batches of texts as UTF-8: checked with as few calls as possible, repaired one by one only where something is broken. */
import { isUtf8 } from 'node:buffer';
import { type ByteColumn, NULL_TEXT } from '../data/batch/byte-column';
import { decodeUtf8 } from '../data/utf8';

/** The part of `bytes` in which some of the texts lie. */
export interface Span {
  readonly start: number;
  readonly end: number;
  /** Sum of the lengths. */
  readonly total: number;
}

/** Where texts `from .. from + count` lie; an empty span where all are null. */
export function spanOf({ starts, lengths }: ByteColumn, from: number, count: number): Span {
  let start = 2 ** 32;
  let end = 0;
  let total = 0;
  for (let i = from; i < from + count; i++) {
    const length = lengths[i] as number;
    if (length === NULL_TEXT) continue;
    const first = starts[i] as number;
    if (first < start) start = first;
    if (first + length > end) end = first + length;
    total += length;
  }
  return { start: Math.min(start, end), end, total };
}

/** How many of texts `from .. from + count` to take until they hold this many bytes; at least one, where there is room for any. */
export function countUpTo({ lengths }: ByteColumn, from: number, count: number, maxBytes: number): number {
  let taken = 0;
  for (let total = 0; taken < count && total < maxBytes; taken++) total += Math.max(0, lengths[from + taken] as number);
  return taken;
}

/** True if the span is mostly text, so that it pays to treat it as one. */
export function isDense(span: Span): boolean {
  return span.end - span.start <= span.total * 2 + 1024;
}

function isContinuation(byte: number | undefined): boolean {
  return ((byte ?? 0) & 0xc0) === 0x80;
}

/** True if no text begins or ends within a character; the span itself does not. */
function areCutBetweenCharacters({ bytes, starts, lengths }: ByteColumn, from: number, count: number, span: Span): boolean {
  for (let i = from; i < from + count; i++) {
    const length = lengths[i] as number;
    if (length <= 0) continue;
    const start = starts[i] as number;
    const end = start + length;
    if (isContinuation(bytes[start]) || (end < span.end && isContinuation(bytes[end]))) return false;
  }
  return true;
}

/** True if each of texts `from .. from + count` is proper UTF-8. */
export function areUtf8(texts: ByteColumn, from: number, count: number, span: Span): boolean {
  if (isDense(span) && isUtf8(texts.bytes.subarray(span.start, span.end)) && areCutBetweenCharacters(texts, from, count, span)) return true;
  for (let i = from; i < from + count; i++) {
    const text = texts.at(i);
    if (text && !isUtf8(text)) return false;
  }
  return true;
}

/** Appends texts `from .. from + count` to `out`; what is not UTF-8 becomes U+FFFD as in Java. */
export function appendRepaired(texts: ByteColumn, from: number, count: number, out: ByteColumn): void {
  for (let i = from; i < from + count; i++) {
    const text = texts.at(i);
    out.append(text && !isUtf8(text) ? Buffer.from(decodeUtf8(text)) : text);
  }
}

/** Has an empty column show texts `from .. from + count`, or appends what is to become of them where one is not UTF-8. */
export function shareUtf8(texts: ByteColumn, from: number, count: number, out: ByteColumn): void {
  if (out.count === 0 && areUtf8(texts, from, count, spanOf(texts, from, count))) out.borrow(texts, from, count);
  else appendRepaired(texts, from, count, out);
}

/** Appends texts `from .. from + count` to `out` as UTF-8. */
export function appendUtf8(texts: ByteColumn, from: number, count: number, out: ByteColumn): void {
  const span = spanOf(texts, from, count);
  if (!isDense(span) || !areUtf8(texts, from, count, span)) {
    appendRepaired(texts, from, count, out);
    return;
  }
  const shift = out.used - span.start;
  out.reserve(count, span.end - span.start);
  texts.bytes.copy(out.bytes, out.used, span.start, span.end);
  for (let i = from; i < from + count; i++) {
    const length = texts.lengths[i] as number;
    out.starts[out.count] = length === NULL_TEXT ? out.used : (texts.starts[i] as number) + shift;
    out.lengths[out.count++] = length;
  }
  out.used += span.end - span.start;
}
