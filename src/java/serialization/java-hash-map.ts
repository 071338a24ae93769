/**
 * Java's serialized form of `HashMap<byte[],byte[]>`, the whole content of Kafka Connect's offset file. Only what such a file can hold is
 * supported (Java Object Serialization Specification, protocol version 2).
 */
import { ConnectError } from '../../errors';
import { ByteReader, ByteWriter } from './java-stream';

/** One entry of the map. Java's HashMap allows null for both. */
export type JavaEntry = readonly [key: Buffer | null, value: Buffer | null];

/** Bytes that are not a serialized `HashMap<byte[],byte[]>`. */
export class HashMapFormatError extends ConnectError {
  /** `damaged`: truncated or not Java's format; `foreign`: another Java object. */
  readonly kind: 'damaged' | 'foreign';

  constructor(kind: 'damaged' | 'foreign', message: string) {
    super('ConnectException', message);
    this.kind = kind;
  }
}

const STREAM_HEADER = 0xaced0005;
const TC = {
  NULL: 0x70,
  REFERENCE: 0x71,
  CLASS: 0x72,
  OBJECT: 0x73,
  STRING: 0x74,
  ARRAY: 0x75,
  BLOCK: 0x77,
  END: 0x78,
  ENUM: 0x7e,
} as const;
const BASE_HANDLE = 0x7e0000;
const HASH_MAP = { name: 'java.util.HashMap', uid: '0507dac1c31660d1', flags: 3 } as const;
const HASH_MAP_FIELDS = [
  ['F', 'loadFactor'],
  ['I', 'threshold'],
] as const;
const BYTE_ARRAY = { name: '[B', uid: 'acf317f8060854e0', flags: 2 } as const;
const FIRST_CAPACITY = 16;
const LOAD_FACTOR = 0.75;
/** More entries than any worker has; a file of a few MB could claim more and exhaust the memory. */
const MAX_ENTRIES = 1_000_000;
/** The most bytes of arrays that several entries share, which are counted for each entry. */
const MAX_SHARED_BYTES = 1 << 26;

/** What a back reference can refer to: the classes, the map itself, or an earlier array. */
type Handle = 'class' | 'byte[] class' | 'map' | Buffer;

const damaged = (what: string): HashMapFormatError => new HashMapFormatError('damaged', what);

/**
 * Reads a map, in the order of the file; any capacity, shared arrays and null are supported. As in Java, the last of several entries with
 * the same key counts, and bytes after the map are ignored.
 * @throws HashMapFormatError that names what is wrong and where
 */
export function readHashMap(bytes: Buffer): JavaEntry[] {
  const input = new ByteReader(bytes, damaged);
  if (input.uint32('the stream header') !== STREAM_HEADER) throw damaged('not a Java object stream (wrong first bytes)');
  const handles: Handle[] = [];
  expectHashMap(input, handles);
  input.skip(8, 'the load factor and threshold');
  input.expect(TC.BLOCK, 'the size block of the map');
  input.expect(8, 'the length of the size block');
  input.skip(4, 'the capacity');
  const size = input.int32('the number of entries');
  if (size < 0) throw damaged(`negative number of entries (${size}) at byte ${input.position - 4}`);
  const entries = new Map<Buffer | null, Buffer | null>();
  for (let i = 0; i < size; i++) {
    entries.set(readArray(input, handles), readArray(input, handles));
    if (entries.size > MAX_ENTRIES) throw damaged(`more than ${MAX_ENTRIES} entries`);
  }
  input.expect(TC.END, 'the end of the map');
  checkShared(entries);
  return [...entries];
}

/** Refuses a small file that expands to a large map: each array counts as often as it is used. */
function checkShared(entries: ReadonlyMap<Buffer | null, Buffer | null>): void {
  const seen = new Set<Buffer>();
  let shared = 0;
  for (const array of [...entries.keys(), ...entries.values()]) {
    if (array === null) continue;
    if (seen.has(array)) shared += array.length;
    seen.add(array);
  }
  if (shared > MAX_SHARED_BYTES) throw damaged(`its entries share arrays that come to ${shared} bytes, more than ${MAX_SHARED_BYTES}`);
}

