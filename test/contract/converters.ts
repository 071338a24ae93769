/** What the built-in converters and header converters are given by their kits, by simple name. */
import {
  BigDecimal,
  Float32,
  Int16,
  Int32,
  OPTIONAL_BOOLEAN_SCHEMA,
  OPTIONAL_BYTES_SCHEMA,
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  type Props,
  parseValueText,
  type Schema,
  type SchemaAndValue,
  valueText,
} from '../../src/api';
import { type ConverterSubject, type Random, randomBytes, randomData, randomPlainData, randomText } from '../../src/testing';

/** Settings, and data with what becomes of it; several for a class that does several things. */
export type ConverterCase = Omit<ConverterSubject, 'plugin'> & { readonly title?: string };

const ofSchema = (schema: Schema, value: (random: Random) => unknown): Pick<ConverterSubject, 'data'> => ({
  data: random => ({ schema, value: random(5) === 0 ? null : value(random) }),
});

const integer = (random: Random): number => random(2 ** 32) - 2 ** 31;

const json = (props: Props, more: Partial<ConverterCase> = {}): ConverterCase => ({
  title: Object.entries(props).join(' ').replaceAll(',', '='),
  props,
  badSettings: { 'decimal.format': 'ROMAN' },
  ...more,
});

/** Without a schema JSON brings back what JSON can hold. */
const PLAIN: Partial<ConverterCase> = { data: random => ({ schema: null, value: randomPlainData(random) }) };

const text = (written: SchemaAndValue): SchemaAndValue => ({ schema: OPTIONAL_STRING_SCHEMA, value: written.value });

const inEncoding = (encoding: string): ConverterCase => ({
  title: encoding,
  props: { 'converter.encoding': encoding },
  ...ofSchema(OPTIONAL_STRING_SCHEMA, encoding === 'ISO-8859-1' ? random => randomBytes(random).toString('latin1') : randomText),
  readsAgain: text,
});

export const CONVERTER_CASES: Readonly<Record<string, readonly ConverterCase[]>> = {
  BooleanConverter: [ofSchema(OPTIONAL_BOOLEAN_SCHEMA, random => random(2) === 0)],
  ByteArrayConverter: [ofSchema(OPTIONAL_BYTES_SCHEMA, randomBytes)],
  DoubleConverter: [ofSchema(OPTIONAL_FLOAT64_SCHEMA, random => integer(random) / 1000)],
  FloatConverter: [ofSchema(OPTIONAL_FLOAT32_SCHEMA, random => Float32.of(integer(random) / 1000))],
  IntegerConverter: [ofSchema(OPTIONAL_INT32_SCHEMA, random => Int32.of(integer(random)))],
  LongConverter: [ofSchema(OPTIONAL_INT64_SCHEMA, random => BigInt(integer(random)) * BigInt(integer(random)))],
  ShortConverter: [ofSchema(OPTIONAL_INT16_SCHEMA, random => Int16.of(integer(random)))],
  JsonConverter: [
    json({}, { data: randomData }),
    json({ 'decimal.format': 'NUMERIC', 'schemas.cache.size': '0' }, { data: randomData }),
    json({ 'schemas.enable': 'false' }, PLAIN),
  ],
  StringConverter: ['UTF-8', 'UTF-16', 'UTF-16BE', 'UTF-16LE', 'ISO-8859-1'].map(inEncoding),
};

export const HEADER_CONVERTER_CASES: Readonly<Record<string, readonly ConverterCase[]>> = {
  ...CONVERTER_CASES,
  SimpleHeaderConverter: [
    {
      data: random => ({ schema: null, value: randomPlainData(random) }),
      // What looks like a number becomes one, and so on: the text is what is kept.
      readsAgain: ({ value }) => (value === null ? { schema: null, value } : parseValueText(valueText(value))),
    },
    {
      title: 'decimals',
      data: random => ({ schema: null, value: new BigDecimal(BigInt(integer(random)), 2) }),
      readsAgain: ({ value }) => parseValueText(valueText(value)),
    },
  ],
};
