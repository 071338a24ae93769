/** Runs golden vectors of org.apache.kafka.connect.data.Values. */
import type { Schema } from '../../../src/data/schema/schema';
import { convertToBoolean, convertToList, convertToMap, convertToString, convertToStruct } from '../../../src/data/values/value-conversion';
import { inferSchema } from '../../../src/data/values/value-inference';
import {
  convertToByte,
  convertToDecimal,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
} from '../../../src/data/values/value-numbers';
import { parseValueText } from '../../../src/data/values/value-parser';
import { convertToDate, convertToTime, convertToTimestamp } from '../../../src/data/values/value-temporals';
import { dataFrom, dataToJson, type Json, schemaFrom, schemaToJson, valueFrom, valueToJson } from './tagged-data';
import { judge, type VectorCase, type VectorResult } from './vectors';

type Conversion = (schema: Schema | null, value: unknown) => unknown;

/** The scale with which the vectors were made. */
const DECIMAL_SCALE = 2;

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  convertToBoolean,
  convertToByte,
  convertToShort,
  convertToInteger,
  convertToLong,
  convertToFloat,
  convertToDouble,
  convertToDecimal: (schema, value) => convertToDecimal(schema, value, DECIMAL_SCALE),
  convertToDate,
  convertToTime,
  convertToTimestamp,
  convertToList,
  convertToMap,
  convertToStruct,
};

/** Runs one case. @throws Error for an operation that does not exist here */
export function runValuesCase(test: VectorCase): VectorResult {
  return judge(withComparableResult(test), stage => {
    stage.at = 'apply';
    return answer(test);
  });
}

function answer({ op = '', input, name }: VectorCase): Json {
  if (op === 'parseString') {
    const { schema, value } = input === null ? { schema: null, value: null } : parseValueText(String(input));
    return dataToJson(schema, value);
  }
  if (op === 'inferSchema') return schemaToJson(inferSchema(valueFrom(input, null)));
  const { schema, value } = dataFrom(input);
  if (op === 'convertToString') return convertToString(schema, value);
  const convert = CONVERSIONS[op];
  if (!convert) throw new Error(`${name}: Values.${op} does not exist here`);
  return valueToJson(convert(schema, value), null);
}

/** What is expected, in the form in which it is compared; nothing at all, from Java's parseString, is a pair of nulls here. */
function withComparableResult(test: VectorCase): VectorCase {
  const { op, expect } = test;
  if (expect === undefined || op === 'convertToString') return test;
  if (op === 'parseString') return expect === null ? { ...test, expect: dataToJson(null, null) } : test;
  const comparable = op === 'inferSchema' ? schemaToJson(schemaFrom(expect)) : valueToJson(valueFrom(expect, null), null);
  // as with texts, nothing is to be done with it any more
  return { ...test, op: 'convertToString', expect: comparable };
}
