/** Converters of this worker, by name only: most tasks use one or two of them. */
import type { ConverterPlugin, HeaderConverterPlugin } from '../api/plugin';
import { KAFKA_VERSION, pluginOf } from './late-plugin';

type Load = () => readonly (ConverterPlugin | HeaderConverterPlugin)[];

/** A class that converts keys and values, and headers too. */
function converter(className: string, load: Load): readonly [ConverterPlugin, HeaderConverterPlugin] {
  const base = { className, version: KAFKA_VERSION };
  return [
    { ...base, type: 'converter', create: () => pluginOf<ConverterPlugin>(className, 'converter', load()).create() },
    { ...base, type: 'header_converter', create: () => pluginOf<HeaderConverterPlugin>(className, 'header_converter', load()).create() },
  ];
}

const CONVERTERS = 'org.apache.kafka.connect.converters';
const STORAGE = 'org.apache.kafka.connect.storage';
const numbers: Load = () =>
  (require('../converters/number-converter') as typeof import('../converters/number-converter')).numberConverterPlugins;

export const BUILTIN_CONVERTERS: readonly (ConverterPlugin | HeaderConverterPlugin)[] = [
  ...converter(
    `${CONVERTERS}.BooleanConverter`,
    () => (require('../converters/boolean-converter') as typeof import('../converters/boolean-converter')).booleanConverterPlugins,
  ),
  ...converter(
    `${CONVERTERS}.ByteArrayConverter`,
    () => (require('../converters/byte-array-converter') as typeof import('../converters/byte-array-converter')).byteArrayConverterPlugins,
  ),
  ...converter(
    'org.apache.kafka.connect.json.JsonConverter',
    () => (require('../converters/json-converter') as typeof import('../converters/json-converter')).jsonConverterPlugins,
  ),
  ...['Double', 'Float', 'Integer', 'Long', 'Short'].flatMap(type => converter(`${CONVERTERS}.${type}Converter`, numbers)),
  ...converter(
    `${STORAGE}.StringConverter`,
    () => (require('../converters/string-converter') as typeof import('../converters/string-converter')).stringConverterPlugins,
  ),
  {
    className: `${STORAGE}.SimpleHeaderConverter`,
    version: KAFKA_VERSION,
    type: 'header_converter',
    create: () =>
      (
        require('../converters/simple-header-converter') as typeof import('../converters/simple-header-converter')
      ).simpleHeaderConverterPlugin.create(),
  },
];
