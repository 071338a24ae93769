/** Every plugin that comes with the worker passes the kit of its kind, as those of others are asked to. */
import type { Plugin, SinkPlugin, SourcePlugin } from '../../src/api';
import { CONFIG_PROVIDERS } from '../../src/config/providers/provider-table';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';
import {
  configProviderChecks,
  converterChecks,
  headerConverterChecks,
  predicateChecks,
  type SinkTaskSubject,
  type SourceTaskSubject,
  sinkTaskChecks,
  sourceTaskChecks,
  transformationChecks,
} from '../../src/testing';
import type { Check } from '../../src/testing/check';
import { CONFIG_PROVIDER_CASES } from './config-providers';
import { CONVERTER_CASES, type ConverterCase, HEADER_CONVERTER_CASES } from './converters';
import { fileSink, fileSource } from './file-connectors';
import { jdbcSink, jdbcSource } from './jdbc-connectors';
import { runChecks } from './run-checks';
import { PREDICATE_CASES, type StepCase, TRANSFORMATION_CASES } from './transformations';

// A check of a source reads until nothing comes any more, several times over.
jest.setTimeout(120_000);

const EXACTLY_ONCE = { 'offsets.table': 'consumed_offsets' };

const SOURCES: Readonly<Record<string, (plugin: SourcePlugin) => readonly SourceTaskSubject[]>> = {
  FileStreamSourceConnector: plugin => [fileSource(plugin)],
  JdbcSourceConnector: plugin => [jdbcSource(plugin)],
};

const SINKS: Readonly<Record<string, (plugin: SinkPlugin) => readonly SinkTaskSubject[]>> = {
  FileStreamSinkConnector: plugin => [fileSink(plugin, false), fileSink(plugin, true)],
  JdbcSinkConnector: plugin => [jdbcSink(plugin, {}, false), jdbcSink(plugin, EXACTLY_ONCE, true)],
};

const simpleName = (className: string): string => className.slice(className.lastIndexOf('.') + 1).replace(/\$.*/, '');

/** What there is for a plugin. @throws Error for one that has nothing yet, so that a new one cannot be forgotten */
function caseOf<T>(cases: Readonly<Record<string, T>>, className: string): T {
  const found = cases[simpleName(className)];
  if (found === undefined) throw new Error(`test/contract has no case of ${className}: the kit of its kind does not know what to give it`);
  return found;
}

/** The checks of a plugin: a list for each way in which it is set up. */
function checksOf(plugin: Plugin): readonly (readonly Check[])[] {
  const { className } = plugin;
  const stepOf = (cases: Readonly<Record<string, StepCase>>) => ({ samples: [], ...caseOf(cases, className) });
  const each = <T>(cases: readonly T[], checks: (one: T) => readonly Check[]) => cases.map(checks);
  switch (plugin.type) {
    case 'source':
      return each(caseOf(SOURCES, className)(plugin), sourceTaskChecks);
    case 'sink':
      return each(caseOf(SINKS, className)(plugin), sinkTaskChecks);
    case 'converter':
      return each(caseOf<readonly ConverterCase[]>(CONVERTER_CASES, className), one => converterChecks({ ...one, plugin }));
    case 'header_converter':
      return each(caseOf<readonly ConverterCase[]>(HEADER_CONVERTER_CASES, className), one => headerConverterChecks({ ...one, plugin }));
    case 'transformation':
      return [transformationChecks({ ...stepOf(TRANSFORMATION_CASES), plugin })];
    case 'predicate':
      return [predicateChecks({ ...stepOf(PREDICATE_CASES), plugin })];
  }
}

for (const plugin of BUILTIN_PLUGINS) {
  const lists = checksOf(plugin);
  lists.forEach((checks, i) => {
    runChecks(`${plugin.type} ${plugin.className}${lists.length > 1 ? ` ${i + 1}` : ''}`, checks);
  });
}

for (const [className, create] of Object.entries(CONFIG_PROVIDERS))
  runChecks(`config provider ${className}`, configProviderChecks({ create, ...caseOf(CONFIG_PROVIDER_CASES, className) }));

test('a plugin without a case is an error', () => {
  const [plugin] = BUILTIN_PLUGINS;
  expect(() => checksOf({ ...plugin, className: 'com.example.New' } as Plugin)).toThrow('test/contract has no case of com.example.New');
});
