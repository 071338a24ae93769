import { readFileSync } from 'node:fs';
import { HashMapFormatError, type JavaEntry, readHashMap, writeHashMap } from '../../src/offsets/java-hash-map';
import { inRepository } from '../helpers/paths';

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
  ['a reference to the map', `${HEAD}3f400000000000017708000000100000000171007e0001`, /refers to something that is no byte\[\]/],
];

test.each(DAMAGED)('%s is damaged', (_name, hex, message) => {
  expect(() => readHashMap(Buffer.from(hex, 'hex'))).toThrow(
    expect.objectContaining({ kind: 'damaged', message: expect.stringMatching(message) }),
  );
});
