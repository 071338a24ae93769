import type { TransformationPlugin } from '../../src/api/plugin';
import type { ConnectRecord, SchemaAndValue } from '../../src/data/record/record';
import { validateValue } from '../../src/data/schema/validate-value';
import { ConnectError } from '../../src/errors';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';
import { type Random, seeded } from '../../src/testing/data/random';
import { randomData, randomPlainData } from '../../src/testing/data/random-data';
import { sourceRecord } from '../../src/testing/data/sample-records';

const ROUNDS = 300;
/** How a transformation refuses a record; anything else would be a fault of its own. */
const REFUSALS = ['DataException', 'SchemaBuilderException', 'ConnectException', 'IllegalArgumentException', 'NullPointerException'];

const PLUGINS = BUILTIN_PLUGINS.flatMap(plugin => (plugin.type === 'transformation' ? [plugin] : []));

/** Names of fields at the top, for settings to speak of; `none` where there are none. */
function namesIn({ schema, value }: SchemaAndValue): string[] {
  const names =
    value instanceof Map ? [...value.keys()].filter(key => typeof key === 'string') : (schema?.fields ?? []).map(({ name }) => name);
  const plain = names.filter(name => /^[^,:]+$/.test(name) && name.trim() === name);
  return plain.length > 0 ? plain : ['none'];
}

/** Settings for every transformation; each takes those that it knows. */
function settingsFor(random: Random, data: SchemaAndValue): Record<string, string> {
  const names = namesIn(data);
  const name = names[random(names.length)] ?? 'none';
  const types = ['int8', 'int64', 'float32', 'boolean', 'string'];
  return {
    spec: `${name}:${types[random(types.length)]}`,
    field: name,
    fields: name,
    headers: 'h',
    operation: random(2) === 0 ? 'move' : 'copy',
    'topic.field': random(3) === 0 ? name : 'topic!',
    header: 'h',
    'value.literal': '[1, 2]',
    regex: '(.*)',
    replacement: '7',
    'schema.version': '3',
    renames: `${name}:renamed`,
    'target.type': 'unix',
    'replace.null.with.default': String(random(2) === 0),
  };
}

function randomRecord(random: Random): { data: SchemaAndValue; record: ConnectRecord } {
  const data = random(3) === 0 ? { schema: null, value: randomPlainData(random) } : randomData(random);
  const { schema, value } = data;
  return { data, record: sourceRecord({ keySchema: schema, key: value, valueSchema: schema, value }) };
}

/** A value that has a schema is what that schema says, down to its last field; as in Java null is taken out of null under any schema. */
function expectSound({ schema, value }: SchemaAndValue): void {
  if (schema && value !== null) validateValue(null, schema, value);
}

/** Transforms a random record and checks what becomes of it. @returns false if it was refused */
function takes(plugin: TransformationPlugin, random: Random): boolean {
  const { data, record } = randomRecord(random);
  const transformation = plugin.create();
  transformation.configure(settingsFor(random, data));
  let changed: ConnectRecord | null;
  try {
    changed = transformation.apply(record);
  } catch (error) {
    if (error instanceof ConnectError && REFUSALS.includes(error.code)) return false;
    throw error;
  }
  if (changed) {
    expectSound({ schema: changed.keySchema, value: changed.key });
    expectSound({ schema: changed.valueSchema, value: changed.value });
    changed.headers.forEach(expectSound);
  }
  return true;
}

test.each(PLUGINS.map(plugin => [plugin.className, plugin] as const))(
  '%s makes sound records of any, or refuses them as Connect does',
  (_, plugin) => {
    let taken = 0;
    for (let seed = 1; seed <= ROUNDS; seed++) {
      try {
        if (takes(plugin, seeded(seed))) taken++;
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
      }
    }
    expect(taken).toBeGreaterThan(ROUNDS / 50);
  },
);