/** Writes a map in the given order, byte for byte as JDK 17 does for a HashMap that was filled entry by entry. */
export function writeHashMap(entries: readonly JavaEntry[]): Buffer {
  const out = new ByteWriter();
  out.uint32(STREAM_HEADER).byte(TC.OBJECT);
  writeClass(out, HASH_MAP, HASH_MAP_FIELDS);
  let capacity = FIRST_CAPACITY;
  while (entries.length > capacity * LOAD_FACTOR) capacity *= 2;
  out.float32(LOAD_FACTOR).uint32(entries.length === 0 ? 0 : capacity * LOAD_FACTOR);
  out.byte(TC.BLOCK).byte(8).uint32(capacity).uint32(entries.length);
  let classWritten = false;
  for (const array of entries.flat()) {
    if (array === null) {
      out.byte(TC.NULL);
      continue;
    }
    out.byte(TC.ARRAY);
    // The class of the first array is handle 2, after the map's class and the map.
    if (classWritten) out.byte(TC.REFERENCE).uint32(BASE_HANDLE + 2);
    else writeClass(out, BYTE_ARRAY, []);
    classWritten = true;
    out.uint32(array.length).bytes(array);
  }
  return out.byte(TC.END).take();
}

interface JavaClass {
  readonly name: string;
  readonly uid: string;
  readonly flags: number;
}

function writeClass(out: ByteWriter, javaClass: JavaClass, fields: readonly (readonly [string, string])[]): void {
  out.byte(TC.CLASS).utf(javaClass.name).bytes(Buffer.from(javaClass.uid, 'hex')).byte(javaClass.flags).uint16(fields.length);
  for (const [type, name] of fields) out.bytes(Buffer.from(type)).utf(name);
  out.byte(TC.END).byte(TC.NULL);
}

function foreign(found: string): HashMapFormatError {
  return new HashMapFormatError('foreign', `Expected HashMap but found ${found}`);
}

/** Reads up to the map's own fields. @throws HashMapFormatError that names another class */
function expectHashMap(input: ByteReader, handles: Handle[]): void {
  const tag = input.byte('the type of the object');
  if (tag === TC.STRING) throw foreign('class java.lang.String');
  if (tag === TC.NULL) throw foreign('null');
  if (tag !== TC.OBJECT && tag !== TC.ARRAY && tag !== TC.ENUM) throw damaged(`unknown type 0x${tag.toString(16)} of the object`);
  input.expect(TC.CLASS, 'the class of the object');
  const name = input.utf('the class of the object');
  if (name !== HASH_MAP.name) throw foreign(`class ${name}`);
  expectClassBody(input, HASH_MAP, HASH_MAP_FIELDS);
  handles.push('class', 'map');
}

function expectClassBody(input: ByteReader, javaClass: JavaClass, fields: readonly (readonly [string, string])[]): void {
  const what = `the description of class ${javaClass.name}`;
  const wrong = (): HashMapFormatError => damaged(`unexpected content in ${what} before byte ${input.position}`);
  if (input.take(8, what).toString('hex') !== javaClass.uid || input.byte(what) !== javaClass.flags) throw wrong();
  if (input.uint16(what) !== fields.length) throw wrong();
  for (const [type, name] of fields) {
    if (input.take(1, what).toString('latin1') !== type || input.utf(what) !== name) throw wrong();
  }
  input.expect(TC.END, what);
  input.expect(TC.NULL, what);
}

function readArray(input: ByteReader, handles: Handle[]): Buffer | null {
  const what = 'an entry of the map';
  const at = input.position;
  const tag = input.byte(what);
  if (tag === TC.NULL) return null;
  if (tag === TC.REFERENCE) {
    const earlier = readHandle(input, handles);
    if (!Buffer.isBuffer(earlier)) throw damaged(`an entry at byte ${at} refers to something that is not byte[]`);
    return earlier;
  }
  if (tag === TC.STRING) throw damaged(`expected byte[] but found a java.lang.String at byte ${at}`);
  if (tag !== TC.ARRAY) throw damaged(`expected byte[] but found type 0x${tag.toString(16)} at byte ${at}`);
  expectArrayClass(input, handles);
  const length = input.int32('the length of an entry');
  if (length < 0) throw damaged(`negative length (${length}) of an entry at byte ${at}`);
  const array = input.take(length, what);
  handles.push(array);
  return array;
}

function expectArrayClass(input: ByteReader, handles: Handle[]): void {
  const at = input.position;
  const tag = input.byte('the class of an entry');
  if (tag === TC.REFERENCE) {
    if (readHandle(input, handles) !== 'byte[] class') throw damaged(`the class of an entry at byte ${at} is not byte[]`);
    return;
  }
  if (tag !== TC.CLASS) throw damaged(`no class of an entry at byte ${at}`);
  const name = input.utf('the class of an entry');
  if (name !== BYTE_ARRAY.name) throw damaged(`expected byte[] but found an array of class ${name} at byte ${at}`);
  expectClassBody(input, BYTE_ARRAY, []);
  handles.push('byte[] class');
}

function readHandle(input: ByteReader, handles: readonly Handle[]): Handle {
  const at = input.position;
  const handle = handles[input.uint32('a back reference') - BASE_HANDLE];
  if (handle === undefined) throw damaged(`back reference to nothing at byte ${at}`);
  return handle;
}
