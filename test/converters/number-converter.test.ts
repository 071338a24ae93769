import { createPluginTable } from '../../src/plugins/builtins';

const PLUGINS = createPluginTable();

/** Java names the size that it wants in the cause only. */
test.each([
  ['ShortConverter', [0], 'Size of data received by ShortDeserializer is not 2'],
  ['IntegerConverter', [0], 'Size of data received by IntegerDeserializer is not 4'],
  ['LongConverter', [0], 'Size of data received by LongDeserializer is not 8'],
  ['FloatConverter', [0], 'Size of data received by Deserializer is not 4'],
  ['DoubleConverter', [], 'Size of data received by Deserializer is not 8'],
  ['BooleanConverter', [], 'Size of data received by BooleanDeserializer is not 1'],
  ['BooleanConverter', [2], 'Unexpected byte received by BooleanDeserializer: 2'],
  ['BooleanConverter', [255], 'Unexpected byte received by BooleanDeserializer: -1'],
])('%s says why it cannot read %p', (name, bytes, message) => {
  const converter = PLUGINS.find('converter', name)?.create();
  const cause = expect.objectContaining({ code: 'SerializationException', message }) as Error;
  expect(() => converter?.toConnectData('t', Buffer.from(bytes))).toThrow(
    expect.objectContaining({ code: 'DataException', cause }) as Error,
  );
});
