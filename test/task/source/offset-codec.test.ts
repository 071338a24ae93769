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

  test('takes primitive values only', () => {
    const nested = { position: { deep: 1 } } as unknown as Record<string, never>;
    expect(() => codec.encode({ partition: { f: 'x' }, offset: nested })).toThrow(/only contain primitive types.*position/);
  });
});
