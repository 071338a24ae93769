import { readFileSync } from 'node:fs';
import { HashMapFormatError, type JavaEntry, readHashMap, writeHashMap } from '../../../src/java/serialization/java-hash-map';
import { inRepository } from '../../helpers/paths';

interface VectorCase {
  readonly name: string;
  readonly input: { readonly bytes: string };
  readonly expect: readonly [string, string | null][];
}

const path = inRepository('test/fixtures/vectors/offsets/FileOffsetBackingStore.json');
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: VectorCase[] };
const texts = (entries: readonly JavaEntry[]): [string | undefined, string | null][] =>
  entries.map(([key, value]) => [key?.toString(), value?.toString() ?? null]);

describe.each(cases)('Java vector $name', ({ input, expect: expected }) => {
  const bytes = Buffer.from(input.bytes, 'base64');

  test('is read in the order of the file', () => {
    expect(texts(readHashMap(bytes))).toEqual(expected);
  });

  test('is written byte for byte', () => {
    expect(writeHashMap(expected.map(([key, value]) => [Buffer.from(key), value === null ? null : Buffer.from(value)])).equals(bytes)).toBe(
      true,
    );
  });

  test('cut off anywhere is damaged, never a map', () => {
    for (let length = 0; length < bytes.length; length += bytes.length > 4000 ? 97 : 1) {
      expect(() => readHashMap(bytes.subarray(0, length))).toThrow(HashMapFormatError);
    }
  });

  test('with any bit flipped is a map or a typed error', () => {
    for (let at = 0; at < Math.min(bytes.length, 300); at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
        try {
          readHashMap(flipped);
        } catch (error) {
          expect(error).toBeInstanceOf(HashMapFormatError);
        }
      }
    }
  });
});

const HEAD =
  'aced0005737200116a6176612e7574696c2e486173684d61700507dac1c31660d103000246000a6c6f6164466163746f724900097468726573686f6c647870';
const ARRAY = '757200025b42acf317f8060854e002000078700000000161';

test('any capacity, null keys and shared arrays are understood', () => {
  // An array that is key and value at once is written as a reference to itself: handle 3 after class, map and array class.
  const bytes = Buffer.from(`${HEAD}3f40000000000001770800000001${'00000002'}${ARRAY}71007e00037070${'78'}`, 'hex');
  expect(texts(readHashMap(bytes))).toEqual([
    ['a', 'a'],
    [undefined, null],
  ]);
});

const FOREIGN: [string, string, string][] = [
  ['a TreeMap', 'aced0005737200116a6176612e7574696c2e547265654d6170', 'Expected HashMap but found class java.util.TreeMap'],
  ['a String', 'aced0005740003616263', 'Expected HashMap but found class java.lang.String'],
  ['a byte[]', `aced0005${ARRAY}`, 'Expected HashMap but found class [B'],
  ['null', 'aced000570', 'Expected HashMap but found null'],
];

test.each(FOREIGN)('%s is foreign', (_name, hex, message) => {
  expect(() => readHashMap(Buffer.from(hex, 'hex'))).toThrow(expect.objectContaining({ kind: 'foreign', message }));
});

const DAMAGED: [string, string, RegExp][] = [
  ['no bytes', '', /ends at byte 0, within the stream header/],
  ['another format', '7b22706f73223a31', /not a Java object stream/],
  ['a String as key', `${HEAD}3f400000000000017708000000100000000174000161`, /expected byte\[\] but found a java.lang.String at byte 8\d/],
  ['a negative size', `${HEAD}3f4000000000000177080000001080000000`, /negative number of entries \(-2147483648\)/],
  ['a huge size', `${HEAD}3f400000000000017708000000107fffffff`, /within an entry of the map/],
  ['a negative length', `${HEAD}3f4000000000000177080000001000000001757200025b42acf317f8060854e00200007870ffffffff`, /negative length/],
  ['a reference to nothing', `${HEAD}3f400000000000017708000000100000000171007e0009`, /back reference to nothing/],
  ['a reference to the map', `${HEAD}3f400000000000017708000000100000000171007e0001`, /refers to something that is not byte\[\]/],
];

test.each(DAMAGED)('%s is damaged', (_name, hex, message) => {
  expect(() => readHashMap(Buffer.from(hex, 'hex'))).toThrow(
    expect.objectContaining({ kind: 'damaged', message: expect.stringMatching(message) }),
  );
});

describe('a file that stands for much more than it is', () => {
  const BEGIN = (size: number): string => `${HEAD}3f400000000000017708000000${'10'}${size.toString(16).padStart(8, '0')}`;
  /** The first array of a file with its class; its handle is 3. */
  const first = (content: Buffer): Buffer => {
    const head = Buffer.from(`${ARRAY.slice(0, -10)}00000000`, 'hex');
    head.writeUInt32BE(content.length, head.length - 4);
    return Buffer.concat([head, content]);
  };
  const REFERENCE = '71007e0003';
  const file = (size: number, ...parts: Buffer[]): Buffer =>
    Buffer.concat([Buffer.from(BEGIN(size), 'hex'), ...parts, Buffer.from('78', 'hex')]);

  test('a million references to one key are one entry, as in Java, soon and with little memory', () => {
    const key = Buffer.alloc(20 << 20, 'k');
    const references = Buffer.from(`${REFERENCE}70`.repeat(1_000_000), 'hex');
    const bytes = file(1_000_001, first(key), Buffer.from('70', 'hex'), references);
    const before = process.memoryUsage().rss;
    const beganMs = performance.now();
    const entries = readHashMap(bytes);
    expect(entries).toHaveLength(1);
    expect(entries[0]?.[0]?.length).toBe(key.length);
    expect(performance.now() - beganMs).toBeLessThan(5000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20);
  });

  test('millions of null keys are one entry', () => {
    expect(readHashMap(file(3_000_000, Buffer.alloc(6_000_000, 0x70)))).toEqual([[null, null]]);
  });

  test('a value that is shared more often than can be written is damage, with the number of bytes', () => {
    const keys = Array.from({ length: 100 }, (_, i) =>
      Buffer.from(`7571007e0002000000010${'0123456789abcdef'[i % 16]}${REFERENCE}`, 'hex'),
    );
    const bytes = file(101, Buffer.from('70', 'hex'), first(Buffer.alloc(1 << 20)), ...keys);
    expect(() => readHashMap(bytes)).toThrow(/share arrays that come to 104857600 bytes/);
    const few = file(11, Buffer.from('70', 'hex'), first(Buffer.alloc(1 << 20)), ...keys.slice(0, 10));
    expect(readHashMap(few)).toHaveLength(11);
  });

  test('more than a million keys are damage', () => {
    const keys = Buffer.from('7571007e00020000000070'.repeat(1_000_001), 'hex');
    const bytes = file(1_000_002, first(Buffer.from('a')), Buffer.from('70', 'hex'), keys);
    expect(() => readHashMap(bytes)).toThrow(/more than 1000000 entries/);
  });
});
