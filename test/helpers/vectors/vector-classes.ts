/** Which of our classes answers for which Java class of the golden vectors. */
import { createPluginTable } from '../../../src/plugins/builtins';
import { type PlainCase, type RunPlain, runConfigDef, runConfigTransformer, runOffsetFile, runProperties } from './config-vectors';
import { runPredicateCase, runTransformationCase } from './record-vectors';
import { runValuesCase } from './value-vectors';
import { isHeaderCase, runConverterCase, runHeaderConverterCase, type VectorCase, type VectorResult } from './vectors';

type Run = (test: VectorCase) => VectorResult;

function plain(run: RunPlain): Run {
  return test => run(test as unknown as PlainCase);
}

const RUNS: ReadonlyMap<string, Run> = new Map([
  ['org.apache.kafka.connect.data.Values', runValuesCase],
  ['org.apache.kafka.common.config.ConfigDef', plain(runConfigDef)],
  ['org.apache.kafka.common.config.ConfigTransformer', plain(runConfigTransformer)],
  ['java.util.Properties', plain(runProperties)],
  ['org.apache.kafka.connect.storage.FileOffsetBackingStore', plain(runOffsetFile)],
]);

/** Plugins answer under the names by which connectors use them. */
const PLUGINS = createPluginTable();

function runOf(javaClass: string): Run | undefined {
  const transformation = PLUGINS.find('transformation', javaClass);
  if (transformation) return test => runTransformationCase(test, () => transformation.create());
  const predicate = PLUGINS.find('predicate', javaClass);
  if (predicate) return test => runPredicateCase(test, () => predicate.create());
  const converter = PLUGINS.find('converter', javaClass);
  const headerConverter = PLUGINS.find('header_converter', javaClass);
  if (!converter && !headerConverter) return RUNS.get(javaClass);
  return test => (isHeaderCase(test) ? runHeaderConverterCase(test, headerConverter) : runConverterCase(test, converter));
}

/** True if something here answers for this Java class. */
export function answersFor(javaClass: string): boolean {
  return runOf(javaClass) !== undefined;
}

/** Runs one case of a vector file for this Java class; null if nothing here answers for the class. */
export function runVector(javaClass: string, test: VectorCase): VectorResult | null {
  return runOf(javaClass)?.(test) ?? null;
}
