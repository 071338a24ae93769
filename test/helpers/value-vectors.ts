/** Runs golden vectors of org.apache.kafka.connect.data.Values, as far as this program has its functions. */
import { parseValueText } from '../../src/data/value-parser';
import { valueText } from '../../src/data/value-text';
import { dataFrom, dataToJson } from './tagged-data';
import { judge, type VectorCase, type VectorResult } from './vectors';

/** Runs one case; an operation that does not exist here fails and says so. */
export function runValuesCase(test: VectorCase): VectorResult {
  if (test.op !== 'parseString' && test.op !== 'convertToString') {
    return {
      name: test.name,
      passed: false,
      expected: JSON.stringify(test.expect ?? test.error),
      got: `Values.${test.op} does not exist here`,
    };
  }
  const expected = test.expect === null && test.op === 'parseString' ? { ...test, expect: dataToJson(null, null) } : test;
  return judge(expected, stage => {
    stage.at = 'apply';
    if (test.op === 'parseString') {
      const { schema, value } = test.input === null ? { schema: null, value: null } : parseValueText(String(test.input));
      return dataToJson(schema, value);
    }
    const { value } = dataFrom(test.input);
    return value === null ? null : valueText(value);
  });
}
