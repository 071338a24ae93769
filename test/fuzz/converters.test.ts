/** What the kits of `connect-standalone/testing` do not ask of converters: see test/contract/converters.ts. */
import type { Converter, ConverterType } from '../../src/api/converter';
import type { SchemaAndValue } from '../../src/data/record/record';
import { dataEqual, schemasEqual } from '../../src/data/schema/equality';
import { ConnectError } from '../../src/errors';
import { createPluginTable } from '../../src/plugins/builtins';
import { type Random, randomBytes, seeded } from '../../src/testing/data/random';
import { mutated, randomData } from '../../src/testing/data/random-data';
import { dataToJson } from '../helpers/vectors/tagged-data';

const CASES = 400;
const PLUGINS = createPluginTable();
const NUMBERS: readonly (readonly [string, number])[] = [
  ['ShortConverter', 2],
  ['IntegerConverter', 4],
  ['LongConverter', 8],
  ['FloatConverter', 4],
  ['DoubleConverter', 8],
];

function converter(name: string, settings: Readonly<Record<string, string>> = {}, type: ConverterType = 'value'): Converter {
  const plugin = PLUGINS.find('converter', name);
  if (!plugin) throw new Error(`There is no converter ${name}`);
  const created = plugin.create();
  created.configure({ ...settings }, type);
  return created;
}

/** Runs a check with many seeds; a failure names the one it failed with. */
function withSeeds(check: (random: Random) => void, cases = CASES): void {
  for (let seed = 1; seed <= cases; seed++) {
    try {
      check(seeded(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
}

/** The result of a step that may refuse its input, but only as Connect does; undefined if it did. */
function orRefused<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof ConnectError && ['DataException', 'SchemaBuilderException'].includes(error.code)) return undefined;
    throw error;
  }
}

function expectSame(got: SchemaAndValue, wanted: SchemaAndValue): void {
  if (schemasEqual(got.schema, wanted.schema) && dataEqual(got.value, wanted.value)) return;
  expect(dataToJson(got.schema, got.value)).toEqual(dataToJson(wanted.schema, wanted.value));
  throw new Error('Two data are not equal, and look the same');
}

test('JSON with schema.content brings back payloads', () => {
  const envelopes = converter('JsonConverter');
  const payloads = converter('JsonConverter', { 'schemas.enable': 'false' });
  withSeeds(random => {
    const { schema, value } = randomData(random);
    const envelope = JSON.parse(String(envelopes.fromConnectData('t', schema, value))) as { schema: object };
    const reader = converter('JsonConverter', { 'schema.content': JSON.stringify(envelope.schema) });
    expectSame(reader.toConnectData('t', payloads.fromConnectData('t', schema, value)), { schema, value });
  }, 100);
});

test.each(['true', 'false'])('damaged JSON is refused or read, schemas.enable=%s', enabled => {
  const json = converter('JsonConverter', { 'schemas.enable': enabled });
  let read = 0;
  withSeeds(random => {
    const { schema, value } = randomData(random);
    const bytes = mutated(random, json.fromConnectData('t', schema, value) ?? Buffer.alloc(0));
    const data = orRefused(() => json.toConnectData('t', bytes));
    const written = data && orRefused(() => json.fromConnectData('t', data.schema, data.value));
    if (!data || !written) return;
    read++;
    // infinities become texts, which read as 0
    if (/NaN|Infinity/.test(String(written))) return;
    const again = json.toConnectData('t', written);
    expect(json.fromConnectData('t', again.schema, again.value)).toEqual(written);
  });
  expect(read).toBeGreaterThan(CASES / 20);
});

test.each(NUMBERS)('%s reads what it wrote, and nothing of another size', (name, sizeBytes) => {
  const numbers = converter(name);
  withSeeds(random => {
    const bytes = randomBytes(random);
    const data = orRefused(() => numbers.toConnectData('t', bytes));
    expect(data !== undefined).toBe(bytes.length === sizeBytes);
    if (!data || Number.isNaN(Number(data.value))) return;
    expect(numbers.fromConnectData('t', data.schema, data.value)).toEqual(bytes);
  }, 2000);
});
