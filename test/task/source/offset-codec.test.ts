import { MAX_MARK_BYTES, OFFSET_MARK } from '../../../src/api/source';
import { createPluginTable } from '../../../src/plugins/builtins';
import { OffsetCodec } from '../../../src/task/source/offset-codec';

const codec = new OffsetCodec(createPluginTable(), 'conn');

describe('OffsetCodec', () => {
  test('writes entries as Java does: key ["connector",{partition}], value {offset}', () => {
    const entry = codec.encode({ partition: { filename: '/a/ü"b' }, offset: { position: 9007199254740993n } });
    expect(entry).toEqual(['["conn",{"filename":"/a/ü\\"b"}]', '{"position":9007199254740993}']);
  });

  test('reads back what it wrote, also integers beyond 2^53', () => {
    const cases = [{ position: 5n }, { position: 9007199254740993n }, { position: null }, { text: 'é', flag: true, half: 0.5 }];
    for (const offset of cases) {
      const partition = { filename: 'f', part: 1 };
      const entry = codec.encode({ partition, offset });
      const [key, value] = codec.encode({ partition, offset: codec.reader([entry]).offset(partition) ?? {} });
      expect([key, value]).toEqual(entry);
    }
  });

  test('finds a partition by content: names in any order, 1 and 1n alike, "1" not', () => {
    const reader = codec.reader([['["conn",{"b":1,"a":"x"}]', '{"n":7}']]);
    expect(Number(reader.offset({ a: 'x', b: 1n })?.n)).toBe(7);
    expect(Number(reader.offset({ b: 1, a: 'x' })?.n)).toBe(7);
    expect(reader.offset({ a: 'x', b: '1' })).toBeNull();
    expect(reader.offset({ a: 'x' })).toBeNull();
  });

  test('a removed offset is none', () => {
    expect(codec.reader([['["conn",{"f":"x"}]', null]]).offset({ f: 'x' })).toBeNull();
  });

  test('a mark goes with its offset, and comes back with it', () => {
    const partition = { f: 'x' };
    const mark = 'ü'.repeat(MAX_MARK_BYTES / 2);
    const entry = codec.encode({ partition, offset: { n: 1n, [OFFSET_MARK]: mark } });
    expect(entry).toEqual(['["conn",{"f":"x"}]', '{"n":1}', mark]);
    const reader = codec.reader([entry]);
    expect([reader.offset(partition), reader.mark(partition)]).toEqual([{ n: 1n }, mark]);
    expect(codec.encode({ partition, offset: { n: 1n, [OFFSET_MARK]: undefined } })).toHaveLength(2);
    expect(codec.reader([codec.encode({ partition, offset: { n: 1n } })]).mark(partition)).toBeNull();
  });

  test.each([
    [
      `${'ü'.repeat(MAX_MARK_BYTES / 2)}x`,
      /^The mark of source offset \{"n":1\} for \["conn",\{"f":"x"\}\] is 1025 bytes long, more than the 1024/,
    ],
    [null, /must be a text, and is null/],
    [7, /must be a text, and is number/],
    [Buffer.from('x'), /must be a text, and is object/],
  ])('a mark that cannot be kept is refused, not cut: %p', (mark, message) => {
    expect(() => codec.encode({ partition: { f: 'x' }, offset: { n: 1n, [OFFSET_MARK]: mark } as never })).toThrow(message);
  });

  test('takes primitive values only', () => {
    const nested = { position: { deep: 1 } } as unknown as Record<string, never>;
    expect(() => codec.encode({ partition: { f: 'x' }, offset: nested })).toThrow(/only contain primitive types.*position/);
  });
});
