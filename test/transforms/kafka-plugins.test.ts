import { readdirSync } from 'node:fs';
import { createPluginTable } from '../../src/plugins/builtins';
import { inRepository } from '../helpers/paths';
import { recordFrom, recordToJson } from '../helpers/vectors/tagged-data';
import { readVectors, type VectorCase } from '../helpers/vectors/vectors';

const FOLDER = inRepository('test', 'fixtures', 'vectors', 'transforms');
const table = createPluginTable();

const FILES = readdirSync(FOLDER).flatMap(file => {
  const { class: javaClass, cases } = readVectors(`${FOLDER}/${file}`);
  const plugin = table.find('transformation', javaClass);
  return plugin ? [{ javaClass, plugin, cases: cases.filter(({ at }) => at !== 'configure') }] : [];
});

/** The record as text before and after it was transformed, well or not. */
function beforeAndAfter(apply: (record: ReturnType<typeof recordFrom>) => unknown, test: VectorCase): [string, string] {
  const record = recordFrom(test.input);
  const before = JSON.stringify(recordToJson(record));
  try {
    apply(record);
  } catch {
    // a refused record must be as it was, too
  }
  return [before, JSON.stringify(recordToJson(record))];
}

test.each(FILES.map(file => [file.javaClass, file] as const))('%s leaves the record that it is given as it was', (_, { plugin, cases }) => {
  for (const vector of cases) {
    const transformation = plugin.create();
    transformation.configure(vector.config);
    const [before, after] = beforeAndAfter(record => transformation.apply(record), vector);
    expect(`${vector.name}: ${after}`).toBe(`${vector.name}: ${before}`);
  }
});
