/** Batches of texts for JsonConverter, without a record object for each. */

import type { ByteColumn } from '../../data/batch/byte-column';
import { javaText } from '../../data/java/java-text';
import { LOGICAL_NAMES } from '../../data/schema/logical-names';
import { encodeUtf8 } from '../../data/utf8';
import type { EnvelopeHead } from './json-envelope';
import { Unquoter } from './json-unquoting';

/** Head and tail of strings. */
export interface StringForm {
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** A payload that is nothing but a JSON string. */
export const BARE_STRING: StringForm = { head: Buffer.alloc(0), tail: Buffer.alloc(0) };

const CLOSING_BRACE = Buffer.from('}');

/** The form of envelopes that begin as the last one did, if their payload is a text. */
export function stringFormOf(head: EnvelopeHead | null): StringForm | null {
  if (head?.schema?.type !== 'STRING' || LOGICAL_NAMES.has(head.schema.name ?? '')) return null;
  return { head: head.bytes, tail: CLOSING_BRACE };
}

/**
 * Appends the text of each of payloads `from .. from + count`, until one whose reading fails.
 * @param form asked for before the first payload and after each that does not have the form
 * @param readValue the value of a payload as `toConnectData` has it
 * @returns how many payloads were converted
 */
export function payloadTexts(
  payloads: ByteColumn,
  from: number,
  count: number,
  out: ByteColumn,
  form: () => StringForm | null,
  readValue: (payload: Buffer | null) => unknown,
): number {
  let current = null as StringForm | null;
  let unquoter: Unquoter | null = null;
  for (let i = from; i < from + count; i++) {
    if (unquoter?.append(i)) continue;
    try {
      const value = readValue(payloads.at(i));
      out.append(value === null ? null : encodeUtf8(javaText(value)));
    } catch {
      // the caller repeats it as a record and meets the same error there
      return i - from;
    }
    const next = form();
    if (next?.head !== current?.head) unquoter = next && new Unquoter(payloads, out, next.head, next.tail);
    current = next;
  }
  return count;
}
