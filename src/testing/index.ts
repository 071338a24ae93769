/**
 * Checks of plugins, one kit for each kind: `import { ... } from 'connect-standalone/testing'`. A kit gives named checks, which any test
 * framework can run. The plugins that come with the worker pass them too.
 */

export type { Check } from './check';
export { type ConfigProviderSubject, configProviderChecks, type TestPlace } from './config-provider-kit';
export { type ConverterSubject, converterChecks, type HeaderConverterSubject, headerConverterChecks } from './converter-kit';
export { pick, type Random, randomBytes, randomText, seeded } from './data/random';
export { randomData, randomPlainData } from './data/random-data';
export { sinkRecord, sourceRecord } from './data/sample-records';
export { FakePluginMetrics, FakeSensor } from './plugin-metrics';
export type { SinkTaskSubject, TestTarget } from './sink/sink-bench';
export { FakeSinkContext } from './sink/sink-context';
export { sinkTaskChecks } from './sink/sink-task-kit';
export { recordsIn } from './source/batch-records';
export type { SourceTaskSubject, TestSource } from './source/source-bench';
export { FakeSourceContext, type SourceContextOptions } from './source/source-context';
export { sourceTaskChecks } from './source/source-task-kit';
export {
  type PredicateSubject,
  predicateChecks,
  type TransformationSubject,
  transformationChecks,
} from './transformation-kit';
