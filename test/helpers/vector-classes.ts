/** Which of our classes answers for which Java class of the golden vectors. */
import type { Converter, HeaderConverter } from '../../src/api/converter';
import { ByteArrayConverter } from '../../src/converters/byte-array-converter';
import { JsonConverter } from '../../src/converters/json-converter';
import { SimpleHeaderConverter } from '../../src/converters/simple-header-converter';
import { StringConverter } from '../../src/converters/string-converter';
import { createPluginTable } from '../../src/plugins/builtins';
import { type PlainCase, type RunPlain, runConfigDef, runConfigTransformer, runOffsetFile, runProperties } from './config-vectors';
import { runPredicateCase, runTransformationCase } from './record-vectors';
import { runValuesCase } from './value-vectors';
import { runConverterCase, runHeaderConverterCase, type VectorCase, type VectorResult } from './vectors';

type Run = (test: VectorCase) => VectorResult;

function converter(create: () => Converter & HeaderConverter): Run {
  return test => runConverterCase(test, create);
}

function headerConverter(create: () => HeaderConverter): Run {
  return test => runHeaderConverterCase(test, create);
}

function plain(run: RunPlain): Run {
  return test => run(test as unknown as PlainCase);
}

const RUNS: ReadonlyMap<string, Run> = new Map([
  ['org.apache.kafka.connect.json.JsonConverter', converter(() => new JsonConverter())],
  ['org.apache.kafka.connect.storage.StringConverter', converter(() => new StringConverter())],
  ['org.apache.kafka.connect.converters.ByteArrayConverter', converter(() => new ByteArrayConverter())],
  ['org.apache.kafka.connect.storage.SimpleHeaderConverter', headerConverter(() => new SimpleHeaderConverter())],
  ['org.apache.kafka.connect.data.Values', runValuesCase],
  ['org.apache.kafka.common.config.ConfigDef', plain(runConfigDef)],
  ['org.apache.kafka.common.config.ConfigTransformer', plain(runConfigTransformer)],
  ['java.util.Properties', plain(runProperties)],
  ['org.apache.kafka.connect.storage.FileOffsetBackingStore', plain(runOffsetFile)],
]);

/** Transformations and predicates answer under the names by which connectors use them. */
const PLUGINS = createPluginTable();

function runOf(javaClass: string): Run | undefined {
  const transformation = PLUGINS.find('transformation', javaClass);
  if (transformation) return test => runTransformationCase(test, () => transformation.create());
  const predicate = PLUGINS.find('predicate', javaClass);
  if (predicate) return test => runPredicateCase(test, () => predicate.create());
  return RUNS.get(javaClass);
}

/** True if something here answers for this Java class. */
export function answersFor(javaClass: string): boolean {
  return runOf(javaClass) !== undefined;
}

/** Runs one case of a vector file for this Java class; null if nothing here answers for the class. */
export function runVector(javaClass: string, test: VectorCase): VectorResult | null {
  return runOf(javaClass)?.(test) ?? null;
}
