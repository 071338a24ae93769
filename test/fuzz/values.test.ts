import { dataEqual, schemasEqual } from '../../src/data/schema/equality';
import { convertToBoolean, convertToList, convertToMap, convertToString } from '../../src/data/values/value-conversion';
import { inferSchema } from '../../src/data/values/value-inference';
import { convertToDecimal, convertToDouble, convertToLong } from '../../src/data/values/value-numbers';
import { parseValueText } from '../../src/data/values/value-parser';
import { convertToDate, convertToTime, convertToTimestamp } from '../../src/data/values/value-temporals';
import { ConnectError } from '../../src/errors';
import { seeded } from '../../src/testing/data/random';
import { randomData } from '../../src/testing/data/random-data';
import { randomHeaderText, randomHeaderValue } from '../helpers/random/random-headers';

const CASES = 5000;
/** What Java's Values may throw. */
const REFUSALS = ['DataException', 'SchemaBuilderException', 'NumberFormatException', 'NullPointerException'];
const CONVERSIONS = [
  convertToBoolean,
  convertToLong,
  convertToDouble,
  convertToDate,
  convertToTime,
  convertToTimestamp,
  convertToList,
  convertToMap,
];

function refusalOf(error: unknown): string {
  return error instanceof ConnectError ? error.code : String(error);
}

test('any header text means something, and so does the text made of that', () => {
  for (let seed = 1; seed <= CASES; seed++) {
    const text = randomHeaderText(seeded(seed));
    try {
      const { schema, value } = parseValueText(text);
      if (value !== null) parseValueText(String(convertToString(schema, value)));
    } catch (error) {
      throw new Error(`seed ${seed}, text ${JSON.stringify(text)}: ${refusalOf(error)}`);
    }
  }
});

test('numbers, booleans, lists and maps come back from their text', () => {
  for (let seed = 1; seed <= CASES; seed++) {
    const text = randomHeaderValue(seeded(seed));
    const first = parseValueText(text);
    const second = parseValueText(String(convertToString(first.schema, first.value)));
    const same = first.schema?.type === 'STRING' || (dataEqual(first.value, second.value) && schemasEqual(first.schema, second.schema));
    if (!same) throw new Error(`seed ${seed}: ${text} became ${convertToString(second.schema, second.value)}`);
  }
});

test('conversions give a value or one of the errors of Java', () => {
  for (let seed = 1; seed <= CASES / 5; seed++) {
    const random = seeded(seed);
    const { schema, value } = randomData(random);
    const text = randomHeaderText(random);
    for (const input of [value, text]) {
      for (const run of [
        ...CONVERSIONS.map(convert => () => convert(schema, input)),
        () => convertToDecimal(schema, input, 2),
        () => inferSchema(input),
        () => convertToString(schema, input),
      ]) {
        try {
          run();
        } catch (error) {
          if (!REFUSALS.includes(refusalOf(error))) throw new Error(`seed ${seed}: ${refusalOf(error)}`);
        }
      }
    }
  }
});
