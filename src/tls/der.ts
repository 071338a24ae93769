/** Reads ASN.1 in BER, which includes DER: as much as key stores need. */
import { StoreError } from './store-error';

/** Identifier octets. */
export const TAG = { integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30, set: 0x31, context0: 0xa0 } as const;

const CONSTRUCTED = 0x20;
const MULTI_BYTE_TAG = 0x1f;
const INDEFINITE = 0x80;
/** Key stores nest about 15 deep; a file that nests deeper is meant to overflow the stack. */
const MAX_DEPTH = 64;

/** One element. */
export interface DerNode {
  readonly tag: number;
  /** The octets of the value; empty for a constructed element of indefinite length, which has children only. */
  readonly content: Buffer;
  /** Elements of a constructed one, in order. */
  readonly children: readonly DerNode[];
  /** All octets, header included. */
  readonly whole: Buffer;
}

const broken = (why: string): StoreError => new StoreError('format', why);

/** Parses the element at the beginning of the bytes. @throws StoreError */
export function parseDer(bytes: Buffer): DerNode {
  return readNode(bytes, 0, 0).node;
}

function readNode(bytes: Buffer, from: number, depth: number): { node: DerNode; end: number } {
  if (depth > MAX_DEPTH) throw broken('it is nested too deeply');
  const tag = octetAt(bytes, from);
  if ((tag & MULTI_BYTE_TAG) === MULTI_BYTE_TAG) throw broken('it holds an unknown element');
  const constructed = (tag & CONSTRUCTED) !== 0;
  const { start, length } = readLength(bytes, from + 1);
  if (length === null && !constructed) throw broken('an element has no length');
  const limit = length === null ? bytes.length : start + length;
  if (limit > bytes.length) throw broken('it ends too early');
  const content = length === null ? Buffer.alloc(0) : bytes.subarray(start, limit);
  if (!constructed) return { node: { tag, content, children: [], whole: bytes.subarray(from, limit) }, end: limit };
  const { children, end } = readChildren(bytes.subarray(0, limit), start, length === null, depth + 1);
  return { node: { tag, content, children, whole: bytes.subarray(from, end) }, end };
}

/** @param indefinite true if they end with two zero octets, not with the bytes */
function readChildren(bytes: Buffer, from: number, indefinite: boolean, depth: number): { children: DerNode[]; end: number } {
  const children: DerNode[] = [];
  let at = from;
  while (indefinite ? octetAt(bytes, at) !== 0 : at < bytes.length) {
    const { node, end } = readNode(bytes, at, depth);
    children.push(node);
    at = end;
  }
  return { children, end: indefinite ? at + 2 : at };
}

/** @returns where the value begins, and its length in bytes; null for indefinite */
function readLength(bytes: Buffer, at: number): { start: number; length: number | null } {
  const first = octetAt(bytes, at);
  if (first < INDEFINITE) return { start: at + 1, length: first };
  if (first === INDEFINITE) return { start: at + 1, length: null };
  const count = first - INDEFINITE;
  if (count > 4 || at + 1 + count > bytes.length) throw broken('it ends too early');
  return { start: at + 1 + count, length: bytes.readUIntBE(at + 1, count) };
}

function octetAt(bytes: Buffer, at: number): number {
  const octet = bytes[at];
  if (octet === undefined) throw broken('it ends too early');
  return octet;
}

/** A required child, of this kind if one is given. @throws StoreError */
export function child(node: DerNode, index: number, tag?: number): DerNode {
  const found = node.children[index];
  if (found === undefined || (tag !== undefined && found.tag !== tag)) throw broken('an element is missing');
  return found;
}

/** An OID with dots. */
export function oidOf(node: DerNode): string {
  if (node.tag !== TAG.oid) throw broken('an object identifier is missing');
  const numbers: number[] = [];
  let number = 0;
  for (const octet of node.content) {
    number = number * 128 + (octet & 0x7f);
    if ((octet & 0x80) !== 0) continue;
    if (numbers.length === 0) {
      const first = Math.min(2, Math.floor(number / 40));
      numbers.push(first, number - 40 * first);
    } else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}

/** A non-negative number of at most six octets. @throws StoreError */
export function integerOf(node: DerNode): number {
  const { tag, content } = node;
  if (tag !== TAG.integer || content.length === 0 || content.length > 6 || octetAt(content, 0) > 0x7f)
    throw broken('a number is out of range');
  return content.readUIntBE(0, content.length);
}

/** An octet string, in one piece or in several. */
export function octetsOf(node: DerNode): Buffer {
  return node.children.length === 0 ? node.content : Buffer.concat(node.children.map(octetsOf));
}
